"""Many data sets at once give what each gives by itself."""

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import permutation, rank_sum, welch
from switchstats.inference.means import welch_p_values
from switchstats.inference.permuted import permutation_p_values
from switchstats.inference.rank_p_values import rank_sum_p_values

SAME = 1e-12
SAME_T = 1e-9
# A draw of 1,999 splits is within so much of the exact share.
DRAWN = 0.06


def data_sets(n, m, most, runs=12):
    rng = np.random.default_rng(100 * n + m + most)
    requests = rng.integers(1, most, (runs, n + m))
    errors = rng.binomial(requests, rng.uniform(0.05, 0.4, (runs, 1)))
    first = rng.permutation(np.arange(n + m) < n)
    return errors, requests, first


def alone(test, errors, requests, first, **options):
    values = []
    for e, n in zip(errors, requests, strict=True):
        try:
            values.append(test(e[first], n[first], e[~first], n[~first], **options).p_value)
        except NotAnswerableError:
            values.append(np.nan)
    return np.array(values)


# Few requests make ties; many make none.
SIZES = [(3, 3, 9), (4, 6, 9), (6, 4, 900), (1, 5, 40), (2, 7, 9)]


@pytest.mark.parametrize("statistic", ["difference", "studentised"])
@pytest.mark.parametrize("weighting", ["equal", "requests"])
@pytest.mark.parametrize(("n", "m", "most"), SIZES)
def test_permutation(n, m, most, weighting, statistic):
    data = data_sets(n, m, most)
    how = {"weighting": weighting, "statistic": statistic}
    wanted = alone(permutation, *data, **how)
    together = permutation_p_values(*data, **how, max_splits=10_000)
    assert together == pytest.approx(wanted, abs=SAME, nan_ok=True)
    drawn = permutation_p_values(*data, **how, max_splits=0, seed=1)
    assert drawn == pytest.approx(wanted, abs=DRAWN, nan_ok=True)
    assert not (drawn < 1 / 2_000).any()


# Exact with ties, exact without, and by a table for each pattern of ties.
@pytest.mark.parametrize(("n", "m", "most"), [*SIZES, (10, 10, 900), (13, 14, 9)])
def test_rank_sum(n, m, most):
    data = data_sets(n, m, most, runs=5)
    assert rank_sum_p_values(*data) == pytest.approx(alone(rank_sum, *data), abs=SAME)


# Beyond 60 retailers many data sets at once are exact without ties only.
@pytest.mark.parametrize(("most", "off"), [(10**9, SAME), (9, 0.01)])
def test_rank_sum_of_many(most, off):
    data = data_sets(20, 60, most, runs=5)
    assert rank_sum_p_values(*data) == pytest.approx(alone(rank_sum, *data), abs=off)


@pytest.mark.parametrize(("n", "m", "most"), SIZES)
def test_welch(n, m, most):
    data = data_sets(n, m, most)
    wanted = alone(welch, *data)
    assert welch_p_values(*data) == pytest.approx(wanted, rel=SAME_T, nan_ok=True)


TESTS = [permutation_p_values, rank_sum_p_values, welch_p_values]


@pytest.mark.parametrize("test", TESTS)
def test_any_number_of_leading_axes(test):
    errors, requests, first = data_sets(4, 6, 900)
    flat = test(errors, requests, first)
    shaped = test(errors.reshape(3, 4, -1), requests.reshape(3, 4, -1), first)
    assert shaped.shape == (3, 4)
    assert np.array_equal(shaped.ravel(), flat)
    assert test(errors[0], requests[0], first) == pytest.approx(flat[0])


@pytest.mark.parametrize("test", TESTS)
def test_a_retailer_without_requests_leaves_a_data_set_undefined(test):
    errors, requests, first = data_sets(4, 6, 900)
    errors[2, 3] = requests[2, 3] = 0
    p_values = test(errors, requests, first)
    assert np.flatnonzero(np.isnan(p_values)).tolist() == [2]


@pytest.mark.parametrize("test", TESTS)
def test_shapes_that_do_not_fit_are_refused(test):
    with pytest.raises(UsageError, match="one entry for each retailer"):
        test([1, 2, 3], [10, 10, 10], [True, False])
    with pytest.raises(UsageError, match="both groups"):
        test([1, 2], [10, 10], [True, True])


def test_data_sets_without_variation_are_undefined_only_for_t():
    errors, requests, first = [[2, 4, 6, 8]], [[10, 20, 30, 40]], [True, True, False, False]
    assert np.isnan(welch_p_values(errors, requests, first)).all()
    how = {"statistic": "studentised", "weighting": "requests"}
    assert np.isnan(permutation_p_values(errors, requests, first, **how)).all()
    assert permutation_p_values(errors, requests, first).tolist() == [1.0]
    assert rank_sum_p_values(errors, requests, first).tolist() == [1.0]


def test_hundreds_of_retailers_that_are_all_alike_show_nothing():
    # beyond the reach of exact counts, and without any spread to divide by
    p_values = rank_sum_p_values(np.full((2, 400), 3), np.full((2, 400), 30), np.arange(400) < 150)
    assert p_values.tolist() == [1.0, 1.0]


def test_a_draw_asks_for_its_seed():
    errors, requests, first = data_sets(4, 6, 900)
    with pytest.raises(UsageError, match="give a seed"):
        permutation_p_values(errors, requests, first, weighting="requests", max_splits=10)
