"""Rates from the committee's table, against oracles computed outside this package."""

import pytest

import switchstats as ss
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.values import PublishedTable

PRINTED_DIGIT_PP = 0.005  # oracles are given to 0.01 point

# Equal-weight means in percent, computed independently in R and Python from page 17.
MEANS_PCT = {"incumbent": (19.01, 19.31, 18.12), "entrant": (17.97, 17.82, 17.57)}
# Printed on page 17.
WEIGHTED_PCT = {"incumbent": ("18.5", "18.6", "17.9"), "entrant": ("18.0", "17.7", "21.5")}
# By hand from page 17: the two middle values, the smallest and the largest of ten, full year.
MEDIAN_PCT = {"incumbent": (17.3 + 18.0) / 2, "entrant": (16.9 + 17.4) / 2}
RANGE_PCT = {"incumbent": (15.0, 30.4), "entrant": (10.0, 28.4)}


@pytest.mark.parametrize("group", ["incumbent", "entrant"])
def test_means_and_averages_by_period(committee: PublishedTable, group: str) -> None:
    rates = ss.rates.summarise(committee)
    for column, mean, printed in zip(
        committee.periods, MEANS_PCT[group], WEIGHTED_PCT[group], strict=True
    ):
        equal = rates.group(group, column.period, "mean", "equal")
        assert equal is not None
        assert 100 * equal.rate == pytest.approx(mean, abs=PRINTED_DIGIT_PP)
        assert equal.n_units == equal.n_effective == 10
        weighted = rates.group(group, column.period, "mean", "requests")
        assert weighted is not None
        assert weighted.printed is not None
        assert weighted.printed.text == printed
        assert weighted.n_effective is None


@pytest.mark.parametrize("group", ["incumbent", "entrant"])
def test_median_and_range(committee: PublishedTable, group: str) -> None:
    rates = ss.rates.summarise(committee)
    year = committee.widest_period
    found = [rates.group(group, year, name, "equal") for name in ("median", "minimum", "maximum")]
    expected = [MEDIAN_PCT[group], *RANGE_PCT[group]]
    assert [100 * row.rate for row in found if row] == pytest.approx(expected)


def test_the_rounding_interval_of_a_mean_is_half_a_digit_either_way(
    committee: PublishedTable,
) -> None:
    row = ss.rates.summarise(committee).group("incumbent", committee.widest_period, "mean", "equal")
    assert row is not None
    assert row.interval is not None
    assert row.interval.kind == "rounding"
    # ten cells, each within 0.05 points: the mean is within 0.05 points
    assert 100 * (row.rate - row.interval.low) == pytest.approx(0.05)
    assert 100 * (row.interval.high - row.rate) == pytest.approx(0.05)


def test_differences_name_their_weighting(committee: PublishedTable) -> None:
    year = committee.widest_period
    equal = ss.rates.difference(committee, year, "equal")
    weighted = ss.rates.difference(committee, year, "requests")
    assert 100 * equal.estimate == pytest.approx(1.04, abs=PRINTED_DIGIT_PP)
    assert 100 * weighted.estimate == pytest.approx(18.5 - 18.0)
    assert weighted.interval is not None
    assert 100 * weighted.interval.low == pytest.approx(0.4)
    assert 100 * weighted.interval.high == pytest.approx(0.6)


def test_changes_between_the_parts(committee: PublishedTable) -> None:
    early, late = committee.parts(committee.widest_period)
    moved = {item.retailer.retailer: item for item in ss.rates.changes(committee, early, late)}
    # page 17: Hokkaido 18.2 -> 16.3, entrant I 17.0 -> 0.0
    assert 100 * moved["hokkaido"].change == pytest.approx(-1.9)
    assert 100 * moved["entrant-i"].change == pytest.approx(-17.0)
    # 0.0 cannot be below nothing: [0, 0.05] after, [16.95, 17.05] before
    assert 100 * moved["entrant-i"].interval.low == pytest.approx(-17.05)
    assert 100 * moved["entrant-i"].interval.high == pytest.approx(-16.90)
    with pytest.raises(UsageError, match="do not overlap"):
        ss.rates.changes(committee, committee.widest_period, late)


def test_an_average_that_is_not_printed_is_refused_by_name(make_table) -> None:
    table = make_table(["10.0", "12.0"], ["11.0", "13.0"])
    with pytest.raises(NotAnswerableError, match="requests-weighted mean"):
        ss.rates.difference(table, table.widest_period, "requests")
    assert [gap.weighting for gap in ss.rates.summarise(table).differences] == ["equal"]
