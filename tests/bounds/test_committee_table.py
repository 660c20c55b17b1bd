"""What page 17 of the committee's document pins down.

A retailer's own three rounded rates give the share of its requests that fell in January and
February: with w for the whole, a before and b after, it is (w - a) / (b - a). Shares of whole
groups are linear programmes, solved before with other software.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

import switchstats as ss
from switchstats.bounds import Ordering, Share, Volume, audit
from switchstats.errors import UsageError
from switchstats.values import PrintedRate, PublishedTable

PRINTED_DIGITS = 6e-5  # the expected shares are given to four digits, .03125 as .0312
PROVED = 1e-7  # a proved end may lie this far outside the exact one


@pytest.fixture(scope="module")
def found(committee: PublishedTable):
    return audit(committee)


def test_it_is_possible(found) -> None:
    assert found.consistent is True
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("unit", "low", "high"),
    [
        ("hokkaido", 0.0526, 0.1579),
        ("kansai", 0.2558, 0.3023),
        ("entrant-d", 0.0156, 0.0312),
        ("entrant-g", 0.0734, 0.0917),
        ("incumbent", 0.0278, 0.2290),
        ("entrant", 0.0526, 0.1053),
    ],
)
def test_shares_of_january_and_february(found, committee, unit: str, low, high) -> None:
    interval = found.period_share(unit, committee.periods[2].period).interval
    assert interval.kind == "identified"
    assert interval.low == pytest.approx(low, abs=PRINTED_DIGITS)
    assert interval.high == pytest.approx(high, abs=PRINTED_DIGITS)


def test_one_row_by_hand(found, committee) -> None:
    # The share is monotone in each of the three rates, so its ends lie at corners of their box.
    row = next(row for row in committee.rows if row.retailer.retailer == "kansai")
    corners = product(*(cell.bounds() for cell in row.cells))
    shares = [(whole - before) / (after - before) for whole, before, after in corners]
    interval = found.period_share("kansai", committee.periods[2].period).interval
    assert 0 <= min(shares) - Fraction(interval.low) < PROVED
    assert 0 <= Fraction(interval.high) - max(shares) < PROVED


def test_attained_ends_lie_inside_and_near(found, committee) -> None:
    for column in committee.periods[1:]:
        for group in committee.groups:
            share = found.period_share(group, column.period)
            assert share.interval.low <= share.attained.low <= share.attained.high
            assert share.attained.high <= share.interval.high
            assert share.attained.low - share.interval.low < PROVED
            assert share.interval.high - share.attained.high < PROVED


def test_the_change_at_fixed_mix_is_not_identified_in_sign(found) -> None:
    for group in ("incumbent", "entrant"):
        change = found.fixed_mix_change(group)
        assert change.interval.low <= change.attained.low < 0 < change.attained.high
        assert change.attained.high <= change.interval.high


def test_knowledge_narrows(found, committee) -> None:
    months = committee.periods[2].period
    bare = found.unit_share("kansai").interval
    known = audit(committee, [Share(retailer="tepco-ep", low="0.5", high="0.6")])
    narrowed = known.unit_share("kansai").interval
    assert known.consistent is True
    # scipy.optimize.linprog: .4914 without, .48639 with
    assert bare.high == pytest.approx(0.491389, abs=1e-6)
    assert narrowed.high == pytest.approx(0.486388, abs=1e-6)
    ordered = audit(committee, [Ordering(("tepco-ep", "kansai", "chubu-miraiz"))])
    assert ordered.unit_share("kansai").interval.high <= 0.5 + PROVED
    calendar = audit(committee, [Share(retailer="kansai", period=months, low="0.9", high="1")])
    assert (
        calendar.consistent is not True or calendar.unit_share("kansai", months).interval.low > 0.89
    )


def test_volumes_tie_the_groups_together(committee) -> None:
    known = audit(
        committee,
        [
            Volume(low=1_000_000, high=1_000_000),
            Volume(retailer="kansai", low=200_000, high=200_000),
        ],
    )
    assert known.consistent is True
    assert known.unit_share("kansai").interval.low >= 0.2 - PROVED


def test_a_contradicting_volume_is_found(committee) -> None:
    known = audit(
        committee, [Share(retailer="shikoku", low="0.99"), Share(retailer="kansai", low="0.5")]
    )
    assert known.consistent is False


def changed(table: PublishedTable, row: int, column: int, text: str) -> PublishedTable:
    rows, averages = list(table.rows), list(table.averages)
    place = row if row < len(rows) else row - len(rows)
    kind = rows if row < len(rows) else averages
    cells = list(kind[place].cells)
    cells[column] = PrintedRate(text)
    kind[place] = replace(kind[place], cells=tuple(cells))
    return replace(table, rows=tuple(rows), averages=tuple(averages))


def test_a_wrong_average_is_found_and_named(committee) -> None:
    wrong = audit(changed(committee, 20, 0, "28.5"))
    assert wrong.consistent is False
    conflict = wrong.conflicts[0]
    assert [(cell.retailer, cell.column) for cell in conflict.suspects] == [(None, 0)]
    assert "28.5" in conflict.message.en
    assert "28.5" in conflict.message.ja


def test_a_wrong_row_is_found_and_named(committee) -> None:
    wrong = audit(changed(committee, 0, 0, "28.0"))
    assert wrong.consistent is False
    assert {cell.retailer for cell in wrong.conflicts[0].cells} == {"hokkaido"}


def test_unknown_names_are_refused(found, committee) -> None:
    with pytest.raises(UsageError, match="no retailer 'nobody'"):
        found.unit_share("nobody")
    with pytest.raises(UsageError, match="nobody"):
        audit(committee, [Share(retailer="nobody", low="0.1")])


def test_the_rule_of_rounding_is_named(committee) -> None:
    assert audit(committee).rounding == "half_up"
    year = committee.widest_period
    unknown = audit(committee, rounding="unknown")
    assert unknown.rules == ("half_up", "half_even", "truncation")
    # 20.5: 20.45 to 20.55 by either rounding to the nearest, 20.5 to 20.6 by truncation
    rate = unknown.rate("kansai", year).interval
    assert (rate.low, rate.high) == (pytest.approx(0.2045), pytest.approx(0.206))
    assert ss.bounds.audit is audit
