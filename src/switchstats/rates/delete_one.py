"""Standard errors from leaving out one retailer at a time."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.rates.stratum_cells import StratumCells
from switchstats.values import Interval

__all__ = ["Spread", "spread_of_rate", "spread_of_ratio"]

Floats = NDArray[np.float64]

# Relative: below it the retailers differ in the last digits of doubles only.
_NO_SPREAD = 1e-14


@dataclass(frozen=True, slots=True)
class Spread:
    """A jackknife standard error with its degrees of freedom."""

    std_error: float
    df: float

    def around(self, estimate: float, level: float) -> tuple[float, float]:
        """Return the ends of the interval of Student's t."""
        reach = self._critical(level) * self.std_error
        return estimate - reach, estimate + reach

    def around_rate(self, rate: float, level: float) -> Interval:
        """Return the interval of a rate, cut at 0 and 1."""
        low, high = self.around(rate, level)
        return Interval(max(low, 0.0), min(high, 1.0), "confidence", level)

    def around_ratio(self, ratio: float, level: float) -> Interval:
        """Return the interval of a positive ratio, symmetric on the scale of logarithms."""
        reach = math.exp(self._critical(level) * self.std_error / ratio)
        return Interval(ratio / reach, ratio * reach, "confidence", level)

    def _critical(self, level: float) -> float:
        from scipy.special import stdtrit

        return float(stdtrit(self.df, (1 + level) / 2))


def spread_of_rate(cells: StratumCells, weights: Floats) -> Spread | None:
    """Return the spread of a directly standardised rate.

    Parameters
    ----------
    cells
        Of the retailers that it stands for.
    weights
        Of the strata, with sum 1; 0 for those that do not count.

    Returns
    -------
    Spread or None
        ``None`` when a stratum has one retailer only, or the retailers do not vary.
    """
    counted = cells.kept((weights > 0) & (cells.requests_by_stratum > 0))
    errors, requests = (
        each[counted.stratum] for each in (counted.errors_by_stratum, counted.requests_by_stratum)
    )
    rest = requests - counted.requests
    if (rest == 0).any():
        return None
    weight = weights[counted.stratum]
    whole = float(np.sum(weight * counted.errors / requests))
    # a retailer moves the rates of the strata that it filed in, and no other
    moved = weight * ((errors - counted.errors) / rest - errors / requests)
    place = np.unique(counted.retailer, return_inverse=True)[1]
    return _jackknife(whole + np.bincount(place, moved).astype(np.float64), whole)


def spread_of_ratio(observed: Floats, expected: Floats) -> Spread | None:
    """Return the spread of a sum of observed errors over a sum of expected ones.

    ``None`` when only one retailer has errors to expect, or the retailers do not vary.
    """
    rest = expected.sum() - expected
    if (rest <= 0).any():
        return None
    whole = float(observed.sum() / expected.sum())
    return _jackknife((observed.sum() - observed) / rest, whole)


def _jackknife(without: Floats, whole: float) -> Spread | None:
    n = without.size
    std_error = math.sqrt((n - 1) / n * float(np.sum((without - whole) ** 2)))
    return Spread(std_error, n - 1.0) if std_error > _NO_SPREAD * abs(whole) else None
