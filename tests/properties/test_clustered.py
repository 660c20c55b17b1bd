"""What must hold for every two groups of retailers with their requests and errors."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from switchstats.errors import NotAnswerableError
from switchstats.inference import cluster_robust, retailer_bootstrap, wild_bootstrap
from switchstats.labels import Text
from switchstats.rates import group_rates
from switchstats.values import Counts, Retailer

# Sums of a dozen doubles; counted shares differ only where two draws tie.
TOLERANCE = 1e-9
MIRRORED = {"less": "greater", "greater": "less", "two-sided": "two-sided"}

CR = [
    partial(cluster_robust, estimator=estimator, weighting=weighting)
    for estimator in ("CR1", "CR2", "CR3")
    for weighting in ("requests", "equal")
]
WILD = [
    partial(wild_bootstrap, weighting="requests"),
    partial(wild_bootstrap, weighting="equal"),
    partial(wild_bootstrap, n_draws=199, max_patterns=0, seed=1, weights="webb"),
]
DRAWN = [partial(retailer_bootstrap, seed=1, n_draws=199)]

retailers = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
groups = st.lists(retailers, min_size=2, max_size=4)
nulls = st.floats(-0.5, 0.5)
levels = st.sampled_from([0.5, 0.8, 0.95])
alternatives = st.sampled_from(sorted(MIRRORED))
checked = settings(deadline=None, max_examples=25, derandomize=True)


def arrays(first, second):
    return [part for group in (first, second) for part in map(list, zip(*group, strict=True))]


def result_of(test, first, second, **named):
    try:
        return test(*arrays(first, second), **named)
    except NotAnswerableError:
        assume(False)


def same(one, other):
    assert other.estimate == pytest.approx(one.estimate, abs=TOLERANCE)
    assert other.std_error == pytest.approx(one.std_error, rel=TOLERANCE)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-6)
    for end in ("low", "high"):
        here, there = getattr(one.interval, end), getattr(other.interval, end)
        assert there == (here if here is None else pytest.approx(here, rel=1e-5, abs=1e-6))


@pytest.mark.parametrize("test", CR + WILD[:2])
@checked
@given(groups, groups, alternatives, nulls)
def test_swapping_the_groups_mirrors_everything(test, first, second, alternative, null):
    one = result_of(test, first, second, alternative=alternative, null=null)
    other = result_of(test, second, first, alternative=MIRRORED[alternative], null=-null)
    assert other.estimate == pytest.approx(-one.estimate, abs=TOLERANCE)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-6)
    for here, there in (("low", "high"), ("high", "low")):
        end, mirrored = getattr(one.interval, here), getattr(other.interval, there)
        assert mirrored == (end if end is None else pytest.approx(-end, rel=1e-5, abs=1e-6))


@pytest.mark.parametrize("test", CR + WILD + DRAWN)
@checked
@given(groups, groups, alternatives, levels, nulls)
def test_the_interval_holds_what_is_not_rejected(test, first, second, alternative, level, null):
    interval = result_of(test, first, second, alternative=alternative, level=level).interval
    ends = [end for end in (interval.low, interval.high) if end is not None]
    assume(all(abs(end - null) > 1e-6 for end in ends))
    p_value = result_of(test, first, second, alternative=alternative, null=null).p_value
    assert (p_value > round(1 - level, 15)) == interval.contains(null)


@pytest.mark.parametrize("test", CR + WILD[:2])
@checked
@given(groups, groups, st.randoms(use_true_random=False))
def test_the_order_of_retailers_does_not_matter(test, first, second, random):
    one = result_of(test, first, second)
    other = result_of(test, random.sample(first, len(first)), random.sample(second, len(second)))
    same(one, other)


@pytest.mark.parametrize("test", CR + WILD + DRAWN)
@checked
@given(groups, groups, st.sampled_from([2, 7, 10**9]))
def test_scaling_all_counts_changes_nothing(test, first, second, factor):
    one = result_of(test, first, second)
    scaled = [[(factor * e, factor * n) for e, n in group] for group in (first, second)]
    same(one, result_of(test, *scaled))


def counts_of(first, second, *, split):
    rows, members = [], []
    for group, cells in (("incumbent", first), ("entrant", second)):
        for place, (errors, requests) in enumerate(cells):
            name = f"{group}{place}"
            members.append(Retailer(name, Text(name, name), group))
            early = (errors // 2, errors // 2 + (requests - errors) // 3) if split else (0, 0)
            for month, (e, n) in (
                (1, early),
                (2, (errors - early[0], requests - early[1])),
            ):
                rows.append((name, f"2023-0{month}-01", f"2023-0{month + 1}-01", e, n))
    names = ["retailer", "period_start", "period_end", "errors", "requests"]
    return Counts.of(pd.DataFrame(rows, columns=names), members)


@pytest.mark.parametrize("test", [CR[2], WILD[0], DRAWN[0]])
@settings(deadline=None, max_examples=8, derandomize=True)
@given(groups, groups)
def test_splitting_a_cell_into_rows_changes_nothing(test, first, second):
    plain = result_of(test, first, second)
    for split in (False, True):
        counted = test(counts_of(first, second, split=split))
        assert (counted.p_value, counted.interval) == (plain.p_value, plain.interval)


@settings(deadline=None, max_examples=8, derandomize=True)
@given(groups, st.sampled_from(["requests", "equal", "random_effects"]))
def test_group_rates_lie_between_the_retailers(cells, weighting):
    counts = counts_of(cells, cells, split=True)
    rates = [e / n for e, n in cells]
    for estimate in group_rates(counts, weighting=weighting).values():
        assert min(rates) - TOLERANCE <= estimate.rate <= max(rates) + TOLERANCE
        assert 1 <= estimate.n_effective <= len(cells) + TOLERANCE
        assert estimate.interval is None or estimate.interval.contains(estimate.rate)


@pytest.mark.parametrize("weighting", ["requests", "equal"])
@checked
@given(groups, groups)
def test_estimators_are_ordered(weighting, first, second):
    errors = [
        result_of(cluster_robust, first, second, estimator=name, weighting=weighting).std_error
        for name in ("CR2", "CR3")
    ]
    # squared scores over 1 - share, and over its square
    assert errors[0] <= errors[1] * np.sqrt(1 + TOLERANCE)
