"""Rates come in as numbers, arrays, series or printed rates, and everything else is refused."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.samples import read_samples
from switchstats.values import PrintedRate


def read(first, second=(0.2,), **named):
    return read_samples(first, second, **{"rounding": "half_up", "test": "a test", **named})


@pytest.mark.parametrize(
    "rates",
    [
        [0.18, 0.2],
        (0.18, Fraction(1, 5)),
        np.array([0.18, 0.2]),
        pd.Series([0.18, 0.2], index=["b", "a"]),
        (rate for rate in (0.18, 0.2)),
    ],
)
def test_numbers_are_exact(rates):
    samples = read(rates)
    assert samples.first.value.tolist() == [0.18, 0.2]
    assert samples.first.low.tolist() == samples.first.high.tolist() == [0.18, 0.2]
    assert not samples.printed


def test_printed_rates_bring_their_bounds():
    samples = read([PrintedRate("18"), PrintedRate("0.0")], rounding="half_up")
    assert samples.printed
    assert samples.first.value.tolist() == [0.18, 0.0]
    assert samples.first.low.tolist() == [0.175, 0.0]
    assert samples.first.high.tolist() == [0.185, 0.0005]


def test_the_rounding_rule_moves_the_bounds():
    samples = read([PrintedRate("18")], rounding="truncation")
    assert (samples.first.low.tolist(), samples.first.high.tolist()) == ([0.18], [0.19])


def test_the_difference_ranges_over_the_corners():
    samples = read([PrintedRate("18.0")], [PrintedRate("17")])
    assert samples.difference == pytest.approx(0.01)
    assert samples.difference_range == pytest.approx((0.1795 - 0.175, 0.1805 - 0.165))


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        (["0.18"], "item 1 of the first group is the text '0.18': give a fraction such as 0.18"),
        ([0.18, None], "item 2 of the first group is not a number: leave a retailer"),
        ([0.18, float("nan")], "item 2 of the first group is nan: leave a retailer"),
        ([float("inf")], "item 1 of the first group is inf"),
        ("18.0", "must be a plain list of rates"),
        (np.array([[0.1], [0.2]]), "must be a plain list of rates"),
        (np.float64(0.18), "must be a plain list of rates"),
        (pd.DataFrame({"rate": [0.1]}), "must be a plain list of rates"),
        (0.18, "must be a list of rates, not float"),
    ],
)
def test_what_is_no_list_of_rates_is_refused(rates, message):
    with pytest.raises(UsageError, match=message):
        read(rates)


def test_the_second_group_is_named_too():
    with pytest.raises(UsageError, match="item 1 of the second group"):
        read([0.18], [None])


def test_an_empty_group_cannot_be_compared():
    with pytest.raises(NotAnswerableError, match=r"a test is not answerable .* first group has 0"):
        read([])


def test_a_group_may_be_too_small():
    with pytest.raises(NotAnswerableError, match=r"second group has 1 .* at least 2 retailer"):
        read([0.1, 0.2], [0.3], least=2)


def test_an_unknown_rounding_rule_is_refused_even_for_numbers():
    with pytest.raises(UsageError, match="unknown rounding rule"):
        read([0.18], rounding="up")
