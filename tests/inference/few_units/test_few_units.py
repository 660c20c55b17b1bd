"""A few retailers' effects: t, Hartung-Knapp, sign flips, doses, families."""

from itertools import permutations, product

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.few_units import dose_slope, few_units, flip_family, pool_units

CLOSED_FORM = 1e-12
EFFECTS = [-0.021, 0.004, -0.013, -0.030, -0.008, 0.011, -0.017]
ERRORS = [0.006, 0.004, 0.009, 0.011, 0.005, 0.007, 0.020]
WEIGHTS = 1 / np.array(ERRORS) ** 2


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_equal_weights_are_the_one_sample_t_test(alternative: str) -> None:
    # scipy.stats.ttest_1samp is the outside oracle
    ours = few_units(EFFECTS, method="t", alternative=alternative, null=0.002)
    theirs = ttest_1samp(EFFECTS, 0.002, alternative=alternative)
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=CLOSED_FORM)
    low, high = theirs.confidence_interval(0.95)
    for end, expected in ((ours.interval.low, low), (ours.interval.high, high)):
        assert (end is None) == (not np.isfinite(expected))
        if end is not None:
            assert end == pytest.approx(expected, abs=CLOSED_FORM)


def test_the_result_names_the_weights_that_were_used() -> None:
    # by definition: t weighs all alike or by the weights handed over, the others by precision
    assert few_units(EFFECTS, method="t").weighting == "equal"
    assert few_units(EFFECTS, ERRORS, method="t").weighting == "equal"
    assert few_units(EFFECTS, method="t", weights=WEIGHTS).weighting == "requests"
    assert few_units(EFFECTS, ERRORS).weighting == "precision"
    assert few_units(EFFECTS, ERRORS, method="sign_flips").weighting == "precision"


def test_hartung_knapp_against_metafor() -> None:
    # R 4.2.2, metafor 3.8.1: rma(yi, sei=ERRORS, method="PM", test="knha") on these data; script
    # tests/oracle/few_units.R, its numbers in few_units.csv
    from pathlib import Path

    rows = (Path(__file__).parents[2] / "oracle" / "few_units.csv").read_text().splitlines()
    expected = {name: float(value) for name, value in (row.split(",") for row in rows[1:])}
    ours = few_units(EFFECTS, ERRORS)
    # metafor finds tau² by a root search to 1e-10 as the script asks
    assert ours.estimate == pytest.approx(expected["estimate"], abs=1e-9)
    assert ours.std_error == pytest.approx(expected["std_error"], abs=1e-9)
    assert ours.p_value == pytest.approx(expected["p_value"], abs=1e-7)
    assert ours.quantities["tau"] ** 2 == pytest.approx(expected["tau2"], abs=1e-9)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("null", [0.0, -0.012, 0.006])
def test_sign_flips_are_counted_by_hand(alternative: str, null: float) -> None:
    # exact enumeration of the 128 patterns, independent of the code under test
    ours = few_units(EFFECTS, ERRORS, method="sign_flips", alternative=alternative, null=null)
    weights = pool_units(np.array(EFFECTS), np.array(ERRORS) ** 2).weights
    away = weights * (np.array(EFFECTS) - null)
    sums = np.array([np.dot(signs, away) for signs in product([1, -1], repeat=7)])
    observed = away.sum()
    extreme = {
        "less": sums <= observed + 1e-15,
        "greater": sums >= observed - 1e-15,
        "two-sided": np.abs(sums) >= abs(observed) - 1e-15,
    }[alternative]
    assert ours.p_value == extreme.mean()


@pytest.mark.parametrize("method", ["t", "hartung_knapp", "sign_flips"])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_a_value_is_in_the_interval_when_it_is_not_rejected(
    method: str, alternative: str, level: float
) -> None:
    kept = {"method": method, "alternative": alternative, "level": level}
    errors = None if method == "t" else ERRORS
    interval = few_units(EFFECTS, errors, **kept).interval
    for null in np.linspace(-0.06, 0.05, 111):
        rejected = few_units(EFFECTS, errors, null=float(null), **kept).p_value <= 1 - level + 1e-12
        assert interval.contains(float(null)) == (not rejected)


def test_sign_flips_cannot_go_below_their_floor() -> None:
    effects = [-0.02] * 3 + [-0.01] * 4
    one_sided = few_units(effects, method="sign_flips", alternative="less")
    assert one_sided.p_value == 1 / 128
    assert few_units(effects, method="sign_flips").p_value == 1 / 64
    assert few_units(effects, method="sign_flips", level=0.995).interval.low is None


def test_swapping_the_sign_swaps_the_tails() -> None:
    for method in ("t", "hartung_knapp", "sign_flips"):
        errors = None if method == "t" else ERRORS
        one = few_units(EFFECTS, errors, method=method, alternative="less")
        other = few_units([-x for x in EFFECTS], errors, method=method, alternative="greater")
        assert other.p_value == pytest.approx(one.p_value, abs=CLOSED_FORM)
        assert other.estimate == pytest.approx(-one.estimate, abs=CLOSED_FORM)


