"""Functionals of a user's own, and tables that lack something or print it otherwise."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from switchstats.bounds import Volume, audit
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.periods import Period
from switchstats.values import PrintedPeriod, PrintedRate, PublishedTable, TableRow

PROVED = 1e-7


@pytest.fixture(scope="module")
def found(committee: PublishedTable):
    return audit(committee)


def test_a_ratio_of_ones_own_is_the_named_one(found, committee) -> None:
    year, _, months = (column.period for column in committee.periods)
    own = found.ratio_of({("kansai", months, "requests"): 1}, {("kansai", year, "requests"): 1})
    named = found.period_share("kansai", months)
    assert own.interval.low == pytest.approx(named.interval.low, abs=PROVED)
    assert own.interval.high == pytest.approx(named.interval.high, abs=PROVED)
    rate = found.ratio_of({("kansai", year, "errors"): 1}, {("kansai", year, "requests"): 1})
    named = found.rate("kansai", year)
    assert rate.interval.low == pytest.approx(named.interval.low, abs=PROVED)
    assert rate.interval.high == pytest.approx(named.interval.high, abs=PROVED)


def test_coefficients_scale_a_ratio(found, committee) -> None:
    year, _, months = (column.period for column in committee.periods)
    plain = found.period_share("kansai", months).interval
    thrice = found.ratio_of(
        {("kansai", months, "requests"): "1.5"}, {("kansai", year, "requests"): Fraction(1, 2)}
    ).interval
    assert thrice.low == pytest.approx(3 * plain.low)
    assert thrice.high == pytest.approx(3 * plain.high)


def test_a_ratio_across_groups(found, committee) -> None:
    # nothing ties the groups, so one retailer's share of two is anything
    year = committee.widest_period
    pair = {("kansai", year, "requests"): 1, ("entrant-a", year, "requests"): 1}
    share = found.ratio_of({("kansai", year, "requests"): 1}, pair).interval
    assert (share.low, share.high) == (pytest.approx(0, abs=PROVED), pytest.approx(1, abs=PROVED))
    tied = audit(committee, [Volume(retailer="kansai", low=300), Volume(low=0, high=1000)])
    assert tied.ratio_of({("kansai", year, "requests"): 1}, pair).interval.low >= 0.3 - PROVED


def test_a_ratio_that_makes_no_sense_is_refused(found, committee) -> None:
    year, before, months = (column.period for column in committee.periods)
    own = {("kansai", year, "requests"): 1}
    with pytest.raises(UsageError, match="coefficient"):
        found.ratio_of({}, own)
    with pytest.raises(UsageError, match="nobody"):
        found.ratio_of({("nobody", year, "requests"): 1}, own)
    with pytest.raises(UsageError, match="does not print"):
        found.ratio_of({("kansai", Period(date(2020, 4, 1), date(2021, 4, 1)), "errors"): 1}, own)
    gap = {("kansai", before, "requests"): 1, ("kansai", months, "requests"): -5}
    with pytest.raises(NotAnswerableError, match="denominator"):
        found.ratio_of(own, gap)


def test_equal_weights(found, committee) -> None:
    year = committee.widest_period
    names = [row.retailer.retailer for row in committee.members("incumbent")]
    mean = found.reweighted_rate(dict.fromkeys([(name, year) for name in names], 1)).interval
    # 19.01 is the mean of the ten printed rates, each within .05
    assert mean.low == pytest.approx(0.1896, abs=PROVED)
    assert mean.high == pytest.approx(0.1906, abs=PROVED)


def test_a_common_mix_of_periods(found, committee) -> None:
    _, before, months = (column.period for column in committee.periods)
    weights = {("incumbent", before): 9, ("incumbent", months): 2}
    rate = found.reweighted_rate(weights).interval
    ends = [found.rate("incumbent", period).interval for period in (before, months)]
    assert rate.low == pytest.approx((9 * ends[0].low + 2 * ends[1].low) / 11)
    assert rate.high == pytest.approx((9 * ends[0].high + 2 * ends[1].high) / 11)
    for weights in ({}, {("incumbent", before): 0}, {("incumbent", before): -1}):
        with pytest.raises(UsageError, match="weights"):
            found.reweighted_rate(weights)


def test_averages_without_members_print_nothing_that_binds(committee) -> None:
    members = tuple(row for row in committee.rows if row.group == "incumbent")
    found = audit(replace(committee, rows=members))
    assert found.consistent is True
    with pytest.raises(UsageError, match="entrant"):
        found.period_share("entrant", committee.periods[2].period)


def test_units_without_a_total_leave_shares_of_the_group_open(committee) -> None:
    found = audit(replace(committee, averages=()))
    assert found.consistent is True
    share = found.unit_share("kansai").interval
    assert (share.low, share.high) == (pytest.approx(0, abs=PROVED), pytest.approx(1, abs=PROVED))
    months = committee.periods[2].period
    with pytest.raises(NotAnswerableError, match="no average"):
        found.test_range("pooled_z", months, total=1000)
    # a retailer's own row decides about its own ratios, with and without averages
    assert found.period_share("kansai", months) == audit(committee).period_share("kansai", months)


def printed(table: PublishedTable, row: int, column: int, cell: PrintedRate | None):
    rows = list(table.rows)
    cells = list(rows[row].cells)
    cells[column] = cell
    rows[row] = replace(rows[row], cells=tuple(cells))
    return replace(table, rows=tuple(rows))


def test_a_missing_cell_is_unknown(committee) -> None:
    months = committee.periods[2].period
    found = audit(printed(committee, 5, 2, None))  # Kansai
    assert found.consistent is True
    share = found.period_share("kansai", months).interval
    # of 20.5 and 21.7: the second part has at least a share of (21.65 - 20.55) / 21.65, all errors
    # elsewhere; without its rate nothing limits the share but that
    assert share.low == pytest.approx((21.65 - 20.55) / 21.65, abs=PROVED)
    assert share.high == pytest.approx(1, abs=1e-3) or share.high < 1
    assert found.least_volume("kansai").requests > 0


def test_a_retailer_without_any_cell(committee) -> None:
    bare = committee
    for column in range(3):
        bare = printed(bare, 5, column, None)
    found = audit(bare)
    assert found.consistent is True
    assert found.unit_share("kansai").interval.low == pytest.approx(0, abs=PROVED)
    assert found.rate("kansai", committee.widest_period).interval.low == 0


def test_mixed_decimals_and_units_are_read_each_as_printed(committee) -> None:
    months = committee.periods[2].period
    tenth = audit(committee).period_share("kansai", months).interval
    finer = audit(printed(committee, 5, 0, PrintedRate("20.50"))).period_share("kansai", months)
    assert tenth.low <= finer.interval.low < finer.interval.high <= tenth.high
    assert finer.interval.width < tenth.width
    permille = audit(printed(committee, 5, 0, PrintedRate("205", "permille")))
    same = permille.period_share("kansai", months).interval
    assert (same.low, same.high) == (pytest.approx(tenth.low), pytest.approx(tenth.high))


def test_periods_that_overlap(committee) -> None:
    # April to December and October to February share three months: three pieces of time
    halves = Period(date(2022, 10, 1), date(2023, 3, 1))
    periods = (*committee.periods[:2], PrintedPeriod(halves, committee.periods[2].label))
    found = audit(replace(committee, periods=periods))
    assert found.consistent is True
    share = found.period_share("kansai", halves).interval
    # b, all of January and February, is least when all there succeeds: 21.65 (1 - b) = 20.55.
    # The overlap o then lifts 0 to 17.35 with errors alone: o = .1735 (b + o).
    least = (21.65 - 20.55) / 21.65 / (1 - 0.1735)
    assert share.low == pytest.approx(least, abs=PROVED)
    assert share.low < share.high < 1


def test_one_row_and_all_zeros(make_table) -> None:
    lone = audit(make_table(["18.0"], []))
    assert lone.consistent is True
    assert lone.unit_share("incumbent-0").interval.high == 1
    zeros = audit(make_table(["0.0", "0.0"], ["0.0", "0.0"], ("0.0", "0.0")))
    assert zeros.consistent is True
    period = zeros.table.widest_period
    rate = zeros.rate("incumbent", period).interval
    assert (rate.low, rate.high) == (0, pytest.approx(0.0005, abs=PROVED))
    found = zeros.test_range("pooled_z", period, total=100)
    assert found.threshold.worst is None
    # the pooled z of 100 requests is at most 10, the root of their number
    assert found.statistic.interval.high <= 10 + PROVED


def test_a_row_of_averages_only_is_refused(committee) -> None:
    with pytest.raises(UsageError, match="at least one"):
        replace(committee, rows=())


def test_an_average_of_a_group_that_is_impossible_alone(committee) -> None:
    averages = (TableRow(None, "incumbent", (PrintedRate("40.0"), None, None)),)
    assert audit(replace(committee, averages=averages)).consistent is False
