"""A few retailers' effects: t, Hartung-Knapp, sign flips, doses, families."""

from itertools import combinations, permutations, product

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.few_units import dose_slope, few_units, flip_family, pool_units
from switchstats.inference.few_units.pooled import units_mean

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


def test_the_slope_is_that_of_weighted_least_squares() -> None:
    # numpy.polyfit, which scales its covariance by the residuals as here, is the outside oracle
    doses = np.array([0.0, 1.0, 2.5, 3.0, 4.5, 0.5, 2.0])
    found = dose_slope(EFFECTS, ERRORS, doses)
    pooled = pool_units(np.array(EFFECTS), np.array(ERRORS) ** 2)
    weights = pooled.weights
    line, covariance = np.polyfit(doses, EFFECTS, 1, w=np.sqrt(weights), cov=True)
    assert found.estimate == pytest.approx(line[0], abs=CLOSED_FORM)
    assert found.std_error == pytest.approx(np.sqrt(covariance[0, 0]), abs=CLOSED_FORM)
    assert (found.df, found.n_units, found.n_by_group) == (5, 7, (6, 1))
    assert found.quantities["tau"] == pooled.tau > 0


def test_twelve_retailers_of_two_doses_are_enumerated() -> None:
    # all 924 choices of the six exposed out of twelve, each with its own slope
    effects = np.round(np.random.default_rng(2).normal(-0.01, 0.02, 12), 4)
    doses = np.repeat([1.0, 0.0], 6)
    found = dose_slope(effects, np.full(12, 0.01), doses, alternative="less")
    sums = np.array([effects[list(chosen)].sum() for chosen in combinations(range(12), 6)])
    assert found.p_value == np.mean(sums <= effects[:6].sum() + 1e-12)
    assert found.seed is None


def test_twelve_different_doses_are_drawn() -> None:
    # effects in the order of the doses: of 12! ways only the actual one is as steep
    doses = np.arange(12.0)
    found = dose_slope(-0.01 * doses, np.full(12, 0.01), doses, n_draws=500, seed=3)
    assert found.p_value == 1 / 501
    assert found.seed == 3
    shuffled = np.random.default_rng(4).permutation(-0.01 * doses)
    drawn, again = (
        dose_slope(shuffled, np.full(12, 0.01), doses, n_draws=n, seed=3) for n in (2_000, 20_000)
    )
    assert abs(drawn.p_value - again.p_value) < 4 * drawn.p_std_error


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"doses": [1.0, 2.0]}, UsageError, "one dose a retailer"),
        ({"std_errors": [0.1, 0.1]}, UsageError, "one standard error"),
        ({"std_errors": [0.1, 0.0, 0.1]}, UsageError, "the errors above 0"),
        ({"doses": [1.0, np.nan, 2.0]}, UsageError, "are finite"),
        ({"doses": [1.0, 1.0, 1.0]}, NotAnswerableError, "the same dose"),
    ],
)
def test_doses_that_say_nothing_are_refused(change, error, message) -> None:
    given = {"estimates": EFFECTS[:3], "std_errors": ERRORS[:3], "doses": [0.0, 1.0, 2.0], **change}
    with pytest.raises(error, match=message):
        dose_slope(*given.values())
    with pytest.raises(NotAnswerableError, match="at least three"):
        dose_slope([0.1, 0.2], [0.1, 0.1], [0.0, 1.0])


def test_given_weights_have_the_error_of_cr2() -> None:
    # by hand: shares 1/6, 1/3, 1/2; mean -0.02; away 0.02, 0.05, -0.04;
    # (0.02/6)^2 / (5/6) + (0.05/3)^2 / (2/3) + 0.02^2 / (1/2) = 0.00123
    found = few_units([0.0, 0.03, -0.06], method="t", weights=[1, 2, 3])
    assert found.estimate == pytest.approx(-0.02, abs=CLOSED_FORM)
    assert found.std_error**2 == pytest.approx(0.00123, abs=CLOSED_FORM)
    assert found.df == 2
    # 1 / (1/36 + 1/9 + 1/4)
    assert found.n_effective == pytest.approx(36 / 14, abs=CLOSED_FORM)
    with pytest.raises(UsageError, match="one weight above 0"):
        few_units([0.0, 0.03, -0.06], method="t", weights=[1, 0, 3])
    with pytest.raises(UsageError, match="one weight above 0"):
        few_units([0.0, 0.03, -0.06], method="t", weights=[1, 2])
    with pytest.raises(NotAnswerableError, match="only one retailer"):
        few_units([0.03], method="t", weights=[2])
    with pytest.raises(NotAnswerableError, match="the same estimate"):
        few_units([0.03, 0.03], method="t", weights=[2, 1])


def test_one_retailer_is_its_own_mean() -> None:
    assert units_mean(np.array([-0.02]), np.array([0.01])) == -0.02


@pytest.mark.parametrize("variance", [0.0, -0.1, np.inf, np.nan])
def test_variances_that_weigh_nothing_are_refused(variance: float) -> None:
    with pytest.raises(UsageError, match="finite and above 0"):
        pool_units(np.array([-0.02, 0.01]), np.array([0.01, variance]))


@pytest.mark.parametrize("alternative", ["less", "greater", "two-sided"])
def test_a_family_is_adjusted_by_joint_flips(alternative: str) -> None:
    # exact enumeration with the step-down maximum, written out
    rng = np.random.default_rng(5)
    effects = rng.normal(-0.01, 0.02, (4, 6))
    weights = rng.random((4, 6))
    effects[3, 0] = np.nan
    single, adjusted = flip_family(effects, weights, alternative=alternative)
    parts = np.nan_to_num(effects) * np.where(np.isnan(effects), 0, weights)
    scaled = parts / np.sqrt((parts**2).sum(axis=1, keepdims=True))
    patterns = np.array(list(product([1, -1], repeat=6)))
    side = {"less": np.negative, "greater": np.positive, "two-sided": np.abs}[alternative]
    statistics = side(patterns @ scaled.T)
    observed = side(scaled.sum(axis=1))
    expected = [(statistics[:, s] >= observed[s] - 1e-12).mean() for s in range(4)]
    assert single.tolist() == pytest.approx(expected)
    order = np.argsort(-observed)
    running = 0.0
    for place, s in enumerate(order):
        rest = statistics[:, order[place:]].max(axis=1)
        running = max(running, (rest >= observed[s] - 1e-12).mean())
        assert adjusted[s] == pytest.approx(running)


def test_families_that_say_nothing_are_refused() -> None:
    with pytest.raises(UsageError, match="same shape"):
        flip_family(np.ones((2, 4)), np.ones((2, 3)))
    with pytest.raises(UsageError, match="same shape"):
        flip_family(np.ones(4), np.ones(4))
    with pytest.raises(UsageError, match="at most 16 retailers, not 17"):
        flip_family(np.ones((1, 17)), np.ones((1, 17)))
    with pytest.raises(NotAnswerableError, match="no effect of any retailer"):
        flip_family(np.array([[0.1, 0.2], [np.nan, np.nan]]), np.ones((2, 2)))


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
