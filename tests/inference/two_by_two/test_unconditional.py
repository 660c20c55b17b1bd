"""Barnard and Boschloo against enumeration, at their edges, and at 5,000 requests a group."""

import math

import numpy as np
import pytest
from scipy.stats import hypergeom

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import barnard, boschloo
from switchstats.inference.two_by_two.barnard import score_cuts
from switchstats.inference.two_by_two.boschloo import fisher_cuts

BOTH = [barnard, boschloo]
# The enumerated probability on a grid of rates, around the place that the test names.
GRID_TOLERANCE = 1e-9

both = pytest.mark.parametrize("test", BOTH)


def masses(n: int, rates: np.ndarray) -> np.ndarray:
    k = np.arange(n + 1)
    ways = np.array([math.comb(n, x) for x in k], dtype=float)
    return ways * rates[:, None] ** k * (1 - rates[:, None]) ** (n - k)


def probabilities(inside: np.ndarray, rates: np.ndarray) -> np.ndarray:
    n1, n0 = (size - 1 for size in inside.shape)
    return np.einsum("ri,ij,rj->r", masses(n1, rates), inside.astype(float), masses(n0, rates))


def barnard_set(e1: int, n1: int, e0: int, n0: int) -> np.ndarray:
    """Tables with a squared pooled z at least the observed one, in whole numbers."""

    def square(x: int, y: int) -> tuple[int, int]:
        errors = x + y
        return (x * n0 - y * n1) ** 2, errors * (n1 + n0 - errors)

    top, bottom = square(e1, e0)
    return np.array(
        [
            [
                (parts := square(x, y))[1] > 0 and parts[0] * bottom >= top * parts[1]
                for y in range(n0 + 1)
            ]
            for x in range(n1 + 1)
        ]
    )


def fisher_tail(x: int, n1: int, y: int, n0: int) -> int:
    """Ways to have at least x errors of the first group given x + y in all; ties are exact."""
    errors = x + y
    return sum(math.comb(n1, k) * math.comb(n0, errors - k) for k in range(x, min(n1, errors) + 1))


def boschloo_set(e1: int, n1: int, e0: int, n0: int) -> np.ndarray:
    total = n1 + n0
    observed, out_of = fisher_tail(e1, n1, e0, n0), math.comb(total, e1 + e0)
    return np.array(
        [
            [
                fisher_tail(x, n1, y, n0) * out_of <= observed * math.comb(total, x + y)
                for y in range(n0 + 1)
            ]
            for x in range(n1 + 1)
        ]
    )


def random_tables(count: int, most: int) -> list[tuple[int, int, int, int]]:
    rng = np.random.default_rng(20230131)
    sizes = rng.integers(1, most, (count, 2))
    errors = rng.integers(0, sizes + 1)
    return [
        (int(e[0]), int(n[0]), int(e[1]), int(n[1])) for e, n in zip(errors, sizes, strict=True)
    ]


RATES = np.sin(np.linspace(0, np.pi / 2, 801)) ** 2


def assert_largest(result, inside: np.ndarray, factor: float) -> None:
    values = factor * probabilities(inside, RATES)
    assert result.p_value >= min(1.0, values.max()) * (1 - 1e-12)
    at = probabilities(inside, np.array([result.quantities["nuisance_rate"]]))[0]
    assert result.p_value == pytest.approx(min(1.0, factor * at), rel=GRID_TOLERANCE)


@pytest.mark.parametrize("table", random_tables(30, 14))
def test_barnard_equals_enumeration(table):
    result = barnard(*table, interval_up_to=0)
    e1, n1, e0, n0 = table
    if e1 * n0 == e0 * n1:
        assert result.p_value == 1.0
    else:
        assert_largest(result, barnard_set(*table), 1.0)


@pytest.mark.parametrize("table", random_tables(30, 14))
def test_boschloo_equals_enumeration(table):
    inside = boschloo_set(*table)
    assert_largest(boschloo(*table, alternative="greater", interval_up_to=0), inside, 1.0)


