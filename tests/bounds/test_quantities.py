"""What an audit shows: each range by hand from the printed digits, named for whom and when."""

from dataclasses import replace
from datetime import date

import pytest

from switchstats.bounds import (
    audit,
    fixed_mix_changes,
    naive_thresholds,
    shares_of_group,
    shares_of_period,
    summarise_audit,
)
from switchstats.bounds.naive_test import naive_tests
from switchstats.periods import Period

PROVED = 1e-7
FIGURE = 0.0005  # half of the last printed digit of a per cent with one decimal


@pytest.fixture(scope="module")
def alone(committee):
    """Two rows without averages, so that nothing ties one retailer to another."""
    rows = [row for row in committee.rows if row.retailer.retailer in ("kansai", "entrant-g")]
    return replace(committee, rows=tuple(rows), averages=())


def printed(table, name):
    row = next(row for row in table.rows if row.retailer.retailer == name)
    return [cell.value for cell in row.cells]


def share_by_hand(whole, before, after):
    """Ends of v in whole = (1 - v) before + v after; v is monotone in each of the three."""
    corners = [
        (whole + i * FIGURE - before - j * FIGURE) / (after + k * FIGURE - before - j * FIGURE)
        for i in (-1, 1)
        for j in (-1, 1)
        for k in (-1, 1)
    ]
    return max(min(corners), 0.0), min(max(corners), 1.0)


def test_shares_of_periods(alone):
    # 59 of the 334 days from April to February are in January and February
    _, before, after = (column.period for column in alone.periods)
    found = shares_of_period(audit(alone))
    by_retailer = {each.retailer.retailer: each for each in found if each.retailer}
    assert [each.period for each in found if each.retailer is None] == [
        before,
        before,
        after,
        after,
    ]
    assert [each.reference for each in found] == pytest.approx([275 / 334] * 4 + [59 / 334] * 4)
    for name in ("kansai", "entrant-g"):
        low, high = share_by_hand(*printed(alone, name))
        share = by_retailer[name]
        assert (share.period, share.unit, share.name) == (after, "share", "share_of_period")
        assert share.reference == pytest.approx(59 / 334)
        assert share.interval.low == pytest.approx(low, abs=PROVED)
        assert share.interval.high == pytest.approx(high, abs=PROVED)
    # the only retailer is its group
    own = next(each.interval for each in found if each.period == after and not each.retailer)
    assert own.low == pytest.approx(by_retailer["kansai"].interval.low, abs=PROVED)
    assert own.high == pytest.approx(by_retailer["kansai"].interval.high, abs=PROVED)
    chosen = shares_of_period(audit(alone), [before])
    assert {each.period for each in chosen} == {before}


def test_shares_of_groups(make_table):
    # u = (d - m) / (d - a) for rates a and d with mean m: least at d = 29.95, a = 9.95, m = 20.5,
    # 9.45 / 20; most at d = 30.05, a = 10.05, m = 19.5, 10.55 / 20
    table = make_table(["10.0", "30.0"], ["15.0"], ("20", "15"))
    found = shares_of_group(audit(table))
    assert [each.retailer for each in found] == list(table.retailers)
    assert [each.group for each in found] == ["incumbent", "incumbent", "entrant"]
    ends = [(each.interval.low, each.interval.high) for each in found]
    assert ends[0] == (pytest.approx(0.4725, abs=PROVED), pytest.approx(0.5275, abs=PROVED))
    assert ends[1] == (pytest.approx(0.4725, abs=PROVED), pytest.approx(0.5275, abs=PROVED))
    assert ends[2] == (1.0, 1.0)


def test_changes_at_a_fixed_mix(alone):
    # with one retailer a group there is one mix: after less before, and the difference of the two
    _, before, after = (column.period for column in alone.periods)
    found = fixed_mix_changes(audit(alone), alone.groups)
    assert [each.name.removeprefix("fixed_mix_") for each in found] == [
        f"{kind}_{mix}"
        for mix in ("before", "after")
        for kind in ("change", "change", "difference")
    ]
    changes = {}
    for name in ("kansai", "entrant-g"):
        _, a, b = printed(alone, name)
        changes[name] = b - a
    expected = {
        "incumbent": (changes["kansai"], 2 * FIGURE),
        "entrant": (changes["entrant-g"], 2 * FIGURE),
        None: (changes["kansai"] - changes["entrant-g"], 4 * FIGURE),
    }
    for each in found:
        middle, reach = expected[each.group]
        assert each.interval.low == pytest.approx(middle - reach, abs=PROVED)
        assert each.interval.high == pytest.approx(middle + reach, abs=PROVED)
        assert (each.period, each.baseline, each.unit) == (after, before, "difference")
    assert [each.group for each in found] == ["incumbent", "entrant", None] * 2
    assert len(fixed_mix_changes(audit(alone), ["incumbent"])) == 2


