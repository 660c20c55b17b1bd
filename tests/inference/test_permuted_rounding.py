"""The range of the permutation p-value over rounding holds what is attained, and not much more."""

from itertools import product

import numpy as np
import pytest

from switchstats.inference import permutation
from switchstats.values import PrintedRate

DIRECTIONS = ["two-sided", "less", "greater"]
ROUNDING_ERROR = 1e-12


def printed(text):
    return [PrintedRate(rate) for rate in text.split()]


def corners(first, second, rule="half_up"):
    bounds = [[float(end) for end in rate.bounds(rule)] for rate in (*first, *second)]
    for corner in product(*bounds):
        yield np.array(corner[: len(first)]), np.array(corner[len(first) :])


def attained(first, second, alternative, null=0.0, rule="half_up"):
    p_values = [
        permutation(x, y, alternative=alternative, null=null).p_value
        for x, y in corners(first, second, rule)
    ]
    return min(p_values), max(p_values)


# Differences of a few last digits, so that rounding decides much.
EQUAL = printed("18 19 17"), printed("18 20 19")
FAR = printed("22 23 21"), printed("18 17 19")
UNEQUAL = printed("18 19"), printed("18 20 17 22")
UNEQUAL_FAR = printed("27 24"), printed("18 20 17 22")


@pytest.mark.parametrize("null", [0.0, 0.01])
@pytest.mark.parametrize("alternative", ["less", "greater"])
@pytest.mark.parametrize("groups", [EQUAL, FAR, UNEQUAL])
def test_the_one_sided_range_is_exact(groups, alternative, null):
    result = permutation(*groups, alternative=alternative, null=null)
    assert (result.p_rounding.low, result.p_rounding.high) == attained(*groups, alternative, null)
    assert result.p_rounding.kind == "rounding"
    assert result.notes == ()


def test_the_two_sided_range_of_equal_groups_is_exact_where_the_difference_keeps_its_sign():
    result = permutation(*FAR)
    assert (result.p_rounding.low, result.p_rounding.high) == attained(*FAR, "two-sided")
    assert result.notes == ()


def test_the_two_sided_range_of_equal_groups_ends_at_1_where_the_difference_can_vanish():
    result = permutation(*EQUAL)
    low, _ = attained(*EQUAL, "two-sided")
    assert (result.p_rounding.low, result.p_rounding.high) == (low, 1.0)


@pytest.mark.parametrize("groups", [UNEQUAL, UNEQUAL_FAR])
def test_the_two_sided_range_of_unequal_groups_is_an_outer_one(groups):
    result = permutation(*groups)
    low, high = attained(*groups, "two-sided")
    assert result.p_rounding.low <= low <= high <= result.p_rounding.high
    assert "never too narrow" in result.notes[0].en


def test_the_outer_range_is_tight_for_the_usual_digits():
    # One decimal, as in the committee's table: at most 5 % wider than what corners attain.
    groups = printed("18.0 16.8 20.0 30.4"), printed("21.1 16.6 20.5 17.4 14.7 10.0")
    result = permutation(*groups)
    low, high = attained(*groups, "two-sided")
    assert result.p_rounding.low <= low <= high <= result.p_rounding.high
    assert result.p_rounding.width <= 1.05 * (high - low) + 1e-12


@pytest.mark.parametrize("alternative", DIRECTIONS)
@pytest.mark.parametrize("rule", ["half_up", "truncation", "unknown"])
def test_the_rounding_rule_counts(rule, alternative):
    result = permutation(*FAR, alternative=alternative, rounding=rule)
    low, high = attained(*FAR, alternative, rule=rule)
    assert result.p_rounding.low == pytest.approx(low, abs=ROUNDING_ERROR)
    assert result.p_rounding.high == pytest.approx(high, abs=ROUNDING_ERROR)


@pytest.mark.parametrize("alternative", DIRECTIONS)
def test_the_range_over_random_splits_holds_the_p_values_of_the_same_draw(alternative):
    draw = {"alternative": alternative, "max_splits": 0, "n_draws": 199, "seed": 5}
    interval = permutation(*EQUAL, **draw).p_rounding
    for x, y in corners(*EQUAL):
        assert interval.contains(permutation(x, y, **draw).p_value)
