"""Funnel limits: which retailers lie further from a target than chance and overdispersion allow."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.binomial_limits import binomial_p_values, interpolated_limit
from switchstats.inference.funnel_value import (
    Funnel,
    FunnelRetailer,
    Overdispersion,
    Transformation,
)
from switchstats.inference.question import check_level
from switchstats.inference.retailers import Retailers, read_retailers
from switchstats.periods import Period

if TYPE_CHECKING:
    from switchstats.inference.groups import Data

__all__ = ["funnel_limits"]

Floats = NDArray[np.float64]

_SEVERAL = 2


def funnel_limits(
    *data: "Data",
    target: float | Literal["pooled"] = "pooled",
    overdispersion: Overdispersion = "none",
    winsorise: float = 0.1,
    levels: Sequence[float] = (0.95, 0.998),
    transformation: Transformation = "none",
    groups: Sequence[str] | None = None,
    period: Period | None = None,
) -> Funnel:
    """Return limits within which the retailers' rates vary around a target.

    A retailer outside them differs from the target by more than its number of requests explains;
    that is a reason to look, not a finding against it.

    Parameters
    ----------
    *data
        ``(counts,)``, or ``(errors, requests)`` with one entry a retailer.
    target
        A rate, or ``"pooled"``: errors over requests of all of them together.
    overdispersion
        ``"none"``: only chance, with exact binomial limits and p-values; ``"multiplicative"``:
        all standard errors are too small by one factor; ``"additive"``: the retailers' true rates
        vary with a variance of their own, so that the limits stay apart however many requests.
    winsorise
        Share of z-scores at either end that are set to the score at that quantile before
        overdispersion is estimated from all of them; none is left out. 0 takes them as they are.
    levels
        Share of retailers within the limits when nothing is wrong, one pair of limits each.
    transformation
        Scale of z-scores and overdispersion: ``"none"``, the rate itself with its variance at the
        target, or ``"arcsine"`` of its square root. The exact limits do not depend on it.
    groups
        Groups of counts; all by default.
    period
        Only counts inside it; all by default.

    Returns
    -------
    Funnel
        Retailers by requests, with z-scores, p-values and limits.

    Raises
    ------
    UsageError
        When an argument is out of range.
    NotAnswerableError
        When nobody filed requests, when all or none are errors, or when overdispersion is asked of
        one retailer.

    Notes
    -----
    Source: D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202, doi:10.1002/sim.1970:
    phi is the mean of the squared winsorised z-scores, and multiplicative limits use it where it is
    above 1; tau2 is DerSimonian and Laird's moment estimate from phi.

    - Exact limits are interpolated between whole counts as in the paper's appendix. For that the
      upper one can lie almost one error too low, so that retailers are flagged by their exact
      p-value: with few requests one may lie just above the drawn limit and not be flagged.
    - Winsorising shrinks phi: when chance alone tells the retailers apart, 10 % at either end make
      it 0.68 on average and not 1. The limits are then too narrow rather than too wide.
    - Estimated from fewer than some 20 retailers, phi and tau2 are themselves uncertain. The pooled
      target follows the largest retailers, who are then rarely flagged.
    - With many retailers some are flagged by chance: adjust `Funnel.p_values` for their number.

    Examples
    --------
    >>> funnel = funnel_limits([10, 30, 18, 90], [100, 100, 100, 500], target=0.18)
    >>> funnel.flagged(0.95), funnel.flagged(0.998)
    (('0', '1'), ())
    >>> round(funnel.phi, 2)
    1.73
    """
    _check(overdispersion, transformation, winsorise, levels)
    read = read_retailers(data, test="funnel limits", groups=groups, period=period)
    middle = _target(read, target)
    distance, chance = _distance(read, middle, transformation)
    z = distance / chance
    phi, tau2 = _overdispersion(z, chance, winsorise)
    if overdispersion != "none" and z.size < _SEVERAL:
        raise NotAnswerableError("overdispersion", "there is one retailer", "several retailers")
    factor = max(phi, 1.0) if overdispersion == "multiplicative" else 1.0
    between = tau2 if overdispersion == "additive" else 0.0
    std_errors = np.sqrt(chance**2 * factor + between)
    adjusted = distance / std_errors
    if overdispersion == "none":
        p_values = binomial_p_values(read.errors, read.requests, middle)
        limits = [_exact_limits(read.requests, middle, level) for level in levels]
    else:
        p_values = _two_sided(adjusted)
        limits = [_normal_limits(std_errors, middle, level, transformation) for level in levels]
    rows = _rows(read, z, adjusted, p_values, limits, levels)
    return Funnel(
        retailers=rows,
        target=middle,
        levels=tuple(levels),
        overdispersion=overdispersion,
        transformation=transformation,
        winsorise=winsorise,
        phi=phi,
        tau2=tau2,
        period=read.period,
        notes=read.notes,
    )


def _check(
    overdispersion: str, transformation: str, winsorise: float, levels: Sequence[float]
) -> None:
    wanted = {
        "overdispersion": (overdispersion, Overdispersion),
        "transformation": (transformation, Transformation),
    }
    for name, (given, allowed) in wanted.items():
        if given not in get_args(allowed):
            raise UsageError(f"{name} must be one of {', '.join(get_args(allowed))}, not {given!r}")
    if not 0 <= winsorise < 0.5:  # noqa: PLR2004 -- half
        raise UsageError(f"winsorise must be at least 0 and below 0.5, not {winsorise}")
    if not levels:
        raise UsageError("funnel limits need at least one level, such as 0.95")
    for level in levels:
        check_level(level)


def _target(read: Retailers, target: float | Literal["pooled"]) -> float:
    if target == "pooled":
        pooled = float(read.errors.sum() / read.requests.sum())
        if not 0 < pooled < 1:
            raise NotAnswerableError(
                "funnel limits around the pooled rate",
                "all requests are errors" if pooled else "there is no error",
                "a target, such as target=0.18",
            )
        return pooled
    if isinstance(target, str) or not 0 < target < 1:
        raise UsageError(f"target must be 'pooled' or a rate between 0 and 1, not {target!r}")
    return float(target)


def _distance(
    read: Retailers, middle: float, transformation: Transformation
) -> tuple[Floats, Floats]:
    """Return each rate's distance from the target, and the standard error of chance alone."""
    rates = read.errors / read.requests
    if transformation == "arcsine":
        distance = np.arcsin(np.sqrt(rates)) - np.arcsin(np.sqrt(middle))
        return distance, 0.5 / np.sqrt(read.requests)
    return rates - middle, np.sqrt(middle * (1 - middle) / read.requests)


