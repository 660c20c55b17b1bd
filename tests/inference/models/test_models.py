"""Models of how retailers vary: what they estimate, take and refuse."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import betabinom, chi2

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import (
    beta_binomial,
    fit_beta_binomial,
    fit_mixed_logit,
    mixed_logit,
    pooled_z,
    random_effects,
    welch,
)
from switchstats.inference.models.beta_binomial import beta_binomial_p_values
from switchstats.inference.models.mixed_logit import mixed_logit_p_values
from switchstats.inference.models.random_effects import random_effects_p_values
from switchstats.labels import Text, text
from switchstats.values import Counts, Retailer

E1, N1 = [18, 95, 20, 61], [200, 350, 120, 260]
E0, N0 = [30, 22, 41, 80, 9], [210, 200, 300, 330, 90]
DATA = E1, N1, E0, N0
TOLERANCE = 1e-6


@pytest.mark.parametrize("test", [beta_binomial, mixed_logit, random_effects])
def test_what_every_model_says(test):
    result = test(*DATA)
    assert result.units == "retailers"
    assert (result.n_units, result.n_by_group) == (9, (4, 5))
    assert result.interval.contains(result.estimate)
    assert 0 < result.quantities["rate_first"] < 1
    gap = result.quantities["rate_first"] - result.quantities["rate_second"]
    assert math.copysign(1, gap) == math.copysign(1, result.estimate)


@pytest.mark.parametrize("test", [beta_binomial, mixed_logit])
def test_retailers_that_do_not_vary_leave_independent_requests(test):
    # the same rate throughout each group: the odds by hand. The ratio stays below the binomial
    # one, since without a difference the retailers of both groups together do vary
    result = test([10, 20, 30], [100, 200, 300], [20, 40, 30], [100, 200, 150])

    def log_likelihood(e, n, p):
        return e * math.log(p) + (n - e) * math.log(1 - p)

    ratio = 2 * (
        log_likelihood(60, 600, 0.1)
        + log_likelihood(90, 450, 0.2)
        - log_likelihood(150, 1050, 150 / 1050)
    )
    assert result.estimate == pytest.approx(math.log(0.1 / 0.9 / (0.2 / 0.8)), rel=TOLERANCE)
    assert 0 < result.statistic < ratio
    assert result.p_value > pooled_z(60, 600, 90, 450).p_value


def test_random_effects_of_even_large_retailers_is_nearly_welch():
    # a million requests each: chance is nothing beside the spread between retailers
    million = 10**6
    rates = [0.18, 0.20, 0.22, 0.20], [0.15, 0.17, 0.13]
    counted = [[round(rate * million) for rate in group] for group in rates]
    ours = random_effects(counted[0], [million] * 4, counted[1], [million] * 3)
    theirs = welch(*rates)
    assert ours.estimate == pytest.approx(theirs.estimate, rel=1e-4)
    assert ours.p_value == pytest.approx(theirs.p_value, rel=1e-3)


@pytest.mark.parametrize("test", [beta_binomial, mixed_logit])
def test_a_group_without_errors_has_one_finite_end(test):
    result = test([0, 0, 0], [30, 40, 20], [5, 9, 4], [40, 60, 30])
    assert result.estimate == -math.inf
    assert result.interval.low is None
    assert math.isfinite(result.interval.high)
    assert result.p_value < 0.05
    said = text("inference.group_ended_alike")
    assert said in result.notes
    assert said not in test(*DATA).notes


@pytest.mark.parametrize("test", [beta_binomial, mixed_logit])
def test_what_nothing_can_answer_is_refused_by_name(test):
    with pytest.raises(NotAnswerableError, match="all requests ended alike"):
        test([0, 0], [10, 20], [0, 0], [10, 20])
    with pytest.raises(NotAnswerableError, match="single retailer"):
        test([3], [10], [4], [20])
    with pytest.raises(NotAnswerableError, match=r"no requests|has 0 retailer"):
        test([], [], [4, 5], [20, 20])


def test_options_that_do_not_exist_are_refused():
    for call in (
        lambda: beta_binomial(*DATA, dispersion="none"),
        lambda: beta_binomial(*DATA, reference="z"),
        lambda: beta_binomial(*DATA, retailer_intercept=True),
        lambda: mixed_logit(*DATA, n_quadrature=0),
        lambda: random_effects(*DATA, method="dersimonian"),
    ):
        with pytest.raises(UsageError):
            call()
    with pytest.raises(NotAnswerableError, match=r"dispersion|spread|retailer"):
        beta_binomial([3], [10], [4, 5, 6], [20, 30, 25], dispersion="by_group")


@pytest.mark.parametrize(
    ("errors", "requests", "design", "cluster", "message"),
    [
        ([2, 9], [50, 60], [[1.0]], [1, 2], "as many as cells"),
        ([2, 9, 1], [50, 60], [[1.0]] * 3, [1, 2, 3], "as many as cells"),
        ([2, 9], [50, 60, 70], [[1.0]] * 2, [1, 2], "as many as cells"),
        ([2, 61], [50, 60], [[1.0]] * 2, [1, 2], "errors at most the requests"),
        ([-1, 9], [50, 60], [[1.0]] * 2, [1, 2], "errors at most the requests"),
        ([2, 9.5], [50, 60], [[1.0]] * 2, [1, 2], "whole numbers"),
        ([2, 9], [50, 60.5], [[1.0]] * 2, [1, 2], "whole numbers"),
        ([2, 9], [50, math.inf], [[1.0]] * 2, [1, 2], "whole numbers"),
        ([2, 9, 4], [50, 60, 9], [[1.0, 2.0]] * 3, [1, 2, 3], "follows from the others"),
        ([2, 9], [50, 60], [[1.0], [math.nan]], [1, 2], "misses a number"),
        ([2, 9], [50, 60], [[1.0]] * 2, [1, 2, 3], "one cluster for each cell"),
    ],
)
def test_what_no_regression_can_mean_is_refused(errors, requests, design, cluster, message):
    for fit in (fit_mixed_logit, fit_beta_binomial):
        with pytest.raises(UsageError, match=message):
            fit(errors, requests, design, cluster=cluster)


def test_a_column_whose_requests_ended_alike_has_no_coefficient():
    design = [[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]]
    with pytest.raises(NotAnswerableError, match="grows without end"):
        fit_beta_binomial([5, 8, 0, 0], [40, 50, 60, 30], design)


@pytest.mark.parametrize(
    ("data", "named", "error", "message"),
    [
        (DATA, {"heterogeneity": "none"}, UsageError, "heterogeneity must be"),
        (DATA, {"scale": "ratio"}, UsageError, "scale must be"),
        (
            ([3], [10], [4], [20]),
            {"heterogeneity": "common"},
            NotAnswerableError,
            "single retailer",
        ),
        (([3], [10], [4, 5], [20, 20]), {}, NotAnswerableError, r"1 retailer\(s\)"),
        (
            ([0, 0], [10, 20], [4, 5], [20, 20]),
            {},
            NotAnswerableError,
            "group incumbent ended alike",
        ),
        (([4, 5], [20, 20], [9, 7], [9, 7]), {}, NotAnswerableError, "group entrant ended alike"),
        (
            ([0, 3], [10, 20], [4, 5], [20, 20]),
            {"scale": "log_odds_ratio"},
            NotAnswerableError,
            "no finite log-odds",
        ),
        (
            ([2, 3], [10, 20], [20, 5], [20, 20]),
            {"scale": "log_odds_ratio"},
            NotAnswerableError,
            "no finite log-odds",
        ),
    ],
)
def test_what_random_effects_cannot_answer(data, named, error, message):
    with pytest.raises(error, match=message):
        random_effects(*data, **named)


def test_retailers_of_all_errors_or_none_are_surely_correlated():
    # scipy's beta-binomial and a scalar search are the outside oracle: one correlation, a mean for
    # each group, 1 of 3 and 2 of 3 retailers with errors only; at correlation 1 each retailer is
    # one toss, and the two groups' likelihoods are alike
    found = beta_binomial([0, 10, 0], [10] * 3, [10, 0, 10], [10] * 3)
    name = "intra_retailer_correlation"
    assert found.quantities[name] == pytest.approx(1)
    assert found.quantities[f"{name}_high"] == 1

    def lost(correlation):
        size = (1 - correlation) / correlation

        def less(mean):
            parts = betabinom.logpmf([0, 10, 0], 10, mean * size, (1 - mean) * size)
            return -parts.sum()

        best = -minimize_scalar(less, bounds=(0.01, 0.99), options={"xatol": 1e-12}).fun
        return 2 * 2 * (math.log(1 / 3) + 2 * math.log(2 / 3) - best)

    low = brentq(lambda correlation: lost(correlation) - chi2.ppf(0.95, 1), 0.05, 0.999)
    assert found.quantities[f"{name}_low"] == pytest.approx(low, abs=1e-5)
    assert found.quantities[f"{name}_p_value"] < 1e-10


@pytest.mark.parametrize("test", [beta_binomial, mixed_logit])
def test_one_coefficient_is_one_degree_of_freedom(test):
    # Wilks: the null fixes one coefficient; scipy's chi-squared is the outside oracle
    result = test(*DATA)
    assert result.df == 1
    assert result.p_value == pytest.approx(chi2.sf(result.statistic, 1), rel=1e-9)


def test_t_is_more_careful_than_chi_squared():
    for test in (beta_binomial, mixed_logit):
        plain, careful = test(*DATA), test(*DATA, reference="t")
        assert careful.statistic == plain.statistic
        assert careful.p_value > plain.p_value
        assert careful.interval.low < plain.interval.low
        assert "large_sample_ratio" in {caution.code for caution in plain.cautions}
        assert "large_sample_ratio" not in {caution.code for caution in careful.cautions}


def panel() -> Counts:
    rng = np.random.default_rng(2)
    names = [f"{side}{place}" for side in "ie" for place in range(6)]
    rows = []
    for name in names:
        own = rng.normal(-1.4, 0.4)
        for month in range(1, 5):
            requests = int(rng.integers(40, 300))
            rate = 1 / (1 + math.exp(-own - 0.1 * month))
            rows.append(
                {
                    "retailer": name,
                    "period_start": f"2023-0{month}-01",
                    "period_end": f"2023-0{month + 1}-01",
                    "requests": requests,
                    "errors": int(rng.binomial(requests, rate)),
                }
            )
    group = {"i": "incumbent", "e": "entrant"}
    return Counts.of(
        pd.DataFrame(rows), [Retailer(name, Text(name, name), group[name[0]]) for name in names]
    )


def test_months_are_strata_and_retailers_stay_the_units():
    counts = panel()
    alone = beta_binomial(counts, by="period")
    assert "cells_as_units" in {caution.code for caution in alone.cautions}
    for result in (
        mixed_logit(counts, by="period"),
        beta_binomial(counts, by="period", retailer_intercept=True),
    ):
        assert result.n_by_group == (6, 6)
        assert "cells_as_units" not in {caution.code for caution in result.cautions}
        # retailers differ by .4 on the logit scale, which cells as units overlook
        assert result.quantities["retailer_sd"] == pytest.approx(0.4, abs=0.15)
        assert result.std_error > 1.2 * alone.std_error


def test_more_nodes_settle_the_integral():
    counts = panel()
    estimates = [mixed_logit(counts, by="period", n_quadrature=n).estimate for n in (1, 15, 30)]
    assert abs(estimates[0] - estimates[2]) < 1e-3
    assert estimates[1] == pytest.approx(estimates[2], abs=TOLERANCE)


def test_a_design_gives_the_same_fit_as_the_test():
    design = np.column_stack([np.ones(9), np.arange(9) < 4])
    cells = np.array(E1 + E0), np.array(N1 + N0), design
    plain = fit_beta_binomial(*cells)
    assert plain.coefficients[1] == pytest.approx(beta_binomial(*DATA).estimate, abs=TOLERANCE)
    mixed = fit_mixed_logit(*cells, np.arange(9))
    assert mixed.coefficients[1] == pytest.approx(mixed_logit(*DATA).estimate, abs=TOLERANCE)
    assert mixed.intercept_sd > 0


@pytest.mark.parametrize(
    ("test", "p_values", "options"),
    [
        (beta_binomial, beta_binomial_p_values, {}),
        (beta_binomial, beta_binomial_p_values, {"reference": "t"}),
        (beta_binomial, beta_binomial_p_values, {"dispersion": "by_group"}),
        (mixed_logit, mixed_logit_p_values, {"n_quadrature": 15}),
        (random_effects, random_effects_p_values, {}),
        (random_effects, random_effects_p_values, {"method": "reml", "heterogeneity": "common"}),
    ],
)
def test_many_data_sets_at_once_are_tested_like_one(test, p_values, options):
    rng = np.random.default_rng(6)
    requests = rng.integers(20, 400, (8, 9))
    errors = rng.binomial(requests, rng.beta(6, 24, (8, 9)))
    first = np.arange(9) < 4
    together = p_values(errors, requests, first, **options)
    for one, e, n in zip(together, errors, requests, strict=True):
        alone = test(e[first], n[first], e[~first], n[~first], **options).p_value
        assert one == pytest.approx(alone, rel=1e-5, abs=1e-9)
