"""Null distributions of rank sums against counting every choice."""

from collections import Counter
from itertools import combinations
from math import comb

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from switchstats.inference.rank_null import ExactNull, NormalNull, doubled_ranks, rank_null

TOLERANCE = 1e-12
# What the normal approximation may be off by, 25 against 35 with every rate tied to another.
APPROXIMATION = 0.01


def test_ties_share_the_mean_of_their_ranks():
    # 0.1 + 0.2 and 0.3 are one number; ranks 1, 3, 3, 3, 5
    rates = np.array([0.3, 0.1, 0.1 + 0.2, 0.4, 0.3])
    assert doubled_ranks(rates, 1e-12).tolist() == [6, 2, 6, 10, 6]


@pytest.mark.parametrize(
    "ranks", [[2, 4, 6, 8, 10], [3, 3, 6, 9, 9], [6, 6, 6, 6, 6], [2, 7, 7, 7, 7]]
)
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_exact_distribution_counts_every_choice(ranks, n):
    null = rank_null(np.array(ranks), n)
    assert isinstance(null, ExactNull)
    sums = Counter(sum(chosen) for chosen in combinations(ranks, n))
    assert {place: count for place, count in enumerate(null.counts.tolist()) if count} == sums


def test_the_largest_exact_distribution_does_not_overflow():
    null = rank_null(2 * np.arange(1, 61), 30)
    assert int(null.counts.sum()) == comb(60, 30)
    assert null.p_value(30 * 31, "less") == 1 / comb(60, 30)


def test_beyond_some_200_retailers_the_distribution_is_normal():
    null = rank_null(2 * np.arange(1, 402), 200)
    assert isinstance(null, NormalNull)
    # Mean n(N + 1)/2 and variance nm(N + 1)/12 of a rank sum, doubled.
    assert null.mean == 200 * 402
    assert null.sd == pytest.approx(2 * (200 * 201 * 402 / 12) ** 0.5, rel=TOLERANCE)


@pytest.mark.parametrize(("n", "m"), [(40, 40), (10, 100), (700, 10)])
def test_without_ties_it_is_scipys_exact_test(n, m):
    # scipy's recursion for the U statistic, method="exact", knows no ties but any size
    rng = np.random.default_rng(4)
    first, second = rng.normal(0.3, 1, n), rng.normal(0, 1, m)
    ranks = doubled_ranks(np.concatenate([first, second]), 0.0)
    for alternative in ("two-sided", "less", "greater"):
        theirs = mannwhitneyu(first, second, alternative=alternative, method="exact").pvalue
        ours = rank_null(ranks, n).p_value(int(ranks[:n].sum()), alternative)
        assert ours == pytest.approx(theirs, rel=1e-10)


def test_with_ties_it_counts_every_choice_beyond_60_too():
    # two of 70 whose rates are 0 or 1: a choice has 0, 1 or 2 of the 30 high ones
    ranks = doubled_ranks(np.repeat([0.0, 1.0], [40, 30]), 0.0)
    null = rank_null(ranks, 2)
    low, high = int(ranks[0]), int(ranks[-1])
    assert null.p_value(2 * high, "greater") == pytest.approx(comb(30, 2) / comb(70, 2), rel=1e-12)
    expected = (comb(30, 2) + 30 * 40) / comb(70, 2)
    assert null.p_value(low + high, "greater") == pytest.approx(expected, rel=1e-12)
    assert rank_null(ranks, 68).p_value(int(ranks.sum()) - 2 * high, "less") == pytest.approx(
        comb(30, 2) / comb(70, 2), rel=1e-12
    )


def test_the_normal_distribution_comes_near_the_exact_one():
    ranks = np.sort(np.repeat(2 * np.arange(1, 31), 2))  # pairs
    exact = rank_null(doubled_ranks(ranks.astype(float), 0.0), 25)
    ties = 30 * (2**3 - 2) / (60 * 59)
    sd = 2 * (25 * 35 / 12 * (61 - ties)) ** 0.5
    normal = NormalNull(exact.mean, sd)
    for doubled_sum in range(exact.mean - 300, exact.mean + 301, 50):
        for alternative in ("two-sided", "less", "greater"):
            difference = exact.p_value(doubled_sum, alternative) - normal.p_value(
                doubled_sum, alternative
            )
            assert abs(difference) < APPROXIMATION


def test_ranks_that_all_tie_say_nothing():
    null = rank_null(np.full(70, 71), 30)
    for alternative in ("two-sided", "less", "greater"):
        assert null.p_value(30 * 71, alternative) == 1.0
