"""Entrants that leave the market: how the flows change in that month and after it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from switchstats.simulate.flows import Flows
from switchstats.simulate.traps import MarketExit
from switchstats.simulate.world import World

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["some_entrants", "with_departures"]


def with_departures(
    world: World, flows: Flows, leaves: MarketExit, rng: np.random.Generator
) -> "tuple[Flows, NDArray[np.bool_]]":
    """Return the flows of a world that entrants leave, and which retailers these are.

    The stages of the losing retailers are before the month, the month, and after it.
    """
    leaving = some_entrants(flows, leaves.share, rng)
    starts = [month.start for month in world.months]
    stage = np.array([int(start >= leaves.month) + int(start > leaves.month) for start in starts])
    losing = np.repeat(flows.losing, 3, axis=0)
    losing[1, :, leaving] *= leaves.rush
    losing[2, :, leaving] = 0.0
    gaining = flows.gaining.copy()
    entrants = flows.entrant
    left = stage > 0
    share = gaining[left][:, entrants].sum(axis=1, keepdims=True)
    gaining[np.ix_(left, leaving)] = 0.0
    stayed = gaining[np.ix_(left, entrants)]
    gaining[np.ix_(left, entrants)] = stayed * share / stayed.sum(axis=1, keepdims=True)
    return replace(
        flows,
        gaining=gaining,
        losing=losing / losing.sum(axis=2, keepdims=True),
        stage_of_month=stage,
    ), leaving


def some_entrants(flows: Flows, share: float, rng: np.random.Generator) -> "NDArray[np.bool_]":
    """Choose entrants at random, with at most the given share of their customers together.

    Whoever would exceed the share is passed over, so that many small ones fill it up.
    """
    volumes = np.where(flows.entrant, flows.losing[0, 0], 0.0)
    room = share * volumes.sum()
    chosen = np.zeros(len(volumes), dtype=bool)
    for retailer in rng.permutation(np.flatnonzero(flows.entrant)):
        if volumes[retailer] <= room:
            chosen[retailer] = True
            room -= volumes[retailer]
    return chosen
