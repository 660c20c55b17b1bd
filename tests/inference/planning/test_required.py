"""Required months and retailers: their definition, their limits and what is refused."""

import math

import numpy as np
import pytest

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import (
    cluster_robust,
    minimal_detectable_effect,
    required_months,
    required_retailers,
)
from switchstats.inference.groups import read_two_groups
from switchstats.inference.planning.parts import parts_of
from switchstats.inference.power import PlannedTest

TOLERANCE = 1e-9

E1, N1 = [24, 12, 41, 22, 30], [120, 90, 200, 110, 170]
E0, N0 = [10, 31, 22, 14], [100, 130, 140, 80]
DATA = (E1, N1, E0, N0)


def expected_parts(rng, weighting, tau, runs=4_000):
    """Mean of the estimated variance of true rates over simulated groups."""
    requests = np.array([40, 15, 200, 90, 60, 30, 120, 75])
    found = []
    size = 0.2 * 0.8 / tau**2 - 1
    for _ in range(runs):
        errors = rng.binomial(requests, rng.beta(0.2 * size, 0.8 * size, 8))
        two = read_two_groups((errors, requests, errors, requests), test="a test")
        found.append(parts_of(two, weighting, "parts")[0].retailer_variance)
    return np.array(found)


@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_the_variance_of_true_rates_is_found(weighting):
    # cut at 0, it is a little too large when small; at .08 it is hardly ever cut
    found = expected_parts(np.random.default_rng(1), weighting, 0.08, runs=600)
    error = found.std() / found.size**0.5
    assert abs(found.mean() - 0.08**2) < 4 * error + 2e-4


@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_parts_add_up_to_the_standard_error(weighting):
    plan = required_months(*DATA, effect=0.1, months=3, weighting=weighting)
    whole = cluster_robust(*DATA, weighting=weighting)
    assert math.hypot(plan.std_error_between, plan.std_error_within) == pytest.approx(
        whole.std_error, rel=TOLERANCE
    )
    assert plan.df == pytest.approx(whole.df, rel=TOLERANCE)


@pytest.mark.parametrize("alternative", ["less", "two-sided", "equivalence"])
@pytest.mark.parametrize("weighting", ["requests", "equal"])
def test_the_month_before_would_not_have_been_enough(alternative, weighting):
    named = {"alternative": alternative, "weighting": weighting, "power": 0.7}
    limit = required_months(*DATA, effect=0.5, months=2, **named).least_effect
    plan = required_months(*DATA, effect=1.2 * limit, months=2, **named)
    shift = PlannedTest(0.7, alternative, 0.95).shift(plan.df)

    def detectable(months):
        return shift * math.hypot(
            plan.std_error_between, plan.std_error_within * math.sqrt(2 / months)
        )

    assert plan.months > 1
    assert detectable(plan.months) <= plan.effect < detectable(plan.months - 1)


def test_the_present_months_detect_the_present_effect():
    effect = minimal_detectable_effect(*DATA).effect
    assert required_months(*DATA, effect=effect * (1 + TOLERANCE), months=7).months == 7


def test_below_the_least_effect_no_number_of_months_is_enough():
    limit = required_months(*DATA, effect=0.5, months=2).least_effect
    plan = required_months(*DATA, effect=limit * 0.999, months=2)
    assert plan.months is None
    assert f"below {100 * limit:.2f} points" in plan.note.en
    assert required_months(*DATA, effect=limit * 1.001, months=2).note is None


def test_months_are_taken_from_counts(make_counts):
    counts = make_counts(DATA, months=3)
    assert required_months(counts, effect=0.2).present == 3
    assert required_months(counts, effect=0.2, months=6).present == 6


def with_equal_weights(n, m):
    """What is detectable with so many retailers, by the formulas for two means."""
    first, second = (np.var(np.array(e) / np.array(k), ddof=1) for e, k in ((E1, N1), (E0, N0)))
    df = (1 / n + 1 / m) ** 2 / (1 / (n**2 * (n - 1)) + 1 / (m**2 * (m - 1)))
    return PlannedTest(0.8, "less", 0.95).shift(df) * math.sqrt(first / n + second / m)


