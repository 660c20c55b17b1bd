"""Splits as who belongs to the first group, for statistics that are more than sums.

Retailers may be confined to blocks: each block then keeps as many retailers of either group as were
observed in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.samples import Floats
from switchstats.inference.splits import (
    Members,
    drawn_members,
    draws_at_once,
    plan_draw,
)

__all__ = ["Memberships", "plan_memberships"]


@dataclass(frozen=True, slots=True, eq=False)
class Memberships:
    """Every split of retailers within their blocks, or a random draw of them.

    Parameters
    ----------
    first
        Whether each retailer was observed in the first group.
    blocks
        Places of the retailers of each block.
    n_draws, seed
        Number of random splits and their seed; ``None``: every split.
    """

    first: NDArray[np.bool_]
    blocks: tuple[NDArray[np.intp], ...]
    n_draws: int | None = None
    seed: int | None = None

    @property
    def total(self) -> int:
        """Number of splits that count, the observed one included."""
        return self._n_splits if self.n_draws is None else self.n_draws + 1

    @property
    def paired(self) -> bool:
        """Whether every split is tried and each has one with the groups swapped."""
        first = self.first
        return self.n_draws is None and all(
            2 * int(first[block].sum()) == block.size for block in self.blocks
        )

    def columns(self, *, halved: bool = False) -> Iterator[Floats]:
        """Yield blocks of splits, one a column: 1 where a retailer belongs to the first group.

        In an order that never changes; the observed split may be among them.

        Parameters
        ----------
        halved
            Of each split and the one with the groups swapped only one; when `paired`.
        """
        at_once = draws_at_once(self.first.size)
        if self.n_draws is None:
            return self._every(at_once, halved=halved)
        return self._drawn(self.n_draws, at_once)

    @property
    def _n_splits(self) -> int:
        return prod(comb(block.size, int(self.first[block].sum())) for block in self.blocks)

    def _every(self, at_once: int, *, halved: bool) -> Iterator[Floats]:
        smaller = [self._smaller(block) for block in self.blocks]
        members = [_all_members(block.size, size) for block, size, _ in smaller]
        for start in range(0, self._n_splits, at_once):
            place = np.arange(start, min(start + at_once, self._n_splits))
            chosen: list[Members] = []
            for each in members:
                place, column = np.divmod(place, each.shape[1])
                chosen.append(each[:, column])
            split = self._filled(smaller, chosen, len(place))
            yield split[:, split[0] == self.first[0]] if halved else split

    def _drawn(self, n_draws: int, at_once: int) -> Iterator[Floats]:
        smaller = [self._smaller(block) for block in self.blocks]
        seeds = [self.seed, *((self.seed or 0, place) for place in range(1, len(smaller)))]
        rngs = [np.random.default_rng(seed) for seed in seeds]
        draws = [
            drawn_members(rng, n_draws, block.size, size, at_once=at_once)
            for rng, (block, size, _) in zip(rngs, smaller, strict=True)
        ]
        for chosen in zip(*draws, strict=True):
            yield self._filled(smaller, chosen, chosen[0].shape[1])

    def _smaller(self, block: NDArray[np.intp]) -> tuple[NDArray[np.intp], int, bool]:
        """Return the block's retailers with its smaller group first, its size and which it is."""
        inside = self.first[block]
        of_first = 2 * int(inside.sum()) <= block.size
        chosen = inside if of_first else ~inside
        return np.concatenate([block[chosen], block[~chosen]]), int(chosen.sum()), of_first

    def _filled(
        self,
        smaller: list[tuple[NDArray[np.intp], int, bool]],
        chosen: "list[Members] | tuple[Members, ...]",
        count: int,
    ) -> Floats:
        split = np.empty((self.first.size, count))
        columns = np.arange(count)
        for (block, _, of_first), members in zip(smaller, chosen, strict=True):
            split[block] = 0.0 if of_first else 1.0
            split[block[members], columns] = 1.0 if of_first else 0.0
        return split


def plan_memberships(
    first: NDArray[np.bool_],
    strata: NDArray[np.int64] | None = None,
    *,
    max_splits: int,
    n_draws: int,
    seed: int | None,
) -> Memberships:
    """Return every split within strata when there are at most `max_splits`, else random ones.

    Parameters
    ----------
    first
        Whether each retailer belongs to the first group.
    strata
        Each retailer's stratum; one for all by default.
    max_splits, n_draws, seed
        As in `plan_splits`.

    Examples
    --------
    >>> first = np.array([True, True, False, False])
    >>> terms = {"max_splits": 100, "n_draws": 99, "seed": None}
    >>> plan_memberships(first, **terms).total
    6
    >>> plan_memberships(first, np.array([0, 1, 0, 1]), **terms).total
    4
    """
    codes = np.zeros(first.size, dtype=np.int64) if strata is None else strata
    blocks = tuple(np.flatnonzero(codes == code) for code in np.unique(codes))
    every = Memberships(first, blocks)
    drawn = plan_draw(every.total, max_splits=max_splits, n_draws=n_draws, seed=seed)
    return every if drawn is None else Memberships(first, blocks, *drawn)


def _all_members(n_pooled: int, n_members: int) -> Members:
    """Return every subset of `n_members` among `n_pooled`, one a column.

    Each retailer in turn is added to every smaller subset of those before it.
    """
    sizes = range(n_members + 1)
    subsets = [np.zeros((size, comb(n_pooled, size)), dtype=np.uint16) for size in sizes]
    for place in range(n_pooled):
        for size in range(min(place + 1, n_members), 0, -1):
            without, start = comb(place, size - 1), comb(place, size)
            added = subsets[size][:, start : start + without]
            added[:-1] = subsets[size - 1][:, :without]
            added[-1] = place
    return subsets[n_members]