def test_a_shared_error_is_added_and_an_own_one_is_not() -> None:
    # common[i, g]: what comparison retailer g adds to retailer i's effect
    effects, variances = np.array(EFFECTS), np.array(ERRORS) ** 2
    alone = pool_units(effects, variances)
    shared = pool_units(effects, variances, np.full((7, 1), 0.01))
    own = pool_units(effects, variances, np.diag(np.full(7, 0.01)))
    # (sum w c)^2 = 0.0001 as weights sum to 1, less sum w^2 c^2
    expected = alone.std_error**2 + 0.0001 - 0.0001 * np.sum(alone.weights**2)
    assert shared.std_error == pytest.approx(np.sqrt(expected), abs=CLOSED_FORM)
    assert own.std_error == pytest.approx(alone.std_error, abs=CLOSED_FORM)


def test_refusals() -> None:
    with pytest.raises(NotAnswerableError, match="at least two"):
        few_units([-0.01], [0.01])
    with pytest.raises(NotAnswerableError, match="same estimate"):
        few_units([-0.01, -0.01, -0.01], method="t")
    with pytest.raises(UsageError, match="needs std_errors"):
        few_units(EFFECTS)
    with pytest.raises(UsageError, match="finite"):
        few_units([float("nan"), 0.1], method="t")
    with pytest.raises(UsageError, match="method"):
        few_units(EFFECTS, ERRORS, method="z")
    with pytest.raises(UsageError, match="weights go with"):
        few_units(EFFECTS, ERRORS, weights=ERRORS)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("null", [0.0, -0.004])
def test_doses_are_handed_out_in_every_way(alternative: str, null: float) -> None:
    # exact enumeration of the 120 distinct ways of 5 different doses, weighted slope by hand
    effects, errors = np.array(EFFECTS[:5]), np.array(ERRORS[:5])
    doses = np.array([0.0, 1.0, 2.5, 3.0, 4.5])
    ours = dose_slope(effects, errors, doses, alternative=alternative, null=null)
    weights = pool_units(effects, errors**2).weights
    left = effects - null * doses
    left = weights * (left - weights @ left)
    sums = np.array([left @ np.array(way) for way in permutations(doses)])
    observed = left @ doses
    extreme = {
        "less": sums <= observed + 1e-15,
        "greater": sums >= observed - 1e-15,
        "two-sided": np.abs(sums) >= abs(observed) - 1e-15,
    }[alternative]
    assert ours.p_value == pytest.approx(extreme.mean(), abs=CLOSED_FORM)


def test_one_dose_is_exposed_against_unexposed() -> None:
    # 7 of 10 retailers: 120 choices, the actual one the most extreme
    effects = [-0.03, -0.02, -0.04, -0.03, -0.02, -0.05, -0.03, 0.01, 0.0, 0.02]
    found = dose_slope(effects, [0.01] * 10, [1.0] * 7 + [0.0] * 3, alternative="less")
    assert found.p_value == pytest.approx(1 / 120)


def test_a_family_is_adjusted_by_joint_flips() -> None:
    # exact enumeration with the step-down maximum, written out
    rng = np.random.default_rng(5)
    effects = rng.normal(-0.01, 0.02, (4, 6))
    weights = rng.random((4, 6))
    effects[3, 0] = np.nan
    single, adjusted = flip_family(effects, weights)
    parts = np.nan_to_num(effects) * np.where(np.isnan(effects), 0, weights)
    scaled = parts / np.sqrt((parts**2).sum(axis=1, keepdims=True))
    patterns = np.array(list(product([1, -1], repeat=6)))
    statistics = -(patterns @ scaled.T)
    observed = -scaled.sum(axis=1)
    expected = [(statistics[:, s] >= observed[s] - 1e-12).mean() for s in range(4)]
    assert single.tolist() == pytest.approx(expected)
    order = np.argsort(-observed)
    running = 0.0
    for place, s in enumerate(order):
        rest = statistics[:, order[place:]].max(axis=1)
        running = max(running, (rest >= observed[s] - 1e-12).mean())
        assert adjusted[s] == pytest.approx(running)


def test_a_true_null_is_rejected_no_more_often_than_the_level_says() -> None:
    """7 retailers, unequal errors: size at 5 % within Monte Carlo error (3 standard errors)."""
    rng = np.random.default_rng(6)
    n = 4000
    allowed = 0.05 + 3 * np.sqrt(0.05 * 0.95 / n)
    draws = rng.normal(0, ERRORS, (n, 7))
    flips = np.mean(
        [
            few_units(d, ERRORS, method="sign_flips", alternative="less").p_value <= 0.05
            for d in draws
        ]
    )
    assert 0.02 <= flips <= allowed
    knapp = np.mean([few_units(d, ERRORS, alternative="less").p_value <= 0.05 for d in draws])
    assert knapp <= allowed + 0.01  # rough with weights this uneven, see the docstring