def test_a_table_of_one_period_has_no_change(make_table):
    table = make_table(["10.0", "30.0"], ["15.0"], ("20", "15"))
    assert fixed_mix_changes(audit(table), table.groups) == ()
    assert shares_of_period(audit(table)) == ()


def test_thresholds_are_those_of_the_test(committee):
    found = audit(committee)
    shown = naive_thresholds(found, ("incumbent", "entrant"))
    assert [each.period for each in shown] == [column.period for column in committee.periods]
    for each in shown:
        needed = found.test_range("pooled_z", each.period, total=1).threshold
        assert (each.interval.low, each.interval.high) == (needed.best, needed.worst)
        assert (each.name, each.unit, each.method) == ("naive_threshold", "requests", "pooled_z")


def test_rates_that_may_be_the_same_in_the_worst_case_have_no_end(make_table):
    # 15.0 and 15.1 print from 15.05 both: then no number of requests shows a gap
    table = make_table(["15.0"], ["15.1"], ("15.0", "15.1"))
    (shown,) = naive_thresholds(audit(table), ("incumbent", "entrant"))
    assert shown.interval.high is None
    # the largest gap, 14.95 against 15.15: z^2 = n d^2 / (d^2 + S) with S least where the shares
    # are as the standard deviations, S = (s1 + s2)^2
    a, b = 0.1495, 0.1515
    spread = ((a * (1 - a)) ** 0.5 + (b * (1 - b)) ** 0.5) ** 2
    needed = 1.959964**2 * ((a - b) ** 2 + spread) / (a - b) ** 2
    assert shown.interval.low == pytest.approx(needed, abs=2)


def test_known_totals_have_naive_p_values(make_table):
    table = make_table(["10.0", "30.0"], ["15.0"], ("20", "15"))
    found, period = audit(table), table.widest_period
    (shown,) = naive_tests(found, {period: 300})
    ranged = found.test_range("pooled_z", period, total=300).p_value
    assert (shown.interval, shown.attained) == (ranged.interval, ranged.attained)
    assert (shown.period, shown.unit, shown.method) == (period, "p_value", "pooled_z")
    assert "300" in shown.quantity.en
    bare = audit(make_table(["10.0"], ["15.0", "16.0"]))
    assert naive_tests(bare, {period: 300}) == ()
    lone = audit(replace(table, rows=table.rows[:2], averages=table.averages[:1]))
    assert naive_tests(lone, {period: 300}) == ()


def test_the_summary_has_a_row_for_each_group_and_retailer(make_table):
    # least requests: 0.0 and 100.0 print from one, 33.3 from three, 14.3 from seven
    table = make_table(["0.0", "100.0"], ["33.3", "14.3"])
    summary = summarise_audit(audit(table))
    assert [row[-1].en for row in summary.rows if row[-1].en.isdigit()] == ["1", "1", "3", "7"]
    assert len(summary.rows) == 6
    assert len(summary.header) == len(summary.rows[0]) == 3
    plain = summary.to_dict()
    assert [each["requests"] for each in plain["least_requests"]] == [1, 1, 3, 7]
    assert plain["consistent"] is True
    assert len(plain["identified"]) == 4


def test_the_summary_has_changes_and_thresholds_of_two_groups(committee):
    found = audit(committee)
    named = found.table.groups
    expected = *fixed_mix_changes(found, named), *naive_thresholds(found, (named[0], named[1]))
    assert set(named) == {"incumbent", "entrant"}
    shown = summarise_audit(found).others
    assert [(each.name, each.interval) for each in shown] == [
        (each.name, each.interval) for each in expected
    ]


def test_the_summary_tells_the_calendar(alone):
    summary = summarise_audit(audit(alone))
    assert [cell.en for cell in summary.rows[0]][2:4] == ["82.3", "17.7"]  # 275 and 59 of 334 days
    assert len(summary.rows) == 5
    assert {len(row) for row in summary.rows} == {len(summary.header)} == {5}


def test_an_impossible_table_has_its_conflicts_alone(make_table):
    summary = summarise_audit(audit(make_table(["10.0", "20.0"], ["15.0"], ("30.0", "15.0"))))
    assert (summary.shares, summary.others, summary.least) == ((), (), ())
    assert len(summary.to_dict()["conflicts"]) == 1
    # 30.0 is 10 points above 20.0, 100 printed digits; their halves are within the slack's unit
    assert "<table" not in summary._repr_html_()


def test_days_that_no_period_covers_are_not_counted(committee):
    # April to December and February alone: 275 and 28 days printed
    parts = committee.periods[1:]
    february = replace(parts[1], period=Period(date(2023, 2, 1), date(2023, 3, 1)))
    rows = tuple(replace(row, cells=row.cells[1:]) for row in committee.rows)
    table = replace(committee, periods=(parts[0], february), rows=rows, averages=())
    found = shares_of_period(audit(table), [february.period])
    assert all(each.reference == pytest.approx(28 / 303) for each in found)
