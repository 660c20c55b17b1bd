"""The ways of splitting all retailers into two groups of the given sizes: every one, or a draw.

A split is described by what it exchanges: r members of the first group leave it and r members of
the second enter. All that a test of means needs of a split are r and the sums over those who
leave and those who enter, so no matrix of indices is built.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import UsageError
from switchstats.inference.samples import Floats

__all__ = ["MAX_SPLITS", "N_DRAWS", "Exchange", "Splits", "plan_splits"]

MAX_SPLITS = 2_000_000
N_DRAWS = 99_999

# Two arrays of doubles of this length and their temporaries fit into 2 GiB.
_MOST_SPLITS = 50_000_000
_CELLS_AT_ONCE = 4_000_000


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

    def exchanges(self, first: Floats, second: Floats) -> Iterator[Exchange]:
        """Yield the splits that exchange at least one member, in an order that never changes.

        The splits that are not yielded, ``total`` minus those yielded, leave both groups as they
        were observed.

        Parameters
        ----------
        first, second
            Shapes (k, n) and (k, m): k vectors of rates, all summed over the same splits.
        """
        if self.n_draws is None:
            return _all_exchanges(first, second)
        return self._drawn_exchanges(first, second, self.n_draws)

    def _drawn_exchanges(self, first: Floats, second: Floats, n_draws: int) -> Iterator[Exchange]:
        rng = np.random.default_rng(self.seed)
        chunk = max(1, _CELLS_AT_ONCE // (self.n + self.m))
        # Drawing the smaller group decides the split, and costs less.
        small, large = (first, second) if self.n <= self.m else (second, first)
        pooled = np.concatenate([small, large], axis=1)
        n_small = small.shape[1]
        for start in range(0, n_draws, chunk):
            members = _draw_members(rng, min(chunk, n_draws - start), pooled.shape[1], n_small)
            outsiders = members >= n_small
            moved = outsiders.any(axis=1)
            outsiders, rates = outsiders[moved], pooled[:, members[moved]]
            entering = np.where(outsiders, rates, 0.0).sum(axis=-1)
            staying = np.where(outsiders, 0.0, rates).sum(axis=-1)
            leaving = small.sum(axis=1, keepdims=True) - staying
            if self.n > self.m:
                leaving, entering = entering, leaving
            yield Exchange(outsiders.sum(axis=1), leaving, entering)


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
    if not 0 <= max_splits <= _MOST_SPLITS:
        raise UsageError(f"max_splits must be between 0 and {_MOST_SPLITS}, not {max_splits}")
    if n_draws < 1:
        raise UsageError(f"n_draws must be at least 1, not {n_draws}")
    if comb(n + m, n) <= max_splits:
        return Splits(n, m)
    if seed is None:
        raise UsageError(
            f"{n} against {m} retailers can be split in more than {max_splits} ways, so splits are "
            "drawn at random: give a seed, such as seed=1, so that the same data always give the "
            "same p-value"
        )
    if seed < 0:
        raise UsageError(f"seed must not be negative: {seed}")
    return Splits(n, m, n_draws, seed)


def _all_exchanges(first: Floats, second: Floats) -> Iterator[Exchange]:
    most = min(first.shape[1], second.shape[1])
    leaving, entering = _subset_sums(first, most), _subset_sums(second, most)
    for size in range(1, most + 1):
        yield Exchange(
            np.array(size, dtype=np.int64), leaving[size][:, :, None], entering[size][:, None, :]
        )


def _subset_sums(rates: Floats, most: int) -> list[Floats]:
    """Return, for each size 0 .. `most`, the sums over all subsets of that size, (k, subsets).

    A subset of the whole is a subset of the left half and one of the right half.
    """
    k, n = rates.shape
    nothing = np.zeros((k, 1))
    if most == 0:
        return [nothing]
    if most == 1 or n == 1:
        return [nothing, rates]
    half = n // 2
    left = _subset_sums(rates[:, :half], min(most, half))
    right = _subset_sums(rates[:, half:], min(most, n - half))
    return [
        np.concatenate(
            [
                (left[i][:, :, None] + right[size - i][:, None, :]).reshape(k, -1)
                for i in range(max(0, size - len(right) + 1), min(size, len(left) - 1) + 1)
            ],
            axis=1,
        )
        for size in range(most + 1)
    ]


def _draw_members(
    rng: np.random.Generator, count: int, n_pooled: int, n_members: int
) -> NDArray[np.int32]:
    """Return `count` random subsets of `n_members` among `n_pooled`: the first steps of a shuffle.

    Each row is a shuffle stopped after `n_members` exchanges, which makes every subset equally
    likely.
    """
    order = np.tile(np.arange(n_pooled, dtype=np.int32), (count, 1))
    rows = np.arange(count)
    for place in range(n_members):
        other = rng.integers(place, n_pooled, size=count)
        held = order[rows, other]
        order[rows, other] = order[:, place]
        order[:, place] = held
    return order[:, :n_members]
