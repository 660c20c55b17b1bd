"""Least whole numbers that print as a row, against trying everything by brute force."""

from fractions import Fraction
from itertools import pairwise, product

import pytest

from switchstats.bounds import audit
from switchstats.bounds.counts import prints_as
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.values import PrintedRate, PublishedTable


def brute_force(cells: tuple[str, str, str], most: int) -> int | None:
    """Try all requests and errors of two parts, and print them with Python's own fractions."""
    whole, *parts = (round(10 * float(cell)) for cell in cells)

    def tenths(errors: int, requests: int) -> int:
        return int(Fraction(1000 * errors, requests) + Fraction(1, 2))

    right = [
        [(n, e) for n in range(1, most) for e in range(n + 1) if tenths(e, n) == part]
        for part in parts
    ]
    totals = [
        n + m
        for (n, e), (m, f) in product(*right)
        if n + m < most and tenths(e + f, n + m) == whole
    ]
    return min(totals, default=None)


@pytest.mark.parametrize("retailer", ["kansai", "entrant-i"])
def test_rows_of_the_committee_equal_brute_force(committee: PublishedTable, retailer) -> None:
    row = next(row for row in committee.rows if row.retailer.retailer == retailer)
    texts = tuple(cell.text for cell in row.cells)
    found = audit(committee).least_volume(retailer)
    assert found.requests == brute_force(texts, 160)
    assert found.proof == "enumeration"


def test_every_way_prints_as_its_row(committee: PublishedTable) -> None:
    found = audit(committee)
    for row in committee.rows:
        least = found.least_volume(row.retailer.retailer)
        pairs = list(least.counts.values())
        whole = (sum(n for n, _ in pairs), sum(e for _, e in pairs))
        for cell, (n, e) in zip(row.cells, [whole, *pairs], strict=True):
            assert prints_as(e, n, cell, "half_up"), row.retailer.retailer
        assert whole[0] == least.requests


def test_the_solver_agrees_with_enumeration(committee: PublishedTable) -> None:
    from dataclasses import replace

    from switchstats.bounds.volumes import least_table

    for retailer in ("kansai", "entrant-i", "chugoku"):
        row = next(row for row in committee.rows if row.retailer.retailer == retailer)
        alone = replace(committee, rows=(row,), averages=())
        solved = least_table(alone, "half_up")
        assert solved.requests == audit(committee).least_volume(retailer).requests


def test_a_rate_of_nought_needs_one_request_only(make_table) -> None:
    # 0.0 % and 100.0 % print from one request; 33.3 % needs three, 14.3 % seven.
    table = make_table(["0.0", "100.0"], ["33.3", "14.3"])
    found = audit(table)
    names = [row.retailer.retailer for row in table.rows]
    assert [found.least_volume(name).requests for name in names] == [1, 1, 3, 7]


@pytest.mark.parametrize(
    ("text", "rule", "prints"),
    [
        # 1/16 = 6.25 %: half-up prints 6.3, half-even 6.2, truncation 6.2; 3/16 = 18.75 % likewise
        # 18.8, 18.8, 18.7.
        ("6.3", "half_up", True),
        ("6.2", "half_up", False),
        ("6.2", "half_even", True),
        ("6.3", "half_even", False),
        ("6.2", "truncation", True),
        ("6.3", "truncation", False),
    ],
)
def test_ties(text: str, rule, prints: bool) -> None:
    assert prints_as(1, 16, PrintedRate(text), rule) is prints


def test_many_periods_agree_with_the_solver(committee: PublishedTable) -> None:
    from dataclasses import replace
    from datetime import date

    from switchstats.bounds.volumes import least_table, least_volume
    from switchstats.labels import Text
    from switchstats.periods import Period
    from switchstats.values import PrintedPeriod

    words = Text("期", "period")
    edges = [date(2022, month, 1) for month in (4, 6, 8, 10, 12)]
    periods = [
        *(Period(*pair) for pair in pairwise(edges)),
        Period(edges[0], edges[-1]),
    ]
    texts = ("18.2", "0.0", "33.3", "14.3", "20.1")
    for blank in (None, 1, 4):
        cells = tuple(
            None if place == blank else PrintedRate(text) for place, text in enumerate(texts)
        )
        table = replace(
            committee,
            periods=tuple(PrintedPeriod(period, words) for period in periods),
            rows=(replace(committee.rows[0], cells=cells),),
            averages=(),
        )
        found = least_volume(table, "half_up", "hokkaido")
        assert found.proof == "enumeration"
        assert found.requests == least_table(table, "half_up").requests
        pairs = list(found.counts.values())
        whole = (sum(n for n, _ in pairs), sum(e for _, e in pairs))
        for cell, (n, e) in zip(cells, [*pairs, whole], strict=True):
            assert cell is None or prints_as(e, n, cell, "half_up")


def test_the_least_group_and_the_least_table(make_table) -> None:
    # nobody of one and everybody of one with 33.3 of both: one of three. 1/3 and 1/7 print as
    # 33.3 and 14.3, in fewer than 200 requests no other fraction does: 3k + 7m with k + m errors
    # is 25.0 % at k = 3, m = 1 first
    table = make_table(["0.0", "100.0"], ["33.3", "14.3"], ("33.3", "25.0"))
    found = audit(table)
    assert found.least_volume("incumbent").requests == 3
    assert found.least_volume("entrant").requests == 16
    whole = found.least_volume()
    assert (whole.requests, whole.proof, whole.at_least) == (19, "enumeration", 19)
    assert found.least_volume(table.retailers[0].retailer).at_least == 1
    assert sorted(pair for pair in whole.counts.values()) == [(1, 1), (2, 0), (7, 1), (9, 3)]


def test_nobody_has_no_least_volume(make_table) -> None:
    with pytest.raises(UsageError, match="no retailer 'nobody'"):
        audit(make_table(["10.0"], ["20.0"])).least_volume("nobody")


def test_no_whole_numbers_print_as_an_impossible_table(make_table) -> None:
    table = make_table(["10.0", "20.0"], ["15.0"], ("30.0", "15.0"))
    with pytest.raises(NotAnswerableError, match="no whole numbers print"):
        audit(table).least_volume("incumbent")
