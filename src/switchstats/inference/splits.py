"""The ways of splitting all retailers into two groups of the given sizes: every one, or a draw.

A split is described by what it exchanges: r members of the first group leave it and r members of
the second enter. All that a test of means needs of a split are r and the sums over those who
leave and those who enter, so no matrix of indices is built.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import UsageError
from switchstats.inference.samples import Floats

__all__ = [
    "MAX_SPLITS",
    "N_DRAWS",
    "Exchange",
    "Members",
    "Splits",
    "drawn_members",
    "draws_at_once",
    "plan_draw",
    "plan_splits",
    "subset_sums",
]

Members: TypeAlias = NDArray[np.uint16 | np.uint32]

MAX_SPLITS = 2_000_000
N_DRAWS = 99_999

# Two arrays of doubles of this length and their temporaries fit into 2 GiB.
_MOST_SPLITS = 50_000_000
# Splits in a block, and retailers times draws that are shuffled at once: they stay in the cache.
_SPLITS_AT_ONCE = 16_384
_CELLS_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """A block of splits.

    Parameters
    ----------
    size
        How many members each split exchanges, at least 1. Broadcasts against one row of the sums.
    leaving, entering
        Sums over those who leave the first group and over those who enter it. Axis 0 runs over the
        vectors that were summed (printed values, or lower and upper bounds); the other axes
        broadcast against each other.
    """

    size: NDArray[np.int64]
    leaving: Floats
    entering: Floats


@dataclass(frozen=True, slots=True)
class Splits:
    """Every split of n + m retailers into n and m, or a random draw of them.

    Parameters
    ----------
    n, m
        Sizes of the first and second group.
    n_draws
        Number of random splits; ``None``: every split.
    seed
        Seed of the draw; ``None`` when every split is used.
    """

    n: int
    m: int
    n_draws: int | None = None
    seed: int | None = None

    @property
    def total(self) -> int:
        """Number of splits that count, the observed one included."""
        return comb(self.n + self.m, self.n) if self.n_draws is None else self.n_draws + 1

    def exchanges(
        self, first: Floats, second: Floats, *, paired: bool = False
    ) -> Iterator[Exchange]:
        """Yield the splits that exchange at least one member, in an order that never changes.

        The splits that are not yielded, ``total`` minus those yielded, leave both groups as they
        were observed.

        Parameters
        ----------
        first, second
            Shapes (k, n) and (k, m): k vectors of rates, all summed over the same splits.
        paired
            Of each split and the one with the two groups swapped yield only one, and of the
            observed one neither; for every split of groups of equal size.
        """
        if self.n_draws is None:
            return _all_exchanges(first, second, paired=paired)
        return self._drawn_exchanges(first, second, self.n_draws)

    def _drawn_exchanges(self, first: Floats, second: Floats, n_draws: int) -> Iterator[Exchange]:
        # Drawing the smaller group decides the split, and costs less.
        small, large = (first, second) if self.n <= self.m else (second, first)
        n_small = small.shape[1]
        staying_rates = np.concatenate([small, np.zeros_like(large)], axis=1)
        entering_rates = np.concatenate([np.zeros_like(small), large], axis=1)
        rng = np.random.default_rng(self.seed)
        for members in drawn_members(rng, n_draws, self.n + self.m, n_small):
            outsiders = np.count_nonzero(members >= n_small, axis=0)
            moved = outsiders > 0
            kept = members[:, moved]
            entering = np.stack([rates[kept].sum(axis=0) for rates in entering_rates])
            staying = np.stack([rates[kept].sum(axis=0) for rates in staying_rates])
            leaving = small.sum(axis=1, keepdims=True) - staying
            if self.n > self.m:
                leaving, entering = entering, leaving
            yield Exchange(outsiders[moved], leaving, entering)


def plan_splits(
    n_by_group: tuple[int, int],
    *,
    max_splits: int = MAX_SPLITS,
    n_draws: int = N_DRAWS,
    seed: int | None = None,
) -> Splits:
    """Return every split when there are at most `max_splits`, else `n_draws` random ones.

    Raises
    ------
    UsageError
        When a random draw is needed and no seed is given, or a number is out of its range.

    Examples
    --------
    >>> plan_splits((10, 10)).total
    184756
    >>> plan_splits((40, 660), seed=1).total
    100000
    """
    n, m = n_by_group
    drawn = plan_draw(comb(n + m, n), max_splits=max_splits, n_draws=n_draws, seed=seed)
    return Splits(n, m) if drawn is None else Splits(n, m, *drawn)


def plan_draw(
    n_splits: int, *, max_splits: int, n_draws: int, seed: int | None
) -> tuple[int, int] | None:
    """Return the number of draws and their seed, ``None`` when every split can be tried."""
    if not 0 <= max_splits <= _MOST_SPLITS:
        raise UsageError(f"max_splits must be between 0 and {_MOST_SPLITS}, not {max_splits}")
    if n_draws < 1:
        raise UsageError(f"n_draws must be at least 1, not {n_draws}")
    if n_splits <= max_splits:
        return None
    if seed is None:
        raise UsageError(
            f"these retailers can be split in more than {max_splits} ways, so splits are drawn at "
            "random: give a seed, such as seed=1, so that the same data always give the same "
            "p-value"
        )
    if seed < 0:
        raise UsageError(f"seed must not be negative: {seed}")
    return n_draws, seed


def _all_exchanges(first: Floats, second: Floats, *, paired: bool) -> Iterator[Exchange]:
    n, m = first.shape[1], second.shape[1]
    most = n // 2 if paired else min(n, m)
    leaving, entering = subset_sums(first, most), subset_sums(second, most)
    for size in range(1, most + 1):
        leave = leaving[size]
        if paired and 2 * size == n:
            # Half of these swap to the other half: keep those that one retailer leaves.
            leave = first[:, :1] + subset_sums(first[:, 1:], size - 1)[-1]
        enter, rows = entering[size][:, None, :], max(1, _SPLITS_AT_ONCE // comb(m, size))
        for start in range(0, leave.shape[1], rows):
            yield Exchange(
                np.array(size, dtype=np.int64), leave[:, start : start + rows, None], enter
            )


def subset_sums(rates: Floats, most: int) -> list[Floats]:
    """Return, for each size 0 .. `most`, the sums over all subsets of that size, (k, subsets).

    Each retailer in turn is added to every smaller subset of those before it.
    """
    k, n = rates.shape
    sums = [np.zeros((k, comb(n, size))) for size in range(most + 1)]
    for place in range(n):
        rate = rates[:, place, None]
        for size in range(min(place + 1, most), 0, -1):
            without, start = comb(place, size - 1), comb(place, size)
            added = sums[size][:, start : start + without]
            np.add(sums[size - 1][:, :without], rate, out=added)
    return sums


def draws_at_once(n_pooled: int) -> int:
    """Return how many draws among so many retailers fit into the cache."""
    return max(1, _CELLS_AT_ONCE // n_pooled)


def drawn_members(
    rng: np.random.Generator,
    n_draws: int,
    n_pooled: int,
    n_members: int,
    *,
    at_once: int | None = None,
) -> Iterator[Members]:
    """Yield blocks of random subsets of `n_members` among `n_pooled`, one subset a column.

    Each column is a shuffle stopped after `n_members` exchanges, which makes every subset equally
    likely whatever the order before; so the next block goes on with the order that this one left.
    A block is overwritten by the next.
    """
    count = min(at_once or draws_at_once(n_pooled), n_draws)
    kind = np.uint16 if n_pooled <= np.iinfo(np.uint16).max else np.uint32
    order = np.repeat(np.arange(n_pooled, dtype=kind)[:, None], count, axis=1)
    flat, columns = order.reshape(-1), np.arange(count)
    for start in range(0, n_draws, count):
        shares = rng.random((n_members, count))
        for place in range(n_members):
            other = (shares[place] * (n_pooled - place)).astype(np.intp)
            other += place
            other *= count
            other += columns
            held = flat[other]
            flat[other] = order[place]
            order[place] = held
        yield order[:n_members, : n_draws - start]
