"""The permutation test against counting by hand, and its interval against the test."""

from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import permutation
from switchstats.values import PrintedRate

DIRECTIONS = ["two-sided", "less", "greater"]
# Seeded draws are compared with exact values in their own standard errors.
STD_ERRORS = 4


def counted(first, second, alternative, null="0"):
    """Share of all splits at least as extreme, in exact arithmetic."""
    first = [Fraction(rate) - Fraction(null) for rate in first]
    pooled = first + [Fraction(rate) for rate in second]
    n, m = len(first), len(second)

    def difference(chosen):
        inside = sum(pooled[place] for place in chosen)
        return inside / n - (sum(pooled) - inside) / m

    observed = difference(range(n))
    extreme = {
        "two-sided": lambda value: abs(value) >= abs(observed),
        "less": lambda value: value <= observed,
        "greater": lambda value: value >= observed,
    }[alternative]
    return Fraction(
        sum(extreme(difference(chosen)) for chosen in combinations(range(n + m), n)),
        comb(n + m, n),
    )


def floats(texts):
    return [float(text) for text in texts]


CASES = {
    "separate": (["0.21", "0.19", "0.22"], ["0.15", "0.16", "0.14"]),
    "ties": (["0.1", "0.3", "0.1", "0.2"], ["0.2", "0.2", "0.1"]),
    "ties that doubles blur": (["0.3", "0.1"], ["0.1", "0.2", "0.1"]),  # 0.1 + 0.2 is not 0.3
    "one": (["0.301"], ["0.153", "0.171", "0.139", "0.205"]),
    "one each": (["0.2"], ["0.1"]),
    "unequal": (["0.262", "0.231"], ["0.170", "0.215", "0.192", "0.228", "0.162"]),
    "all the same": (["0.2", "0.2"], ["0.2", "0.2", "0.2"]),
    "no difference": (["0.1", "0.3"], ["0.2", "0.2"]),
    "far from zero": (["1000000.1", "1000000.3"], ["1000000.2", "1000000.2", "1000000.4"]),
}


@pytest.mark.parametrize("null", ["0", "0.03", "-0.1"])
@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("case", CASES)
def test_p_is_the_share_of_splits_counted_one_by_one(case, alternative, null):
    first, second = CASES[case]
    result = permutation(floats(first), floats(second), alternative=alternative, null=float(null))
    assert result.p_value == float(counted(first, second, alternative, null))


def test_the_result_says_what_was_done():
    result = permutation([0.21, 0.19, 0.20], [0.15, 0.16], null=0.01, level=0.9)
    assert (result.method, result.estimand) == ("permutation", "equal_weight_difference")
    assert result.weighting == "equal"
    assert result.estimate == pytest.approx(0.045)
    assert result.statistic == pytest.approx(0.035)
    assert (result.n_units, result.n_by_group, result.n_effective) == (5, (3, 2), 5.0)
    assert result.interval.level == 0.9
    assert (result.seed, result.p_std_error, result.p_rounding, result.notes) == (
        None,
        None,
        None,
        (),
    )


def test_a_seed_that_was_not_needed_is_not_recorded():
    assert permutation([0.1, 0.2], [0.3, 0.4], seed=7).seed is None


# By hand. Exchanging r of (0.30, 0.34) against r of (0.20, 0.21, 0.26), the mean of those who leave
# minus the mean of those who enter is 0.10, 0.09, 0.04, 0.14, 0.13, 0.08 for r = 1 and
# 0.115, 0.09, 0.085 for r = 2; with the observed split these are the 10 splits. At level 0.8 a
# difference is rejected when at most two of the ten are as extreme. The observed split always is,
# so the limit is the second smallest value, 0.08.
@pytest.mark.parametrize(
    ("level", "low"), [(0.95, None), (0.9, 0.04), (0.89, 0.04), (0.8, 0.08), (0.7, 0.085)]
)
def test_the_lower_limit_is_an_order_statistic(level, low):
    result = permutation([0.30, 0.34], [0.20, 0.21, 0.26], alternative="greater", level=level)
    assert result.interval.high is None
    assert result.interval.low == (low if low is None else pytest.approx(low))


@pytest.mark.parametrize(
    ("level", "high"), [(0.95, None), (0.9, 0.14), (0.8, 0.13), (0.7, 0.115), (0.6, 0.1)]
)
def test_the_upper_limit_is_an_order_statistic(level, high):
    result = permutation([0.30, 0.34], [0.20, 0.21, 0.26], alternative="less", level=level)
    assert result.interval.low is None
    assert result.interval.high == (high if high is None else pytest.approx(high))


