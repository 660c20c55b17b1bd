"""Tables that only the ends of rounding intervals decide, conflicts and how far they are."""

from dataclasses import replace

import pytest

from switchstats.bounds import Ordering, Volume, audit
from switchstats.bounds.exact import solve_near
from switchstats.bounds.smallest import smallest_contradiction
from switchstats.values import PrintedRate, PublishedTable, TableRow


def one_row(committee: PublishedTable, *cells: str) -> PublishedTable:
    row = replace(committee.rows[0], cells=tuple(map(PrintedRate, cells)))
    return replace(committee, rows=(row,), averages=())


def changed(table: PublishedTable, row: int, column: int, text: str) -> PublishedTable:
    rows = [*table.rows, *table.averages]
    cells = list(rows[row].cells)
    cells[column] = PrintedRate(text)
    rows[row] = replace(rows[row], cells=tuple(cells))
    n_rows = len(table.rows)
    return replace(table, rows=tuple(rows[:n_rows]), averages=tuple(rows[n_rows:]))


@pytest.mark.parametrize(
    ("cells", "rule", "possible"),
    [
        # both parts are at least 20.05: so is the whole, which is below 20.05
        (("20.0", "20.1", "20.1"), "half_up", False),
        (("20.0", "20.1", "20.1"), "truncation", False),
        # half to even: 20.05 itself prints as 20.0, but 20.1 is from above 20.05 to below 20.15
        (("20.0", "20.1", "20.1"), "half_even", False),
        # the parts are at least 18.05 and the whole is below it
        (("18.0", "18.1", "19.9"), "half_up", False),
        # the first part would have to be below 10.05 with the second far above
        (("10.0", "10.1", "50.0"), "half_up", False),
        (("10.1", "10.1", "50.0"), "half_up", True),
        (("20.1", "20.0", "20.1"), "half_up", True),
        (("20.1", "20.0", "20.0"), "half_even", False),
    ],
)
def test_ends_that_do_not_print_as_the_cell(committee, cells, rule, possible: bool) -> None:
    assert audit(one_row(committee, *cells), rounding=rule).consistent is possible


def test_a_member_cannot_be_nothing_beside_an_average(make_table) -> None:
    # both members are at least 10.05, their average is below it
    assert audit(make_table(["10.1", "10.1"], [], ("10.0",))).consistent is False
    assert audit(make_table(["10.1", "10.0"], [], ("10.0",))).consistent is True


@pytest.mark.parametrize(
    ("of_second", "most", "possible"),
    [
        # two cells of the second retailer share its 2,000 requests, and a corner of the possible
        # has all of them in one cell: only the sum of two corners has requests in both
        ((None, "20.0", "15.0"), 3000, True),
        (("20.0", None, None), 3000, True),
        ((None, "20.0", "15.0"), 2999, False),
        ((None, "20.0", "15.0"), 3001, True),
    ],
)
def test_volumes_that_leave_a_single_sum(committee, of_second, most: int, possible: bool) -> None:
    # by hand: at least 1,000 and at least 2,000 make 3,000 at most only as 1,000 and 2,000
    first, second = (
        replace(row, cells=tuple(cell and PrintedRate(cell) for cell in cells))
        for row, cells in zip(committee.rows, [("10.0", None, None), of_second], strict=False)
    )
    table = replace(committee, rows=(first, second), averages=())
    one, other = (row.retailer.retailer for row in table.rows)
    known = [
        Volume(retailer=one, low=1000),
        Volume(retailer=other, low=2000),
        Volume(group=first.group, high=most),
    ]
    found = audit(table, known)
    assert found.consistent is possible
    if most == 3000:
        share = found.unit_share(one, committee.widest_period).interval
        assert (share.low, share.high) == pytest.approx((1 / 3, 1 / 3))


def test_orders_in_a_circle_leave_one_volume(committee) -> None:
    # each has at most as many requests as the one before, and the first at most as many as the last
    rows = tuple(
        replace(row, cells=(PrintedRate(text), None, None))
        for row, text in zip(committee.rows, ("10.0", "20.0", "30.0"), strict=False)
    )
    names = [row.retailer.retailer for row in rows]
    circle = [Ordering(tuple(names)), Ordering((names[-1], names[0]))]
    found = audit(replace(committee, rows=rows, averages=()), circle)
    assert found.consistent is True
    share = found.unit_share(names[1], committee.widest_period).interval
    assert (share.low, share.high) == pytest.approx((1 / 3, 1 / 3))


