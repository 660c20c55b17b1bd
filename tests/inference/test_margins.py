"""Margins: which test is done, on which side, and what is refused."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import (
    cluster_robust,
    equivalence,
    permutation,
    rank_sum,
    smallest_margin,
    welch,
)
from switchstats.values import PrintedRate

FIRST = [0.180, 0.168, 0.200, 0.304, 0.205, 0.173]
SECOND = [0.211, 0.166, 0.205, 0.174, 0.147, 0.100, 0.163]
TESTS = {"permutation": permutation, "welch": welch}


@pytest.mark.parametrize("method", TESTS)
@pytest.mark.parametrize(("alternative", "sign"), [("greater", -1), ("less", 1)])
def test_one_side_is_the_one_sided_test_at_the_margin(method, alternative, sign):
    result = equivalence(FIRST, SECOND, 0.03, alternative=alternative, method=method, level=0.9)
    inside = TESTS[method](FIRST, SECOND, alternative=alternative, null=sign * 0.03, level=0.9)
    assert result.method == f"equivalence_{method}"
    assert (result.p_value, result.interval) == (inside.p_value, inside.interval)
    assert (result.null, result.alternative) == (sign * 0.03, alternative)


@pytest.mark.parametrize("method", TESTS)
@pytest.mark.parametrize("margin", [0.0, 0.01, 0.1])
def test_equivalence_is_the_harder_side(method, margin):
    result = equivalence(FIRST, SECOND, margin, method=method)
    above = TESTS[method](FIRST, SECOND, alternative="greater", null=-margin)
    below = TESTS[method](FIRST, SECOND, alternative="less", null=margin)
    harder = above if above.p_value > below.p_value else below
    assert result.p_value == harder.p_value
    assert (result.null, result.statistic) == (harder.null, harder.statistic)
    assert result.alternative == "equivalence"
    assert (result.interval.low, result.interval.high) == (above.interval.low, below.interval.high)
    assert result.interval.level == 0.9
    assert "larger p-value" in result.notes[-1].en


@pytest.mark.parametrize("method", TESTS)
@pytest.mark.parametrize("alternative", ["equivalence", "greater", "less"])
def test_a_margin_is_ruled_out_exactly_beyond_the_smallest_margin(method, alternative):
    named = {"alternative": alternative, "method": method}
    least = smallest_margin(equivalence(FIRST, SECOND, 0.02, **named))
    assert 0 < least < 0.2
    for margin in (least - 1e-6, least + 1e-6):
        result = equivalence(FIRST, SECOND, margin, **named)
        assert (result.p_value <= 0.05) == (margin > least)


def test_the_smallest_margin_comes_from_the_bounds():
    greater = rank_sum(FIRST, SECOND, alternative="greater")
    less = permutation(FIRST, SECOND, alternative="less")
    both = equivalence(FIRST, SECOND, 0.02, method="welch")
    assert smallest_margin(greater) == -greater.interval.low
    assert smallest_margin(less) == less.interval.high
    assert smallest_margin(both) == max(-both.interval.low, both.interval.high)


def test_a_clear_disadvantage_rules_out_every_advantage():
    result = equivalence(
        [0.3, 0.31, 0.32], [0.1, 0.11], 0.02, alternative="greater", method="welch"
    )
    assert result.interval.low > 0
    assert smallest_margin(result) == 0.0


@pytest.mark.parametrize("alternative", ["equivalence", "greater", "less"])
def test_too_few_retailers_rule_out_no_margin(alternative):
    result = equivalence([0.1, 0.2], [0.1, 0.2], 0.5, alternative=alternative)
    assert smallest_margin(result) is None


def test_a_two_sided_result_has_no_smallest_margin():
    with pytest.raises(UsageError, match="not 'two-sided'"):
        smallest_margin(welch(FIRST, SECOND))


@pytest.mark.parametrize("margin", [-0.02, 1, 2.0, math.nan, math.inf, "0.02", None])
def test_a_margin_that_is_no_fraction_is_refused(margin):
    with pytest.raises(UsageError, match=r"2 percentage points are 0\.02"):
        equivalence(FIRST, SECOND, margin)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"alternative": "two-sided"}, "'equivalence', 'greater' or 'less', not 'two-sided'"),
        ({"method": "rank_sum"}, "'permutation', 'welch' or 'cluster_robust', not 'rank_sum'"),
        ({"level": 0.5}, "equivalence needs a level above 0.5"),
        ({"level": 1.2, "alternative": "less"}, "level must be between 0 and 1"),
    ],
)
def test_arguments_out_of_range_are_refused(named, message):
    with pytest.raises(UsageError, match=message):
        equivalence(FIRST, SECOND, 0.02, **named)


def test_the_test_inside_says_what_it_needs():
    with pytest.raises(NotAnswerableError, match="at least 2"):
        equivalence([0.1], SECOND, 0.02, method="welch")
    assert equivalence([0.1], SECOND, 0.02).n_by_group == (1, 7)


def test_large_groups_take_a_seed():
    rng = np.random.default_rng(6)
    first, second = rng.normal(0.2, 0.05, 30), rng.normal(0.2, 0.05, 50)
    with pytest.raises(UsageError, match="give a seed"):
        equivalence(first, second, 0.05)
    assert equivalence(first, second, 0.05, seed=9).seed == 9


@pytest.mark.parametrize("method", TESTS)
def test_rounding_ranges_over_the_larger_of_both(method):
    first = [PrintedRate(text) for text in ("18.0", "16.8", "20.0", "23.4")]
    second = [PrintedRate(text) for text in ("21.1", "16.6", "20.5")]
    result = equivalence(first, second, 0.05, method=method)
    above = TESTS[method](first, second, alternative="greater", null=-0.05).p_rounding
    below = TESTS[method](first, second, alternative="less", null=0.05).p_rounding
    assert result.p_rounding.low == max(above.low, below.low)
    assert result.p_rounding.high == max(above.high, below.high)
    assert result.p_rounding.contains(result.p_value)


E1, N1 = [12, 30, 7, 55], [100, 150, 40, 400]
E0, N0 = [5, 60, 11, 20], [60, 300, 70, 90]
COUNTED = (E1, N1, E0, N0)


@pytest.mark.parametrize(("alternative", "sign"), [("greater", -1), ("less", 1)])
@pytest.mark.parametrize("named", [{}, {"estimator": "CR3"}, {"weighting": "equal"}])
def test_requests_and_errors_are_compared_on_the_clustered_standard_error(alternative, sign, named):
    result = equivalence(*COUNTED, 0.03, alternative=alternative, **named)
    inside = cluster_robust(*COUNTED, alternative=alternative, null=sign * 0.03, **named)
    assert result.method == "equivalence_cluster_robust"
    assert (result.p_value, result.interval) == (inside.p_value, inside.interval)
    assert result.weighting == named.get("weighting", "requests")


def test_clustered_equivalence_is_the_harder_side():
    result = equivalence(*COUNTED, margin=0.1)
    above = cluster_robust(*COUNTED, alternative="greater", null=-0.1)
    below = cluster_robust(*COUNTED, alternative="less", null=0.1)
    assert result.p_value == max(above.p_value, below.p_value)
    assert (result.interval.low, result.interval.high) == (above.interval.low, below.interval.high)
    least = smallest_margin(result)
    for margin in (least - 1e-6, least + 1e-6):
        assert (equivalence(*COUNTED, margin).p_value <= 0.05) == (margin > least)


@pytest.mark.parametrize("method", TESTS)
def test_requests_and_errors_may_be_compared_by_their_rates(method):
    rates = [np.array(e) / np.array(n) for e, n in ((E1, N1), (E0, N0))]
    counted = equivalence(*COUNTED, 0.05, method=method)
    listed = equivalence(*rates, 0.05, method=method)
    assert counted.p_value == pytest.approx(listed.p_value)
    assert counted.method == f"equivalence_{method}"


def test_the_margin_may_stand_last_or_by_its_name():
    assert equivalence(FIRST, SECOND, 0.03) == equivalence(FIRST, SECOND, margin=0.03)
    assert equivalence(*COUNTED, 0.03) == equivalence(*COUNTED, margin=0.03)


@pytest.mark.parametrize(
    ("data", "named", "message"),
    [
        ((), {}, "equivalence needs a margin"),
        ((FIRST, SECOND), {}, "equivalence needs a margin, .* margin=0.02"),
        (COUNTED, {}, "equivalence needs a margin"),
        ((FIRST, SECOND, "wide"), {}, "margin must be a fraction"),
        ((FIRST, SECOND, 0.02), {"method": "cluster_robust"}, "rates alone do not tell"),
        ((*COUNTED, 0.02), {"method": "welch", "weighting": "requests"}, "counts every retailer"),
        ((FIRST, SECOND, 0.02), {"estimator": "CR3"}, "belongs to method='cluster_robust'"),
    ],
)
def test_what_does_not_fit_together_is_refused(data, named, message):
    with pytest.raises(UsageError, match=message):
        equivalence(*data, **named)
