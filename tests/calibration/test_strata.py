"""Size of comparisons within strata where nothing is going on, by retailers and by requests.

Retailers whose rates spread by 4.5 points around 18 % in six strata, with log-normal volumes
(standard deviation of the log 1.5). With retailers as units the t test is conservative where few
retailers have most of the requests, and near its 5 % elsewhere; with requests as units it finds a
difference nearly always.
"""

import numpy as np
import pytest

from switchstats.inference.stratified import cmh_p_values, mantel_haenszel_p_values
from switchstats.inference.stratified.breslow_day import breslow_day_p_values
from switchstats.inference.stratified.score import stratified_miettinen_nurminen_p_values

SEED = 20231019
RUNS = 1_000
ALPHA = 0.05
MEAN, SD, LOG_SD = 0.18, 0.045, 1.5
N_STRATA = 6
STD_ERRORS = 3


def data_sets(n_first, n_second):
    rng = np.random.default_rng(SEED)
    n = n_first + n_second
    volume = 300 * np.exp(rng.normal(0, LOG_SD, (RUNS, 1, n)))
    requests = rng.poisson(volume * rng.dirichlet(np.full(N_STRATA, 8.0), (RUNS, n)).swapaxes(1, 2))
    level = MEAN + rng.normal(0, 0.03, (RUNS, N_STRATA, 1))
    rate = np.clip(level + rng.normal(0, SD, (RUNS, 1, n)), 0.001, 0.999)
    return rng.binomial(requests, rate), requests, np.arange(n) < n_first


@pytest.mark.parametrize("groups", [(10, 10), (10, 100), (3, 7)])
def test_retailers_as_units_hold_the_size_and_requests_do_not(groups):
    errors, requests, first = data_sets(*groups)
    most = ALPHA + STD_ERRORS * (ALPHA * (1 - ALPHA) / RUNS) ** 0.5
    for scale in ("difference", "odds_ratio", "risk_ratio"):
        p_values = mantel_haenszel_p_values(errors, requests, first, scale=scale)
        assert 0.005 < np.mean(p_values <= ALPHA) < most
    assert np.mean(cmh_p_values(errors, requests, first) <= ALPHA) < most
    for naive in (cmh_p_values, mantel_haenszel_p_values):
        assert np.mean(naive(errors, requests, first, units="requests") <= ALPHA) > 0.5


@pytest.mark.parametrize("groups", [(10, 10), (10, 100), (3, 7)])
def test_design_effects_hold_the_size_of_the_score_test_and_of_homogeneity(groups):
    errors, requests, first = data_sets(*groups)
    score = stratified_miettinen_nurminen_p_values(errors, requests, first)
    homogeneity = breslow_day_p_values(errors, requests, first)
    most = ALPHA + STD_ERRORS * (ALPHA * (1 - ALPHA) / RUNS) ** 0.5
    assert 0.005 < np.mean(score <= ALPHA) < most
    assert np.mean(homogeneity <= ALPHA) < most
    assert np.mean(homogeneity <= 0.5) > 0.02
    naive = breslow_day_p_values(errors, requests, first, units="requests")
    assert np.mean(naive <= ALPHA) > most


def test_homogeneity_is_found_wanting_where_areas_differ():
    # the first group's rates are moved by 5 points up or down, by stratum, with even volumes
    rng = np.random.default_rng(SEED)
    runs, first = 200, np.arange(20) < 10
    requests = rng.poisson(300.0, (runs, N_STRATA, 20))
    moved = rng.normal(0, 0.05, (runs, N_STRATA, 1)) * first
    rate = np.clip(MEAN + moved + rng.normal(0, SD, (runs, 1, 20)), 0.001, 0.999)
    errors = rng.binomial(requests, rate)
    assert np.mean(breslow_day_p_values(errors, requests, first) <= ALPHA) > 0.6
