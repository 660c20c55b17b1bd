"""What must hold for every pair of groups, whichever test compares them."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from switchstats.inference import permutation, rank_sum, welch
from switchstats.values import PrintedRate

TESTS = [welch, permutation, rank_sum]
# Sums of a dozen doubles near 1, and what scipy's t distribution adds to it.
TOLERANCE = 1e-9
MIRRORED = {"less": "greater", "greater": "less", "two-sided": "two-sided"}

# Thousandths: ties occur, as they do in print.
rates = st.integers(0, 600).map(lambda thousandths: thousandths / 1000)
coarse_rates = st.integers(15, 22).map(lambda hundredths: hundredths / 100)
groups = st.lists(rates | coarse_rates, min_size=2, max_size=5)
nulls = st.integers(-300, 300).map(lambda thousandths: thousandths / 1000)
alternatives = st.sampled_from(sorted(MIRRORED))
levels = st.sampled_from([0.7, 0.8, 0.95])

every_test = pytest.mark.parametrize("test", TESTS)
checked = settings(deadline=None, max_examples=60, derandomize=True)


def answerable(first, second):
    assume(np.ptp(first) > 0 or np.ptp(second) > 0)


def assert_same_ends(interval, low, high):
    assert interval.low == (low if low is None else pytest.approx(low, abs=TOLERANCE))
    assert interval.high == (high if high is None else pytest.approx(high, abs=TOLERANCE))


def times(factor, end):
    return None if end is None else factor * end


@every_test
@checked
@given(groups, groups, alternatives, nulls)
def test_swapping_the_groups_mirrors_everything(test, first, second, alternative, null):
    answerable(first, second)
    one = test(first, second, alternative=alternative, null=null, level=0.8)
    other = test(second, first, alternative=MIRRORED[alternative], null=-null, level=0.8)
    assert other.estimate == pytest.approx(-one.estimate, abs=TOLERANCE)
    assert other.p_value == pytest.approx(one.p_value, abs=TOLERANCE)
    assert other.n_by_group == one.n_by_group[::-1]
    assert_same_ends(other.interval, times(-1, one.interval.high), times(-1, one.interval.low))


@every_test
@checked
@given(groups, groups, alternatives, levels, st.floats(-0.7, 0.7))
def test_the_interval_holds_what_is_not_rejected(test, first, second, alternative, level, null):
    answerable(first, second)
    interval = test(first, second, alternative=alternative, level=level).interval
    # At the ends themselves the last digits of doubles decide.
    assume(all(end is None or abs(end - null) > TOLERANCE for end in (interval.low, interval.high)))
    p_value = test(first, second, alternative=alternative, null=null).p_value
    assert (p_value > round(1 - level, 15)) == interval.contains(null)


@every_test
@checked
@given(groups, groups, alternatives, nulls, nulls)
def test_a_shift_of_the_first_group_shifts_the_difference(
    test, first, second, alternative, null, shift
):
    answerable(first, second)
    one = test(first, second, alternative=alternative, null=null, level=0.8)
    moved = [rate + shift for rate in first]
    other = test(moved, second, alternative=alternative, null=null + shift, level=0.8)
    assert other.estimate == pytest.approx(one.estimate + shift, abs=TOLERANCE)
    assert other.p_value == pytest.approx(one.p_value, abs=TOLERANCE)
    low, high = (
        None if end is None else end + shift for end in (one.interval.low, one.interval.high)
    )
    assert_same_ends(other.interval, low, high)


@every_test
@checked
@given(groups, groups, alternatives, nulls, st.sampled_from([0.01, 0.3, 7.0, 100.0]))
def test_another_unit_changes_the_scale_only(test, first, second, alternative, null, unit):
    answerable(first, second)
    one = test(first, second, alternative=alternative, null=null, level=0.8)
    other = test(
        [unit * rate for rate in first],
        [unit * rate for rate in second],
        alternative=alternative,
        null=unit * null,
        level=0.8,
    )
    assert other.p_value == pytest.approx(one.p_value, abs=TOLERANCE)
    assert other.estimate == pytest.approx(unit * one.estimate, abs=TOLERANCE * unit)
    low, high = (times(1 / unit, end) for end in (other.interval.low, other.interval.high))
    assert_same_ends(one.interval, low, high)


@every_test
@checked
@given(groups, groups, alternatives, nulls, st.randoms(use_true_random=False))
def test_the_order_within_a_group_does_not_matter(test, first, second, alternative, null, random):
    answerable(first, second)
    one = test(first, second, alternative=alternative, null=null)
    other = test(
        random.sample(first, len(first)),
        random.sample(second, len(second)),
        alternative=alternative,
        null=null,
    )
    assert other.p_value == pytest.approx(one.p_value, abs=TOLERANCE)
    assert_same_ends(other.interval, one.interval.low, one.interval.high)


printed_groups = st.lists(
    st.integers(0, 40).map(lambda percent: PrintedRate(str(percent))), min_size=2, max_size=4
)


@every_test
@checked
@given(printed_groups, printed_groups, alternatives, nulls, st.data())
def test_the_rounding_range_holds_every_p_value(test, first, second, alternative, null, data):
    answerable([rate.value for rate in first], [rate.value for rate in second])
    result = test(first, second, alternative=alternative, null=null)
    # Any point inside but its very ends, where the rank test has ties that it takes for impossible.
    share = st.floats(1e-3, 1 - 1e-3) if test is rank_sum else st.floats(0, 1)
    points = [
        [
            float(low) + float(high - low) * data.draw(share)
            for low, high in (rate.bounds() for rate in group)
        ]
        for group in (first, second)
    ]
    answerable(*points)
    if test is rank_sum:
        pooled = [points[0][0] - null, *(x - null for x in points[0][1:]), *points[1]]
        assume(np.min(np.diff(np.sort(pooled))) > TOLERANCE)
    p_value = test(*points, alternative=alternative, null=null).p_value
    assert result.p_rounding.low - TOLERANCE <= p_value <= result.p_rounding.high + TOLERANCE
    assert result.p_rounding.contains(result.p_value)


@checked
@given(groups, groups, alternatives, nulls)
def test_permutation_counts_every_split(first, second, alternative, null):
    pooled = np.array([rate - null for rate in first] + second)
    n = len(first)

    def difference(chosen):
        inside = np.isin(np.arange(pooled.size), chosen)
        return pooled[inside].mean() - pooled[~inside].mean()

    observed = difference(range(n))
    differences = np.array(
        [difference(chosen) for chosen in itertools.combinations(range(pooled.size), n)]
    )
    extreme = {
        "less": differences <= observed + TOLERANCE,
        "greater": differences >= observed - TOLERANCE,
        "two-sided": np.abs(differences) >= abs(observed) - TOLERANCE,
    }[alternative]
    result = permutation(first, second, alternative=alternative, null=null)
    assert result.p_value == np.count_nonzero(extreme) / differences.size
