"""Average rates of two groups that a regression on the log-odds scale implies."""

import math

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.models.compare import Compared
from switchstats.inference.models.design import ModelCells

__all__ = ["rate_quantities"]

Floats = NDArray[np.float64]

# Standard normal density on a grid: the sum is exact to double precision, as the rate is smooth.
_Z = np.linspace(-9.0, 9.0, 3001)
_DENSITY = np.exp(-0.5 * _Z**2) / np.exp(-0.5 * _Z**2).sum()
# Relative step of the differences for the delta method.
_STEP = 1e-5


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
    at, covariance = compared.at, compared.covariance
    first, second = _rates(cells, at, sd_place)
    quantities = {
        "rate_first": first,
        "rate_second": second,
        "rate_difference": first - second,
    }
    if covariance is not None and not any(cells.extreme):
        steps = _STEP * np.eye(at.size)
        slope = np.array(
            [
                np.subtract(*_rates(cells, at + step, sd_place))
                - np.subtract(*_rates(cells, at - step, sd_place))
                for step in steps
            ]
        ) / (2 * _STEP)
        quantities["rate_difference_std_error"] = math.sqrt(slope @ covariance @ slope)
    return quantities


def _rates(cells: ModelCells, at: Floats, sd_place: int | None) -> tuple[float, float]:
    from scipy.special import expit

    effect = int(cells.stratum.max()) + 1
    strata, difference = at[:effect], at[effect]
    shares = np.bincount(cells.stratum, cells.requests) / cells.requests.sum()
    shift = at[sd_place] * _Z if sd_place is not None else np.zeros(1)
    density = _DENSITY if sd_place is not None else np.ones(1)
    rates = [
        float(shares @ expit((strata + more)[:, None] + shift) @ density)
        for more in (difference, 0.0)
    ]
    for place, (ended, part) in enumerate(
        zip(cells.extreme, (cells.first, ~cells.first), strict=True)
    ):
        if ended:
            rates[place] = float(cells.errors[part].sum() > 0)
    return rates[0], rates[1]