@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize(("n", "m"), [(3, 3), (4, 2), (2, 5), (1, 6)])
def test_the_interval_holds_what_the_test_does_not_reject(n, m, alternative):
    rng = np.random.default_rng(n * 10 + m)
    first, second = rng.normal(0.2, 0.05, n), rng.normal(0.18, 0.05, m)
    interval = permutation(first, second, alternative=alternative, level=0.7).interval
    for null in np.linspace(-0.3, 0.3, 241):
        p_value = permutation(first, second, alternative=alternative, null=null).p_value
        assert (p_value > 0.3) == interval.contains(null), null


def test_a_limit_belongs_to_the_interval():
    first, second = [0.30, 0.34], [0.20, 0.21, 0.26]
    for alternative in DIRECTIONS:
        interval = permutation(first, second, alternative=alternative, level=0.7).interval
        for end, outward in ((interval.low, -1), (interval.high, 1)):
            if end is not None:
                at = permutation(first, second, alternative=alternative, null=end).p_value
                past = end + outward * 1e-6
                beyond = permutation(first, second, alternative=alternative, null=past).p_value
                assert at > 0.3 >= beyond


def test_too_few_splits_leave_both_sides_open():
    result = permutation([0.30, 0.34], [0.20, 0.21])
    assert result.p_value == 2 / 6  # the observed split and the exchange of the whole groups
    assert (result.interval.low, result.interval.high) == (None, None)


def test_rates_that_do_not_vary_leave_one_difference():
    result = permutation([0.2] * 5, [0.18] * 5)
    assert result.p_value == 2 / comb(10, 5)
    assert result.interval.low == result.interval.high == pytest.approx(0.02)


def test_random_splits_count_the_observed_one():
    result = permutation(
        [0.9] * 8, [0.1] * 8, alternative="greater", max_splits=0, n_draws=99, seed=1
    )
    assert result.p_value == 1 / 100
    assert result.seed == 1
    assert result.p_std_error == pytest.approx((0.01 * 0.99 / 100) ** 0.5)
    assert [note.en.split(":")[0] for note in result.notes] == [
        "There are too many splits to try each"
    ]


@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize(("n", "m"), [(8, 8), (5, 9), (9, 5)])
def test_random_splits_agree_with_all_splits(n, m, alternative):
    rng = np.random.default_rng(100 * n + m)
    first, second = rng.normal(0.20, 0.05, n), rng.normal(0.18, 0.05, m)
    every = permutation(first, second, alternative=alternative)
    drawn = permutation(first, second, alternative=alternative, max_splits=0, seed=4)
    assert abs(drawn.p_value - every.p_value) < STD_ERRORS * drawn.p_std_error
    # 0.004 is some six standard errors of the simulated limits here, and a tenth of their width.
    for ours, exact in (
        (drawn.interval.low, every.interval.low),
        (drawn.interval.high, every.interval.high),
    ):
        assert ours == (exact if exact is None else pytest.approx(exact, abs=0.004))


def test_random_splits_have_an_interval_that_agrees_with_them():
    rng = np.random.default_rng(8)
    first, second = rng.normal(0.20, 0.05, 6), rng.normal(0.18, 0.05, 9)
    draw = {"max_splits": 0, "n_draws": 499, "seed": 2}
    interval = permutation(first, second, level=0.8, **draw).interval
    for null in np.linspace(-0.1, 0.15, 101):
        p_value = permutation(first, second, null=null, **draw).p_value
        assert (p_value > 0.2) == interval.contains(null), null


def test_an_empty_group_is_refused():
    with pytest.raises(NotAnswerableError, match="permutation test"):
        permutation([], [0.1])


def test_a_large_problem_asks_for_a_seed():
    with pytest.raises(UsageError, match="give a seed"):
        permutation(np.sqrt(np.arange(40.0)), np.sqrt(np.arange(60.0)))


def test_printed_rates_give_the_p_value_of_the_printed_numbers():
    texts = ["18.0", "16.8", "20.0"], ["21.1", "16.6"]
    printed = permutation(*([PrintedRate(text) for text in group] for group in texts))
    plain = permutation(*([float(text) / 100 for text in group] for group in texts))
    assert printed.p_value == plain.p_value
    assert printed.interval.low == plain.interval.low
