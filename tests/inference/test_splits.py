"""Splits: every one exactly once, or random ones that are all equally likely."""

from collections import Counter
from itertools import combinations
from math import comb

import numpy as np
import pytest

from switchstats.errors import UsageError
from switchstats.inference.splits import Splits, plan_splits

# Bound of the largest of some dozen standardised counts, in standard deviations.
Z_LIMIT = 4.5


def sums_of_first_group(splits, first, second):
    """Sum of the new first group and number exchanged, over the splits yielded."""
    found = []
    for block in splits.exchanges(first[None, :], second[None, :]):
        size, leaving, entering = np.broadcast_arrays(
            block.size, block.leaving[0], block.entering[0]
        )
        found += zip((first.sum() - leaving + entering).ravel(), size.ravel(), strict=True)
    return found


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 5), (5, 1), (2, 3), (3, 2), (4, 4), (6, 3)])
def test_every_split_comes_once(n, m):
    powers = 2.0 ** np.arange(n + m)  # every subset has a sum of its own
    splits = Splits(n, m)
    found = sums_of_first_group(splits, powers[:n], powers[n:])
    members = [chosen for chosen in combinations(range(n + m), n) if chosen != tuple(range(n))]
    wanted = {sum(powers[list(chosen)]): sum(place >= n for place in chosen) for chosen in members}
    assert dict(found) == wanted
    assert len(found) == splits.total - 1 == comb(n + m, n) - 1


def test_several_vectors_are_summed_over_the_same_splits():
    first, second = np.array([[1.0, 2.0], [10.0, 20.0]]), np.array([[4.0, 8.0], [40.0, 80.0]])
    for block in Splits(2, 2).exchanges(first, second):
        assert np.array_equal(block.leaving[1], 10 * block.leaving[0])
        assert np.array_equal(block.entering[1], 10 * block.entering[0])


@pytest.mark.parametrize(("n", "m"), [(2, 4), (4, 2), (3, 3)])
def test_random_splits_are_equally_likely(n, m):
    n_draws = 30_000
    powers = 2.0 ** np.arange(n + m)
    splits = Splits(n, m, n_draws, seed=11)
    found = Counter(total for total, _ in sums_of_first_group(splits, powers[:n], powers[n:]))
    share = 1 / comb(n + m, n)
    sd = (n_draws * share * (1 - share)) ** 0.5
    unmoved = n_draws - sum(found.values())
    assert len(found) == comb(n + m, n) - 1
    assert all(abs(count - n_draws * share) < Z_LIMIT * sd for count in (unmoved, *found.values()))


def test_random_splits_depend_on_the_seed_alone():
    first, second = np.arange(5.0), np.arange(7.0)
    draws = [sums_of_first_group(Splits(5, 7, 50, seed), first, second) for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]


def test_draws_larger_than_one_block_are_all_made():
    splits = Splits(400, 400, 12_000, seed=3)  # a block holds 2,500 of them
    assert len(sums_of_first_group(splits, np.arange(400.0), np.arange(400.0))) == 12_000


def test_enumeration_stops_at_max_splits():
    assert plan_splits((10, 10), max_splits=184_756) == Splits(10, 10)
    assert plan_splits((10, 10), max_splits=184_755, seed=5) == Splits(10, 10, 99_999, 5)


def test_a_random_draw_asks_for_its_seed():
    with pytest.raises(UsageError, match="give a seed, such as seed=1"):
        plan_splits((40, 660))


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"max_splits": -1}, "max_splits must be between 0 and 50000000"),
        ({"max_splits": 10**9}, "max_splits must be between 0 and 50000000"),
        ({"n_draws": 0}, "n_draws must be at least 1"),
        ({"max_splits": 0, "seed": -1}, "seed must not be negative"),
    ],
)
def test_numbers_out_of_range_are_refused(named, message):
    with pytest.raises(UsageError, match=message):
        plan_splits((3, 3), **named)
