"""What must hold for every pair of groups, whichever model of retailers compares them."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from switchstats.errors import NotAnswerableError
from switchstats.inference import beta_binomial, mixed_logit, random_effects
from switchstats.labels import Text
from switchstats.values import Counts, Retailer

TESTS = {
    "beta_binomial": beta_binomial,
    "beta_binomial_t": partial(beta_binomial, reference="t"),
    "beta_binomial_by_group": partial(beta_binomial, dispersion="by_group"),
    "mixed_logit": mixed_logit,
    "random_effects": random_effects,
    "random_effects_reml": partial(random_effects, method="reml", heterogeneity="common"),
}
MIRRORED = {"less": "greater", "greater": "less", "two-sided": "two-sided"}
# Maxima are climbed to where their slope is rounding; their places are good to half as many digits.
# Beside 1 a p-value goes with the root of the last digits of the likelihood ratio.
P_TOLERANCE, ESTIMATE_TOLERANCE, LIMIT_TOLERANCE = 1e-6, 1e-6, 1e-5

cells = st.integers(8, 300).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))
groups = st.lists(cells, min_size=3, max_size=6)
alternatives = st.sampled_from(sorted(MIRRORED))
levels = st.sampled_from([0.8, 0.95])
every_test = pytest.mark.parametrize("name", TESTS)
checked = settings(deadline=None, max_examples=15, derandomize=True)


def arrays(first, second):
    return [[cell[at] for cell in part] for part in (first, second) for at in (0, 1)]


def ask(name, first, second, **asked):
    """The result; such data as the test refuses prove nothing."""
    try:
        return TESTS[name](*arrays(first, second), **asked)
    except NotAnswerableError:
        assume(False)
        raise


def same(one, other):
    assert other.p_value == pytest.approx(one.p_value, abs=P_TOLERANCE)
    assert other.estimate == pytest.approx(one.estimate, abs=ESTIMATE_TOLERANCE)
    for end in ("low", "high"):
        mine, theirs = getattr(one.interval, end), getattr(other.interval, end)
        assert (mine is None) == (theirs is None)
        assert mine is None or theirs == pytest.approx(mine, abs=LIMIT_TOLERANCE)


def flipped(limit):
    return None if limit is None else -limit


@every_test
@checked
@given(groups, groups, alternatives)
def test_swapping_the_groups_flips_the_sign(name, first, second, alternative):
    one = ask(name, first, second, alternative=alternative)
    other = ask(name, second, first, alternative=MIRRORED[alternative])
    assert other.p_value == pytest.approx(one.p_value, abs=P_TOLERANCE)
    assert other.estimate == pytest.approx(-one.estimate, abs=ESTIMATE_TOLERANCE)
    for mine, theirs in (
        (one.interval.low, flipped(other.interval.high)),
        (one.interval.high, flipped(other.interval.low)),
    ):
        assert mine is theirs or theirs == pytest.approx(mine, abs=LIMIT_TOLERANCE)


@every_test
@checked
@given(groups, groups, st.randoms(use_true_random=False))
def test_relabelling_retailers_changes_nothing(name, first, second, random):
    one = ask(name, first, second)
    same(one, ask(name, random.sample(first, len(first)), random.sample(second, len(second))))


@every_test
@checked
@given(groups, groups, st.integers(1, 3))
def test_splitting_a_retailer_into_months_changes_nothing(name, first, second, months):
    one = ask(name, first, second)
    rows, retailers = [], []
    for side, group, members in (("i", "incumbent", first), ("e", "entrant", second)):
        for place, (errors, requests) in enumerate(members):
            retailers.append(Retailer(f"{side}{place}", Text("", ""), group))
            for month in range(1, months + 1):
                last = month == months
                wrong, right = (
                    total - total // months * (months - 1) if last else total // months
                    for total in (errors, requests - errors)
                )
                rows.append(
                    {
                        "retailer": f"{side}{place}",
                        "period_start": f"2023-0{month}-01",
                        "period_end": f"2023-0{month + 1}-01",
                        "requests": wrong + right,
                        "errors": wrong,
                    }
                )
    same(one, TESTS[name](Counts.of(pd.DataFrame(rows), retailers)))


@every_test
@checked
@given(groups, groups, alternatives, levels, st.floats(-0.6, 0.6))
def test_the_interval_holds_what_is_not_rejected(name, first, second, alternative, level, null):
    result = ask(name, first, second, alternative=alternative, null=null, level=level)
    ends = [end for end in (result.interval.low, result.interval.high) if end is not None]
    assume(all(abs(end - null) > LIMIT_TOLERANCE for end in ends))
    assert (result.p_value > round(1 - level, 15)) == result.interval.contains(null)


@every_test
@checked
@given(groups, groups)
def test_both_directions_together_are_the_two_sided_test(name, first, second):
    both, less, greater = (
        ask(name, first, second, alternative=alternative).p_value
        for alternative in ("two-sided", "less", "greater")
    )
    assert less + greater == pytest.approx(1, abs=P_TOLERANCE)
    assert both == pytest.approx(min(1, 2 * min(less, greater)), abs=P_TOLERANCE)


def test_ten_times_the_requests_move_a_model_less_than_ten_times_the_retailers():
    rng = np.random.default_rng(3)
    requests = rng.integers(100, 900, 12)
    errors = rng.binomial(requests, rng.beta(12, 50, 12))
    first, second = (
        list(zip(errors[s], requests[s], strict=True)) for s in (slice(6), slice(6, 12))
    )
    for name in TESTS:
        plain = ask(name, first, second)
        larger = ask(name, *([(10 * e, 10 * n) for e, n in part] for part in (first, second)))
        more = ask(name, first * 10, second * 10)
        widths = [one.interval.high - one.interval.low for one in (plain, larger, more)]
        # retailers differ: requests narrow the interval hardly, retailers by some sqrt(10), and by
        # (2.23 / 1.98) more where Student's t with 10 becomes one with 118 degrees of freedom
        assert widths[1] > 0.6 * widths[0], name
        assert math.sqrt(0.06) < widths[2] / widths[0] < math.sqrt(0.14), name