def test_ties_count_that_scipy_loses():
    # Every table but the two that ended alike is as extreme as 1 of 3 against 2 of 5, so the
    # probability is largest at one half: 1 - 2 / 2^8. scipy 1.17 gives .9247.
    assert barnard(1, 3, 2, 5, interval_up_to=0).p_value == pytest.approx(1 - 2 / 256, rel=1e-12)


def test_five_thousand_a_group():
    # scipy 1.17 returns .046586 there; .0470024 is attained.
    result = barnard(1000, 5000, 1081, 5000)
    assert result.p_value == pytest.approx(0.0470024, abs=5e-8)
    assert result.interval is None
    assert "more than 1,000 requests" in result.notes[0]["en"]
    assert "interval_up_to" in result.notes[0]["en"]


@pytest.mark.parametrize("test", [barnard, boschloo])
def test_five_hundred_a_group_have_an_interval_that_agrees_with_the_p_value(test):
    result = test(60, 500, 85, 500)
    assert result.interval is not None
    for end, inward in ((result.interval.low, 1e-6), (result.interval.high, -1e-6)):
        assert test(60, 500, 85, 500, null=end + inward, interval_up_to=0).p_value > 0.05
        assert test(60, 500, 85, 500, null=end - inward, interval_up_to=0).p_value <= 0.05 + 1e-5


def test_boschloo_of_a_vanishing_p_value_ends():
    # Fisher's is 3.9e-230, below the 1e-200 that tables are ordered by: an upper bound remains
    p_value = boschloo(13602, 55080, 20793, 116171, interval_up_to=0).p_value
    assert 1e-201 < p_value < 1e-199
    # groups of unlike size, where Fisher's two-sided p-value is 9.5e-27
    p_value = boschloo(2988, 16592, 39422, 265078, interval_up_to=0).p_value
    assert 0.8 < p_value / 9.4946e-27 < 1.2


@pytest.mark.parametrize("p_value", [1e-9, 1e-61, 1e-120])
def test_far_cuts_are_the_least_errors_with_a_fisher_p_value_that_small(p_value):
    # tails summed from scipy's hypergeometric probabilities, which are exact to nine digits or so
    n1, n0 = 900, 700
    cuts, _ = fisher_cuts(n1, n0, p_value, 1 - p_value)
    for total in range(0, n1 + n0 + 1, 97):
        law = hypergeom(n1 + n0, n1, total)
        tails = np.cumsum(law.pmf(np.arange(min(n1, total), -1, -1)))[::-1]
        inside = np.flatnonzero(tails <= p_value)
        expected = int(inside[0]) if inside.size else min(n1, total) + 1
        assert cuts[total] == max(expected, max(0, total - n0) + 1), total


def test_errors_and_requests_may_be_named():
    named = barnard(e1=7, n1=15, e0=12, n0=15)
    assert named == barnard(7, 15, 12, 15)
    with pytest.raises(UsageError, match="not 3 argument"):
        barnard(e1=7, n1=15, e0=12)


def test_the_classic_examples():
    # Two of scipy 1.17's documentation: 7 of 15 v 12 of 15, 74 of 117 v 31 of 63.
    assert barnard(7, 15, 12, 15).p_value == pytest.approx(0.0682, abs=5e-5)
    result = boschloo(74, 117, 31, 63, alternative="greater")
    assert result.p_value == pytest.approx(0.0356, abs=5e-5)
    assert result.statistic == pytest.approx(0.0483, abs=5e-5)


@both
@pytest.mark.parametrize("table", [(0, 10, 0, 20), (10, 10, 20, 20), (0, 1, 0, 1)])
def test_groups_that_all_ended_alike_do_not_differ(test, table):
    assert test(*table).p_value == 1.0
    assert test(*table, alternative="less").p_value == 1.0


@both
def test_the_wrong_direction_is_no_evidence(test):
    assert test(9, 10, 1, 10, alternative="less", interval_up_to=0).p_value > 0.99


