"""Size and power of tests with retailers as clusters, beside an independent simulation.

Ten against ten retailers whose true rates spread by 4.5 points around 18 %, with log-normal volumes
(standard deviation of the log 1.5). The shares are those of 1,500 runs made with other software:
rejections at a nominal 5 % when the groups do not differ, and when the first is lower by 6 points.
"""

from functools import partial

import numpy as np
import pytest

from switchstats.inference.clustered import Dyads, cluster_robust_p_values, multiway_p_values
from switchstats.inference.resampled import retailer_bootstrap_p_values
from switchstats.inference.wild import wild_bootstrap_p_values

SEED = 20231019
RUNS, THEIR_RUNS = 4_000, 1_500
MEAN, SD, GAP, K = 0.18, 0.045, 0.06, 10
MEDIAN_VOLUME, SD_OF_LOG = 1_000, 1.5
FIRST = np.arange(2 * K) < K
NOMINAL = 0.05
STD_ERRORS = 3.5

WILD = {"weights": "webb", "seed": 1, "n_draws": 499}
TESTS = {
    "CR1": (partial(cluster_robust_p_values, estimator="CR1"), 0.19, None),
    "CR2": (partial(cluster_robust_p_values, estimator="CR2"), 0.07, 0.47),
    "CR3": (partial(cluster_robust_p_values, estimator="CR3"), 0.05, 0.43),
    "wild": (partial(wild_bootstrap_p_values, **WILD), 0.07, 0.50),
    "equal CR2": (partial(cluster_robust_p_values, weighting="equal"), 0.04, 0.78),
}


def data_sets(gap):
    rng = np.random.default_rng(SEED)
    shape = (RUNS, 2 * K)
    requests = np.maximum(rng.lognormal(np.log(MEDIAN_VOLUME), SD_OF_LOG, shape), 1).astype(int)
    mean = np.where(FIRST, MEAN - gap, MEAN)
    size = mean * (1 - mean) / SD**2 - 1
    return rng.binomial(requests, rng.beta(mean * size, (1 - mean) * size, shape)), requests


DATA = {gap: data_sets(gap) for gap in (0.0, GAP)}


def rejections(test, gap):
    return np.mean(test(*DATA[gap], FIRST) <= NOMINAL)


def near(ours, theirs):
    error = (theirs * (1 - theirs) * (1 / RUNS + 1 / THEIR_RUNS)) ** 0.5
    # their shares are rounded to hundredths
    return abs(ours - theirs) < STD_ERRORS * error + 0.005


@pytest.mark.parametrize("name", TESTS)
def test_size_and_power_are_those_of_another_simulation(name):
    test, size, power = TESTS[name]
    assert near(rejections(test, 0.0), size)
    assert power is None or near(rejections(test, GAP), power)


def test_the_retailer_bootstrap_nearly_holds_its_size():
    size = rejections(partial(retailer_bootstrap_p_values, seed=1, n_draws=499), 0.0)
    assert 0.04 < size < 0.075
    equal = partial(retailer_bootstrap_p_values, seed=1, n_draws=499, weighting="equal")
    assert 0.03 < rejections(equal, 0.0) < 0.06


@pytest.mark.parametrize("shared_by", ["two-way", "dyadic"])
def test_groups_with_different_losing_retailers_need_both_clusterings(shared_by):
    # losing retailers differ by 5 points, and each group gains mostly from its own half of them
    rng = np.random.default_rng(SEED)
    runs, n_losing = 600, 10
    gaining, losing = (part.ravel() for part in np.meshgrid(np.arange(2 * K), np.arange(n_losing)))
    first = gaining < K
    own = first == (losing < n_losing / 2)
    requests = rng.poisson(np.where(own, 300, 6), (runs, gaining.size)) + 1
    rates = MEAN + rng.normal(0, 0.03, (runs, 2 * K))[:, gaining]
    rates += rng.normal(0, 0.05, (runs, n_losing))[:, losing]
    errors = rng.binomial(requests, np.clip(rates, 0.005, 0.995))
    both = multiway_p_values(
        Dyads(errors, requests, first, gaining, losing + 2 * K), shared_by=shared_by
    )
    whole = [
        np.stack([part[:, gaining == one].sum(axis=1) for one in range(2 * K)], axis=1)
        for part in (errors, requests)
    ]
    one = cluster_robust_p_values(*whole, FIRST)
    assert np.mean(one <= NOMINAL) > 0.2
    assert np.mean(both <= NOMINAL) < NOMINAL + STD_ERRORS * (0.0475 / runs) ** 0.5
