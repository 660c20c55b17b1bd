"""The minimal detectable effect: its definition, its symmetries and its limits."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import (
    cluster_robust,
    equivalence,
    minimal_detectable_effect,
    smallest_margin,
    welch,
)
from switchstats.inference.power import detectable_shift, power_of_t
from switchstats.inference.question import Question

# scipy's noncentral t is good to some 1e-11 where it is not in the far tail.
TOLERANCE = 1e-9

FIRST = [0.180, 0.168, 0.200, 0.304, 0.205, 0.173]
SECOND = [0.211, 0.166, 0.205, 0.174, 0.147, 0.100, 0.163]


def test_the_test_has_the_wanted_power_at_the_effect():
    found = minimal_detectable_effect(FIRST, SECOND, power=0.9, alternative="less", level=0.975)
    spread = welch(FIRST, SECOND)
    assert (found.std_error, found.df) == (spread.std_error, spread.df)
    critical = stats.t.ppf(0.975, spread.df)
    power = stats.nct.sf(critical, spread.df, found.effect / spread.std_error)
    assert power == pytest.approx(0.9, abs=TOLERANCE)


def test_the_result_carries_what_it_depends_on():
    found = minimal_detectable_effect(FIRST, SECOND)
    assert (found.power, found.level, found.alternative, found.method) == (
        0.8,
        0.95,
        "less",
        "welch",
    )
    assert found.n_by_group == (6, 7)
    assert found.to_dict() == {
        "effect": found.effect,
        "power": 0.8,
        "level": 0.95,
        "alternative": "less",
        "method": "welch",
        "weighting": "equal",
        "n_by_group": [6, 7],
        "std_error": found.std_error,
        "df": found.df,
    }


def test_directions_are_alike_and_two_sides_cost_more():
    effects = {
        alternative: minimal_detectable_effect(FIRST, SECOND, alternative=alternative).effect
        for alternative in ("less", "greater", "two-sided")
    }
    assert effects["less"] == effects["greater"] < effects["two-sided"]


def test_only_the_spread_counts():
    effect = minimal_detectable_effect(FIRST, SECOND).effect
    moved = minimal_detectable_effect(np.array(FIRST) + 0.3, SECOND).effect
    swapped = minimal_detectable_effect(SECOND, FIRST).effect
    doubled = minimal_detectable_effect(2 * np.array(FIRST), 2 * np.array(SECOND)).effect
    assert moved == pytest.approx(effect, rel=TOLERANCE)
    assert swapped == pytest.approx(effect, rel=TOLERANCE)
    assert doubled == pytest.approx(2 * effect, rel=TOLERANCE)


@pytest.mark.parametrize(
    ("df", "level", "power"), list(product([1, 2.5, 18, 700], [0.51, 0.95, 0.9999], [0.6, 0.9999]))
)
def test_extreme_questions_are_answered_too(df, level, power):
    for alternative in ("less", "two-sided"):
        question = Question(alternative, 0.0, level)
        shift = detectable_shift(question, df, power)
        assert power_of_t(shift, df, question) == pytest.approx(power, abs=TOLERANCE)


def test_power_without_an_effect_is_the_size():
    for alternative in ("less", "two-sided"):
        assert power_of_t(0.0, 17.8, Question(alternative, 0.0, 0.95)) == pytest.approx(0.05)


@pytest.mark.parametrize("shift", [5.0, 30.0, 37.0, 38.0, 100.0, 1e5])
def test_power_far_out_is_1(shift):
    # scipy returns NaN for some of these tails.
    assert power_of_t(shift, 18.0, Question("two-sided", 0.0, 0.95)) == pytest.approx(1, abs=1e-2)


@pytest.mark.parametrize("power", [0.05, 0.0, -1, 1, 0.99999, 80, float("nan")])
def test_a_power_out_of_range_is_refused(power):
    with pytest.raises(UsageError, match=r"power must be above 1 - level = 0\.05"):
        minimal_detectable_effect(FIRST, SECOND, power=power)


def test_rates_that_do_not_vary_have_no_detectable_effect():
    with pytest.raises(NotAnswerableError, match="minimal detectable effect is not answerable"):
        minimal_detectable_effect([0.1, 0.1], [0.2, 0.2])


def test_single_retailers_have_no_detectable_effect():
    with pytest.raises(NotAnswerableError, match="minimal detectable effect is not answerable"):
        minimal_detectable_effect([0.1], SECOND)


COUNTED = ([12, 30, 7, 55], [100, 150, 40, 400], [5, 60, 11, 20], [60, 300, 70, 90])


@pytest.mark.parametrize("named", [{}, {"estimator": "CR3"}, {"weighting": "equal"}])
def test_requests_and_errors_have_the_clustered_standard_error(named):
    found = minimal_detectable_effect(*COUNTED, **named)
    spread = cluster_robust(*COUNTED, **named)
    assert (found.method, found.n_by_group) == ("cluster_robust", (4, 4))
    assert (found.std_error, found.df) == pytest.approx((spread.std_error, spread.df))
    assert found.weighting == named.get("weighting", "requests")
    critical = stats.t.ppf(0.95, spread.df)
    power = stats.nct.sf(critical, spread.df, found.effect / spread.std_error)
    assert power == pytest.approx(0.8, abs=TOLERANCE)


def test_requests_and_errors_may_be_compared_by_their_rates():
    e1, n1, e0, n0 = (np.array(part) for part in COUNTED)
    counted = minimal_detectable_effect(*COUNTED, method="welch")
    assert counted.effect == pytest.approx(minimal_detectable_effect(e1 / n1, e0 / n0).effect)


def test_equivalence_asks_for_both_sides():
    one = minimal_detectable_effect(*COUNTED, power=0.9)
    both = minimal_detectable_effect(*COUNTED, power=0.8, alternative="equivalence")
    assert both.effect == pytest.approx(one.effect, rel=TOLERANCE)
    # with this margin, equal groups of this spread succeed four times in five
    rng = np.random.default_rng(2)
    ladder = np.linspace(-0.06, 0.06, 10)
    margin = minimal_detectable_effect(ladder, ladder, alternative="equivalence").effect
    sd = ladder.std(ddof=1)
    runs = 1_500
    succeeded = 0
    for _ in range(runs):
        first, second = rng.normal(0, sd, (2, 10))
        result = equivalence(first, second, margin, method="welch")
        succeeded += smallest_margin(result) < margin
    assert abs(succeeded / runs - 0.8) < 4 * (0.16 / runs) ** 0.5


@pytest.mark.parametrize(
    ("data", "named", "message"),
    [
        ((FIRST, SECOND), {"method": "cluster_robust"}, "rates alone do not tell"),
        (COUNTED, {"method": "permutation"}, "'welch' or 'cluster_robust', not 'permutation'"),
        (COUNTED, {"method": "welch", "weighting": "requests"}, "counts every retailer once"),
        (COUNTED, {"weighting": "strata"}, "weighting must be"),
        (COUNTED, {"estimator": "CR9"}, "estimator must be"),
    ],
)
def test_what_does_not_fit_together_is_refused(data, named, message):
    with pytest.raises(UsageError, match=message):
        minimal_detectable_effect(*data, **named)
