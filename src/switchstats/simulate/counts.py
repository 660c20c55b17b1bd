"""Counts of a world's requests straight from what is drawn, without rows in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from switchstats.errors import UsageError
from switchstats.simulate.access import AREAS
from switchstats.simulate.block import ACCEPTED, ERROR, Requests
from switchstats.simulate.columns import VOLTAGES, reason_words
from switchstats.simulate.drawn import Drawn, draw
from switchstats.simulate.registry import world_registry
from switchstats.simulate.stream import draw_blocks
from switchstats.simulate.world import World
from switchstats.values import STRATA, Counts

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["simulate_counts"]

Estimand = Literal["first_attempt", "all_attempts"]

_ONE_DAY = timedelta(days=1)


def simulate_counts(
    world: World,
    n_requests: int,
    seed: int,
    *,
    strata: Sequence[str] = (),
    estimand: Estimand = "first_attempt",
    settle_days: int = 30,
    as_of: date | None = None,
) -> Counts:
    """Count a world's requests by gaining retailer, month and the named strata.

    The counts are those that reading the rows of `simulate_requests` with the retailers of
    `world_registry` gives, several times faster: simulated studies by the hundred run on them.

    Parameters
    ----------
    world, n_requests, seed
        As in `simulate_requests`; `n_requests` includes retries and whatever is left out.
    strata
        Any of `STRATA`; nothing else survives.
    estimand
        ``"first_attempt"`` leaves retries out, ``"all_attempts"`` counts every request.
    settle_days
        The last so many days up to `as_of` are left out, as in `read_requests`.
    as_of
        Day of the extract; the last submitted day by default.

    Returns
    -------
    Counts
        Accepted requests and errors; pending and withdrawn ones are left out.

    Raises
    ------
    UsageError
        For an argument out of its range, or an effect that cannot be had in this world.

    Notes
    -----
    Memory grows with the cells of the result, not with the requests. A reader that does not know
    the name of a reason of the world rejects its rows; here they count.

    Examples
    --------
    >>> simulate_counts(World(n_retailers=40), 5_000, seed=1, strata=("home",))
    Counts: 4,003 requests, 691 errors, 40 retailers, 24 periods, by home
    """
    wanted = tuple(name for name in STRATA if name in strata)
    _refuse(n_requests, strata, estimand, settle_days)
    drawn = draw(world, seed)
    cells = _cells(drawn, wanted)
    last = world.period.end - _ONE_DAY
    sums = _count(drawn, n_requests, seed, cells, estimand, (as_of or last), settle_days)
    if as_of is None and sums.last_day < (last - world.period.start).days:
        # few enough requests to leave the last day without any: the window lies earlier
        last = world.period.start + timedelta(days=sums.last_day)
        sums = _count(drawn, n_requests, seed, cells, estimand, last, settle_days)
    return Counts.of(_frame(drawn, cells, sums), world_registry(world).retailers)


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """How a cell and what became of a request in it are written as one whole number.

    Parameters
    ----------
    words
        Column of counts → its values; the digit of a column is a place among them.
    fates
        What the last digit says: 0 for accepted; else the bits of the reasons, or 1 for an error.
    by_reason
        Whether errors are told apart by reason.
    """

    words: "dict[str, NDArray[np.generic]]"
    fates: int
    by_reason: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Numbers of requests by the number of their cell and fate, and the last submitted day."""

    numbers: "NDArray[np.int64]"
    requests: "NDArray[np.int64]"
    last_day: int


def _refuse(n_requests: int, strata: Sequence[str], estimand: str, settle_days: int) -> None:
    if n_requests < 1:
        raise UsageError("simulate at least one request")
    if estimand not in get_args(Estimand):
        known = ", ".join(get_args(Estimand))
        raise UsageError(f"unknown estimand {estimand!r}; there are {known}")
    for name in strata:
        if name not in STRATA:
            raise UsageError(f"unknown stratum {name!r}; there are {', '.join(STRATA)}")
    if settle_days < 0:
        raise UsageError("settle_days must not be negative")


