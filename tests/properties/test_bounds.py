"""Hidden counts are drawn, rounded and audited; one cell is moved, and an outside solver asked.

The outside solver is scipy's linprog on requests and errors as they are: the greatest common slack
of all inequalities that must hold strictly, where all requests sum to 1.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from switchstats.bounds import audit
from switchstats.bounds.counts import prints_as
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import (
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    RoundingRule,
    Source,
    TableRow,
)

EDGES = [date(2022, 4, 1), date(2022, 7, 1), date(2022, 10, 1), date(2023, 1, 1)]
SOURCE = Source(Text("表", "Table"), Text("文書", "Document"), 1, Text("作成", "Made"))
ROUNDED = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "truncation": ROUND_FLOOR,
}
# Slack, in last digits of all requests, by which linprog tells possible from impossible with its
# tolerances at their least; nearer to 0 nothing is asked of it.
CLEAR = 1e-5
TOLERANCES = dict.fromkeys(["primal_feasibility_tolerance", "dual_feasibility_tolerance"], 1e-10)


@dataclass(frozen=True)
class Hidden:
    """Counts by unit and printed period, the whole last, and the table that they print."""

    requests: np.ndarray
    errors: np.ndarray
    table: PublishedTable
    names: tuple[str, ...]


def printed(errors: int, requests: int, decimals: int, rule: str) -> PrintedRate:
    """Round as the rule says, from exact numbers, as text."""
    exact = Fraction(100 * errors, requests) * 10**decimals
    below, rest = divmod(exact.numerator, exact.denominator)
    # one digit that says below, on or above the middle is enough for any rule
    half = 2 * rest - exact.denominator
    middle = 5 + (half > 0) - (half < 0) if rest else 0
    whole = (Decimal(below) + Decimal(middle) / 10).quantize(Decimal(1), ROUNDED[rule])
    return PrintedRate(f"{whole.scaleb(-decimals):.{decimals}f}")


@st.composite
def hidden_tables(draw: st.DrawFn) -> Hidden:
    n_units, n_parts = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    decimals, rule = draw(st.integers(1, 4)), draw(st.sampled_from(sorted(ROUNDED)))
    sizes = st.integers(1, 10).flatmap(lambda digits: st.integers(1, 2**digits))
    requests = np.array(
        [[draw(sizes) for _ in range(n_parts)] for _ in range(n_units)], dtype=np.int64
    )
    errors = np.array([[draw(st.integers(0, int(n))) for n in row] for row in requests])
    n, e = requests, errors
    if n_parts > 1:
        n = np.column_stack([requests, requests.sum(axis=1)])
        e = np.column_stack([errors, errors.sum(axis=1)])
    n, e = np.vstack([n, n.sum(axis=0)]), np.vstack([e, e.sum(axis=0)])
    blank = st.sampled_from([False, False, False, True])
    cells = [
        tuple(
            None if draw(blank) else printed(int(a), int(b), decimals, rule)
            for a, b in zip(*pair, strict=True)
        )
        for pair in zip(e, n, strict=True)
    ]
    names = tuple(f"r{place}" for place in range(n_units))
    rows = tuple(
        TableRow(Retailer(name, Text(name, name), "entrant", None), "entrant", row)
        for name, row in zip(names, cells[:-1], strict=True)
    )
    parts = [Period(EDGES[place], EDGES[place + 1]) for place in range(n_parts)]
    periods = parts if n_parts == 1 else [*parts, Period(EDGES[0], EDGES[n_parts])]
    table = PublishedTable(
        "hidden",
        tuple(PrintedPeriod(period, Text("期", "period")) for period in periods),
        rows,
        (TableRow(None, "entrant", cells[-1]),),
        SOURCE,
        rule,
    )
    return Hidden(n, e, table, names)


def common_slack(table: PublishedTable) -> float:
    """Return the greatest common slack, by linprog; at most 0 when the table is impossible."""
    n_parts = max(1, len(table.periods) - 1)
    n_atoms = len(table.rows) * n_parts
    slack = 2 * n_atoms
    rows: list[np.ndarray] = []
    for atom in range(n_atoms):
        row = np.zeros(slack + 1)
        row[[2 * atom, 2 * atom + 1]] = -1, 1
        rows.append(row)
    whole = list(enumerate(table.rows))
    for place, its_row in [*whole, (None, table.averages[0])]:
        units = range(len(table.rows)) if place is None else [place]
        for column, cell in enumerate(its_row.cells):
            if cell is None:
                continue
            parts = range(n_parts) if column == n_parts else [column]
            atoms = [unit * n_parts + part for unit in units for part in parts]
            rows += inequalities(cell, table.rounding, atoms, slack)
    found = linprog(
        np.append(np.zeros(slack), -1.0),
        A_ub=np.array(rows),
        b_ub=np.zeros(len(rows)),
        A_eq=[np.append(np.tile([1.0, 0.0], n_atoms), 0.0)],
        b_eq=[1.0],
        bounds=[(0, None)] * slack + [(-1, 1)],
        method="highs",
        options=TOLERANCES,
    )
    assume(found.status == 0)
    return float(found.x[slack])


def inequalities(cell: PrintedRate, rule: RoundingRule, atoms: list[int], slack: int):
    """Yield rows ``<= 0``: both ends of a cell and that it has requests; strict ones with slack."""
    low, high = cell.bounds(rule)
    digits = 100 * 10**cell.decimals
    for end, sign in ((low, 1), (high, -1)):
        row = np.zeros(slack + 1)
        for atom in atoms:
            row[[2 * atom, 2 * atom + 1]] = sign * float(end * digits), -sign * digits
        # prints_as knows which ends print as the cell; it is held against brute force elsewhere
        row[slack] = 0.0 if prints_as(end.numerator, end.denominator, cell, rule) else 1.0
        yield row
    row = np.zeros(slack + 1)
    row[[2 * atom for atom in atoms]] = -1
    row[slack] = 1.0
    yield row


def inside(found, truth: Fraction) -> bool:
    return Fraction(found.interval.low) <= truth <= Fraction(found.interval.high)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(hidden_tables())
def test_what_was_printed_is_possible_and_the_truth_inside_every_bound(hidden: Hidden) -> None:
    found = audit(hidden.table)
    assert found.consistent is True
    assert found.slack is not None
    assert found.slack.high >= 0
    n, e = hidden.requests, hidden.errors
    for column, printed_period in enumerate(hidden.table.periods):
        period = printed_period.period
        for unit, name in enumerate(hidden.names):
            share = Fraction(int(n[unit, column]), int(n[-1, column]))
            assert inside(found.unit_share(name, period), share)
            own = Fraction(int(n[unit, column]), int(n[unit, -1]))
            assert inside(found.period_share(name, period), own)
            rate = Fraction(int(e[unit, column]), int(n[unit, column]))
            assert inside(found.rate(name, period), rate)
        average = Fraction(int(e[-1, column]), int(n[-1, column]))
        assert inside(found.rate("entrant", period), average)
        whole = Fraction(int(n[-1, column]), int(n[-1, -1]))
        assert inside(found.period_share("entrant", period), whole)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(hidden_tables())
def test_attained_values_lie_inside_what_is_proved(hidden: Hidden) -> None:
    found = audit(hidden.table)
    period = hidden.table.periods[0].period
    for name in hidden.names:
        for one in (found.unit_share(name, period), found.rate(name, period)):
            assert one.attained is not None
            assert one.interval.low <= one.attained.low <= one.attained.high <= one.interval.high


@settings(max_examples=40, deadline=None, derandomize=True)
@given(hidden_tables(), st.data())
def test_a_moved_cell_is_caught_exactly_when_it_can_be(hidden: Hidden, data: st.DataObject) -> None:
    rows = [*hidden.table.rows, *hidden.table.averages]
    cells = [
        (row, column)
        for row, each in enumerate(rows)
        for column, cell in enumerate(each.cells)
        if cell is not None
    ]
    assume(cells)
    row, column = data.draw(st.sampled_from(cells))
    cell = rows[row].cells[column]
    step = data.draw(st.sampled_from([-300, -30, -3, -2, -1, 1, 2, 3, 30, 300]))
    moved = Decimal(cell.text) + step * Decimal(1).scaleb(-cell.decimals)
    assume(0 <= moved <= 100)
    changed = list(rows[row].cells)
    changed[column] = PrintedRate(f"{moved:.{cell.decimals}f}")
    rows[row] = replace(rows[row], cells=tuple(changed))
    table = replace(hidden.table, rows=tuple(rows[:-1]), averages=tuple(rows[-1:]))
    slack = common_slack(table)
    found = audit(table)
    if slack > CLEAR:
        assert found.consistent is True
    elif slack < -CLEAR:
        assert found.consistent is False
        wrong = (None if row == len(rows) - 1 else hidden.names[row], column)
        for conflict in found.conflicts:  # without the moved cell the table is possible
            assert wrong in {(cell.retailer, cell.column) for cell in conflict.suspects}
    else:  # on the edge within linprog's tolerance: decided all the same
        assert found.consistent is not None
