"""The margins of two-by-two tables, and the first group's errors given them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats

__all__ = ["Margins", "approximate"]


@dataclass(frozen=True, slots=True, eq=False)
class Margins:
    """The margins of the strata in which the first group's errors can vary, as whole doubles.

    Parameters
    ----------
    first, second, errors
        Requests of the first and second group, and errors of both, by stratum.
    observed
        Errors of the first group by stratum; all counts here are relative to them.
    """

    first: Floats
    second: Floats
    errors: Floats
    observed: Floats

    @classmethod
    def of(cls, tables: Ints) -> "Margins":
        """Return the margins of tables (e1, n1, e0, n0) of shape (strata, 4)."""
        e1, n1, e0, n0 = tables.astype(np.float64).T
        errors = e1 + e0
        varies = np.minimum(n1, errors) > np.maximum(0.0, errors - n0)
        return cls(n1[varies], n0[varies], errors[varies], e1[varies])

    @property
    def low(self) -> Floats:
        """Fewest errors of the first group, less the observed."""
        return np.maximum(0.0, self.errors - self.second) - self.observed

    @property
    def high(self) -> Floats:
        """Most errors of the first group, less the observed."""
        return np.minimum(self.first, self.errors) - self.observed

    @property
    def cells(self) -> tuple[Floats, Floats, Floats, Floats]:
        """The observed four cells; the first and the last grow with the first group's errors."""
        return (
            self.observed,
            self.first - self.observed,
            self.errors - self.observed,
            self.second - self.errors + self.observed,
        )

    def part(self, chosen: NDArray[np.bool_]) -> "Margins":
        """Return some of the strata."""
        return Margins(
            self.first[chosen], self.second[chosen], self.errors[chosen], self.observed[chosen]
        )

    def swapped(self) -> "Margins":
        """Return the same with the groups exchanged."""
        return Margins(self.second, self.first, self.errors, self.errors - self.observed)

    def approximate(self, tilt: float) -> tuple[Floats, Floats]:
        """Return Cornfield's approximate mean, less the observed, and variance at a log odds ratio.

        The mean is that number of errors at which the table has this odds ratio.
        """
        mean, variance = approximate(self.first, self.second, self.errors, math.exp(tilt))
        return mean - self.observed, variance


def approximate(
    first: Floats, second: Floats, errors: Floats, odds: Floats | float
) -> tuple[Floats, Floats]:
    """Return Cornfield's approximate mean and variance of the first group's errors.

    Parameters
    ----------
    first, second, errors
        The margins.
    odds
        Odds ratio; all broadcast.
    """
    n, m, t = first, second, errors
    linear = m - t + odds * (n + t)
    root = np.sqrt(np.maximum(linear**2 + 4 * (1 - odds) * odds * n * t, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(
            linear > 0, 2 * odds * n * t / (linear + root), (root - linear) / (2 * (1 - odds))
        )
        mean = np.clip(mean, np.maximum(0.0, t - m), np.minimum(n, t))
        variance = 1 / (1 / mean + 1 / (n - mean) + 1 / (t - mean) + 1 / (m - t + mean))
    return mean, variance