def _overdispersion(z: Floats, chance: Floats, winsorise: float) -> tuple[float, float]:
    """Return phi, and tau2 by DerSimonian and Laird from the winsorised scores."""
    lowest, highest = np.quantile(z, [winsorise, 1 - winsorise])
    phi = float(np.mean(np.clip(z, lowest, highest) ** 2))
    weights = chance**-2 / np.sum(chance**-2)
    room = np.sum(chance**-2) * (1 - np.sum(weights**2))
    excess = z.size * phi - (z.size - 1)
    return phi, float(excess / room) if excess > 0 and room > 0 else 0.0


def _two_sided(z: Floats) -> Floats:
    from scipy.special import ndtr

    return 2 * ndtr(-np.abs(z))


def _exact_limits(requests: Floats, middle: float, level: float) -> tuple[Floats, Floats]:
    low, high = (
        interpolated_limit(requests, middle, tail) for tail in ((1 - level) / 2, (1 + level) / 2)
    )
    return low, high


def _normal_limits(
    std_errors: Floats, middle: float, level: float, transformation: Transformation
) -> tuple[Floats, Floats]:
    from scipy.special import ndtri

    reach = ndtri((1 + level) / 2) * std_errors
    if transformation == "arcsine":
        centre = np.arcsin(np.sqrt(middle))
        low, high = (np.clip(centre + side * reach, 0, np.pi / 2) for side in (-1, 1))
        return np.sin(low) ** 2, np.sin(high) ** 2
    return np.clip(middle - reach, 0, 1), np.clip(middle + reach, 0, 1)


def _rows(
    read: Retailers,
    z: Floats,
    adjusted: Floats,
    p_values: Floats,
    limits: Sequence[tuple[Floats, Floats]],
    levels: Sequence[float],
) -> tuple[FunnelRetailer, ...]:
    alphas = [round(1 - level, 15) for level in levels]
    return tuple(
        FunnelRetailer(
            retailer=read.names[at],
            group=read.groups[at],
            errors=int(read.errors[at]),
            requests=int(read.requests[at]),
            rate=float(read.errors[at] / read.requests[at]),
            z=float(z[at]),
            z_adjusted=float(adjusted[at]),
            p_value=float(p_values[at]),
            limits=tuple((float(low[at]), float(high[at])) for low, high in limits),
            flagged=tuple(bool(p_values[at] <= alpha) for alpha in alphas),
        )
        for at in range(z.size)
    )
