"""Ratio estimators: hand derivations, exact expectations and extremes."""

from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest

from switchstats.rates.ratio import Uncertainty, ratio_of, sum_of_others, uncertainty_of

# Sums of a dozen doubles near 1.
TOLERANCE = 1e-12

ERRORS = np.array([12, 30, 7, 55])
REQUESTS = np.array([100, 150, 40, 400])
ESTIMATORS = ("CR1", "CR2", "CR3")


def exact_shifts(errors, requests):
    """The mean minus the mean without each retailer, in fractions."""
    e, n = ([Fraction(int(x)) for x in part] for part in (errors, requests))
    return [sum(e) / sum(n) - (sum(e) - a) / (sum(n) - b) for a, b in zip(e, n, strict=True)]


def test_parts_are_shares_and_shifts():
    ratio = ratio_of(ERRORS, REQUESTS, "requests")
    assert float(ratio.rate) == 104 / 690
    assert ratio.share == pytest.approx(REQUESTS / 690, rel=TOLERANCE)
    assert ratio.shift == pytest.approx(
        [float(x) for x in exact_shifts(ERRORS, REQUESTS)], rel=TOLERANCE
    )
    # a score is share times residual
    assert ratio.score == pytest.approx((ERRORS - REQUESTS * 104 / 690) / 690, rel=1e-10)
    assert float(ratio.n_effective) == pytest.approx(690**2 / np.sum(REQUESTS**2), rel=TOLERANCE)


def test_equal_weights_are_a_mean_with_its_standard_error():
    ratio = ratio_of(ERRORS, REQUESTS, "equal")
    rates = ERRORS / REQUESTS
    uncertainty = uncertainty_of(ratio, REQUESTS, "CR2", "retailers")
    assert float(ratio.rate) == pytest.approx(rates.mean(), rel=TOLERANCE)
    assert float(uncertainty.variance) == pytest.approx(rates.var(ddof=1) / 4, rel=TOLERANCE)
    assert float(uncertainty.satterthwaite_df) == pytest.approx(3, rel=TOLERANCE)


def test_ten_v_ten_have_eighteen_degrees_of_freedom():
    # oracles.md: equal cluster weights, 10 v 10
    errors, requests = np.arange(10, 20), np.full(10, 100)
    one = uncertainty_of(ratio_of(errors, requests, "requests"), requests, "CR2", "requests")
    assert float((one + one).satterthwaite_df) == pytest.approx(18, rel=TOLERANCE)


@pytest.mark.parametrize("requests", [(1, 2, 3), (2, 2, 2), (1, 1, 4)])
def test_cr2_is_unbiased_when_requests_are_independent(requests):
    # by enumeration of all outcomes: E V = p (1 - p) / N
    p, n = 0.3, np.array(requests)
    outcomes = np.array(list(product(*(range(k + 1) for k in requests))))
    chance = np.prod(
        [
            [comb(k, e) * p**e * (1 - p) ** (k - e) for k, e in zip(n, row, strict=True)]
            for row in outcomes
        ],
        axis=1,
    )
    ratio = ratio_of(outcomes, n, "requests")
    variance = uncertainty_of(ratio, n, "CR2", "requests").variance
    assert float(chance @ variance) == pytest.approx(p * (1 - p) / n.sum(), rel=TOLERANCE)
    plain = uncertainty_of(ratio, n, "CR1", "requests").variance
    jackknife = uncertainty_of(ratio, n, "CR3", "requests").variance
    assert chance @ plain < p * (1 - p) / n.sum() < chance @ jackknife


