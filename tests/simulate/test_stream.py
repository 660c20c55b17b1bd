"""The same seed gives the same rows, block by block and whatever else is drawn."""

import pyarrow as pa
import pytest

from switchstats.errors import UsageError
from switchstats.simulate import World, simulate_requests
from switchstats.simulate.block import draw_block
from switchstats.simulate.columns import COLUMNS, record_batch
from switchstats.simulate.drawn import block_rng, draw
from switchstats.simulate.stream import BLOCK_ROWS

WORLD = World(n_retailers=40, effect_pp=2)


def _table(n_requests: int, seed: int) -> pa.Table:
    return pa.Table.from_batches(simulate_requests(WORLD, n_requests, seed))


@pytest.mark.parametrize("n_requests", [1, 2, 999, BLOCK_ROWS, BLOCK_ROWS + 1])
def test_exactly_as_many_rows_as_asked_for(n_requests: int) -> None:
    table = _table(n_requests, 1)
    assert table.num_rows == n_requests
    assert table.column_names == list(COLUMNS)


def test_the_same_seed_gives_the_same_rows() -> None:
    assert _table(5000, 7).equals(_table(5000, 7))
    assert not _table(5000, 7).equals(_table(5000, 8))


def test_a_longer_file_begins_with_the_full_blocks_of_a_shorter_one() -> None:
    longer = _table(2 * BLOCK_ROWS + 10, 3)
    assert longer.slice(0, 2 * BLOCK_ROWS).equals(_table(2 * BLOCK_ROWS, 3))


def test_a_block_does_not_depend_on_the_blocks_before_it() -> None:
    drawn = draw(WORLD, 3)
    alone = record_batch(
        drawn, draw_block(drawn, BLOCK_ROWS, block_rng(3, 2)), 2 * BLOCK_ROWS, 2 * BLOCK_ROWS
    )
    third = list(simulate_requests(WORLD, 3 * BLOCK_ROWS, 3))[2]
    assert alone.equals(third)


def test_blocks_differ_and_share_no_supply_point() -> None:
    table = _table(2 * BLOCK_ROWS, 3)
    first, second = (
        set(table["supply_point"].slice(k * BLOCK_ROWS, BLOCK_ROWS).to_pylist()) for k in (0, 1)
    )
    assert not first & second
    assert table["submitted"][0] != table["submitted"][BLOCK_ROWS - 1]


def test_rows_of_a_block_are_in_order_of_submission() -> None:
    days = _table(5000, 1)["submitted"].to_pylist()
    assert days == sorted(days)


def test_bad_numbers_are_refused_at_once() -> None:
    with pytest.raises(UsageError, match="at least one request"):
        simulate_requests(WORLD, 0, 1)
    with pytest.raises(UsageError, match="seed"):
        simulate_requests(WORLD, 1, -1)