@both
def test_a_difference_of_one_is_possible_for_everything_against_nothing(test):
    assert test(4, 4, 0, 6, null=1.0).p_value == pytest.approx(1.0)
    assert test(3, 4, 1, 6, null=1.0, interval_up_to=0).p_value < 1e-200


def test_boschloos_order_knows_no_largest_difference_for_a_group_without_errors():
    # Fisher's lower tail is 1 however few errors the first group had.
    assert boschloo(3, 4, 0, 6, level=0.8).interval.high == 1.0


@both
def test_more_requests_than_it_can_take_are_refused_by_name(test):
    with pytest.raises(NotAnswerableError, match=r"at most 2,000,000 requests.*mee"):
        test(1, 10**12, 2, 10**12)
    with pytest.raises(NotAnswerableError, match="at most 10,000 requests"):
        test(1, 10**5, 2, 10**5, null=0.01)


@pytest.mark.parametrize(("n1", "n0"), [(1, 1), (7, 4), (40, 90), (300, 300)])
def test_cuts_move_by_at_most_one_from_total_to_total(n1, n0):
    errors, ahead = (n1 + n0) // 2, max(1, n1 * n0 // 7)
    assert set(np.diff(score_cuts(n1, n0, ahead, errors))) <= {0, 1}
    for p_value in (1e-9, 0.02, 0.4):
        cuts, shares = fisher_cuts(n1, n0, p_value, 1 - p_value)
        assert set(np.diff(cuts)) <= {0, 1}
        assert shares.max() <= p_value * (1 + 1e-9)


def test_a_fisher_p_value_near_1_is_told_from_1():
    # the order of tables matters for other null differences
    p_value = boschloo(200, 1000, 350, 1000, null=-0.5, interval_up_to=0).p_value
    assert 0 < p_value < 1e-50


@both
def test_a_null_difference_of_almost_zero_gives_almost_the_same(test):
    # but for ties of mirrored tables, which these unequal groups have none of
    at_zero, near = (
        test(12, 31, 9, 50, null=null, interval_up_to=0).p_value for null in (0.0, 1e-7)
    )
    assert near == pytest.approx(at_zero, rel=1e-4)


@both
def test_the_interval_ends_where_the_test_turns(test):
    table = (6, 14, 2, 13)
    interval = test(*table, level=0.9).interval
    for end, inward in ((interval.low, 1e-6), (interval.high, -1e-6)):
        assert test(*table, null=end + inward, interval_up_to=0).p_value > 0.1
        assert test(*table, null=end - inward, interval_up_to=0).p_value <= 0.1 + 1e-5


def test_coverage_of_boschloos_interval_is_never_below_its_level():
    n1, n0 = 4, 5
    limits = np.array(
        [
            [
                (r.low, r.high)
                for y in range(n0 + 1)
                if (r := boschloo(x, n1, y, n0, level=0.9).interval)
            ]
            for x in range(n1 + 1)
        ]
    )
    rates = np.linspace(0.05, 0.95, 10)
    for first in rates:
        for second in rates:
            inside = (limits[:, :, 0] <= first - second) & (first - second <= limits[:, :, 1])
            joint = np.outer(masses(n1, np.array([first])), masses(n0, np.array([second])))
            assert joint[inside].sum() >= 0.9 - 1e-9


def test_coverage_of_barnards_interval_is_never_below_its_level():
    n1, n0 = 3, 2
    limits = np.array(
        [
            [
                (r.low, r.high)
                for y in range(n0 + 1)
                if (r := barnard(x, n1, y, n0, level=0.9).interval)
            ]
            for x in range(n1 + 1)
        ]
    )
    rates = np.linspace(0.05, 0.95, 10)
    for first in rates:
        for second in rates:
            inside = (limits[:, :, 0] <= first - second) & (first - second <= limits[:, :, 1])
            joint = np.outer(masses(n1, np.array([first])), masses(n0, np.array([second])))
            assert joint[inside].sum() >= 0.9 - 1e-6
