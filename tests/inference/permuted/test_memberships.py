"""Splits as memberships: every one once, or random ones that are all equally likely."""

from collections import Counter
from math import comb, prod

import numpy as np
import pytest

from switchstats.errors import UsageError
from switchstats.inference.permuted.memberships import plan_memberships
from switchstats.inference.splits import Splits

# Bound of the largest of some dozen standardised counts, in standard deviations.
Z_LIMIT = 4.5
FIRST = np.array([True, False, True, False, False, True, False])


def plan(first, strata=None, *, max_splits=10_000, n_draws=9, seed=None):
    return plan_memberships(first, strata, max_splits=max_splits, n_draws=n_draws, seed=seed)


def columns(splits, **how):
    return [tuple(column) for block in splits.columns(**how) for column in block.T.tolist()]


@pytest.mark.parametrize("strata", [[0] * 7, [0, 0, 1, 1, 1, 0, 2], [0, 1, 2, 3, 4, 5, 6]])
def test_every_split_comes_once_and_keeps_each_stratum(strata):
    strata = np.array(strata)
    splits = plan(FIRST, strata)
    found = columns(splits)
    sizes = [(np.sum(strata == s), FIRST[strata == s].sum()) for s in np.unique(strata)]
    assert len(found) == len(set(found)) == splits.total == prod(comb(k, n) for k, n in sizes)
    for column in found:
        for stratum in np.unique(strata):
            here = strata == stratum
            assert np.array(column)[here].sum() == FIRST[here].sum()
    assert tuple(FIRST.astype(float)) in found


def test_halves_leave_out_the_swapped_split():
    first = np.array([True, True, False, False, True, False])
    splits = plan(first, np.array([0, 0, 0, 0, 1, 1]))
    assert splits.paired
    half = columns(splits, halved=True)
    swapped = {tuple(1 - value for value in column) for column in half}
    assert len(half) == splits.total // 2
    assert not swapped & set(half)
    assert not plan(FIRST).paired


def test_random_splits_are_equally_likely_within_strata():
    n_draws = 30_000
    strata = np.array([0, 0, 0, 1, 1, 1, 1])
    first = np.array([True, False, False, True, True, False, False])
    found = Counter(columns(plan(first, strata, max_splits=0, n_draws=n_draws, seed=5)))
    share = 1 / 18
    sd = (n_draws * share * (1 - share)) ** 0.5
    assert len(found) == 18
    assert all(abs(count - n_draws * share) < Z_LIMIT * sd for count in found.values())


def test_they_are_the_same_random_splits_as_those_of_means():
    first = np.arange(12) < 5
    powers = 2.0 ** np.arange(12)
    mine = [powers @ column for column in columns(plan(first, max_splits=0, n_draws=50, seed=8))]
    other = [
        powers[:5].sum() - leaving + entering
        for block in Splits(5, 7, 50, 8).exchanges(powers[None, :5], powers[None, 5:])
        for leaving, entering in zip(block.leaving[0], block.entering[0], strict=True)
    ]
    assert sorted(total for total in mine if total != powers[:5].sum()) == sorted(other)


def test_a_random_draw_asks_for_its_seed():
    with pytest.raises(UsageError, match="give a seed, such as seed=1"):
        plan(FIRST, max_splits=3)
