"""The wild cluster bootstrap: counts, intervals, draws and what is refused."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import cluster_robust, wild_bootstrap
from switchstats.inference.wild import wild_bootstrap_p_values

# An end of an interval is a root, found to some 1e-12 of the difference.
NEAR = 1e-7
STD_ERRORS = 4

E1, N1 = [12, 30, 7, 55], [100, 150, 40, 400]
E0, N0 = [5, 60, 11], [60, 300, 70]
DATA = (E1, N1, E0, N0)


def skewed(k, seed=3):
    rng = np.random.default_rng(seed)
    n = np.maximum(rng.lognormal(5, 1.2, k), 1).astype(int)
    return rng.binomial(n, rng.beta(12, 55, k)), n


def split(e, n, first):
    return e[:first], n[:first], e[first:], n[first:]


def test_the_result_says_what_was_done():
    result = wild_bootstrap(*DATA)
    plain = cluster_robust(*DATA, estimator="CR1")
    assert result.estimate == pytest.approx(plain.estimate)
    assert result.std_error == pytest.approx(plain.std_error)
    assert result.statistic == pytest.approx(plain.statistic)
    assert (result.method, result.estimand) == ("wild_bootstrap", "request_weighted_difference")
    assert (result.seed, result.p_std_error, result.df) == (None, None, None)
    assert "every pattern" in result.notes[0].en
    drawn = wild_bootstrap(*DATA, max_patterns=0, n_draws=999, seed=4)
    assert drawn.seed == 4
    assert drawn.p_std_error == pytest.approx((drawn.p_value * (1 - drawn.p_value) / 1000) ** 0.5)
    assert "999 random ones" in drawn.notes[0].en
    assert wild_bootstrap(*DATA, weighting="equal").estimand == "equal_weight_difference"


def test_p_values_are_shares_of_patterns_and_never_0():
    far = wild_bootstrap([1, 2, 1, 3], [100, 140, 90, 200], [60, 90, 40], [100, 160, 80])
    assert far.p_value == 2 / 2**7
    drawn = wild_bootstrap(
        [1, 2, 1, 3],
        [100, 140, 90, 200],
        [60, 90, 40],
        [100, 160, 80],
        max_patterns=0,
        n_draws=19,
        seed=1,
    )
    assert (drawn.p_value * 20) % 1 == pytest.approx(0, abs=1e-9)
    assert drawn.p_value >= 1 / 20


@pytest.mark.parametrize("weights", ["rademacher", "webb"])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_random_weights_come_near_every_pattern(weights, alternative):
    named = {"weights": weights, "alternative": alternative, "null": 0.02}
    exact = wild_bootstrap(*DATA, **named)
    drawn = wild_bootstrap(*DATA, **named, max_patterns=0, n_draws=20_000, seed=2)
    assert abs(drawn.p_value - exact.p_value) < STD_ERRORS * drawn.p_std_error


@pytest.mark.parametrize("weights", ["rademacher", "webb"])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("weighting", ["requests", "equal"])
@pytest.mark.parametrize("every", [True, False])
def test_the_interval_holds_what_is_not_rejected(weights, alternative, weighting, every):
    k = 5 if weights == "webb" else 9
    data = split(*skewed(k), 2) if every else split(*skewed(40), 12)
    named = {"weights": weights, "alternative": alternative, "weighting": weighting, "level": 0.9}
    if not every:
        named |= {"n_draws": 1_999, "seed": 3}
    result = wild_bootstrap(*data, **named)
    ends = [end for end in (result.interval.low, result.interval.high) if end is not None]
    assert ends
    assert (len(ends) == 2) == (alternative == "two-sided")
    for end in ends:
        outward = math.copysign(NEAR, end - result.estimate)
        assert wild_bootstrap(*data, **named, null=end + outward).p_value <= 0.1
        assert wild_bootstrap(*data, **named, null=end - outward).p_value > 0.1
    for null in np.linspace(-0.3, 0.3, 25):
        rejected = wild_bootstrap(*data, **named, null=null).p_value <= 0.1
        assert rejected != result.interval.contains(null), null


def test_too_few_patterns_leave_the_interval_open():
    result = wild_bootstrap([12, 30], [100, 150], [5, 60], [60, 300])
    assert (result.interval.low, result.interval.high) == (None, None)
    assert (
        wild_bootstrap([12, 30], [100, 150], [5, 60], [60, 300], level=0.5).interval.low is not None
    )


def test_a_level_below_a_half_is_answered():
    result = wild_bootstrap(*DATA, alternative="less", level=0.3)
    assert result.interval.low is None
    assert result.interval.high < result.estimate


def test_twenty_retailers_are_tried_in_every_way():
    e, n = skewed(20)
    result = wild_bootstrap(*split(e, n, 10))
    assert result.seed is None
    assert (result.p_value * 2**20) % 2 == 0


def test_swapping_groups_flips_everything():
    one, other = wild_bootstrap(*DATA), wild_bootstrap(E0, N0, E1, N1)
    assert other.p_value == one.p_value
    assert other.estimate == pytest.approx(-one.estimate)
    assert other.interval.low == pytest.approx(-one.interval.high, abs=NEAR)


@pytest.mark.parametrize(
    "data",
    [
        ([2 * 10**11, 1, 10], [10**12, 5, 30], [3, 10**11, 7], [10, 6 * 10**11, 30]),
        ([1, 0, 1], [1, 1, 1], [1, 0, 1], [1, 1, 1]),
        ([0, 0, 0], [10, 20, 30], E0, N0),
    ],
)
def test_extremes_are_answered(data):
    for weights in ("rademacher", "webb"):
        result = wild_bootstrap(*data, weights=weights, level=0.8)
        assert 0 < result.p_value <= 1


def test_groups_that_do_not_vary_and_groups_of_one_are_refused():
    with pytest.raises(NotAnswerableError, match="all retailers have the same rate"):
        wild_bootstrap([1, 2], [10, 20], [3, 9], [10, 30])
    with pytest.raises(NotAnswerableError, match="at least 2"):
        wild_bootstrap([1], [10], E0, N0)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"weights": "mammen"}, "'rademacher' or 'webb', not 'mammen'"),
        ({"weighting": "strata"}, "'requests' or 'equal', not 'strata'"),
        ({"n_draws": 0}, "n_draws must be between"),
        ({"max_patterns": 2**21}, "max_patterns must be between"),
        ({"max_patterns": 0}, "give a seed"),
        ({"max_patterns": 0, "seed": -1}, "seed must not be negative"),
        ({"level": 0}, "level must be between"),
    ],
)
def test_arguments_out_of_range_are_refused(named, message):
    with pytest.raises(UsageError, match=message):
        wild_bootstrap(*DATA, **named)


@pytest.mark.parametrize("weights", ["rademacher", "webb"])
@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_many_data_sets_are_as_one_by_one(weights, weighting):
    rng = np.random.default_rng(6)
    requests = rng.integers(5, 300, (2, 30, 5))
    errors = rng.binomial(requests, 0.2)
    first = np.arange(5) < 2
    together = wild_bootstrap_p_values(
        errors, requests, first, seed=1, weights=weights, weighting=weighting, n_draws=10_000
    )
    for place in np.ndindex(2, 30):
        e, n = errors[place], requests[place]
        alone = wild_bootstrap(
            e[first], n[first], e[~first], n[~first], weights=weights, weighting=weighting
        )
        assert together[place] == pytest.approx(alone.p_value, rel=1e-12)


@pytest.mark.parametrize("weights", ["rademacher", "webb"])
def test_many_data_sets_with_random_weights_come_near_every_pattern(weights):
    rng = np.random.default_rng(6)
    requests = rng.integers(5, 300, (40, 6))
    errors = rng.binomial(requests, 0.2)
    first = np.arange(6) < 3
    exact, drawn = (
        wild_bootstrap_p_values(errors, requests, first, seed=1, weights=weights, n_draws=n)
        for n in (6**6, 30)
    )
    error = (exact * (1 - exact) / 30) ** 0.5
    # forty comparisons, and the observed data count besides
    assert (np.abs(drawn - exact) < STD_ERRORS * error + 1 / 31).all()


def test_undefined_data_sets_are_not_numbers():
    requests = np.full((3, 4), 10)
    errors = np.array([[0, 0, 0, 0], [1, 2, 3, 4], [2, 2, 5, 5]])
    found = wild_bootstrap_p_values(errors, requests, np.arange(4) < 2, seed=1)
    assert np.isnan(found).tolist() == [True, False, True]
    with pytest.raises(UsageError, match="n_draws"):
        wild_bootstrap_p_values(errors, requests, np.arange(4) < 2, seed=1, n_draws=0)
