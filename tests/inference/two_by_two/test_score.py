"""Score tests of a difference: identities by hand, empty cells, and the limits of the null."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import mee, miettinen_nurminen
from switchstats.inference.two_by_two.score import (
    mee_p_values,
    miettinen_nurminen_p_values,
    score_statistic,
    score_variance,
)

SCORES = [miettinen_nurminen, mee]
TOLERANCE = 1e-11
Z = 1.959963984540054  # qnorm(0.975), R 4.2.2

both = pytest.mark.parametrize("test", SCORES)


def likelihood(rate, table, null):
    """Log likelihood of the second group's rate under the null."""
    e1, n1, e0, n0 = table
    parts = ((e1, rate + null), (n1 - e1, 1 - rate - null), (e0, rate), (n0 - e0, 1 - rate))
    return sum(count * math.log(p) if count else 0.0 for count, p in parts if count or p >= 0)


@pytest.mark.parametrize("null", [-0.6, -0.05, 0.0, 0.2, 0.7])
@pytest.mark.parametrize("table", [(56, 70, 48, 80), (0, 10, 3, 20), (4, 4, 0, 30), (1, 9, 9, 9)])
def test_the_variance_is_that_at_the_most_likely_rates(table, null):
    low, high = max(0.0, -null), min(1.0, 1.0 - null)
    grid = low + (high - low) * np.linspace(1e-9, 1 - 1e-9, 20_001)
    best = grid[np.argmax([likelihood(rate, table, null) for rate in grid])]
    first = best + null
    by_grid = first * (1 - first) / table[1] + best * (1 - best) / table[3]
    ours = score_variance(*(np.array(float(n)) for n in table), np.array(null))
    assert ours == pytest.approx(by_grid, abs=1e-5)


def test_at_equal_rates_mees_square_is_pearsons_chi_squared():
    e1, n1, e0, n0 = 56, 70, 48, 80
    total, errors = n1 + n0, e1 + e0
    chi = total * (e1 * (n0 - e0) - e0 * (n1 - e1)) ** 2 / (n1 * n0 * errors * (total - errors))
    assert mee(e1, n1, e0, n0).statistic ** 2 == pytest.approx(chi, rel=TOLERANCE)
    assert miettinen_nurminen(e1, n1, e0, n0).statistic ** 2 == pytest.approx(
        chi * (total - 1) / total, rel=TOLERANCE
    )


def test_without_errors_the_limit_is_wilsons():
    # The second group's most likely rate is 0 above a difference of 0: one binomial is left.
    n = 10
    assert mee(0, n, 0, 20).interval.high == pytest.approx(Z**2 / (n + Z**2), rel=TOLERANCE)
    assert mee(0, 20, 0, n).interval.low == pytest.approx(-(Z**2) / (n + Z**2), rel=TOLERANCE)


@both
def test_everything_against_nothing(test):
    result = test(10, 10, 0, 10)
    assert result.interval.high == 1.0
    assert 0 < result.interval.low < 1
    assert test(10, 10, 0, 10, null=1).p_value == 1.0
    assert test(10, 10, 0, 10, null=-1).p_value == 0.0


@both
@pytest.mark.parametrize("table", [(0, 10, 0, 20), (10, 10, 20, 20)])
def test_groups_that_all_ended_alike_do_not_differ(test, table):
    result = test(*table)
    assert (result.p_value, result.estimate, result.statistic) == (1.0, 0.0, 0.0)
    assert result.interval.low < 0 < result.interval.high


@both
def test_what_is_impossible_under_the_null_has_no_finite_statistic(test):
    result = test(5, 10, 3, 10, null=1.0)
    assert (result.p_value, result.statistic) == (0.0, None)


@both
def test_a_trillion_requests(test):
    # so many that the score, Wald and pooled statistics agree
    e1, n1, e0, n0 = 10**11, 10**12, 10**11 + 10**6, 10**12
    rate = 0.1
    z = (e1 - e0) / n1 / math.sqrt(2 * rate * (1 - rate) / n1)
    result = test(e1, n1, e0, n0)
    assert result.statistic == pytest.approx(z, rel=1e-5)
    width = 2 * Z * math.sqrt(2 * rate * (1 - rate) / n1)
    assert result.interval.high - result.interval.low == pytest.approx(width, rel=1e-5)


@both
def test_one_request_a_group(test):
    result = test(1, 1, 0, 1)
    # mean difference 1, pooled rate 1/2: z = 1 / sqrt(1/4 * 2), with the factor 2 of N / (N - 1)
    expected = math.sqrt(2) if test is mee else 1.0
    assert result.statistic == pytest.approx(expected, rel=TOLERANCE)


def test_z_falls_in_the_null_difference():
    rng = np.random.default_rng(20230131)
    differences = np.linspace(-1, 1, 401)
    for _ in range(200):
        n1, n0 = rng.integers(1, 40, 2).astype(float)
        e1, e0 = np.floor(rng.random(2) * (np.array([n1, n0]) + 1))
        z = score_statistic(*(np.array(part) for part in (e1, n1, e0, n0)), differences)
        z = np.clip(z, -1e300, 1e300)
        assert np.all(np.diff(z) <= TOLERANCE * (1 + np.abs(z[1:])))


def test_z_grows_with_the_first_groups_errors_and_falls_with_the_seconds():
    # What Barnard's test needs of its order of tables (its convexity condition).
    x, y = np.meshgrid(np.arange(12.0), np.arange(9.0), indexing="ij")
    for null in np.linspace(-0.95, 0.95, 39):
        z = score_statistic(x, np.array(11.0), y, np.array(8.0), np.array(null))
        assert np.all(np.diff(z, axis=0) >= -TOLERANCE * 10)
        assert np.all(np.diff(z, axis=1) <= TOLERANCE * 10)


@pytest.mark.parametrize("null", [0.0, 0.1])
def test_many_tables_at_once_have_the_same_p_values(null):
    rng = np.random.default_rng(7)
    n1, n0 = rng.integers(1, 60, (2, 3, 4))
    e1, e0 = rng.integers(0, n1 + 1), rng.integers(0, n0 + 1)
    for batch, test in ((miettinen_nurminen_p_values, miettinen_nurminen), (mee_p_values, mee)):
        ours = batch(e1, n1, e0, n0, null)
        assert ours.shape == (3, 4)
        for place in np.ndindex(3, 4):
            one = test(e1[place], n1[place], e0[place], n0[place], null=null)
            assert ours[place] == pytest.approx(one.p_value, rel=TOLERANCE)


@both
def test_it_says_that_requests_are_its_units(test):
    result = test([3, 4], [40, 30], [1, 2], [20, 60])
    assert (result.units, result.weighting, result.n_by_group) == ("requests", "requests", (70, 80))
    assert [caution.code for caution in result.cautions] == ["requests_as_units"]


@both
def test_refusals(test):
    with pytest.raises(UsageError, match="null must be a difference of rates, from -1 to 1"):
        test(1, 2, 1, 2, null=1.5)
    with pytest.raises(NotAnswerableError, match="0 retailer"):
        test(0, 0, 1, 2)
