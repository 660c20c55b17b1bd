"""Counts drawn directly are the counts that reading the same rows gives, cell by cell.

The expected counts come from the reader: `read_requests` on the rows of the same arguments.
"""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from switchstats import read_requests
from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.simulate import (
    BadAddresses,
    BadRecords,
    MarketExit,
    Reform,
    World,
    simulate_counts,
    simulate_requests,
    world_registry,
)
from switchstats.simulate.stream import BLOCK_ROWS
from switchstats.values import STRATA, Counts

SMALL = World(n_retailers=40, effect_pp=2)
WORLDS = {
    "default": World(),
    "small": SMALL,
    "slow answers": World(n_retailers=30, pending_last_month=0.6, withdrawn_share=0.2),
    "one month": World(n_retailers=30, period=Period(date(2022, 12, 1), date(2023, 1, 1))),
    "traps": World(
        n_retailers=40,
        effect_pp=2,
        bad_addresses=BadAddresses(("03", "06"), 5),
        bad_records=BadRecords(sd_pp=3, share=0.3, rise_pp=10),
        reforms=(Reform(4), Reform(-3, date(2023, 3, 15), ("06",))),
        market_exit=MarketExit(),
        retry_factor=2,
        incumbent_retry_share=0.3,
    ),
    "one attempt": World(n_retailers=30, max_attempts=1, shock_sd_pp=4.5),
}
SETS = [
    (),
    ("area", "losing_group", "home"),
    ("reason",),
    ("home", "attempt", "reason"),
    ("losing", "voltage"),
    STRATA,
]


def _read(world: World, n_requests: int, seed: int, **question: Any) -> Counts:
    rows = pa.Table.from_batches(simulate_requests(world, n_requests, seed))
    return read_requests(rows, registry=world_registry(world), **question).counts


@pytest.mark.parametrize(
    ("estimand", "strata"),
    [
        *(("first_attempt", strata) for strata in SETS),
        ("all_attempts", ()),
        ("all_attempts", STRATA),
    ],
)
@pytest.mark.parametrize("world", WORLDS)
def test_counts_are_those_of_the_rows(world: str, strata: Any, estimand: Any) -> None:
    asked = {"strata": strata, "estimand": estimand}
    counts = simulate_counts(WORLDS[world], 4_000, 5, **asked)
    assert counts == _read(WORLDS[world], 4_000, 5, **asked)
    assert counts.requests > 0


def test_several_blocks_are_added_up() -> None:
    n_requests = 2 * BLOCK_ROWS + 1
    asked: dict[str, Any] = {"strata": ("area", "losing_group", "reason")}
    assert simulate_counts(World(), n_requests, 3, **asked) == _read(
        World(), n_requests, 3, **asked
    )


@pytest.mark.parametrize("settle_days", [0, 1, 45, 5000])
@pytest.mark.parametrize("as_of", [None, date(2023, 6, 30), date(2024, 3, 31), date(2030, 1, 1)])
def test_the_settling_window_is_the_readers(settle_days: int, as_of: date | None) -> None:
    asked: dict[str, Any] = {"settle_days": settle_days, "as_of": as_of, "strata": ("home",)}
    assert simulate_counts(SMALL, 3_000, 4, **asked) == _read(SMALL, 3_000, 4, **asked)


@pytest.mark.parametrize("n_requests", [1, 5, 20])
def test_the_window_ends_on_the_last_day_that_appears(n_requests: int) -> None:
    # so few requests leave the period's last day without any
    for seed in range(5):
        submitted = next(simulate_requests(SMALL, n_requests, seed))["submitted"].to_pylist()
        assert max(submitted) < date(2024, 3, 31)
        counts = simulate_counts(SMALL, n_requests, seed, settle_days=20, strata=STRATA)
        assert counts == _read(SMALL, n_requests, seed, settle_days=20, strata=STRATA)


def test_the_order_of_the_strata_plays_no_part() -> None:
    twice = ("home", "area", "home")
    assert simulate_counts(SMALL, 500, 1, strata=twice).strata == ("area", "home")
    assert simulate_counts(SMALL, 500, 1, strata=twice) == simulate_counts(
        SMALL, 500, 1, strata=("area", "home")
    )


def test_longer_files_add_to_the_counts_of_shorter_ones() -> None:
    asked: dict[str, Any] = {"settle_days": 0, "estimand": "all_attempts"}
    shorter, longer = (
        simulate_counts(World(), blocks * BLOCK_ROWS, 2, **asked).collapse().frame
        for blocks in (1, 2)
    )
    keys = ["retailer", "period_start"]
    both = shorter.merge(longer, on=keys, suffixes=("", "_longer"))
    assert len(both) == len(shorter)
    assert np.all(both["requests_longer"] >= both["requests"])
    assert longer["requests"].sum() > 1.9 * shorter["requests"].sum()


def test_what_makes_no_sense_is_refused() -> None:
    for wrong in (
        {"estimand": "cases"},
        {"strata": ("month",)},
        {"settle_days": -1},
    ):
        with pytest.raises(UsageError):
            simulate_counts(SMALL, 10, 1, **wrong)
    with pytest.raises(UsageError, match="at least one"):
        simulate_counts(SMALL, 0, 1)
