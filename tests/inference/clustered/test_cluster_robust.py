"""The cluster-robust test: identities, options, extremes and what is refused."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import cluster_robust, welch
from switchstats.inference.clustered import cluster_robust_p_values

# Sums of a dozen doubles, and what scipy's t distribution adds to it.
TOLERANCE = 1e-10

E1, N1 = [12, 30, 7, 55], [100, 150, 40, 400]
E0, N0 = [5, 60, 11], [60, 300, 70]
DATA = (E1, N1, E0, N0)


def test_equal_weights_have_the_standard_error_of_welch():
    equal = cluster_robust(*DATA, weighting="equal")
    unequal_spread = welch(*DATA)
    assert equal.estimate == pytest.approx(unequal_spread.estimate, rel=TOLERANCE)
    assert equal.std_error == pytest.approx(unequal_spread.std_error, rel=TOLERANCE)
    assert (equal.estimand, equal.weighting) == ("equal_weight_difference", "equal")
    assert equal.n_effective == 7.0


def test_ten_v_ten_equal_volumes_are_welch_with_eighteen_degrees_of_freedom():
    # oracles.md; Welch's own degrees of freedom depend on the data
    rng = np.random.default_rng(1)
    first, second = rng.binomial(100, 0.2, (2, 10))
    same = np.full(10, 100)
    for weighting in ("requests", "equal"):
        result = cluster_robust(first, same, second, same, weighting=weighting)
        by_welch = welch(first, same, second, same)
        assert result.std_error == pytest.approx(by_welch.std_error, rel=TOLERANCE)
        assert result.df == pytest.approx(18, rel=TOLERANCE)


def test_requests_weigh_by_default():
    result = cluster_robust(*DATA)
    assert result.estimate == pytest.approx(104 / 690 - 76 / 430, rel=TOLERANCE)
    assert result.estimand == "request_weighted_difference"
    assert (result.method, result.units, result.n_by_group) == (
        "cluster_robust",
        "retailers",
        (4, 3),
    )
    assert result.n_effective == pytest.approx(
        690**2 / sum(n**2 for n in N1) + 430**2 / sum(n**2 for n in N0), rel=TOLERANCE
    )
    assert "inversely proportional" in result.notes[0].en
    assert result.statistic == pytest.approx(result.estimate / result.std_error, rel=TOLERANCE)


def test_the_jackknife_is_the_sum_of_squared_changes():
    result = cluster_robust(*DATA, estimator="CR3")
    changes = [
        sum(e) / sum(n) - (sum(e) - a) / (sum(n) - b)
        for e, n in ((E1, N1), (E0, N0))
        for a, b in zip(e, n, strict=True)
    ]
    assert result.std_error == pytest.approx(math.hypot(*changes), rel=TOLERANCE)
    assert result.df == 5
    assert result.notes == ()


def test_estimators_are_ordered_and_cr1_carries_a_caution():
    results = {name: cluster_robust(*DATA, estimator=name) for name in ("CR1", "CR2", "CR3")}
    assert results["CR1"].std_error < results["CR2"].std_error < results["CR3"].std_error
    assert [caution.code for caution in results["CR1"].cautions] == ["cr1_too_small"]
    assert results["CR3"].cautions == ()


def test_few_degrees_of_freedom_carry_a_caution():
    few = cluster_robust([900, 3, 2], [9000, 20, 15], [10, 12], [60, 50])
    assert [caution.code for caution in few.cautions] == ["few_degrees_of_freedom"]
    assert f"only {few.df:.1f} degrees" in few.cautions[0].message.en


def test_the_working_model_changes_the_standard_error():
    requests = cluster_robust(*DATA)
    assert cluster_robust(*DATA, working="requests") == requests
    retailers = cluster_robust(*DATA, working="retailers")
    assert retailers.std_error > requests.std_error
    assert retailers.df < requests.df
    assert "same for every retailer" in retailers.notes[0].en


def test_one_sided_tests_are_halves_and_have_one_end():
    two = cluster_robust(*DATA, null=0.01, level=0.9)
    less = cluster_robust(*DATA, null=0.01, alternative="less")
    greater = cluster_robust(*DATA, null=0.01, alternative="greater")
    assert less.p_value + greater.p_value == pytest.approx(1, rel=TOLERANCE)
    assert 2 * min(less.p_value, greater.p_value) == pytest.approx(two.p_value, rel=TOLERANCE)
    assert (less.interval.low, greater.interval.high) == (None, None)
    assert less.interval.high == pytest.approx(two.interval.high, rel=TOLERANCE)
    assert greater.interval.low == pytest.approx(two.interval.low, rel=TOLERANCE)


def test_a_group_without_errors_still_compares():
    result = cluster_robust([0, 0, 0], [10, 20, 30], E0, N0)
    assert result.estimate == pytest.approx(-76 / 430, rel=TOLERANCE)
    assert 0 < result.p_value < 1


@pytest.mark.parametrize("estimator", ["CR1", "CR2", "CR3"])
@pytest.mark.parametrize(
    "data",
    [
        ([2 * 10**11, 1], [10**12, 5], [3, 10**11], [10, 6 * 10**11]),
        ([1, 0], [1, 1], [1, 0, 1], [1, 1, 1]),
        ([1, 500], [1, 1000], [1, 0], [1, 1]),
    ],
)
def test_extremes_are_answered(data, estimator):
    result = cluster_robust(*data, estimator=estimator)
    assert 0 < result.p_value <= 1
    assert math.isfinite(result.interval.low)
    assert result.df >= 1


def test_seven_hundred_retailers_are_answered():
    rng = np.random.default_rng(7)
    n = np.maximum(rng.lognormal(6, 2, 700), 1).astype(int)
    e = rng.binomial(n, rng.beta(12, 55, 700))
    result = cluster_robust(e[:10], n[:10], e[10:], n[10:])
    assert (result.n_units, result.n_by_group) == (700, (10, 690))
    assert 1 < result.df < 30


@pytest.mark.parametrize(
    "data",
    [
        ([0, 0], [10, 20], [0, 0, 0], [5, 5, 5]),
        ([10, 20], [10, 20], [7, 5], [7, 5]),
        ([1, 2, 3], [10, 20, 30], [3, 9], [10, 30]),
    ],
)
def test_groups_that_do_not_vary_are_refused(data):
    with pytest.raises(NotAnswerableError, match="all retailers have the same rate"):
        cluster_robust(*data)


def test_a_group_of_one_is_refused():
    with pytest.raises(NotAnswerableError, match="at least 2 retailer"):
        cluster_robust([3], [10], E0, N0)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"estimator": "CR4"}, "'CR1', 'CR2' or 'CR3', not 'CR4'"),
        ({"weighting": "precision"}, "'requests' or 'equal', not 'precision'"),
        ({"working": "none"}, "'requests' or 'retailers', not 'none'"),
        ({"working": "requests", "estimator": "CR3"}, "CR3 has no working model"),
        ({"cluster": "area"}, "cluster must be 'retailer'"),
        ({"cluster": "dyadic"}, "needs counts with the stratum 'losing'"),
        ({"cluster": ("gaining", "losing"), "estimator": "CR2"}, "one clustering only"),
        ({"level": 2}, "level must be between"),
    ],
)
def test_arguments_out_of_range_are_refused(named, message):
    with pytest.raises(UsageError, match=message):
        cluster_robust(*DATA, **named)


@pytest.mark.parametrize("estimator", ["CR1", "CR2", "CR3"])
@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_many_data_sets_are_as_one_by_one(estimator, weighting):
    rng = np.random.default_rng(5)
    requests = rng.integers(1, 300, (2, 4, 9))
    errors = rng.binomial(requests, 0.2)
    first = np.arange(9) < 4
    together = cluster_robust_p_values(
        errors, requests, first, estimator=estimator, weighting=weighting
    )
    assert together.shape == (2, 4)
    for place in np.ndindex(2, 4):
        e, n = errors[place], requests[place]
        alone = cluster_robust(
            e[first], n[first], e[~first], n[~first], estimator=estimator, weighting=weighting
        )
        assert together[place] == pytest.approx(alone.p_value, rel=TOLERANCE)


def test_undefined_data_sets_are_not_numbers():
    requests = np.full((3, 4), 10)
    errors = np.array([[0, 0, 0, 0], [1, 2, 3, 4], [2, 2, 5, 5]])
    found = cluster_robust_p_values(errors, requests, np.arange(4) < 2)
    assert np.isnan(found).tolist() == [True, False, True]
