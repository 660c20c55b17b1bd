"""What must hold for every pair of rates, whichever test of requests compares them."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from switchstats.inference import (
    barnard,
    boschloo,
    fisher,
    mee,
    miettinen_nurminen,
    newcombe,
    pooled_z,
)

QUICK = [newcombe, miettinen_nurminen, mee, pooled_z]
SEARCHED = [barnard, boschloo]
# Roots and sums in double precision; limits that are found by halving down to 1e-8.
TOLERANCE = 1e-9
LIMIT_TOLERANCE = {barnard: 1e-7, boschloo: 1e-7}
MIRRORED = {"less": "greater", "greater": "less", "two-sided": "two-sided"}

alternatives = st.sampled_from(sorted(MIRRORED))
levels = st.sampled_from([0.7, 0.8, 0.95])
nulls = st.integers(-9, 9).map(lambda tenths: tenths / 10)


def tables(most: int) -> st.SearchStrategy[tuple[int, int, int, int]]:
    pair = st.integers(1, most).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    return st.tuples(pair, pair).map(lambda pairs: (*pairs[0], *pairs[1]))


def answerable(test, table):
    e1, n1, e0, n0 = table
    assume(test not in (pooled_z, fisher) or 0 < e1 + e0 < n1 + n0)


def swapped(table):
    return table[2:] + table[:2]


def assert_near(one, other, tolerance=TOLERANCE):
    assert (one is None) == (other is None)
    if one is not None:
        assert one == pytest.approx(other, rel=tolerance, abs=tolerance)


def check_mirrored(test, table, alternative, null, level):
    answerable(test, table)
    one = test(*table, alternative=alternative, null=null, level=level)
    other = test(*swapped(table), alternative=MIRRORED[alternative], null=-null, level=level)
    assert_near(other.p_value, one.p_value)
    assert_near(other.estimate, -one.estimate)
    tolerance = LIMIT_TOLERANCE.get(test, TOLERANCE)
    for end, opposite in (
        (other.interval.low, one.interval.high),
        (other.interval.high, one.interval.low),
    ):
        assert_near(end, None if opposite is None else -opposite, tolerance)


def check_agreement(test, table, alternative, null, level):
    answerable(test, table)
    result = test(*table, alternative=alternative, null=null, level=level)
    ends = (result.interval.low, result.interval.high)
    # At the ends themselves the last digits decide.
    near = LIMIT_TOLERANCE.get(test, TOLERANCE)
    assume(all(end is None or abs(end - null) > near for end in ends))
    assert (result.p_value > round(1 - level, 15)) == result.interval.contains(null)


quick = pytest.mark.parametrize("test", QUICK)
searched = pytest.mark.parametrize("test", SEARCHED)
often = settings(deadline=None, max_examples=40, derandomize=True)
seldom = settings(deadline=None, max_examples=6, derandomize=True)


@quick
@often
@given(tables(300), alternatives, nulls, levels)
def test_swapping_the_groups_mirrors_everything(test, table, alternative, null, level):
    check_mirrored(test, table, alternative, null, level)


@searched
@seldom
@given(tables(8), alternatives, nulls, levels)
def test_swapping_the_groups_mirrors_the_exact_tests(test, table, alternative, null, level):
    check_mirrored(test, table, alternative, null, level)


@quick
@often
@given(tables(300), alternatives, st.floats(-1, 1), levels)
def test_the_interval_holds_what_is_not_rejected(test, table, alternative, null, level):
    check_agreement(test, table, alternative, null, level)


@searched
@seldom
@given(tables(8), alternatives, st.floats(-1, 1), levels)
def test_the_intervals_of_the_exact_tests_hold_what_is_not_rejected(
    test, table, alternative, null, level
):
    check_agreement(test, table, alternative, null, level)


@often
@given(tables(40), alternatives, st.floats(-4, 4), levels, st.booleans())
def test_fishers_interval_holds_what_is_not_rejected(table, alternative, log_null, level, mid_p):
    answerable(fisher, table)
    null = 2.0**log_null
    result = fisher(*table, alternative=alternative, null=null, level=level, mid_p=mid_p)
    ends = (result.interval.low, result.interval.high)
    assume(all(end is None or abs(end / null - 1) > TOLERANCE for end in ends))
    assert (result.p_value > round(1 - level, 15)) == result.interval.contains(null)


@often
@given(tables(40), alternatives, levels, st.booleans())
def test_swapping_the_groups_inverts_fishers_odds_ratio(table, alternative, level, mid_p):
    answerable(fisher, table)
    one = fisher(*table, alternative=alternative, null=2.0, level=level, mid_p=mid_p)
    other = fisher(
        *swapped(table), alternative=MIRRORED[alternative], null=0.5, level=level, mid_p=mid_p
    )
    assert_near(other.p_value, one.p_value)
    if 0 < one.estimate < float("inf"):
        assert_near(other.estimate, 1 / one.estimate)
    if one.interval.low:
        assert_near(other.interval.high, 1 / one.interval.low)


@pytest.mark.parametrize("test", [*QUICK, *SEARCHED, fisher])
@seldom
@given(tables(8), st.data())
def test_splitting_a_group_into_retailers_changes_nothing(test, table, data):
    answerable(test, table)
    e1, n1, e0, n0 = table
    first = data.draw(st.integers(0, n1))
    errors = data.draw(st.integers(max(0, e1 - (n1 - first)), min(e1, first)))
    order = data.draw(st.sampled_from([1, -1]))
    split = [errors, e1 - errors][::order], [first, n1 - first][::order], e0, n0
    whole, parts = test(*table), test(*split)
    assert parts.p_value == whole.p_value
    assert parts.interval == whole.interval
    assert parts.n_by_group == whole.n_by_group == (n1, n0)


@pytest.mark.parametrize("test", [*QUICK, *SEARCHED, fisher])
@seldom
@given(tables(8))
def test_requests_without_errors_mirror_errors(test, table):
    # a difference turns its sign, an odds ratio its logarithm's
    answerable(test, table)
    e1, n1, e0, n0 = table
    assert_near(test(n1 - e1, n1, n0 - e0, n0).p_value, test(*table).p_value)


@often
@given(tables(60))
def test_boschloo_is_never_above_fisher(table):
    answerable(fisher, table)
    for alternative in ("less", "greater"):
        one = boschloo(*table, alternative=alternative, interval_up_to=0).p_value
        assert one <= fisher(*table, alternative=alternative).p_value * (1 + TOLERANCE)
