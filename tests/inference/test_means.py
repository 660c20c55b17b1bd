"""Welch's test: published values, what it refuses, and its interval against itself."""

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError
from switchstats.inference import welch
from switchstats.values import PrintedRate

TOLERANCE = 1e-12

# Student (1908), hours of sleep gained with two drugs; R's own example data `sleep`.
SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)


def test_the_sleep_example():
    result = welch(*SLEEP)  # R 4.2.2, t.test(extra ~ group, data = sleep)
    assert result.statistic == pytest.approx(-1.8608134674868531, rel=TOLERANCE)
    assert result.df == pytest.approx(17.776473516178498, rel=TOLERANCE)
    assert result.p_value == pytest.approx(0.07939414018735817, rel=1e-11)
    assert result.interval.low == pytest.approx(-3.3654832307117104, rel=TOLERANCE)
    assert result.interval.high == pytest.approx(0.20548323071171018, rel=1e-11)


def test_the_result_says_what_was_done():
    result = welch(*SLEEP, alternative="less", null=-1, level=0.9)
    assert (result.method, result.estimand) == ("welch", "equal_weight_difference")
    assert (result.weighting, result.alternative, result.null) == ("equal", "less", -1)
    assert result.estimate == pytest.approx(0.75 - 2.33)
    assert result.std_error == pytest.approx((-1.58 + 0) / -1.8608134674868531)
    assert (result.n_units, result.n_by_group, result.n_effective) == (20, (10, 10), 20.0)
    assert (result.interval.low, result.interval.level) == (None, 0.9)
    assert (result.p_rounding, result.seed, result.notes) == (None, None, ())


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_the_interval_holds_what_the_test_does_not_reject(alternative):
    interval = welch(*SLEEP, alternative=alternative, level=0.8).interval
    for null in np.linspace(-6, 3, 181):
        p_value = welch(*SLEEP, alternative=alternative, null=null).p_value
        assert (p_value > 0.2) == interval.contains(null), null


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ([0.1], [0.2, 0.3], "the first group has 1 retailer"),
        ([0.1, 0.2], [0.3], "the second group has 1 retailer"),
        ([0.1] * 7, [0.3] * 7, "within each group all retailers have the same rate"),
    ],
)
def test_what_welch_cannot_answer_is_refused_by_name(first, second, reason):
    with pytest.raises(NotAnswerableError, match=reason) as caught:
        welch(first, second)
    assert caught.value.quantity == "Welch's test"


def test_one_group_may_be_constant():
    assert welch([0.1, 0.1, 0.1], [0.2, 0.3]).df == pytest.approx(1.0)


def test_printed_rates_carry_a_note_that_the_range_is_an_outer_one():
    result = welch(
        [PrintedRate("18.0"), PrintedRate("17.1")], [PrintedRate("16"), PrintedRate("19")]
    )
    assert result.p_rounding.low < result.p_value < result.p_rounding.high
    assert "never too narrow" in result.notes[0].en
    assert "広めに見積もった" in result.notes[0].ja
