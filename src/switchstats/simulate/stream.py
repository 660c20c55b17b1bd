"""Yields a world's requests block by block, so that no size needs more memory than a block."""

from collections.abc import Iterator

from switchstats.errors import UsageError
from switchstats.simulate.arrow import RecordBatch
from switchstats.simulate.block import Requests, draw_block
from switchstats.simulate.columns import record_batch
from switchstats.simulate.drawn import Drawn, block_rng, draw
from switchstats.simulate.world import World

__all__ = ["BLOCK_ROWS", "draw_blocks", "simulate_requests"]

BLOCK_ROWS = 131_072


def simulate_requests(world: World, n_requests: int, seed: int) -> Iterator[RecordBatch]:
    """Draw request rows from a world.

    Volumes, error probabilities and the size of the leak's action are drawn once from the seed;
    each block of 131,072 rows has a stream of its own, spawned from the seed and the block's
    number. The same arguments give the same rows, and a longer file begins with the full blocks of
    a shorter one. Rows are sorted by submission within a block, not across blocks.

    Parameters
    ----------
    world
        The declared world.
    n_requests
        Rows, retries included.
    seed
        Whole number, 0 or above.

    Returns
    -------
    iterator of pyarrow.RecordBatch
        Columns ``request_id``, ``submitted``, ``gaining``, ``losing``, ``area``,
        ``supply_point``, ``outcome``, ``reasons`` (joined by ``+``, absent unless the outcome is an
        error), ``attempt``, ``resolved`` (absent while pending), ``voltage``. Retailers stand by
        their identifiers in `world_registry`. Supply points are made up.

    Raises
    ------
    UsageError
        When a number is out of its range, or the effect cannot be had in this world.

    Notes
    -----
    An error has at least one reason. Reason f strikes with probability 1 - exp(-s_f h), independent
    of the others, where s_f is its share and h = -log(1 - p), so that the error probability is p.

    Examples
    --------
    >>> batch = next(simulate_requests(World(), 1000, seed=1))
    >>> batch.num_rows, batch.column("supply_point")[0].as_py()[2:10]
    (1000, '00000000')
    """
    if n_requests < 1:
        raise UsageError("simulate at least one request")
    return _batches(draw(world, seed), n_requests, seed)


def draw_blocks(drawn: Drawn, n_requests: int, seed: int) -> Iterator[Requests]:
    """Draw the blocks of a file one after the other, each from its own stream."""
    for block, first in enumerate(range(0, n_requests, BLOCK_ROWS)):
        yield draw_block(drawn, min(BLOCK_ROWS, n_requests - first), block_rng(seed, block))


def _batches(drawn: Drawn, n_requests: int, seed: int) -> Iterator[RecordBatch]:
    for block, requests in enumerate(draw_blocks(drawn, n_requests, seed)):
        first = block * BLOCK_ROWS
        yield record_batch(drawn, requests, first_row=first, first_case=first)
