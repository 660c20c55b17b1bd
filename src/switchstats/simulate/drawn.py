"""A world drawn from a seed: everything that all of its requests share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import UsageError
from switchstats.simulate.departures import with_departures
from switchstats.simulate.flows import Flows, draw_flows, inverse
from switchstats.simulate.leak import Leak, calibrate
from switchstats.simulate.points import Points, draw_points
from switchstats.simulate.rates import cleaner_incumbents, monthly_rates, retailer_rates
from switchstats.simulate.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Drawn", "block_rng", "draw"]

_WORLD, _BLOCKS, _LEAVING, _RECORDS = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A world's flows, error probabilities and leak for one seed.

    Parameters
    ----------
    world, flows, leak
        As declared and drawn.
    rates
        Retailer × month: error probability of a first attempt without the leak and `points`.
    points
        What the losing retailer, the area and the day add to it.
    day_edges, gaining_edges, area_edges, losing_edges
        What `inverse` makes of the flows.
    retry_share
        By gaining retailer: share of errors after which it files again.
    days_to_accept
        Mean days to an acceptance.
    """

    world: World
    flows: Flows
    leak: Leak
    rates: "NDArray[np.float64]"
    points: Points
    day_edges: "NDArray[np.float64]"
    gaining_edges: "NDArray[np.float64]"
    area_edges: "NDArray[np.float64]"
    losing_edges: "NDArray[np.float64]"
    retry_share: "NDArray[np.float64]"
    days_to_accept: float


def draw(world: World, seed: int) -> Drawn:
    """Draw what all requests of a world share.

    Raises
    ------
    UsageError
        When the seed is negative, or the effect cannot be had in this world.
    """
    if seed < 0:
        raise UsageError("a seed is a whole number, 0 or above")
    rng = _rng(seed, _WORLD)
    own = retailer_rates(world, rng)
    rates = monthly_rates(world, own, rng)
    flows = draw_flows(world, own, rng)
    rates = cleaner_incumbents(world, rates, flows.entrant)
    leaving = None
    if world.market_exit is not None:
        flows, leaving = with_departures(world, flows, world.market_exit, _rng(seed, _LEAVING))
    points = draw_points(world, flows, leaving, _rng(seed, _RECORDS))
    return Drawn(
        world=world,
        flows=flows,
        leak=calibrate(world, flows, rates, points),
        rates=rates,
        points=points,
        day_edges=inverse(flows.days),
        gaining_edges=inverse(flows.gaining),
        area_edges=inverse(flows.areas),
        losing_edges=inverse(flows.losing.reshape(-1, len(flows.retailers))),
        retry_share=_retry_share(world, flows.entrant),
        days_to_accept=_days_to_accept(world),
    )


def block_rng(seed: int, block: int) -> np.random.Generator:
    """Return the block's own stream, the same whatever was drawn before."""
    return _rng(seed, _BLOCKS, block)


def _rng(seed: int, *key: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def _retry_share(world: World, entrant: "NDArray[np.bool_]") -> "NDArray[np.float64]":
    own = world.incumbent_retry_share
    return np.where(entrant, world.retry_share, world.retry_share if own is None else own)


def _days_to_accept(world: World) -> float:
    """Return the mean time that leaves the declared share of the last month unanswered.

    With exponential times of mean d and requests spread evenly over the last month, a share of
    d / (days of the month) is unanswered at its end.
    """
    overall = world.pending_last_month * world.months[-1].n_days
    return overall / (1 + world.error_rate * (world.error_delay_ratio - 1))
