"""The retailer bootstrap: draws, intervals and what is refused."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import cluster_robust, retailer_bootstrap
from switchstats.inference.resampled import retailer_bootstrap_p_values
from switchstats.inference.resampled.sums import drawn_counts, drawn_sums

TOLERANCE = 1e-9
STD_ERRORS = 4
N_DRAWS = 20_000

E1, N1 = [12, 30, 7, 55, 9], [100, 150, 40, 400, 60]
E0, N0 = [5, 60, 11, 20], [60, 300, 70, 80]
DATA = (E1, N1, E0, N0)


@pytest.mark.parametrize("k", [1, 2, 3, 10, 40, 65])
def test_drawn_sums_have_the_moments_of_drawing_with_replacement(k):
    columns = np.random.default_rng(k).normal(size=(k, 5))
    sums = drawn_sums(columns, N_DRAWS, np.random.default_rng(1))
    assert sums.shape == (5, N_DRAWS)
    variance = k * columns.var(axis=0)
    error = np.sqrt(variance / N_DRAWS)
    assert (np.abs(sums.mean(axis=1) - columns.sum(axis=0)) <= STD_ERRORS * error + TOLERANCE).all()
    relative = np.abs(sums.var(axis=1) - variance) / np.maximum(variance, TOLERANCE)
    # of a sum of k independent draws the kurtosis is at most 3 + (k - 2) / k
    assert (relative <= STD_ERRORS * math.sqrt(4 / N_DRAWS) * (k > 1) + TOLERANCE).all()


def test_drawn_sums_and_counts_are_of_k_retailers():
    sums = drawn_sums(np.eye(13)[:, :13], 500, np.random.default_rng(2))
    assert (sums.sum(axis=0) == 13).all()
    assert np.array_equal(sums, np.round(sums))
    counts = drawn_counts(13, 500, np.random.default_rng(2))
    assert counts.shape == (13, 500)
    assert (counts.sum(axis=0) == 13).all()


def test_two_retailers_are_drawn_as_in_a_table_of_all_draws():
    # a, a; a, b; b, a; b, b: equally likely
    sums = drawn_sums(np.array([[1.0], [10.0]]), N_DRAWS, np.random.default_rng(4))[0]
    values, counts = np.unique(sums, return_counts=True)
    assert values.tolist() == [2.0, 11.0, 20.0]
    expected = np.array([0.25, 0.5, 0.25])
    error = np.sqrt(expected * (1 - expected) / N_DRAWS)
    assert (np.abs(counts / N_DRAWS - expected) < STD_ERRORS * error).all()


def test_the_result_says_what_was_done():
    result = retailer_bootstrap(*DATA, seed=1, n_draws=1_999)
    plain = cluster_robust(*DATA, estimator="CR1")
    assert result.std_error == pytest.approx(plain.std_error)
    assert result.statistic == pytest.approx(plain.statistic)
    assert (result.method, result.seed, result.n_by_group) == ("retailer_bootstrap", 1, (5, 4))
    assert "1,999 random draws" in result.notes[0].en
    assert (result.p_value * 2_000) % 1 == pytest.approx(0, abs=1e-6)
    assert retailer_bootstrap(*DATA, seed=1, n_draws=1_999) == result
    assert retailer_bootstrap(*DATA, seed=2, n_draws=1_999).p_value != result.p_value


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_the_interval_holds_what_is_not_rejected(alternative, weighting):
    named = {"seed": 3, "n_draws": 1_999, "alternative": alternative, "weighting": weighting}
    result = retailer_bootstrap(*DATA, **named, level=0.9)
    ends = [end for end in (result.interval.low, result.interval.high) if end is not None]
    assert len(ends) == (2 if alternative == "two-sided" else 1)
    for end in ends:
        outward = math.copysign(TOLERANCE, end - result.estimate)
        assert retailer_bootstrap(*DATA, **named, null=end + outward).p_value <= 0.1
        assert retailer_bootstrap(*DATA, **named, null=end - outward).p_value > 0.1


def test_two_retailers_a_group_cannot_bound_anything():
    # half of the draws of a group repeat one retailer; a quarter of all have no spread
    result = retailer_bootstrap([12, 30], [100, 150], [5, 60], [60, 300], seed=1, n_draws=999)
    assert (result.interval.low, result.interval.high) == (None, None)
    assert result.p_value > 0.2


def test_extremes_are_answered():
    result = retailer_bootstrap(
        [2 * 10**11, 1, 10],
        [10**12, 5, 30],
        [3, 10**11, 7],
        [10, 6 * 10**11, 30],
        seed=1,
        n_draws=999,
    )
    assert 0 < result.p_value <= 1
    zeros = retailer_bootstrap([0, 0, 0], [10, 20, 30], E0, N0, seed=1, n_draws=999)
    assert 0 < zeros.p_value < 1


def test_groups_that_do_not_vary_are_refused():
    with pytest.raises(NotAnswerableError, match="all retailers have the same rate"):
        retailer_bootstrap([1, 2], [10, 20], [3, 9], [10, 30], seed=1)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"n_draws": 0}, "n_draws must be between"),
        ({"seed": -1}, "seed must not be negative"),
        ({"weighting": "strata"}, "'requests' or 'equal'"),
        ({"alternative": "other"}, "alternative must be"),
    ],
)
def test_arguments_out_of_range_are_refused(named, message):
    with pytest.raises(UsageError, match=message):
        retailer_bootstrap(*DATA, **{"seed": 1, **named})


@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_many_data_sets_are_near_one_by_one(weighting):
    rng = np.random.default_rng(6)
    requests = rng.integers(5, 300, (2, 20, 9))
    errors = rng.binomial(requests, 0.2)
    first = np.arange(9) < 4
    together = retailer_bootstrap_p_values(errors, requests, first, seed=1, weighting=weighting)
    assert together.shape == (2, 20)
    for place in np.ndindex(2, 20):
        e, n = errors[place], requests[place]
        alone = retailer_bootstrap(
            e[first], n[first], e[~first], n[~first], seed=2, n_draws=4_999, weighting=weighting
        ).p_value
        error = (alone * (1 - alone) * (1 / 999 + 1 / 4_999)) ** 0.5
        assert abs(together[place] - alone) < STD_ERRORS * error + 1e-3


def test_undefined_data_sets_are_not_numbers():
    requests = np.full((3, 4), 10)
    errors = np.array([[0, 0, 0, 0], [1, 2, 3, 4], [2, 2, 5, 5]])
    found = retailer_bootstrap_p_values(errors, requests, np.arange(4) < 2, seed=1)
    assert np.isnan(found).tolist() == [True, False, True]
