"""How the leak acts: on which requests, on which reasons, and by how much so that the mean fits."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import UsageError
from switchstats.simulate.access import AREAS
from switchstats.simulate.flows import Flows
from switchstats.simulate.points import Chance, Points
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
        Share of each retailer's hazard that stems from its leaked fields, before bad addresses.
    fall
        By how much each eligible request's error probability falls, a fraction; less where the
        leaked fields cause fewer errors.
    """

    cut: "NDArray[np.float64]"
    leaked: "NDArray[np.bool_]"
    share: "NDArray[np.float64]"
    fall: float

    def share_of(
        self, chance: Chance, gaining: "NDArray[np.int64]", points: Points
    ) -> "NDArray[np.float64]":
        """Return the share of the hazard that stems from leaked fields, bad addresses included."""
        share = self.share[gaining]
        if chance.address is None or points.address_reason is None:
            return share
        address = np.where(self.leaked[gaining, points.address_reason], chance.address, 0.0)
        whole = chance.hazard + chance.address
        return (share * chance.hazard + address) / np.where(whole > 0, whole, 1.0)


def calibrate(world: World, flows: Flows, rates: "NDArray[np.float64]", points: Points) -> Leak:
    """Find the fall that makes the mean over eligible first attempts equal the declared effect.

    The mean is taken over the world's flows: the probability of each incumbent, day before its cut
    and losing entrant, at home. Were no request short of errors on leaked fields, the fall would be
    the effect itself; otherwise the root of a rising function is found.

    Parameters
    ----------
    world, flows
        The declared world and its drawn flows.
    rates
        Retailer × month: error probability of a first attempt.
    points
        What the losing retailer, the area and the day add to it.

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
    leak = Leak(cut, leaked, share, wanted)
    cells = [_eligible(leak, flows, rates, points, who) for who in np.flatnonzero(cut > 0).tolist()]
    weights = np.concatenate([weight for weight, _ in cells] or [np.empty(0)])
    possible = np.concatenate([most for _, most in cells] or [np.empty(0)])
    total = weights.sum()
    if total == 0:
        raise UsageError("no request of this world is eligible: move its period or its access")

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
    return replace(leak, fall=fall)


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


def _eligible(
    leak: Leak, flows: Flows, rates: "NDArray[np.float64]", points: Points, gaining: int
) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Return the probability of eligible first attempts of one retailer and their possible falls.

    There is one element for each spell of days and each number of points that entrants add.
    """
    area, entrant, month = flows.home[gaining], flows.entrant, points.month_of_spell
    before = np.arange(len(flows.days)) < leak.cut[gaining]
    days = np.bincount(points.spell_of_day, flows.days * before, len(month))
    added, kind = np.unique(points.losing[entrant], return_inverse=True)
    losing = flows.losing[flows.stage_of_month[month], area]
    by_kind = np.array([np.bincount(kind, row[entrant], len(added)) for row in losing])
    from_entrant = by_kind / (1 - losing[:, [gaining]])
    at_home = flows.areas[gaining, area]
    weights = (days * flows.gaining[month, gaining] * at_home)[:, None] * from_entrant
    spells = np.arange(len(month))[:, None]
    chance = points.chance(rates[gaining, month][:, None], added, area, spells)
    share = leak.share_of(chance, np.array(gaining), points)
    return weights.ravel(), _possible_fall(chance.rates, share).ravel()
