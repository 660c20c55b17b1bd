"""The conditional distribution by whole numbers, without rounding, and counts by retailer."""

import math
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from switchstats.labels import Text
from switchstats.values import Counts, Retailer

# R's rule, as in the tests.
TIE = Fraction(1, 10**7)


class Enumerated:
    """Numbers of ways to place the errors of tables (e1, n1, e0, n0), one list a column."""

    def __init__(self, e1, n1, e0, n0):
        self.least = 0
        self.ways = [1]
        for a, n, b, m in zip(e1, n1, e0, n0, strict=True):
            low, high = max(0, a + b - m), min(n, a + b)
            one = [math.comb(n, k) * math.comb(m, a + b - k) for k in range(low, high + 1)]
            wide = [0] * (len(self.ways) + len(one) - 1)
            for i, here in enumerate(self.ways):
                for j, there in enumerate(one):
                    wide[i + j] += here * there
            self.ways = wide
            self.least += low
        self.observed = sum(e1) - self.least

    def masses(self, odds_ratio: Fraction) -> list[Fraction]:
        weighted = [ways * odds_ratio**k for k, ways in enumerate(self.ways)]
        total = sum(weighted)
        return [Fraction(one) / total for one in weighted]

    def less(self, odds_ratio: Fraction = Fraction(1)) -> float:
        return float(sum(self.masses(odds_ratio)[: self.observed + 1]))

    def greater(self, odds_ratio: Fraction = Fraction(1)) -> float:
        return float(sum(self.masses(odds_ratio)[self.observed :]))

    def equal(self, odds_ratio: Fraction = Fraction(1)) -> float:
        return float(self.masses(odds_ratio)[self.observed])

    def likelihood(self, odds_ratio: Fraction = Fraction(1)) -> float:
        masses = self.masses(odds_ratio)
        most = masses[self.observed] * (1 + TIE)
        return float(sum(one for one in masses if one <= most))

    def quickly(self, odds_ratio: float) -> np.ndarray:
        """The masses in doubles."""
        k = np.arange(len(self.ways))
        logs = np.array([math.log(ways) for ways in self.ways]) + k * math.log(odds_ratio)
        weights = np.exp(logs - logs.max())
        return weights / weights.sum()

    def mean(self, odds_ratio: float) -> float:
        return float(np.sum(self.quickly(odds_ratio) * np.arange(len(self.ways))))

    def likelihood_quickly(self, odds_ratio: float) -> float:
        masses = self.quickly(odds_ratio)
        return float(masses[masses <= masses[self.observed] * (1 + float(TIE))].sum())


@pytest.fixture(scope="session")
def enumerated() -> type[Enumerated]:
    return Enumerated


@pytest.fixture(scope="session")
def counts_of():
    """Make counts of rows (group, retailer, area, errors, requests)."""

    def make(rows: list[tuple[str, str, str, int, int]]) -> Counts:
        frame = pd.DataFrame(rows, columns=["group", "retailer", "area", "errors", "requests"])
        groups = dict(zip(frame["retailer"], frame["group"], strict=True))
        year = {"period_start": date(2022, 4, 1), "period_end": date(2023, 4, 1)}
        return Counts.of(
            frame.drop(columns="group").assign(**year),
            [Retailer(name, Text(name, name), group) for name, group in groups.items()],
        )

    return make
