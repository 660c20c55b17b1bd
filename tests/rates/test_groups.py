"""Group rates: their parts, their limits and what is refused."""

import numpy as np
import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.periods import Period, parse_period
from switchstats.rates import group_rates
from switchstats.rates.random_effects import random_effects_mean
from switchstats.values import Counts, Retailer

# Sums of a few doubles.
TOLERANCE = 1e-12

GROUPS = {"a": "incumbent", "b": "incumbent", "c": "incumbent", "x": "entrant", "y": "other"}
ERRORS = {"a": [10, 12], "b": [3, 9], "c": [40, 31], "x": [5, 0], "y": [0, 0]}
REQUESTS = {"a": [100, 80], "b": [30, 50], "c": [200, 150], "x": [40, 10], "y": [10, 0]}
MONTHS = [("2023-01-01", "2023-02-01"), ("2023-02-01", "2023-03-01")]


@pytest.fixture
def counts() -> Counts:
    rows = [
        {
            "retailer": name,
            "period_start": start,
            "period_end": end,
            "requests": REQUESTS[name][place],
            "errors": ERRORS[name][place],
        }
        for name in GROUPS
        for place, (start, end) in enumerate(MONTHS)
    ]
    members = [Retailer(name, Text(name, name), group) for name, group in GROUPS.items()]
    return Counts.of(pd.DataFrame(rows), members)


def test_every_group_is_answered_in_order(counts):
    rates = group_rates(counts)
    assert list(rates) == ["incumbent", "entrant", "other"]
    incumbents = rates["incumbent"]
    assert incumbents.rate == 105 / 610
    assert incumbents.n_units == 3
    assert incumbents.n_effective == pytest.approx(
        610**2 / (180**2 + 80**2 + 350**2), rel=TOLERANCE
    )
    assert incumbents.period == Period(parse_period("202301").start, parse_period("202302").end)
    assert incumbents.interval.kind == "confidence"
    assert incumbents.interval.contains(incumbents.rate)
    assert incumbents.to_dict()["interval"] == incumbents.interval.to_dict()
    assert list(group_rates(counts, groups=["other", "entrant"])) == ["other", "entrant"]


def test_equal_weights_are_the_mean_of_rates(counts):
    estimate = group_rates(counts, weighting="equal", groups=["incumbent"])["incumbent"]
    rates = np.array([22 / 180, 12 / 80, 71 / 350])
    assert estimate.rate == pytest.approx(rates.mean(), rel=TOLERANCE)
    assert estimate.std_error == pytest.approx(rates.std(ddof=1) / 3**0.5, rel=TOLERANCE)
    assert (estimate.df, estimate.n_effective) == (pytest.approx(2), pytest.approx(3))


def test_random_effects_are_those_of_their_own_function(counts):
    estimate = group_rates(counts, weighting="random_effects", groups=["incumbent"])["incumbent"]
    mean = random_effects_mean([22, 12, 71], [180, 80, 350])
    assert (estimate.rate, estimate.std_error, estimate.df) == (mean.mean, mean.std_error, mean.df)
    assert 1 < estimate.n_effective <= 3


def test_only_the_period_counts(counts):
    estimate = group_rates(counts, period=parse_period("202301"))["incumbent"]
    assert estimate.rate == 53 / 330
    assert estimate.period == parse_period("202301")


@pytest.mark.parametrize("weighting", ["requests", "equal", "random_effects"])
def test_one_retailer_or_no_spread_leaves_the_interval_open(counts, weighting):
    rates = group_rates(counts, weighting=weighting)
    for group, rate in (("entrant", 0.1), ("other", 0.0)):
        estimate = rates[group]
        assert (estimate.rate, estimate.n_units, estimate.n_effective) == (rate, 1, 1.0)
        assert (estimate.interval, estimate.std_error, estimate.df) == (None, None, None)


def test_estimators_differ_as_they_should(counts):
    errors = {
        name: group_rates(counts, estimator=name)["incumbent"] for name in ("CR1", "CR2", "CR3")
    }
    assert errors["CR1"].df == errors["CR3"].df == 2
    assert errors["CR2"].df < 2
    assert errors["CR2"].std_error < errors["CR3"].std_error


def test_intervals_are_cut_at_0_and_widen_with_the_level(counts):
    wide = group_rates(counts, level=0.999)["incumbent"].interval
    narrow = group_rates(counts, level=0.5)["incumbent"].interval
    assert wide.low == 0.0
    assert narrow.low > 0
    assert wide.high > narrow.high


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"weighting": "model"}, "weighting must be"),
        ({"estimator": "CR4"}, "estimator must be"),
        ({"level": 1.0}, "level must be between"),
    ],
)
def test_arguments_out_of_range_are_refused(counts, named, message):
    with pytest.raises(UsageError, match=message):
        group_rates(counts, **named)


def test_a_group_without_requests_is_refused(counts):
    with pytest.raises(NotAnswerableError, match="the group nobody has no requests"):
        group_rates(counts, groups=["nobody"])
    with pytest.raises(NotAnswerableError, match="the group other has no requests"):
        group_rates(counts, groups=["other"], period=parse_period("202302"))
