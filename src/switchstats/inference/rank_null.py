"""The distribution of a rank sum when the groups do not differ, ties and all."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.question import Direction
from switchstats.inference.samples import Floats

__all__ = [
    "EXACT_UNITS",
    "ExactNull",
    "NormalNull",
    "RankNull",
    "counts_splits",
    "doubled_ranks",
    "normal_null",
    "rank_null",
]

Ranks: TypeAlias = NDArray[np.int64]
Numbers: TypeAlias = NDArray[np.int64 | np.float64]

# Up to here every number of splits fits into 64-bit integers; beyond, doubles round the sixteenth
# digit.
EXACT_UNITS = 60
# Additions that counting may take, some tenth of a second.
_MOST_ADDITIONS = 200_000_000


def doubled_ranks(rates: Floats, tolerance: float) -> Ranks:
    """Return twice the midrank of each rate; rates within `tolerance` of each other tie.

    Examples
    --------
    >>> doubled_ranks(np.array([0.2, 0.1, 0.2, 0.4]), 1e-12)
    array([5, 2, 5, 8])
    """
    ordered = np.sort(rates)
    below = np.searchsorted(ordered, rates - tolerance, side="left")
    not_above = np.searchsorted(ordered, rates + tolerance, side="right")
    return below + not_above + 1


@dataclass(frozen=True, slots=True, eq=False)
class ExactNull:
    """How many choices of `n` retailers have each doubled rank sum.

    Parameters
    ----------
    counts
        Number of choices, indexed by the doubled rank sum.
    mean
        Mean of the doubled rank sum, always a whole number.
    """

    counts: Numbers
    mean: int

    def p_value(self, doubled_sum: int, alternative: Direction) -> float:
        """Return the share of choices at least as extreme as `doubled_sum`."""
        if alternative == "less":
            extreme = self.counts[: doubled_sum + 1]
        elif alternative == "greater":
            extreme = self.counts[doubled_sum:]
        else:
            distance = np.abs(np.arange(self.counts.size) - self.mean)
            extreme = self.counts[distance >= abs(doubled_sum - self.mean)]
        return float(extreme.sum() / self.counts.sum())


@dataclass(frozen=True, slots=True)
class NormalNull:
    """The normal approximation, corrected for ties and continuity.

    Parameters
    ----------
    mean, sd
        Of the doubled rank sum. The correction of half a rank is 1 on this scale.
    """

    mean: int
    sd: float

    def p_value(self, doubled_sum: int, alternative: Direction) -> float:
        """Return the approximate share of choices at least as extreme as `doubled_sum`."""
        from scipy.special import ndtr

        if self.sd == 0:
            return 1.0
        above = doubled_sum - self.mean
        if alternative == "two-sided":
            return min(1.0, 2 * float(ndtr(-max(abs(above) - 1, 0) / self.sd)))
        return float(ndtr(((above if alternative == "less" else -above) + 1) / self.sd))


RankNull: TypeAlias = ExactNull | NormalNull


def rank_null(ranks: Ranks, n: int) -> RankNull:
    """Return the null distribution of the doubled rank sum of `n` of these retailers.

    Exact, given the ties, where `counts_splits`; else normal.

    Parameters
    ----------
    ranks
        Doubled midranks of all retailers: whole numbers whatever the ties.
    n
        Size of the group whose ranks are summed.

    Examples
    --------
    Two of the ranks 1, 2.5, 2.5, 4: sums 3.5, 3.5, 5, 5, 6.5, 6.5.

    >>> null = rank_null(np.array([2, 5, 5, 8]), 2)
    >>> null.p_value(7, "less"), null.p_value(7, "two-sided")
    (0.333..., 0.666...)
    """
    total = ranks.size
    if counts_splits(total, n):
        return ExactNull(_subset_counts(ranks, n), n * (total + 1))
    return normal_null(ranks, n)


def normal_null(ranks: Ranks, n: int) -> NormalNull:
    """Return the normal approximation of `rank_null`, with the variance that ties leave."""
    total = ranks.size
    _, tied = np.unique(ranks, return_counts=True)
    correction = float(np.sum(tied**3 - tied)) / (total * (total - 1))
    variance = n * (total - n) / 12 * (total + 1 - correction)
    return NormalNull(n * (total + 1), 2 * math.sqrt(max(variance, 0.0)))


def counts_splits(total: int, n: int) -> bool:
    """Whether the splits of so many retailers, `n` in one group, are counted one and all.

    Examples
    --------
    >>> counts_splits(710, 10), counts_splits(160, 80), counts_splits(400, 200)
    (True, True, False)
    """
    few = min(n, total - n)
    return 2 * total * few * few * (total - few) <= _MOST_ADDITIONS


def _subset_counts(ranks: Ranks, n: int) -> Numbers:
    """Count the subsets of size `n` by their sum, adding one retailer after another."""
    few = min(n, ranks.size - n)
    # Sums of the few, each rank less the least one and divided by what all have in common.
    least = int(ranks.min())
    steps = ranks - least
    unit = max(int(np.gcd.reduce(steps)), 1)
    steps = np.sort(steps // unit)
    shape = (few + 1, int(steps[ranks.size - few :].sum()) + 1)
    counts: Numbers = np.zeros(shape, np.int64) if ranks.size <= EXACT_UNITS else np.zeros(shape)
    counts[0, 0] = 1
    for step in steps:
        counts[1:, step:] += counts[:-1, : counts.shape[1] - step].copy()
    by_sum = np.zeros_like(counts, shape=int(ranks.sum()) + 1)
    start = few * least
    by_sum[start : start + unit * counts.shape[1] : unit] = counts[few]
    return by_sum if few == n else by_sum[::-1]
