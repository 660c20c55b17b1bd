"""Least whole numbers that print as a row, against trying everything by brute force."""

from fractions import Fraction
from itertools import product

import pytest

from switchstats.bounds import audit
from switchstats.bounds.counts import prints_as
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
