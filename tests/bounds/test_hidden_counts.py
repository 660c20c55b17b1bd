"""Counts are drawn, rounded and hidden; the audit must find them possible and bound them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest

from switchstats.bounds import audit
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import (
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    Source,
    TableRow,
)

EDGES = [date(2022, 4, 1), date(2022, 7, 1), date(2022, 10, 1), date(2023, 1, 1)]
SOURCE = Source(Text("表", "Table"), Text("文書", "Document"), 1, Text("作成", "Made"))


def printed(errors: int, requests: int) -> PrintedRate:
    """Round as a printer does, half up, from exact numbers."""
    percent = Decimal(100 * int(errors)) / Decimal(int(requests))
    return PrintedRate(str(percent.quantize(Decimal("0.1"), ROUND_HALF_UP)))


def hidden_table(rng: np.random.Generator, n_units: int, n_parts: int):
    """Draw counts of one group and print them: the parts, then the whole."""
    requests = np.maximum(1, np.rint(rng.lognormal(6, 1.5, (n_units, n_parts)))).astype(int)
    errors = rng.binomial(requests, rng.beta(4, 18, (n_units, 1)))
    parts = [Period(EDGES[place], EDGES[place + 1]) for place in range(n_parts)]
    periods = [*parts, Period(EDGES[0], EDGES[n_parts])]
    n = np.column_stack([requests, requests.sum(axis=1)])
    e = np.column_stack([errors, errors.sum(axis=1)])
    names = [f"r{place}" for place in range(n_units)]
    rows = [
        TableRow(
            Retailer(name, Text(name, name), "entrant", None),
            "entrant",
            tuple(printed(*pair) for pair in zip(e[unit], n[unit], strict=True)),
        )
        for unit, name in enumerate(names)
    ]
    average = tuple(printed(*pair) for pair in zip(e.sum(axis=0), n.sum(axis=0), strict=True))
    labels = [PrintedPeriod(period, Text("期", "period")) for period in periods]
    table = PublishedTable(
        "hidden", tuple(labels), tuple(rows), (TableRow(None, "entrant", average),), SOURCE
    )
    return table, n, e, names


def inside(found, truth: Fraction) -> bool:
    low, high = Fraction(found.interval.low), Fraction(found.interval.high)
    return low <= truth <= high


@pytest.mark.parametrize("seed", range(12))
def test_the_truth_is_possible_and_inside_every_bound(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table, n, e, names = hidden_table(rng, int(rng.integers(1, 9)), int(rng.integers(2, 4)))
    found = audit(table)
    assert found.consistent is True
    n_parts = n.shape[1] - 1
    for part in range(n_parts):
        period = table.periods[part].period
        group_share = Fraction(int(n[:, part].sum()), int(n[:, -1].sum()))
        assert inside(found.period_share("entrant", period), group_share)
        for unit, name in enumerate(names):
            own = Fraction(int(n[unit, part]), int(n[unit, -1]))
            assert inside(found.period_share(name, period), own)
            share = Fraction(int(n[unit, part]), int(n[:, part].sum()))
            assert inside(found.unit_share(name, period), share)
            assert inside(
                found.rate(name, period), Fraction(int(e[unit, part]), int(n[unit, part]))
            )
    if n_parts == 2:
        held = sum(
            int(n[unit, 0]) * Fraction(int(e[unit, 1]), int(n[unit, 1])) - int(e[unit, 0])
            for unit in range(len(names))
        )
        assert inside(found.fixed_mix_change("entrant"), held / int(n[:, 0].sum()))


@pytest.mark.parametrize("seed", range(8))
def test_an_impossible_row_is_caught_whenever_it_is_impossible(seed: int) -> None:
    # One retailer, two parts: the whole must lie between the parts' rates, within rounding.
    rng = np.random.default_rng(100 + seed)
    table, *_ = hidden_table(rng, 1, 2)
    tenths = [round(10 * float(cell.text)) for cell in table.rows[0].cells]
    for whole in range(max(0, min(tenths) - 25), min(1000, max(tenths) + 25), 5):
        cells = (*table.rows[0].cells[:2], PrintedRate(f"{whole / 10:.1f}"))
        row = TableRow(table.rows[0].retailer, "entrant", cells)
        changed = PublishedTable("changed", table.periods, (row,), (), SOURCE)
        # half up leaves out the high end of every interval, so that touching ends do not meet
        between = min(tenths[:2]) - 1 < whole < max(tenths[:2]) + 1
        assert audit(changed).consistent is between