@pytest.mark.parametrize("working", ["requests", "retailers"])
@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_degrees_of_freedom_are_those_of_the_working_covariance(weighting, working):
    ratio = ratio_of(ERRORS, REQUESTS, weighting)
    share = ratio.share
    noise = 1 / REQUESTS if working == "requests" else np.ones(4)
    residual_maker = np.eye(4) - share[None, :]
    covariance = residual_maker @ np.diag(noise) @ residual_maker.T
    adjusted = share * np.sqrt(noise / np.diag(covariance))
    products = adjusted[:, None] * covariance * adjusted
    uncertainty = uncertainty_of(ratio, REQUESTS, "CR2", working)
    assert float(uncertainty.expected) == pytest.approx(np.trace(products), rel=TOLERANCE)
    assert float(uncertainty.satterthwaite_df) == pytest.approx(
        np.trace(products) ** 2 / np.sum(products**2), rel=1e-10
    )


@pytest.mark.parametrize("requests", [[10**12, 1, 1], [10**12, 10**12, 3], [10**12, 5, 10**6]])
def test_one_retailer_with_nearly_all_requests_costs_no_digits(requests):
    errors, requests = (
        np.array([requests[0] // 5, 1, 2]),
        np.array([*requests[:2], requests[2] + 2]),
    )
    shifts = exact_shifts(errors, requests)
    ratio = ratio_of(errors, requests, "requests")
    assert ratio.shift == pytest.approx([float(x) for x in shifts], rel=TOLERANCE)
    for estimator in ESTIMATORS:
        uncertainty = uncertainty_of(ratio, requests, estimator, "requests")
        assert 0 < float(uncertainty.variance) < 1
        assert 1 <= float(uncertainty.satterthwaite_df) <= 2
    share = [Fraction(int(n), int(requests.sum())) for n in requests]
    exact = sum(d**2 * (1 - s) for d, s in zip(shifts, share, strict=True))
    variance = uncertainty_of(ratio, requests, "CR2", "requests").variance
    assert float(variance) == pytest.approx(float(exact), rel=TOLERANCE)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("weighting", ["requests", "equal"])
@pytest.mark.parametrize("working", ["requests", "retailers"])
def test_retailers_without_requests_change_nothing(estimator, weighting, working):
    with_idle = [np.append(part, 0) for part in (ERRORS, REQUESTS)]
    found = []
    for errors, requests in ((ERRORS, REQUESTS), with_idle):
        ratio = ratio_of(errors, requests, weighting)
        found.append((ratio, uncertainty_of(ratio, requests, estimator, working)))
    (one, spread), (other, same) = found
    assert float(other.rate) == pytest.approx(float(one.rate), rel=TOLERANCE)
    assert int(other.n_units) == 4
    assert float(same.variance) == pytest.approx(float(spread.variance), rel=TOLERANCE)
    assert float(same.satterthwaite_df) == pytest.approx(float(spread.satterthwaite_df), rel=1e-10)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_many_data_sets_are_as_one_by_one(estimator, weighting):
    rng = np.random.default_rng(4)
    requests = rng.integers(1, 200, (2, 3, 6))
    errors = rng.binomial(requests, 0.2)
    ratio = ratio_of(errors, requests, weighting)
    together = uncertainty_of(ratio, requests, estimator, "requests")
    assert together.variance.shape == ratio.rate.shape == (2, 3)
    for place in np.ndindex(2, 3):
        alone = uncertainty_of(
            ratio_of(errors[place], requests[place], weighting),
            requests[place],
            estimator,
            "requests",
        )
        assert together.variance[place] == alone.variance
        assert together.satterthwaite_df[place] == alone.satterthwaite_df


def test_a_retailer_alone_has_no_shift():
    assert np.isnan(ratio_of(np.array([3]), np.array([10]), "requests").shift).all()


def test_sums_of_others():
    parts = np.array([[1.0, 1e-20, 2.0], [5.0, 0.0, 0.0]])
    assert sum_of_others(parts).tolist() == [[2.0, 3.0, 1.0], [0.0, 5.0, 5.0]]


def test_uncertainties_add():
    one = Uncertainty(np.array(1.0), np.array(2.0), np.array(4.0))
    both = one + one
    assert (float(both.variance), float(both.satterthwaite_df)) == (2.0, 2.0)
