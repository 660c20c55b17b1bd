"""Newcombe's interval and its test: what follows from the formula by hand."""

import math

import numpy as np
import pytest

from switchstats.inference import newcombe
from switchstats.inference.two_by_two.newcombe import newcombe_p_values
from switchstats.rates import proportion_interval

TOLERANCE = 1e-11
TABLES = [(56, 70, 48, 80), (0, 10, 0, 20), (10, 10, 0, 10), (1, 1, 0, 9), (3, 40, 120, 700)]


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
@pytest.mark.parametrize("table", TABLES)
def test_it_is_made_of_wilsons_limits(table, level):
    e1, n1, e0, n0 = table
    one, two = proportion_interval(e1, n1, level), proportion_interval(e0, n0, level)
    p1, p0 = e1 / n1, e0 / n0
    interval = newcombe(*table, level=level).interval
    assert interval.low == pytest.approx(
        p1 - p0 - math.hypot(p1 - one.low, two.high - p0), abs=1e-14
    )
    assert interval.high == pytest.approx(
        p1 - p0 + math.hypot(one.high - p1, p0 - two.low), abs=1e-14
    )


@pytest.mark.parametrize("level", [0.5, 0.95, 0.9999])
@pytest.mark.parametrize("table", TABLES)
def test_at_its_own_ends_the_p_value_is_one_minus_the_level(table, level):
    interval = newcombe(*table, level=level).interval
    for end in (interval.low, interval.high):
        if abs(end) < 1:
            p_value = newcombe(*table, null=end).p_value
            assert p_value == pytest.approx(1 - level, rel=1e-9)


def test_differences_that_no_level_reaches_have_p_value_0():
    # The reach of 1/2 against 1/2 grows towards sqrt(1/4 + 1/4) = 0.7071.
    assert newcombe(1, 2, 1, 2, null=-0.7).p_value > 0
    assert newcombe(1, 2, 1, 2, null=-0.708).p_value == 0.0
    assert newcombe(1, 2, 1, 2, null=-0.708).statistic is None


def test_everything_against_nothing():
    assert newcombe(10, 10, 0, 10).interval.high == 1.0
    assert newcombe(10, 10, 0, 10, null=1).p_value == 1.0


def test_a_trillion_requests_keep_their_digits():
    result = newcombe(10**11, 10**12, 10**11 + 10**6, 10**12)
    std_error = math.sqrt(2 * 0.1 * 0.9 / 1e12)
    assert result.statistic == pytest.approx(-1e-6 / std_error, rel=1e-5)
    assert newcombe(1, 10**12, 0, 10**12).interval.high == pytest.approx(5.665e-12, rel=1e-3)


def test_one_sided_limits_below_a_level_of_one_half_lie_beyond_the_estimate():
    result = newcombe(56, 70, 48, 80, alternative="less", level=0.3)
    assert result.interval.low is None
    assert result.interval.high < result.estimate
    at_end = newcombe(56, 70, 48, 80, alternative="less", null=result.interval.high)
    assert at_end.p_value == pytest.approx(0.7, rel=1e-9)


@pytest.mark.parametrize("null", [0.0, -0.1])
def test_many_tables_at_once_have_the_same_p_values(null):
    rng = np.random.default_rng(7)
    n1, n0 = rng.integers(1, 60, (2, 3, 4))
    e1, e0 = rng.integers(0, n1 + 1), rng.integers(0, n0 + 1)
    ours = newcombe_p_values(e1, n1, e0, n0, null)
    for place in np.ndindex(3, 4):
        one = newcombe(e1[place], n1[place], e0[place], n0[place], null=null)
        assert ours[place] == pytest.approx(one.p_value, rel=TOLERANCE)