def _cells(drawn: Drawn, strata: Sequence[str]) -> _Cells:
    retailers = np.array(drawn.flows.retailers, dtype=object)
    known: dict[str, NDArray[np.generic]] = {
        "area": np.array(AREAS, dtype=object),
        "losing": retailers,
        "losing_group": np.array(["incumbent", "entrant"], dtype=object),
        "home": np.array(["no", "yes"], dtype=object),
        "voltage": np.array(VOLTAGES, dtype=object),
        "attempt": np.arange(1, drawn.world.max_attempts + 1),
    }
    words: dict[str, NDArray[np.generic]] = {
        "retailer": retailers,
        "month": np.arange(len(drawn.world.months)),
    }
    words |= {name: known[name] for name in strata if name != "reason"}
    by_reason = "reason" in strata
    fates = 2 ** len(drawn.world.reason_shares) if by_reason else 2
    return _Cells(words, fates, by_reason)


def _count(
    drawn: Drawn,
    n_requests: int,
    seed: int,
    cells: _Cells,
    estimand: str,
    as_of: date,
    settle_days: int,
) -> _Sums:
    last_settled = (as_of - drawn.world.period.start).days - settle_days
    numbers, requests = np.empty(0, np.int64), np.empty(0, np.int64)
    last_day = 0
    for block in draw_blocks(drawn, n_requests, seed):
        # sorted by submission
        last_day = max(last_day, int(block.submitted[-1]))
        settled = block.submitted < last_settled + 1
        counted = settled & ((block.outcome == ERROR) | (block.outcome == ACCEPTED))
        if estimand == "first_attempt":
            counted &= block.attempt == 1
        found, times = np.unique(
            _numbers(drawn, block.at(np.flatnonzero(counted)), cells), return_counts=True
        )
        together, place = np.unique(np.concatenate([numbers, found]), return_inverse=True)
        requests = np.bincount(place, np.concatenate([requests, times])).astype(np.int64)
        numbers = together
    return _Sums(numbers, requests, last_day)


def _numbers(drawn: Drawn, requests: Requests, cells: _Cells) -> "NDArray[np.int64]":
    flows = drawn.flows
    number = requests.gaining * len(drawn.world.months)
    number += flows.month_of_day[requests.submitted.astype(np.int64)]
    for name, words in cells.words.items():
        if name == "area":
            digit = requests.area
        elif name == "losing":
            digit = requests.losing
        elif name == "losing_group":
            digit = flows.entrant[requests.losing]
        elif name == "home":
            digit = flows.home[requests.gaining] == requests.area
        elif name == "voltage":
            digit = requests.high_voltage
        elif name == "attempt":
            digit = requests.attempt - 1
        else:
            continue
        number = number * len(words) + digit
    fate = requests.reasons if cells.by_reason else requests.outcome == ERROR
    return number * cells.fates + fate


def _frame(drawn: Drawn, cells: _Cells, sums: _Sums) -> "pd.DataFrame":
    import pandas as pd

    cell, fate = np.divmod(sums.numbers, cells.fates)
    _, place = np.unique(cell, return_inverse=True)
    requests = np.bincount(place, sums.requests).astype(np.int64)
    failed = np.where(fate > 0, sums.requests, 0)
    errors = np.bincount(place, failed).astype(np.int64)
    if cells.by_reason:
        # a cell without errors keeps one row, with no reason
        rows = np.flatnonzero((fate > 0) | (errors[place] == 0))
        errors = failed[rows]
    else:
        rows = np.unique(place, return_index=True)[1]
    places: dict[str, NDArray[np.int64]] = {}
    rest = cell[rows]
    for name, words in reversed(cells.words.items()):
        rest, places[name] = np.divmod(rest, len(words))
    columns = {name: words[places[name]] for name, words in cells.words.items() if name != "month"}
    months = drawn.world.months
    for name, days in (
        ("period_start", [month.start for month in months]),
        ("period_end", [month.end for month in months]),
    ):
        columns[name] = np.array(days, dtype="datetime64[s]")[places["month"]]
    if cells.by_reason:
        named = ["+".join(sorted(names)) for names in reason_words(drawn.world)]
        columns["reason"] = np.array(named, dtype=object)[fate[rows]]
    return pd.DataFrame(columns | {"requests": requests[place[rows]], "errors": errors})
