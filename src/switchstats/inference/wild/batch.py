"""P-values of the wild cluster bootstrap for many data sets at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from switchstats.errors import UsageError
from switchstats.inference.clustered.difference import SAME, Bools
from switchstats.inference.groups import Ints
from switchstats.inference.wild.sums import (
    POINTS,
    WildWeights,
    all_patterns,
    random_weights,
)
from switchstats.rates.ratio import Floats, ratio_of
from switchstats.values import Weighting

__all__ = ["wild_bootstrap_p_values"]

# Data sets that share their draws: few, so that the error of the draws averages out over many sets,
# and so that products of 20 retailers stay below the size at which linear algebra starts threads.
_SETS_AT_ONCE = 25
_CELLS_AT_ONCE = 2_000_000
# As in the test of one data set.
_TIE = 1e-9


def wild_bootstrap_p_values(
    errors: Ints,
    requests: Ints,
    first: Bools,
    *,
    seed: int,
    weights: WildWeights = "rademacher",
    weighting: Weighting = "requests",
    n_draws: int = 999,
) -> Floats:
    """Return two-sided p-values of `wild_bootstrap` at no difference, NaN where undefined.

    Parameters
    ----------
    errors, requests
        Shape (..., k): any number of data sets of k retailers.
    first
        Shape (k,): whether the retailer belongs to the first group.
    seed, weights, weighting, n_draws
        As in `wild_bootstrap`; every pattern is used where there are at most `n_draws` + 1. Up to
        25 data sets share their draws.

    Examples
    --------
    >>> errors = np.array([[12, 30, 7, 5, 60, 11]])
    >>> requests = np.array([[100, 150, 40, 60, 300, 70]])
    >>> wild_bootstrap_p_values(errors, requests, np.arange(6) < 3, seed=1).tolist()
    [0.78125]
    """
    if n_draws < 1:
        raise UsageError(f"n_draws must be at least 1, not {n_draws}")
    k = errors.shape[-1]
    sides, t = _under_null(errors.reshape(-1, k), requests.reshape(-1, k), first, weighting)
    every = POINTS[weights].size ** k <= n_draws + 1
    rng = np.random.default_rng(seed)
    as_extreme = np.zeros(t.size)
    for start in range(0, t.size, _SETS_AT_ONCE):
        sets = slice(start, start + _SETS_AT_ONCE)
        some = [_Side(side.residual[sets], side.share[sets]) for side in sides]
        least = (t[sets] ** 2 * (1 - _TIE))[:, None]
        if every:
            draws = iter([_drawn(some, all_patterns(weights, k), first, weights)])
        else:
            draws = _random(some, first, weights, n_draws, rng)
        for top, spread in draws:
            as_extreme[sets] += np.count_nonzero(top * top >= least * spread, axis=1)
    # with every pattern, half of them are tried: all signs reversed give the same square
    total = POINTS[weights].size ** k / 2 if every else n_draws + 1
    p_values = (as_extreme + (0 if every else 1)) / total
    return np.where(np.isnan(t), np.nan, p_values).reshape(errors.shape[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Residuals under the null and shares of a group's retailers, shape (data sets, retailers)."""

    residual: Floats
    share: Floats


def _under_null(
    errors: Ints, requests: Ints, first: Bools, weighting: Weighting
) -> tuple[list[_Side], Floats]:
    """Return both groups in standard errors, and the observed statistics, NaN where undefined."""
    ratios = [ratio_of(errors[:, side], requests[:, side], weighting) for side in (first, ~first)]
    weights = requests if weighting == "requests" else requests > 0
    share = weights[:, first].sum(axis=1) / weights.sum(axis=1)
    std_error = np.sqrt(sum(np.sum(ratio.score**2, axis=1) for ratio in ratios))
    largest = np.max(errors / np.where(requests > 0, requests, 1), axis=1)
    difference = ratios[0].rate - ratios[1].rate
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(std_error > SAME * largest, difference / std_error, np.nan)
        sides = [
            _Side(
                ratio.score / std_error[:, None] + (apart * t)[:, None] * ratio.share, ratio.share
            )
            for ratio, apart in zip(ratios, (1 - share, -share), strict=True)
        ]
    return sides, t


def _random(
    sides: Sequence[_Side],
    first: Bools,
    weights: WildWeights,
    n_draws: int,
    rng: np.random.Generator,
) -> Iterator[tuple[Floats, Floats]]:
    most = max(1, _CELLS_AT_ONCE // max(first.size, len(sides[0].share)))
    for start in range(0, n_draws, most):
        shape = (min(most, n_draws - start), first.size)
        yield _drawn(sides, random_weights(weights, shape, rng), first, weights)


def _drawn(
    sides: Sequence[_Side], drawn: Floats, first: Bools, weights: WildWeights
) -> tuple[Floats, Floats]:
    """Return numerators and squared standard errors, shape (data sets, draws)."""
    signs = weights == "rademacher"
    means: list[Floats] = []
    spreads: list[Floats] = []
    for side, members in zip(sides, (first, ~first), strict=True):
        own = drawn[:, members].T
        mean = side.residual @ own
        cross = (side.residual * side.share) @ own
        means.append(mean)
        squares = np.sum(side.residual**2, axis=1)[:, None] if signs else side.residual**2 @ own**2
        total = np.sum(side.share**2, axis=1)[:, None]
        spreads.append(squares - mean * (2 * cross - mean * total))
    return means[0] - means[1], spreads[0] + spreads[1]
