"""Power by simulation: against the formula, and what is refused."""

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import minimal_detectable_effect, power_by_simulation

STD_ERRORS = 4

E1, N1 = [24, 12, 41, 22, 30], [120, 90, 200, 110, 170]
E0, N0 = [10, 31, 22, 14], [100, 130, 140, 80]
DATA = (E1, N1, E0, N0)


def even():
    """Ten against ten retailers whose observed spread is just what 4.5 points and chance make."""
    rng = np.random.default_rng(11)
    requests = np.full(10, 400)
    ladder = np.linspace(-1, 1, 10)
    ladder *= (0.045**2 + 0.18 * 0.82 / 400) ** 0.5 / ladder.std(ddof=1)
    errors = np.round(requests * (0.18 + ladder)).astype(int)
    return errors, requests, rng.permutation(errors), requests


@pytest.mark.parametrize("alternative", ["less", "two-sided"])
@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_even_volumes_have_the_power_of_the_formula(alternative, weighting):
    named = {"alternative": alternative, "weighting": weighting}
    effect = minimal_detectable_effect(*even(), **named).effect
    found = power_by_simulation(*even(), effect=-effect, seed=3, **named)
    # the beta distribution is a little skewed
    assert abs(found.power - 0.8) < STD_ERRORS * found.std_error + 0.01
    assert found.retailer_sd == pytest.approx((0.045, 0.045), abs=0.001)


@pytest.mark.parametrize("method", ["cluster_robust", "wild_bootstrap"])
def test_without_an_effect_it_is_the_size(method):
    found = power_by_simulation(*even(), effect=0.0, seed=5, method=method, n_draws=199)
    assert abs(found.power - 0.05) < STD_ERRORS * found.std_error + 0.005
    assert (found.n_simulations, found.seed, found.method) == (2_000, 5, method)


def test_each_group_has_its_own_spread():
    # the ladders are made so: their variance is the wanted one and what chance adds
    def made(sd):
        ladder = np.linspace(-1, 1, 10)
        ladder *= (sd**2 + 0.18 * 0.82 / 4_000) ** 0.5 / ladder.std(ddof=1)
        return np.round(4_000 * (0.18 + ladder)).astype(int), np.full(10, 4_000)

    found = power_by_simulation(*made(0.02), *made(0.06), effect=0.0, seed=1, n_simulations=10)
    assert found.retailer_sd == pytest.approx((0.02, 0.06), abs=0.001)


def test_the_wrong_direction_has_no_power():
    found = power_by_simulation(*even(), effect=0.06, alternative="less", seed=1, n_simulations=500)
    assert found.power < 0.01


def test_the_same_seed_gives_the_same_power():
    named = {"effect": 0.05, "n_simulations": 300}
    one = power_by_simulation(*DATA, **named, seed=1)
    assert power_by_simulation(*DATA, **named, seed=1) == one
    assert power_by_simulation(*DATA, **named, seed=2).power != one.power


def test_retailers_that_differ_by_chance_only_are_simulated_as_alike():
    requests = np.full(6, 100)
    errors = np.array([20, 21, 19, 20, 22, 18])
    found = power_by_simulation(
        errors, requests, errors, requests, effect=0.0, seed=1, n_simulations=1_000
    )
    assert found.retailer_sd == (0.0, 0.0)
    assert found.power < 0.1


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"method": "welch"}, "method must be"),
        ({"method": "wild_bootstrap", "alternative": "less"}, "two-sided' only"),
        ({"n_simulations": 0}, "n_simulations must be"),
        ({"effect": 0.9}, "not between 0 and 1"),
        ({"estimator": "CR0"}, "estimator must be"),
        ({"weighting": "strata"}, "weighting must be"),
        ({"level": 1.5}, "level must be"),
    ],
)
def test_arguments_out_of_range_are_refused(named, message):
    with pytest.raises(UsageError, match=message):
        power_by_simulation(*DATA, **{"effect": 0.05, "seed": 1, **named})


def test_what_cannot_be_simulated_is_refused():
    with pytest.raises(NotAnswerableError, match="all retailers have the same rate"):
        power_by_simulation([1, 1], [9, 9], [1, 1], [9, 9], effect=0.1, seed=1)
    wild = ([0, 90, 50], [100, 100, 100], [1, 95, 40], [100, 100, 100])
    with pytest.raises(NotAnswerableError, match="a smaller effect"):
        power_by_simulation(*wild, effect=-0.4, seed=1)
