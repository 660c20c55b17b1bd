"""The differences behind a permutation test, and power by effect, against the tests themselves."""

import numpy as np
import pytest

from switchstats.errors import UsageError
from switchstats.inference import (
    minimal_detectable_effect,
    permutation,
    permutation_distribution,
    power_curve,
)

FIRST, SECOND = [0.18, 0.168, 0.168, 0.20, 0.304], [0.211, 0.166, 0.205, 0.174]
E1, N1, E0, N0 = [3, 40, 9], [20, 500, 50], [5, 7, 30], [40, 31, 300]


def test_by_hand() -> None:
    # rates 1, 2 v 3, 4 %: the six splits differ by -2, -1, 0, 0, 1, 2 points, the actual one by -2
    shown = permutation_distribution([0.01, 0.02], [0.03, 0.04], bars=5)
    assert shown.counts == (1, 1, 2, 1, 1)
    assert shown.edges == pytest.approx(np.linspace(-0.02, 0.02, 6))
    assert (shown.n_as_low, shown.n_splits, shown.exact) == (1, 6, True)
    assert shown.observed == pytest.approx(-0.02)


@pytest.mark.parametrize(
    ("data", "weighting"),
    [((FIRST, SECOND), "equal"), ((E1, N1, E0, N0), "equal"), ((E1, N1, E0, N0), "requests")],
)
def test_its_share_is_the_p_value(data, weighting) -> None:
    shown = permutation_distribution(*data, weighting=weighting)
    tested = permutation(*data, weighting=weighting, alternative="less")
    assert shown.p_value == tested.p_value
    assert shown.observed == pytest.approx(tested.estimate, abs=1e-12)
    assert sum(shown.counts) == shown.n_splits


def test_random_splits_count_the_actual_one_and_need_a_seed() -> None:
    terms = {"max_splits": 10, "n_draws": 999}
    shown = permutation_distribution(FIRST, SECOND, seed=1, **terms)
    assert (shown.n_splits, shown.exact, shown.seed) == (1000, False, 1)
    tested = permutation(FIRST, SECOND, alternative="less", seed=1, **terms)
    # the same size of draw from the same splits: apart by chance alone, five standard errors
    error = (tested.p_value * (1 - tested.p_value) / 1000) ** 0.5
    assert abs(shown.p_value - tested.p_value) < 5 * 2**0.5 * error
    with pytest.raises(UsageError, match="seed"):
        permutation_distribution(FIRST, SECOND, **terms)
    with pytest.raises(UsageError, match="bars"):
        permutation_distribution(FIRST, SECOND, bars=2)


@pytest.mark.parametrize("alternative", ["less", "two-sided"])
def test_power_at_the_detectable_effect_is_the_one_wanted(alternative) -> None:
    found = minimal_detectable_effect(FIRST, SECOND, power=0.9, alternative=alternative)
    curve = power_curve(found)
    at = curve.effects.index(pytest.approx(found.effect))
    assert curve.power[at] == pytest.approx(0.9, abs=1e-8)  # root finding
    assert curve.power[0] == pytest.approx(0.05)
    assert list(curve.power) == sorted(curve.power)


def test_effects_rise_from_0() -> None:
    found = minimal_detectable_effect(FIRST, SECOND)
    for effects in ([-0.01], [0.02, 0.01], []):
        with pytest.raises(UsageError, match="effects"):
            power_curve(found, effects)
    equal = minimal_detectable_effect(FIRST, SECOND, alternative="equivalence")
    with pytest.raises(UsageError, match="equivalence"):
        power_curve(equal)
