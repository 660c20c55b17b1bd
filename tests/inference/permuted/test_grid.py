"""Convolution against every split, and where it stands in for random ones."""

import numpy as np
import pytest

from switchstats.inference import permutation
from switchstats.inference.permuted.grid import permute_on_grid
from switchstats.inference.question import Question
from switchstats.inference.samples import read_samples
from switchstats.values import PrintedRate

DIRECTIONS = ["two-sided", "less", "greater"]
SAME = 1e-12
STD_ERRORS = 4


def convolved(first, second, alternative="two-sided", null=0.0, level=0.95):
    samples = read_samples(first, second, rounding="half_up", test="a test")
    return permute_on_grid(samples, Question(alternative, null, level))


def printed(values):
    return [PrintedRate(f"{value / 10:.1f}") for value in values]


@pytest.mark.parametrize("null", [0.0, 0.01, -0.005])
@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("spread", [4, 30, 200])
@pytest.mark.parametrize(("n", "m"), [(4, 4), (5, 5), (3, 6), (6, 2), (1, 5), (1, 1)])
def test_it_equals_trying_every_split(n, m, spread, alternative, null):
    rng = np.random.default_rng(n * 100 + m * 10 + spread)
    first, second = rng.integers(150, 150 + spread, n), rng.integers(150, 150 + spread, m)
    for x, y in ((first / 1000, second / 1000), (printed(first), printed(second))):
        ours = convolved(x, y, alternative, null, level=0.8)
        every = permutation(x, y, alternative=alternative, null=null, level=0.8)
        if ours is None:
            assert every.p_rounding is not None
            assert alternative == "two-sided"
            assert n != m
            continue
        assert ours.p_value == pytest.approx(every.p_value, abs=SAME)
        for mine, other in (
            (ours.interval.low, every.interval.low),
            (ours.interval.high, every.interval.high),
        ):
            assert mine == (other if other is None else pytest.approx(other, abs=SAME))
        if every.p_rounding is None:
            assert ours.p_rounding is None
        else:
            assert ours.p_rounding.low == pytest.approx(every.p_rounding.low, abs=SAME)
            assert ours.p_rounding.high == pytest.approx(every.p_rounding.high, abs=SAME)


def test_twenty_against_twenty_printed_rates_need_no_seed():
    rng = np.random.default_rng(20)
    rates = printed(rng.integers(100, 300, 20)), printed(rng.integers(120, 320, 20))
    exact = permutation(*rates)
    assert (exact.p_std_error, exact.seed, exact.notes) == (None, None, ())
    assert exact.p_rounding.contains(exact.p_value)
    drawn = permutation(*rates, n_draws=20_000, seed=1)
    assert abs(drawn.p_value - exact.p_value) < STD_ERRORS * drawn.p_std_error
    # 0.002 is some six standard errors of the simulated limits here.
    assert drawn.interval.low == pytest.approx(exact.interval.low, abs=0.002)
    assert drawn.interval.high == pytest.approx(exact.interval.high, abs=0.002)


@pytest.mark.parametrize("alternative", DIRECTIONS)
def test_the_limits_belong_to_the_interval(alternative):
    rng = np.random.default_rng(3)
    rates = rng.integers(100, 300, 15) / 1000, rng.integers(120, 320, 18) / 1000
    interval = permutation(*rates, alternative=alternative).interval
    for end, outward in ((interval.low, -1), (interval.high, 1)):
        if end is not None:
            assert permutation(*rates, alternative=alternative, null=end).p_value > 0.05
            past = end + outward * 1e-9
            assert permutation(*rates, alternative=alternative, null=past).p_value <= 0.05


def test_rates_off_the_grid_or_too_many_are_not_convolved():
    rng = np.random.default_rng(1)
    assert convolved(rng.random(5), rng.random(5)) is None
    assert convolved(rng.integers(0, 900, 90) / 1000, rng.integers(0, 900, 90) / 1000) is None


def test_rates_that_do_not_vary():
    result = convolved([0.2] * 5, [0.18] * 5)
    assert result.p_value == pytest.approx(2 / 252)
    assert result.interval.low == pytest.approx(0.02)
    assert convolved([0.2] * 5, [0.2] * 5).p_value == 1