@pytest.mark.parametrize(
    ("growing", "wanted"), [("both", (20, 16)), ("first", (9, 4)), ("second", (5, 7))]
)
def test_with_equal_weights_the_formulas_of_two_means_hold(growing, wanted):
    effect = with_equal_weights(*wanted) * (1 + TOLERANCE)
    plan = required_retailers(*DATA, effect=effect, growing=growing, weighting="equal")
    assert plan.n_by_group == wanted
    assert (plan.present, plan.note) == ((5, 4), None)


def test_equal_volumes_weigh_the_same_either_way():
    e1, e0, n1, n0 = [10, 20, 15, 30], [22, 12, 9, 31, 20], [90] * 4, [90] * 5
    plans = [
        required_retailers(e1, n1, e0, n0, effect=0.06, weighting=weighting)
        for weighting in ("requests", "equal")
    ]
    # the working models differ in the degrees of freedom of groups of unequal size, not here
    assert plans[0].n_by_group == plans[1].n_by_group
    assert plans[0].n_by_group[0] > 4


def test_the_present_retailers_detect_the_present_effect():
    effect = minimal_detectable_effect(*DATA).effect
    assert required_retailers(*DATA, effect=effect * (1 + TOLERANCE)).n_by_group == (5, 4)
    assert required_retailers(*DATA, effect=effect * 0.98).n_by_group == (6, 5)


def test_what_is_detectable_may_rise_again_when_one_group_grows():
    # in the end the degrees of freedom are those of the four
    effects = [with_equal_weights(n, 4) for n in (5, 10, 100_000)]
    assert effects[1] < effects[2]
    plan = required_retailers(*DATA, effect=0.01, growing="first", weighting="equal")
    assert plan.least_effect < effects[2]


def test_enough_retailers_stay_as_they_are():
    assert required_retailers(*DATA, effect=0.9).n_by_group == (5, 4)


def test_one_group_alone_may_never_be_enough():
    limit = required_retailers(*DATA, effect=0.5, growing="second").least_effect
    plan = required_retailers(*DATA, effect=0.99 * limit, growing="second")
    assert plan.n_by_group is None
    assert f"below {100 * limit:.2f} points" in plan.note.en
    both = required_retailers(*DATA, effect=0.99 * limit)
    assert both.least_effect == 0.0
    assert both.n_by_group[0] > 5
    just_enough = required_retailers(*DATA, effect=1.01 * limit, growing="second")
    assert just_enough.n_by_group[0] == 5
    assert just_enough.n_by_group[1] > 4


def test_more_power_takes_more():
    needed = [
        required_retailers(*DATA, effect=0.05, power=power).n_by_group for power in (0.6, 0.9)
    ]
    assert needed[0] < needed[1]


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"effect": 0.0}, "effect must be a fraction"),
        ({"effect": 2}, "2 points are 0.02"),
        ({"effect": 0.1, "power": 0.01}, "power must be above"),
        ({"effect": 0.1, "alternative": "other"}, "alternative must be"),
        ({"effect": 0.1, "weighting": "strata"}, "weighting must be"),
    ],
)
@pytest.mark.parametrize("plan", [required_months, required_retailers])
def test_arguments_out_of_range_are_refused(plan, named, message):
    with pytest.raises(UsageError, match=message):
        plan(*DATA, **named)


def test_months_and_growth_out_of_range_are_refused():
    with pytest.raises(UsageError, match="how many months"):
        required_months(*DATA, effect=0.1)
    with pytest.raises(UsageError, match="months must be a positive number"):
        required_months(*DATA, effect=0.1, months=0)
    with pytest.raises(UsageError, match="growing must be"):
        required_retailers(*DATA, effect=0.1, growing="none")


@pytest.mark.parametrize("plan", [required_months, required_retailers])
def test_what_the_data_cannot_say_is_refused(plan):
    named = {"months": 1} if plan is required_months else {}
    with pytest.raises(NotAnswerableError, match="every retailer has one request"):
        plan([0, 1, 1], [1, 1, 1], [0, 1], [1, 1], effect=0.1, **named)
    with pytest.raises(NotAnswerableError, match="all retailers have the same rate"):
        plan([0, 0], [9, 9], [0, 0], [9, 9], effect=0.1, **named)
    with pytest.raises(NotAnswerableError, match="at least 2"):
        plan([1], [9], [0, 3], [9, 9], effect=0.1, **named)
