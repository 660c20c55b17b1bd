"""The audit of a printed table, beside the bare time of the linear programmes that it solves.

Two yardsticks. The plain way: requests and errors of every retailer in every printed period are
columns, every printed cell two rows, every bound a programme, warm where only costs change, nothing
proved. And the programmes that are left when structure is used: every call that an audit makes to
HiGHS is recorded and played again by itself, models passed, costs changed, runs, solutions fetched.
CPU seconds, the median of some repeats. With --sizes, tables of hidden counts are drawn, printed
and audited; then memory is shown too.

    python benchmarks/bounds.py [--repeat 5] [--sizes 50x12 200x12 700x24]
"""

import argparse
import resource
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import highspy
import numpy as np
from clock import cpu_seconds
from plain_bounds import plain_shares

import switchstats as ss
from switchstats.bounds import Audit, audit, shares_of_group, shares_of_period, summarise_audit
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import (
    IdentifiedQuantity,
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    Source,
    TableRow,
)

SEED = 20230131
RECORDED = ("setOptionValue", "passModel", "changeColsCost", "run", "getSolution", "getBasis")
PLAIN = highspy.Highs


CALLS: list[tuple[int, str, tuple[Any, ...]]] = []
ALIVE: list[Any] = []  # so that no two have the same id


class Recorder(PLAIN):
    """HiGHS that remembers what it was asked."""


def recorded(name: str) -> Callable[..., Any]:
    plain = getattr(PLAIN, name)

    def call(self: Recorder, *given: Any) -> Any:
        copies = [np.array(each) if isinstance(each, np.ndarray) else each for each in given]
        CALLS.append((id(self), name, tuple(copies)))
        ALIVE.append(self)
        return plain(self, *given)

    return call


for each in RECORDED:
    setattr(Recorder, each, recorded(each))


def calls_of(work: Callable[[], object]) -> list[tuple[int, str, tuple[Any, ...]]]:
    CALLS.clear()
    ALIVE.clear()
    highspy.Highs = Recorder
    try:
        work()
    finally:
        highspy.Highs = PLAIN
    return list(CALLS)


def played(calls: list[tuple[int, str, tuple[Any, ...]]]) -> None:
    solvers: dict[int, Any] = {}
    for which, name, given in calls:
        if which not in solvers:
            solvers[which] = PLAIN()
            solvers[which].silent()
        found = getattr(solvers[which], name)(*given)
        if name == "getSolution":
            for values in (found.col_value, found.row_dual):
                np.array(values)


def beside_highs(name: str, work: Callable[[], object], repeat: int) -> None:
    calls = calls_of(work)
    ours = cpu_seconds(work, repeat)
    bare = cpu_seconds(lambda: played(calls), repeat)
    n_solved = sum(call == "run" for _, call, _ in calls)
    n_models = len({which for which, _, _ in calls})
    print(
        f"  {name:<28} {ours:.4f} s, HiGHS alone {bare:.4f} s: {ours / bare:.2f} times; "
        f"{n_solved} programmes in {n_models} models"
    )


def beside_the_plain_way(name: str, table: PublishedTable, repeat: int) -> None:
    ours = cpu_seconds(lambda: shares(audit(table)), repeat)
    plain = cpu_seconds(lambda: plain_shares(table), repeat)
    ends = plain_shares(table)
    intervals = [each.interval for each in shares(audit(table))]
    found = [float(end or 0) for each in intervals for end in (each.low, each.high)]
    apart = np.abs(np.sort(found) - np.sort(ends)).max()
    print(
        f"  {name:<28} {ours:.4f} s, {len(ends)} programmes over all cells in HiGHS {plain:.4f} s: "
        f"{ours / plain:.2f} times; ends differ by at most {apart:.0e}"
    )


def shares(found: Audit) -> tuple[IdentifiedQuantity, ...]:
    return (*shares_of_group(found), *shares_of_period(found))


def committee(repeat: int) -> None:
    table = ss.load_published("egc-083")
    print("the committee's table: 20 retailers, 3 periods")
    beside_the_plain_way("all shares", table, repeat)
    beside_highs("possible or not", lambda: audit(table).consistent, repeat)
    beside_highs("and all shares", lambda: shares(audit(table)), repeat)
    beside_highs("everything that is shown", lambda: summarise_audit(audit(table)), repeat)
    beside_highs("how tight it is", lambda: audit(table).slack, repeat)


def hidden_table(n_units: int, n_parts: int) -> PublishedTable:
    rng = np.random.default_rng(SEED)
    sizes = rng.lognormal(6, 1.5, (n_units, 1)) * rng.lognormal(0, 0.3, (n_units, n_parts))
    requests = np.maximum(1, np.rint(sizes)).astype(int)
    errors = rng.binomial(requests, rng.beta(4, 18, (n_units, 1)))
    n, e = (np.column_stack([each, each.sum(axis=1)]) for each in (requests, errors))
    edges = [date(2020 + month // 12, month % 12 + 1, 1) for month in range(n_parts + 1)]
    parts = [Period(edges[place], edges[place + 1]) for place in range(n_parts)]
    words = Text("期", "period")
    rows = [
        TableRow(
            Retailer(f"r{unit}", Text(f"r{unit}", f"r{unit}"), "entrant", None),
            "entrant",
            tuple(map(printed, e[unit], n[unit])),
        )
        for unit in range(n_units)
    ]
    return PublishedTable(
        "hidden",
        tuple(PrintedPeriod(period, words) for period in (*parts, Period(edges[0], edges[-1]))),
        tuple(rows),
        (TableRow(None, "entrant", tuple(map(printed, e.sum(axis=0), n.sum(axis=0)))),),
        Source(words, words, 1, words),
    )


def printed(errors: int, requests: int) -> PrintedRate:
    percent = Decimal(100 * int(errors)) / Decimal(int(requests))
    return PrintedRate(str(percent.quantize(Decimal("0.1"), ROUND_HALF_UP)))


def large(size: str) -> None:
    n_units, n_parts = map(int, size.split("x"))
    table = hidden_table(n_units, n_parts)
    found = audit(table)
    print(f"{n_units} retailers, {n_parts} periods and their sum")
    steps: dict[str, Callable[[], object]] = {
        "possible or not": lambda: found.consistent,
        "shares of all periods": lambda: shares_of_period(found),
        "shares of the group": lambda: shares_of_group(found),
        "least requests": lambda: [found.least_volume(r.retailer) for r in table.retailers],
    }
    for name, work in steps.items():
        started = time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  {name:<24} {seconds:8.1f} s, at most {memory:.0f} MB so far", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--sizes", nargs="*", default=[])
    asked = parser.parse_args()
    committee(asked.repeat)
    for size in asked.sizes:
        large(size)


if __name__ == "__main__":
    main()
