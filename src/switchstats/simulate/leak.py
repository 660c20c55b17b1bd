"""How the leak acts: on which requests, on which reasons, and by how much so that the mean fits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import UsageError
from switchstats.simulate.access import AREAS
from switchstats.simulate.flows import Flows
from switchstats.simulate.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Leak", "calibrate", "kept_hazard"]

_HUNDRED = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Leak:
    """The leak in a world, ready for its requests.

    Parameters
    ----------
    cut
        Day of the period on which each retailer's access ended, 0 for those who had none.
    leaked
        Retailer × reason: whether the reason's field could be read.
    share
        Share of each retailer's hazard that stems from its leaked fields.
    fall
        By how much each eligible request's error probability falls, a fraction; less where the
        leaked fields cause fewer errors.
    """

    cut: "NDArray[np.float64]"
    leaked: "NDArray[np.bool_]"
    share: "NDArray[np.float64]"
    fall: float


def calibrate(world: World, flows: Flows, rates: "NDArray[np.float64]") -> Leak:
    """Find the fall that makes the mean over eligible first attempts equal the declared effect.

    The mean is taken over the world's flows: the probability of each incumbent, month and day
    before its cut, at home and from an entrant. Were no retailer short of errors on leaked fields,
    the fall would be the effect itself; otherwise the root of a rising function is found.

    Parameters
    ----------
    world, flows
        The declared world and its drawn flows.
    rates
        Retailer × month: error probability of a first attempt.

    Raises
    ------
    UsageError
        When no request is eligible for an effect that was asked for, or the leaked fields do not
        cause enough errors for it.
    """
    cut, leaked = _reach(world, flows)
    shares = np.array([share for _, share in world.reason_shares])
    share: NDArray[np.float64] = np.where(leaked, shares, 0.0).sum(axis=1)
    wanted = -world.effect
    if wanted == 0:
        return Leak(cut, leaked, share, 0.0)
    weights = _eligible(flows, cut)
    total = weights.sum()
    if total == 0:
        raise UsageError("no request of this world is eligible: move its period or its access")
    possible = _possible_fall(rates, share[:, None])

    def excess(fall: float) -> float:
        return float((weights * np.minimum(fall, possible)).sum() / total) - wanted

    if excess(1.0) <= 0:
        most = (excess(1.0) + wanted) * _HUNDRED
        raise UsageError(
            f"the leaked fields cause too few errors for an effect of {wanted * _HUNDRED:g} "
            f"points: the most in this world is {most:.1f}"
        )
    from scipy.optimize import brentq

    fall = float(brentq(excess, wanted, 1.0, xtol=1e-15)) if excess(wanted) < 0 else wanted
    return Leak(cut, leaked, share, fall)


def kept_hazard(
    rates: "NDArray[np.float64]", share: "NDArray[np.float64]", fall: float
) -> "NDArray[np.float64]":
    """Return what the leak leaves of the leaked fields' hazard, a fraction.

    With hazard h = -log(1 - p), of which the share S is on leaked fields, and the fraction k of
    that left, the error probability is 1 - exp(-h (1 - S + k S)); k solves that for p - fall.

    Examples
    --------
    >>> k = kept_hazard(np.array([0.18]), np.array([0.6]), 0.02)
    >>> round(float(1 - (1 - 0.18) ** (0.4 + 0.6 * k[0])), 9)
    0.16
    """
    left = np.log1p(fall - rates) / np.log1p(-rates)
    return np.clip((left - (1 - share)) / share, 0.0, 1.0)


def _possible_fall(
    rates: "NDArray[np.float64]", share: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    return (1 - rates) ** (1 - share) - (1 - rates)


def _reach(world: World, flows: Flows) -> "tuple[NDArray[np.float64], NDArray[np.bool_]]":
    names = [name for name, _ in world.reason_shares]
    cut = np.zeros(len(flows.home))
    leaked = np.zeros((len(flows.home), len(names)), dtype=bool)
    for found in world.access:
        retailer = int(np.flatnonzero(flows.home == AREAS.index(found.area))[0])
        cut[retailer] = max(0, (found.end - world.period.start).days)
        leaked[retailer] = [name in found.fields for name in names]
    return cut, leaked


def _eligible(flows: Flows, cut: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the probability of an eligible first attempt, retailer × month."""
    n_months = len(flows.gaining)
    table = np.zeros((len(cut), n_months))
    for retailer in np.flatnonzero(cut > 0):
        area = flows.home[retailer]
        before = np.arange(len(flows.days)) < cut[retailer]
        months = np.bincount(flows.month_of_day, flows.days * before, n_months)
        losing = flows.losing[area]
        from_entrant = losing[flows.entrant].sum() / (1 - losing[retailer])
        at_home = flows.areas[retailer, area]
        table[retailer] = months * flows.gaining[:, retailer] * at_home * from_entrant
    return table
