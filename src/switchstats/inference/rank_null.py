"""The distribution of a rank sum when the groups do not differ, ties and all."""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.question import Direction
from switchstats.inference.samples import Floats

__all__ = ["EXACT_UNITS", "ExactNull", "NormalNull", "RankNull", "doubled_ranks", "rank_null"]

Ranks: TypeAlias = NDArray[np.int64]

# Up to here every number of splits fits into 64-bit integers, so that counting is exact.
EXACT_UNITS = 60


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

    counts: NDArray[np.int64]
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
        return int(extreme.sum()) / int(self.counts.sum())


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

    Exact for up to 60 retailers, given the ties; beyond, normal.

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
    if total <= EXACT_UNITS:
        return ExactNull(_subset_counts(ranks, n), n * (total + 1))
    _, tied = np.unique(ranks, return_counts=True)
    correction = float(np.sum(tied**3 - tied)) / (total * (total - 1))
    variance = n * (total - n) / 12 * (total + 1 - correction)
    return NormalNull(n * (total + 1), 2 * math.sqrt(max(variance, 0.0)))


def _subset_counts(ranks: Ranks, n: int) -> NDArray[np.int64]:
    """Count the subsets of size `n` by their sum, adding one retailer after another."""
    counts = np.zeros((n + 1, int(ranks.sum()) + 1), dtype=np.int64)
    counts[0, 0] = 1
    for rank in ranks:
        counts[1:, rank:] += counts[:-1, : counts.shape[1] - rank].copy()
    return counts[n]
