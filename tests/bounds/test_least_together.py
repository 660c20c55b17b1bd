"""The least requests of rows and their averages, against trying every number."""

from datetime import date
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchstats.bounds import audit, least_together, volumes
from switchstats.bounds.counts import least_and_most_errors, prints_as
from switchstats.bounds.least_together import Together
from switchstats.bounds.row_ways import row_ways
from switchstats.periods import Period
from switchstats.values import PrintedRate, PublishedTable

FIRST = Period(date(2024, 4, 1), date(2024, 10, 1))
SECOND = Period(date(2024, 10, 1), date(2025, 4, 1))
YEAR = Period(date(2024, 4, 1), date(2025, 4, 1))


def digits(errors: int, requests: int, decimals: int) -> str:
    """Print a rate half up, by Python's own fractions."""
    number = int(Fraction(100 * 10**decimals * errors, requests) + Fraction(1, 2))
    whole, rest = divmod(number, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)


def pairs(most: int) -> list[tuple[int, int]]:
    return [(n, e) for n in range(1, most + 1) for e in range(n + 1)]


@given(st.lists(st.sampled_from(pairs(6)), min_size=2, max_size=3), st.integers(0, 1))
def test_one_period_equals_every_number_tried(hidden, decimals: int) -> None:
    texts = [digits(e, n, decimals) for n, e in hidden]
    whole = digits(sum(e for _, e in hidden), sum(n for n, _ in hidden), decimals)
    most = sum(n for n, _ in hidden)
    ways = [[(n, e) for n, e in pairs(most) if digits(e, n, decimals) == text] for text in texts]
    least = min(
        sum(n for n, _ in chosen)
        for chosen in product(*ways)
        if sum(n for n, _ in chosen) <= most
        and digits(sum(e for _, e in chosen), sum(n for n, _ in chosen), decimals) == whole
    )
    found = least_together.least_together(
        [[(YEAR, PrintedRate(text))] for text in texts],
        [[(YEAR, PrintedRate(whole))]],
        [YEAR],
        "half_up",
    )
    assert found.at_least == least
    assert found.counts is not None


@given(st.lists(st.sampled_from(list(product(pairs(3), pairs(3)))), min_size=2, max_size=2))
def test_two_periods_equal_every_number_tried(hidden) -> None:
    def printed(row: tuple[tuple[int, int], ...]) -> list[str]:
        (n, e), (m, f) = row
        return [digits(e, n, 0), digits(f, m, 0), digits(e + f, n + m, 0)]

    def added(rows) -> tuple[tuple[int, int], ...]:
        return tuple(
            (sum(n for n, _ in some), sum(e for _, e in some)) for some in zip(*rows, strict=True)
        )

    def total(row: tuple[tuple[int, int], ...]) -> int:
        return sum(n for n, _ in row)

    most = sum(map(total, hidden))
    texts, whole = [printed(row) for row in hidden], printed(added(hidden))
    ways = [
        [
            ((n, e), (m, f))
            for n, e in pairs(most - 3)
            if digits(e, n, 0) == text[0]
            for m, f in pairs(most - 2 - n)
            if printed(((n, e), (m, f))) == text
        ]
        for text in texts
    ]
    least = min(
        total(added(rows))
        for rows in product(*ways)
        if total(added(rows)) <= most and printed(added(rows)) == whole
    )
    periods = (FIRST, SECOND, YEAR)
    rows, average = (
        [
            [(period, PrintedRate(text)) for period, text in zip(periods, some, strict=True)]
            for some in each
        ]
        for each in (texts, [whole])
    )
    found = least_together.least_together(rows, average, [FIRST, SECOND], "half_up")
    assert found.at_least == least
    assert found.counts is not None


def test_the_committees_table(committee: PublishedTable) -> None:
    # HiGHS finds the same numbers of both groups by branch and bound, within 9 seconds each
    found = audit(committee)
    parts = [found.least_volume(group) for group in committee.groups]
    assert [(part.requests, part.at_least) for part in parts] == [(4944, 4944), (8366, 8366)]
    assert {part.proof for part in parts} == {"enumeration"}
    whole = found.least_volume()
    assert (whole.requests, whole.at_least, whole.proof) == (13310, 13310, "enumeration")
    group_of = {each.retailer: each.group for each in committee.retailers}
    for row in (*committee.rows, *committee.averages):
        for column, cell in zip(committee.periods, row.cells, strict=True):
            some = [
                pair
                for (name, atom), pair in whole.counts.items()
                if column.period.contains(atom)
                and group_of[name] == row.group
                and (row.retailer is None or row.retailer.retailer == name)
            ]
            n, e = sum(n for n, _ in some), sum(e for _, e in some)
            assert prints_as(e, n, cell, "half_up")


def test_too_much_work_leaves_the_solver_and_what_is_proved(
    committee: PublishedTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the rows' own least numbers are 7,830 in sum; with few sums of ways little more is proved
    monkeypatch.setattr(least_together, "_MOST_SUMS", 50)
    found = audit(committee).least_volume("entrant")
    assert (found.requests, found.proof) == (8366, "solver")
    assert 7830 < found.at_least < 8366


def test_a_solvers_number_that_is_proved_to_be_least(make_table, monkeypatch) -> None:
    monkeypatch.setattr(volumes, "least_together", lambda *_: Together(3, None))
    found = audit(make_table(["33.3"], ["0.0"])).least_volume("incumbent")
    assert (found.requests, found.proof, found.at_least) == (3, "enumeration", 3)


def test_a_blank_period_has_any_errors_that_the_whole_allows() -> None:
    cells = [(SECOND, PrintedRate("50")), (YEAR, PrintedRate("33"))]
    found = {tuple(way) for way in row_ways(cells, [FIRST, SECOND], "half_up", 6).tolist()}
    tried = {
        (n, e, m, f)
        for n in range(7)
        for e in range(n + 1)
        for m, f in pairs(6 - n)
        if digits(f, m, 0) == "50" and digits(e + f, n + m, 0) == "33"
    }
    assert found == tried


def test_many_decimals_do_not_overflow() -> None:
    # 2e17 times 100 is beyond 64 bits
    cell = PrintedRate("33.333333333333333")
    low, high = least_and_most_errors(np.array([3, 99, 100]), cell, "half_up")
    assert (low <= high).tolist() == [True, True, False]
