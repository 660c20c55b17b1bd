"""What must hold for every pair of groups, whatever is permuted."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from switchstats.errors import NotAnswerableError
from switchstats.inference import benjamini_hochberg, holm, permutation, rank_sum, welch

# Sums of a dozen doubles; limits are allowed what ties are.
TOLERANCE = 1e-9
MIRRORED = {"less": "greater", "greater": "less", "two-sided": "two-sided"}
KINDS = {
    "equal": {"weighting": "equal"},
    "requests": {"weighting": "requests"},
    "studentised": {"weighting": "requests", "statistic": "studentised"},
    "studentised equal": {"weighting": "equal", "statistic": "studentised"},
}

cells = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
groups = st.lists(cells, min_size=2, max_size=4)
alternatives = st.sampled_from(sorted(MIRRORED))
nulls = st.integers(-40, 40).map(lambda hundredths: hundredths / 100)
levels = st.sampled_from([0.6, 0.8, 0.95])
every_kind = pytest.mark.parametrize("kind", KINDS)
checked = settings(deadline=None, max_examples=30, derandomize=True)


def arrays(*parts):
    return [[cell[at] for cell in part] for part in parts for at in (0, 1)]


def answered(kind, *parts, **options):
    try:
        return permutation(*arrays(*parts), **KINDS[kind], **options)
    except NotAnswerableError:
        assume(False)


def with_strata(kind, labels):
    return {**({"strata": labels} if labels else {}), **KINDS[kind]}


def assert_same(one, other):
    assert other.p_value == pytest.approx(one.p_value, abs=TOLERANCE)
    for end in ("low", "high"):
        mine, theirs = getattr(one.interval, end), getattr(other.interval, end)
        assert theirs == (mine if mine is None else pytest.approx(mine, abs=1e-6))


@every_kind
@checked
@given(groups, groups, alternatives, nulls)
def test_swapping_the_groups_mirrors_everything(kind, first, second, alternative, null):
    one = answered(kind, first, second, alternative=alternative, null=null, level=0.8)
    other = answered(kind, second, first, alternative=MIRRORED[alternative], null=-null, level=0.8)
    assert other.estimate == pytest.approx(-one.estimate, abs=TOLERANCE)
    assert other.p_value == pytest.approx(one.p_value, abs=TOLERANCE)
    for mine, theirs in (
        (one.interval.low, other.interval.high),
        (one.interval.high, other.interval.low),
    ):
        assert theirs == (None if mine is None else pytest.approx(-mine, abs=1e-6))


@every_kind
@checked
@given(groups, groups, alternatives, levels, st.floats(-0.9, 0.9))
def test_the_interval_holds_what_is_not_rejected(kind, first, second, alternative, level, null):
    result = answered(kind, first, second, alternative=alternative, level=level)
    interval = result.interval
    # At the ends themselves the last digits of doubles decide.
    assume(all(end is None or abs(end - null) > 1e-6 for end in (interval.low, interval.high)))
    p_value = answered(kind, first, second, alternative=alternative, null=null).p_value
    rejected = p_value <= round(1 - level, 15)
    if any("the test rejects" in note.en for note in result.notes):
        assert rejected or interval.contains(null)
    else:
        assert rejected != interval.contains(null)


@every_kind
@checked
@given(groups, groups, alternatives, st.randoms(use_true_random=False))
def test_the_order_within_a_group_does_not_matter(kind, first, second, alternative, random):
    one = answered(kind, first, second, alternative=alternative, level=0.8)
    shuffled = [random.sample(part, len(part)) for part in (first, second)]
    assert_same(one, answered(kind, *shuffled, alternative=alternative, level=0.8))


@every_kind
@checked
@given(groups, groups, alternatives, st.sampled_from([2, 10, 1_000]))
def test_more_of_the_same_changes_nothing(kind, first, second, alternative, factor):
    """The retailer is the unit: all counts times a factor leave every test here alone."""
    one = answered(kind, first, second, alternative=alternative, level=0.8)
    more = [[(factor * e, factor * n) for e, n in part] for part in (first, second)]
    assert_same(one, answered(kind, *more, alternative=alternative, level=0.8))


@pytest.mark.parametrize("test", [welch, rank_sum, permutation])
@checked
@given(groups, groups, st.lists(st.integers(1, 50), min_size=8, max_size=8))
def test_volumes_do_not_matter_for_equal_weights(test, first, second, factors):
    """Nor does scaling one retailer's counts alone."""
    assume(np.ptp([e / n for e, n in first]) > 0 or np.ptp([e / n for e, n in second]) > 0)
    scaled = [
        [(f * e, f * n) for (e, n), f in zip(part, fs, strict=False)]
        for part, fs in ((first, factors), (second, factors[4:]))
    ]
    one, other = test(*arrays(first, second)), test(*arrays(*scaled))
    assert other.p_value == pytest.approx(one.p_value, rel=1e-6)


@every_kind
@checked
@given(groups, groups, st.lists(st.sampled_from("ab"), min_size=8, max_size=8))
def test_renaming_strata_changes_nothing(kind, first, second, labels):
    names = labels[: len(first)] + labels[4 : 4 + len(second)]
    data = arrays(first, second)
    renamed = [{"a": "z", "b": "a"}[name] for name in names]
    try:
        one = permutation(*data, **with_strata(kind, names), level=0.8)
    except NotAnswerableError:
        assume(False)
    assert_same(one, permutation(*data, **with_strata(kind, renamed), level=0.8))


@checked
@given(st.lists(st.floats(0, 1), max_size=12))
def test_adjusted_p_values_keep_the_order_and_their_bounds(p_values):
    for adjust in (holm, benjamini_hochberg):
        adjusted = adjust(p_values)
        order = np.argsort(p_values)
        assert (np.diff(adjusted[order]) >= 0).all()
        assert (adjusted >= p_values).all()
        assert (adjusted <= np.minimum(1, len(p_values) * np.array(p_values)) + TOLERANCE).all()
