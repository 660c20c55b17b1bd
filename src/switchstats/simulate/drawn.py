"""A world drawn from a seed: everything that all of its requests share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import UsageError
from switchstats.simulate.flows import Flows, draw_flows, inverse
from switchstats.simulate.leak import Leak, calibrate
from switchstats.simulate.rates import monthly_rates, retailer_rates
from switchstats.simulate.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Drawn", "block_rng", "draw"]

_WORLD, _BLOCKS = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A world's flows, error probabilities and leak for one seed.

    Parameters
    ----------
    world, flows, leak
        As declared and drawn.
    rates
        Retailer × month: error probability of a first attempt without the leak.
    day_edges, gaining_edges, area_edges, losing_edges
        What `inverse` makes of the flows.
    days_to_accept
        Mean days to an acceptance.
    """

    world: World
    flows: Flows
    leak: Leak
    rates: "NDArray[np.float64]"
    day_edges: "NDArray[np.float64]"
    gaining_edges: "NDArray[np.float64]"
    area_edges: "NDArray[np.float64]"
    losing_edges: "NDArray[np.float64]"
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
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_WORLD,)))
    own = retailer_rates(world, rng)
    rates = monthly_rates(world, own, rng)
    flows = draw_flows(world, own, rng)
    return Drawn(
        world=world,
        flows=flows,
        leak=calibrate(world, flows, rates),
        rates=rates,
        day_edges=inverse(flows.days),
        gaining_edges=inverse(flows.gaining),
        area_edges=inverse(flows.areas),
        losing_edges=inverse(flows.losing),
        days_to_accept=_days_to_accept(world),
    )


def block_rng(seed: int, block: int) -> np.random.Generator:
    """Return the block's own stream, the same whatever was drawn before."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_BLOCKS, block)))


def _days_to_accept(world: World) -> float:
    """Return the mean time that leaves the declared share of the last month unanswered.

    With exponential times of mean d and requests spread evenly over the last month, a share of
    d / (days of the month) is unanswered at its end.
    """
    overall = world.pending_last_month * world.months[-1].n_days
    return overall / (1 + world.error_rate * (world.error_delay_ratio - 1))
