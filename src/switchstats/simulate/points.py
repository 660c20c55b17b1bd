"""What is added to a request's error probability by who loses the customer, where and when."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from switchstats.simulate.access import AREAS
from switchstats.simulate.departures import some_entrants
from switchstats.simulate.flows import Flows
from switchstats.simulate.rates import HIGHEST
from switchstats.simulate.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Chance", "Points", "draw_points"]

_HUNDRED = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Fractions added to the error probability of first attempts.

    Parameters
    ----------
    losing
        By losing retailer.
    spell_of_day
        Index of each day's spell, within which neither the month nor a reform changes.
    month_of_spell
        Index of the month of each spell.
    reform
        Area × spell.
    address
        By area, on errors with the address as their reason only.
    address_reason
        Place of that reason among the world's.
    """

    losing: "NDArray[np.float64]"
    spell_of_day: "NDArray[np.int64]"
    month_of_spell: "NDArray[np.int64]"
    reform: "NDArray[np.float64]"
    address: "NDArray[np.float64]"
    address_reason: int | None

    def chance(
        self,
        rates: "NDArray[np.float64]",
        losing: "NDArray[np.float64]",
        area: "NDArray[np.int64] | int",
        spell: "NDArray[np.int64]",
        factor: float = 1.0,
    ) -> "Chance":
        """Return how likely errors are, the points added to the rates, without the leak.

        Parameters
        ----------
        rates
            Error probabilities of the gaining retailers in the months.
        losing
            Points of the losing retailers.
        area, spell
            Where and when.
        factor
            What a retry multiplies all of it by.
        """
        together = np.clip(rates + losing + self.reform[area, spell], 0.0, HIGHEST)
        together = np.minimum(together * factor, HIGHEST)
        hazard = -np.log1p(-together)
        if self.address_reason is None:
            return Chance(together, hazard, None)
        highest = np.minimum(together + self.address[area] * factor, HIGHEST)
        return Chance(highest, hazard, -np.log1p(-highest) - hazard)


@dataclass(frozen=True, slots=True, eq=False)
class Chance:
    """How likely errors of requests are, one element each in every array.

    Parameters
    ----------
    rates
        Error probabilities.
    hazard
        Hazard that all reasons share.
    address
        Hazard that the address has besides; ``None`` when no area has bad addresses.
    """

    rates: "NDArray[np.float64]"
    hazard: "NDArray[np.float64]"
    address: "NDArray[np.float64] | None"


def draw_points(
    world: World, flows: Flows, leaving: "NDArray[np.bool_] | None", rng: np.random.Generator
) -> Points:
    """Draw what the declared traps add.

    Parameters
    ----------
    world, flows
        The declared world and its drawn flows.
    leaving
        Which retailers leave the market, ``None`` when none does.
    rng
        Source of the losing retailers' points.
    """
    spell_of_day, month_of_spell, first_days = _spells(world, flows)
    address = np.zeros(len(AREAS))
    reason = None
    if world.bad_addresses is not None:
        address[_places(world.bad_addresses.areas)] = world.bad_addresses.rise_pp / _HUNDRED
        reason = [name for name, _ in world.reason_shares].index("address")
    reform = np.zeros((len(AREAS), len(first_days)))
    for each in world.reforms:
        begun = first_days >= (each.day - world.period.start).days
        reform[_places(each.areas or AREAS)] += begun * each.effect_pp / _HUNDRED
    losing = _of_losing(world, flows, rng)
    if leaving is not None and world.market_exit is not None:
        losing[leaving] += world.market_exit.rise_pp / _HUNDRED
    return Points(losing, spell_of_day, month_of_spell, reform, address, reason)


def _of_losing(world: World, flows: Flows, rng: np.random.Generator) -> "NDArray[np.float64]":
    points = np.zeros(len(flows.home))
    records = world.bad_records
    if records is None:
        return points
    points += records.sd_pp / _HUNDRED * rng.standard_normal(len(points))
    points[some_entrants(flows, records.share, rng)] += records.rise_pp / _HUNDRED
    return points


def _spells(
    world: World, flows: Flows
) -> "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]":
    """Return each day's spell, and the month and the first day of each spell."""
    begins = np.diff(flows.month_of_day, prepend=-1) > 0
    for each in world.reforms:
        begins[(each.day - world.period.start).days] = True
    first_days = np.flatnonzero(begins)
    return np.cumsum(begins) - 1, flows.month_of_day[first_days], first_days


def _places(areas: tuple[str, ...]) -> list[int]:
    return [AREAS.index(area) for area in areas]
