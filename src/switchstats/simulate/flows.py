"""Who gains whose customer, where and when: the flows of a world, drawn once from the seed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from switchstats.simulate.access import AREAS
from switchstats.simulate.registry import world_registry
from switchstats.simulate.world import COLD_MONTHS, World

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Flows", "draw_flows", "inverse"]

_OKINAWA = AREAS.index("10")


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Probabilities of the flows, all rows of which sum to 1.

    Parameters
    ----------
    retailers
        Identifiers, incumbents first.
    home
        Index of each retailer's home area, -1 for an entrant.
    days
        Probability of each day of the period.
    month_of_day
        Index of the month of each day.
    gaining
        Month × retailer.
    areas
        Retailer × area, given who gains.
    losing
        Stage × area × retailer, before the gaining retailer is left out. There is one stage,
        unless entrants leave the market.
    stage_of_month
        Index of the stage of each month.
    """

    retailers: tuple[str, ...]
    home: "NDArray[np.int64]"
    days: "NDArray[np.float64]"
    month_of_day: "NDArray[np.int64]"
    gaining: "NDArray[np.float64]"
    areas: "NDArray[np.float64]"
    losing: "NDArray[np.float64]"
    stage_of_month: "NDArray[np.int64]"

    @property
    def entrant(self) -> "NDArray[np.bool_]":
        """Which retailers are entrants."""
        return self.home < 0


def draw_flows(world: World, rates: "NDArray[np.float64]", rng: np.random.Generator) -> Flows:
    """Draw the entrants' volumes and lay out the flows.

    Parameters
    ----------
    world
        The declared world.
    rates
        Error probability of each retailer, which the shift of the mix looks at.
    rng
        Source of the volumes.

    Examples
    --------
    >>> world = World(n_retailers=20)
    >>> flows = draw_flows(world, np.full(20, 0.18), np.random.default_rng(1))
    >>> flows.areas[flows.retailers.index("okinawa")].tolist()[-1]
    1.0
    """
    members = world_registry(world).retailers
    home = np.array([-1 if each.area is None else AREAS.index(each.area) for each in members])
    shares = np.array(world.area_shares) / sum(world.area_shares)
    volumes = _entrant_volumes(world, int((home < 0).sum()), rng)
    days, month_of_day = _days(world)
    return Flows(
        retailers=tuple(each.retailer for each in members),
        home=home,
        days=days,
        month_of_day=month_of_day,
        gaining=_gaining(world, home, shares, volumes, rates),
        areas=_areas(world, home, shares),
        losing=_losing(world, home, shares, volumes)[None],
        stage_of_month=np.zeros(len(world.months), dtype=np.int64),
    )


def inverse(probabilities: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the upper edges that turn a uniform number into a draw, row after row in one array.

    Row `i` occupies the numbers from `i` to `i + 1`, so that one `searchsorted` of `i + u` with
    ``side="right"`` serves rows of all kinds.

    Examples
    --------
    >>> inverse(np.array([[0.25, 0.75], [1.0, 0.0]])).tolist()
    [0.25, 1.0, 2.0, 2.0]
    """
    table = np.atleast_2d(probabilities)
    edges = np.cumsum(table, axis=1)
    edges /= edges[:, -1:]
    return (edges + np.arange(len(table))[:, None]).ravel()


def _days(world: World) -> "tuple[NDArray[np.float64], NDArray[np.int64]]":
    weights, months = list[float](), list[int]()
    for number, month in enumerate(world.months):
        weights += [world.seasons[month.start.month - 1]] * month.n_days
        months += [number] * month.n_days
    return np.array(weights) / sum(weights), np.array(months)


def _entrant_volumes(
    world: World, n_entrants: int, rng: np.random.Generator
) -> "NDArray[np.float64]":
    drawn = np.sort(np.exp(world.volume_sigma * rng.standard_normal(n_entrants)))[::-1]
    volumes = drawn / drawn.sum()
    if world.dominant_share:
        volumes[1:] *= (1 - world.dominant_share) / volumes[1:].sum()
        volumes[0] = world.dominant_share
    return volumes


def _gaining(
    world: World,
    home: "NDArray[np.int64]",
    shares: "NDArray[np.float64]",
    volumes: "NDArray[np.float64]",
    rates: "NDArray[np.float64]",
) -> "NDArray[np.float64]":
    entrant = home < 0
    cold = np.array([month.start.month in COLD_MONTHS for month in world.months])
    tilt = np.where(rates[entrant] > world.error_rate, 1 + world.mix_shift, 1)
    filed = np.where(cold[:, None], volumes * tilt, volumes)
    table = np.empty((len(cold), len(home)))
    table[:, ~entrant] = world.incumbent_share * shares[home[~entrant]]
    table[:, entrant] = (1 - world.incumbent_share) * filed / filed.sum(axis=1, keepdims=True)
    return table


def _areas(
    world: World, home: "NDArray[np.int64]", shares: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    table = np.tile(shares, (len(home), 1))
    for retailer in np.flatnonzero(home >= 0):
        own = home[retailer]
        away = shares.copy()
        away[[own, _OKINAWA]] = 0
        at_home = 1.0 if own == _OKINAWA else world.home_share
        table[retailer] = (1 - at_home) * away / away.sum()
        table[retailer, own] = at_home
    return table


def _losing(
    world: World,
    home: "NDArray[np.int64]",
    shares: "NDArray[np.float64]",
    volumes: "NDArray[np.float64]",
) -> "NDArray[np.float64]":
    table = np.zeros((len(shares), len(home)))
    for area in range(len(shares)):
        abroad = (home >= 0) & (home != area) & (home != _OKINAWA) & (area != _OKINAWA)
        if abroad.any():
            table[area, abroad] = world.losing_away * shares[home[abroad]]
            table[area, abroad] /= shares[home[abroad]].sum()
        table[area, home == area] = world.losing_home
        table[area, home < 0] = (1 - world.losing_home - world.losing_away) * volumes
    return table / table.sum(axis=1, keepdims=True)
