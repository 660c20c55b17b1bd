"""The rank test: published values, ties counted by hand, interval against the test, rounding."""

from fractions import Fraction
from itertools import combinations, permutations
from math import comb

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError
from switchstats.inference import rank_sum
from switchstats.values import PrintedRate

TOLERANCE = 1e-12
DIRECTIONS = ["two-sided", "less", "greater"]

# Hollander and Wolfe (1973) page 69, permeability at term and between 12 and 26 weeks; the example
# of R's wilcox.test.
PERMEABILITY = (
    [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
    [1.15, 0.88, 0.90, 0.74, 1.21],
)


def test_the_permeability_example():
    # R 4.2.2, wilcox.test(x, y, alternative = "g") and wilcox.test(x, y, conf.int = TRUE)
    one_sided = rank_sum(*PERMEABILITY, alternative="greater")
    assert one_sided.statistic == 35
    assert one_sided.p_value == pytest.approx(0.1272061272061272, rel=TOLERANCE)
    two_sided = rank_sum(*PERMEABILITY)
    assert two_sided.p_value == pytest.approx(0.2544122544122544, rel=TOLERANCE)
    assert two_sided.estimate == pytest.approx(0.305)
    assert two_sided.interval.low == pytest.approx(-0.15)
    assert two_sided.interval.high == pytest.approx(0.76)


def counted(first, second, alternative):
    """Share of all splits of the midranks at least as extreme, in whole numbers."""
    pooled = [Fraction(rate) for rate in (*first, *second)]
    ranks = [
        2 * sum(other < rate for other in pooled) + sum(other == rate for other in pooled) + 1
        for rate in pooled
    ]
    n = len(first)
    observed, centre = sum(ranks[:n]), n * (len(pooled) + 1)
    sums = [sum(chosen) for chosen in combinations(ranks, n)]
    extreme = {
        "two-sided": lambda total: abs(total - centre) >= abs(observed - centre),
        "less": lambda total: total <= observed,
        "greater": lambda total: total >= observed,
    }[alternative]
    return sum(map(extreme, sums)) / len(sums)


CASES = {
    "no ties": (["0.21", "0.19", "0.22"], ["0.15", "0.20", "0.14"]),
    "ties": (["0.1", "0.3", "0.1", "0.2"], ["0.2", "0.2", "0.1"]),
    "ties within": (["0.1", "0.1"], ["0.2", "0.2", "0.2", "0.3"]),
    "one": (["0.3"], ["0.1", "0.2", "0.4", "0.5"]),
    "all the same": (["0.2", "0.2"], ["0.2", "0.2", "0.2"]),
}


@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("case", CASES)
def test_p_is_the_share_of_splits_counted_one_by_one(case, alternative):
    first, second = CASES[case]
    result = rank_sum(
        [float(x) for x in first], [float(y) for y in second], alternative=alternative
    )
    assert result.p_value == counted(first, second, alternative)


def test_a_null_that_makes_ties_is_seen_through_the_noise_of_doubles():
    # 0.3 - 0.1 is not the double 0.2, yet the rates tie: ranks 2.5 and 4 of 1, 2.5, 2.5, 4.
    result = rank_sum([0.3, 0.5], [0.2, 0.1], null=0.1, alternative="greater")
    assert result.statistic == 3.5
    assert result.p_value == 2 / comb(4, 2)


def test_the_result_says_what_was_done():
    result = rank_sum([0.21, 0.19, 0.20], [0.15, 0.16], null=0.01, level=0.9)
    assert (result.method, result.estimand) == ("rank_sum", "hodges_lehmann_shift")
    assert result.estimate == pytest.approx(0.045)  # median of .06 .05 .04 .03 .05 .04
    assert result.statistic == 6
    assert (result.n_units, result.n_by_group, result.n_effective) == (5, (3, 2), 5.0)
    assert (result.df, result.std_error, result.p_rounding, result.notes) == (None, None, None, ())


def near_differences(first, second):
    """Shifts just below, at and just above every point where the ranks change."""
    differences = (np.asarray(first)[:, None] - np.asarray(second)).ravel()
    return np.concatenate([differences - 1e-6, differences + 1e-6, [-1.0, 1.0]])


@pytest.mark.parametrize("level", [0.7, 0.95])
@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("digits", [2, 6])
@pytest.mark.parametrize(("n", "m"), [(4, 5), (6, 3), (1, 6), (5, 5)])
def test_the_interval_holds_what_the_test_does_not_reject(n, m, digits, alternative, level):
    rng = np.random.default_rng(1000 * n + m + digits)
    first = np.round(rng.normal(0.20, 0.05, n), digits)  # two digits: with ties
    second = np.round(rng.normal(0.18, 0.05, m), digits)
    interval = rank_sum(first, second, alternative=alternative, level=level).interval
    alpha = round(1 - level, 15)
    for null in near_differences(first, second):
        p_value = rank_sum(first, second, alternative=alternative, null=null).p_value
        assert (p_value > alpha) == interval.contains(null), null


def test_too_few_retailers_leave_both_sides_open():
    interval = rank_sum([0.1, 0.2], [0.3, 0.4]).interval
    assert (interval.low, interval.high) == (None, None)


def test_a_test_that_rejects_every_shift_keeps_the_least_rejected():
    # Six equal rates against 0.2, 0.2, 0.1: the p-value is 28/84 at 0, 22/84 above, less below.
    result = rank_sum([0.2] * 6, [0.2, 0.2, 0.1], level=0.6)
    assert result.p_value == 28 / 84
    assert (result.interval.low, result.interval.high) == (0.0, 0.0)


def test_large_groups_are_tested_by_the_normal_distribution_and_say_so():
    rng = np.random.default_rng(5)
    result = rank_sum(rng.normal(0.2, 0.05, 120), rng.normal(0.18, 0.05, 121))
    assert [note.en.split(" the p-value")[0] for note in result.notes] == ["With so many retailers"]
    assert result.interval.contains(result.estimate)


def test_an_empty_group_is_refused():
    with pytest.raises(NotAnswerableError, match="rank-sum test"):
        rank_sum([0.1], [])


def printed(text):
    return [PrintedRate(rate) for rate in text.split()]


def orders(first, second, null):
    """Every order without ties that the rounding intervals allow, as values to be ranked."""
    bounds = [
        [float(end) - shift for end in rate.bounds()]
        for group, shift in ((first, null), (second, 0.0))
        for rate in group
    ]
    for order in permutations(range(len(bounds))):
        # In this ascending order, is there an increasing choice of numbers?
        floor = -np.inf
        for place in order:
            low, high = bounds[place]
            floor = max(floor, low)
            if floor > high - 1e-9:
                break
        else:
            ranks = np.argsort(order).astype(float)
            yield ranks[: len(first)], ranks[len(first) :]


@pytest.mark.parametrize("null", [0.0, 0.01])
@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize(
    "groups",
    [
        (printed("18 19 17"), printed("18 20 19")),
        (printed("18 18"), printed("18 18 19 30")),
        (printed("18.0 17.9 16.0"), printed("21.0 22.5")),
    ],
)
def test_the_range_over_rounding_is_that_of_all_orders(groups, alternative, null):
    result = rank_sum(*groups, alternative=alternative, null=null)
    p_values = {rank_sum(x, y, alternative=alternative).p_value for x, y in orders(*groups, null)}
    p_values.add(result.p_value)
    assert result.p_rounding.low == min(p_values)
    assert result.p_rounding.high == max(p_values)
    assert "no ties" in result.notes[-1].en