@pytest.mark.parametrize(
    ("row", "column", "text"),
    # single changes that linprog with every cell's requests at least 1 finds impossible
    [
        (1, 2, "7.8"),
        (1, 2, "14.8"),
        (10, 2, "27.0"),
        (15, 2, "1.7"),
        (17, 2, "38.1"),
        (19, 2, "22.4"),
    ],
)
def test_typing_errors_on_the_edge_are_caught(committee, row: int, column: int, text: str) -> None:
    wrong = audit(changed(committee, row, column, text))
    assert wrong.consistent is False
    retailer = committee.rows[row].retailer.retailer
    suspects = {(cell.retailer, cell.column) for cell in wrong.conflicts[0].suspects}
    assert (retailer, column) in suspects


def test_the_smallest_conflict_is_found(committee) -> None:
    # with 18.5 in all and 18.6 in the first part, the second part cannot be 28.5
    conflict = audit(changed(committee, 20, 2, "28.5")).conflicts[0]
    assert [(cell.retailer, cell.column) for cell in conflict.cells] == [
        (None, 0),
        (None, 1),
        (None, 2),
    ]
    assert conflict.proof == "smallest"


def test_every_conflict_is_found(committee) -> None:
    wrong = audit(changed(changed(committee, 5, 2, "37.4"), 2, 0, "3.1"))
    retailers = [{cell.retailer for cell in conflict.cells} for conflict in wrong.conflicts]
    assert sorted(map(sorted, retailers)) == [["kansai"], ["tepco-ep"]]


def test_a_doubted_cell_says_what_it_could_be(committee) -> None:
    conflict = audit(changed(committee, 0, 0, "28.0")).conflicts[0]
    year = next(each for each in conflict.remedies if each.cell.column == 0)
    # the whole lies between its parts, 18.2 and 16.3: below 18.25, so 18.2 is nearest to 28.0
    assert year.possible.low == pytest.approx(0.1625)
    assert year.possible.high == pytest.approx(0.1825)
    assert year.least_move == 98
    assert "16.2" in conflict.message.en
    assert conflict.to_dict(committee)["suspects"][0]["possible"]["kind"] == "identified"


def test_slack_of_a_row_by_hand(committee) -> None:
    # 20.4 in all, 20.0 and 20.1 in the parts: they meet when each end moves out by
    # (20.35 - 20.15) / 2 = .1, which is one last digit
    slack = audit(one_row(committee, "20.4", "20.0", "20.1")).slack
    assert slack.low <= -1 <= slack.high
    assert slack.high - slack.low < 0.01
    # 20.1 in all, 20.0 twice: the ends overlap by 0, so that the slack is 0, and it is impossible
    edge = audit(one_row(committee, "20.1", "20.0", "20.0"))
    assert edge.consistent is False
    assert edge.slack.low <= 0 <= edge.slack.high
    # 20.0 in all, 20.0 and 20.0: nothing binds
    assert audit(one_row(committee, "20.0", "20.0", "20.0")).slack.low == pytest.approx(0.5)


def test_the_committees_table_is_not_tight(committee) -> None:
    slack = audit(committee).slack
    assert (slack.low, slack.high) == (pytest.approx(0.5, abs=0.005), 0.5)


def test_an_unknown_rule_is_one_rule_for_the_whole_table(committee) -> None:
    # Half up: 10.0 <= 10.049..; truncation: 10.0 is 10.0 to 10.1. Parts 10.0 and 10.0 with a whole
    # of 10.1 are impossible under each of the rules, though cell by cell one could mix them.
    table = one_row(committee, "10.1", "10.0", "10.0")
    unknown = audit(table, rounding="unknown")
    assert unknown.consistent is False
    assert unknown.rules == ()
    assert unknown.conflicts
    blended = replace(committee, rows=committee.rows[:1], averages=())
    assert audit(blended, rounding="unknown").rules == ("half_up", "half_even", "truncation")


def test_an_average_that_only_truncation_allows(make_table) -> None:
    # of one member: the average is its rate, so that the cells agree under any rule
    table = make_table(["10.04", "10.06"], [], ("10.1",))
    # half up: 10.1 is from 10.05, the members reach 10.065: possible. Truncation: from 10.1: not.
    assert audit(table, rounding="unknown").rules == ("half_up", "half_even")


def test_fractions_near_a_guess() -> None:
    from fractions import Fraction

    guess = {place: Fraction(1, 3) for place in range(3)}
    found = solve_near([({0: 2, 1: 1}, 1), ({1: 1, 2: -4}, 0)], guess)
    assert 2 * found[0] + found[1] == 1
    assert found[1] == 4 * found[2]
    assert solve_near([({0: 1}, 1), ({0: 2}, 1)], guess) is None


def test_hitting_sets_give_up_when_told() -> None:
    assert smallest_contradiction(range(9), lambda some: sum(some) >= 30, 9, 1) == []


def test_a_blank_average_row_binds_nothing(make_table) -> None:
    table = make_table(["10.1", "50.0"], [])
    averages = (TableRow(None, "incumbent", (None,)),)
    assert audit(replace(table, averages=averages)).consistent is True
