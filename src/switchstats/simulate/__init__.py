"""Synthetic request files of any size, with a leak effect that is known."""

from switchstats.simulate.access import Access
from switchstats.simulate.counts import simulate_counts
from switchstats.simulate.registry import world_registry, write_registry
from switchstats.simulate.stream import simulate_requests
from switchstats.simulate.trap_worlds import trap_worlds
from switchstats.simulate.traps import BadAddresses, BadRecords, MarketExit, Reform
from switchstats.simulate.truth import truth
from switchstats.simulate.world import World
from switchstats.simulate.write import write_requests

__all__ = [
    "Access",
    "BadAddresses",
    "BadRecords",
    "MarketExit",
    "Reform",
    "World",
    "simulate_counts",
    "simulate_requests",
    "trap_worlds",
    "truth",
    "world_registry",
    "write_registry",
    "write_requests",
]
