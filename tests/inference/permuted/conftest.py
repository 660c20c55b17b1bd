"""Counts from a few rows, and a stratified difference in the plainest arithmetic."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from switchstats.labels import Text
from switchstats.values import Counts, Retailer

YEAR = {"period_start": date(2022, 4, 1), "period_end": date(2023, 4, 1)}


@pytest.fixture(scope="session")
def counts_of():
    """Make counts of rows (group, retailer, area, errors, requests), by area or not."""

    def make(rows, *, by_area=True):
        frame = pd.DataFrame(rows, columns=["group", "retailer", "area", "errors", "requests"])
        groups = dict(zip(frame["retailer"], frame["group"], strict=True))
        kept = frame.drop(columns=["group"] if by_area else ["group", "area"])
        return Counts.of(
            kept.assign(**YEAR),
            [Retailer(name, Text(name, name), group) for name, group in groups.items()],
        )

    return make


def difference(y, n, stratum, inside):
    """Mantel-Haenszel difference of y per n, one entry a cell; 0 where nothing is compared."""
    above = below = 0.0
    for each in np.unique(stratum):
        here = stratum == each
        n1, n0 = n[here & inside].sum(), n[here & ~inside].sum()
        y1, y0 = y[here & inside].sum(), y[here & ~inside].sum()
        above += (y1 * n0 - y0 * n1) / (n1 + n0)
        below += n1 * n0 / (n1 + n0)
    return above / below if below else float("nan")


def studentised(y, n, stratum, inside, who):
    """The difference over its jackknife standard error; 0 where the latter is undefined."""
    whole = difference(y, n, stratum, inside)
    without = [
        difference(y[left], n[left], stratum[left], inside[left])
        for left in (who != retailer for retailer in np.unique(who))
    ]
    error = np.sum((np.array(without) - whole) ** 2)
    return 0.0 if np.isnan(error) else whole / np.sqrt(error)


@pytest.fixture(scope="session")
def plainly():
    """The two statistics as their definitions say."""
    return {"difference": difference, "studentised": studentised}
