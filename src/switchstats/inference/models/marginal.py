"""Average rates of two groups that a regression on the log-odds scale implies."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.models.compare import Compared
from switchstats.inference.models.design import ModelCells

__all__ = ["rate_quantities"]

Floats = NDArray[np.float64]

# Standard normal density on a grid: the sum is exact to double precision, as the rate is smooth.
_Z = np.linspace(-9.0, 9.0, 3001)
_DENSITY = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()


def rate_quantities(
    cells: ModelCells, compared: Compared, sd_place: int | None
) -> dict[str, float]:
    """Return the groups' average rates, their difference and its standard error.

    Parameters
    ----------
    cells
        Their requests weigh the strata, both groups alike.
    compared
        The fitted model.
    sd_place
        Place of the standard deviation of retailers' intercepts, over which rates are averaged;
        ``None`` without them.
    """
    first, second = (_average(cells, compared.at, sd_place, first=group) for group in (True, False))
    quantities = {
        "rate_first": first.rate,
        "rate_second": second.rate,
        "rate_difference": first.rate - second.rate,
    }
    if compared.covariance is not None and not any(cells.extreme):
        slope = first.slope - second.slope
        quantities["rate_difference_std_error"] = math.sqrt(slope @ compared.covariance @ slope)
    return quantities


@dataclass(frozen=True, slots=True, eq=False)
class _Average:
    """A group's average rate, and its slopes in the parameters."""

    rate: float
    slope: Floats


def _average(cells: ModelCells, at: Floats, sd_place: int | None, *, first: bool) -> _Average:
    from scipy.special import expit

    effect = int(cells.stratum.max()) + 1
    shares = np.bincount(cells.stratum, cells.requests) / cells.requests.sum()
    z, density = (np.zeros(1), np.ones(1)) if sd_place is None else (_Z, _DENSITY)
    shift = 0.0 if sd_place is None else at[sd_place] * z
    log_odds = at[:effect] + (at[effect] if first else 0.0)
    rates = expit(log_odds[:, None] + shift)
    steepness = rates * (1 - rates)
    slope = np.zeros(at.size)
    slope[:effect] = shares * (steepness @ density)
    if first:
        slope[effect] = slope[:effect].sum()
    if sd_place is not None:
        slope[sd_place] = shares @ (steepness @ (z * density))
    part = cells.first if first else ~cells.first
    if cells.extreme[0 if first else 1]:
        return _Average(float(cells.errors[part].sum() > 0), slope)
    return _Average(float(shares @ rates @ density), slope)
