"""The statistic of the wild cluster bootstrap in every draw, as a function of the null."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from switchstats.inference.question import Direction
from switchstats.inference.wild.sums import POINTS, WildWeights, pattern_sums, random_sums
from switchstats.rates.ratio import Floats, Ratio

__all__ = ["WildStatistics", "every_pattern", "extremeness", "random_patterns"]

# Below it, a draw has no spread and counts as extreme.
_NO_SPREAD = 1e-200
# Draws whose polynomials stay in a processor's cache while they are made.
_DRAWS_AT_ONCE = 8192


@dataclass(frozen=True, slots=True, eq=False)
class WildStatistics:
    """Bootstrap statistics of all draws, at any null difference.

    The residuals under the null are those of the data plus a multiple of t, the observed statistic
    at that null. So the statistic of a draw is (`offset` + t `slope`) over the square root of
    ``spread[0] + t spread[1] + t^2 spread[2]``.

    Parameters
    ----------
    offset, slope, spread
        One entry a draw.
    mirrored
        Whether each draw stands also for the one with all weights reversed.
    """

    offset: Floats
    slope: Floats
    spread: tuple[Floats, Floats, Floats]
    mirrored: bool

    def extremes(self, t: float, direction: Direction) -> Floats:
        """Return how strongly each draw speaks against the null, as `extremeness` does for t."""
        constant, linear, quadratic = self.spread
        top = self.offset + t * self.slope
        spread = np.maximum(constant + t * (linear + t * quadratic), _NO_SPREAD)
        if direction == "two-sided":
            return top * top / spread
        signed = top * np.abs(top) / spread
        if self.mirrored:
            signed = np.concatenate([signed, -signed])
        return signed if direction == "greater" else -signed


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """What a group adds to each draw, in powers of the group's distance from the null."""

    mean: tuple[Floats, Floats]
    spread: tuple[Floats, Floats, Floats]


def extremeness(t: float, direction: Direction) -> float:
    """Return t squared, with the sign that makes large values speak against the null.

    Examples
    --------
    >>> extremeness(-2.0, "two-sided"), extremeness(-2.0, "less"), extremeness(-2.0, "greater")
    (4.0, 4.0, -4.0)
    """
    if direction == "two-sided":
        return t * t
    return t * abs(t) * (1 if direction == "greater" else -1)


def every_pattern(
    ratios: Sequence[Ratio], totals: tuple[float, float], weights: WildWeights
) -> WildStatistics:
    """Return the statistics under every pattern of weights, each standing for its mirror too.

    Parameters
    ----------
    ratios
        The groups' rates with their retailers' shares and scores.
    totals
        Sums of the groups' weights: requests or retailers.
    weights
        Values that a weight may take.
    """
    points, std_error = POINTS[weights], _std_error(ratios)
    sides: list[_Side] = []
    for ratio in ratios:
        columns, squared = _columns(ratio, std_error)
        sums = pattern_sums(points, columns).T, pattern_sums(points**2, squared).T
        sides.append(_side(ratio, *sums))
    first, second = sides
    # The last retailer's weight decides the half; the other half mirrors it.
    half = first.mean[0].size // 2
    upper = _Side(
        (first.mean[0][half:, None], first.mean[1][half:, None]),
        (first.spread[0][half:, None], first.spread[1][half:, None], first.spread[2][half:, None]),
    )
    return _together(upper, second, totals, mirrored=True)


def random_patterns(
    ratios: Sequence[Ratio],
    totals: tuple[float, float],
    weights: WildWeights,
    n_draws: int,
    rng: np.random.Generator,
) -> WildStatistics:
    """Return the statistics under random weights; parameters as in `every_pattern`."""
    std_error = _std_error(ratios)
    sums = [random_sums(*_columns(ratio, std_error), weights, n_draws, rng) for ratio in ratios]
    pieces: list[WildStatistics] = []
    for start in range(0, n_draws, _DRAWS_AT_ONCE):
        some = slice(start, start + _DRAWS_AT_ONCE)
        first, second = (
            _side(ratio, linear[:, some], squared if squared.shape[1] == 1 else squared[:, some])
            for ratio, (linear, squared) in zip(ratios, sums, strict=True)
        )
        pieces.append(_together(first, second, totals, mirrored=False))
    constant, straight, quadratic = (
        np.concatenate([piece.spread[power] for piece in pieces]) for power in range(3)
    )
    return WildStatistics(
        np.concatenate([piece.offset for piece in pieces]),
        np.concatenate([piece.slope for piece in pieces]),
        (constant, straight, quadratic),
        mirrored=False,
    )


def _std_error(ratios: Sequence[Ratio]) -> float:
    return float(np.sqrt(sum(np.sum(ratio.score**2) for ratio in ratios)))


def _columns(ratio: Ratio, std_error: float) -> tuple[Floats, Floats]:
    """Return what is summed under weights, and under squared weights."""
    a, s = ratio.score / std_error, ratio.share
    return np.stack([a, s, a * s, s * s]), np.stack([a * a, a * s, s * s])


def _side(ratio: Ratio, linear: Floats, squared: Floats) -> _Side:
    """Return the polynomials of one group, from the sums of its `_columns`.

    With weights v, shares s, scores a and distance k the bootstrap residuals are v (a + k s) - s M,
    with M = sum of v (a + k s); the squared standard error is the sum of their squares.
    """
    va, vs, vas, vss = linear
    aa, as_, ss = squared
    sum_ss = np.sum(ratio.share * ratio.share)
    return _Side(
        (va, vs),
        (
            aa - va * (2 * vas - va * sum_ss),
            2 * (as_ - va * vss - vs * (vas - va * sum_ss)),
            ss - vs * (2 * vss - vs * sum_ss),
        ),
    )


def _together(
    first: _Side, second: _Side, totals: tuple[float, float], *, mirrored: bool
) -> WildStatistics:
    """Return the difference of both groups, whose distances are t times the other's share."""
    share = totals[0] / (totals[0] + totals[1])
    up, down = 1 - share, -share
    spread = tuple(
        (one * up**power + other * down**power).ravel()
        for power, (one, other) in enumerate(zip(first.spread, second.spread, strict=True))
    )
    return WildStatistics(
        (first.mean[0] - second.mean[0]).ravel(),
        (up * first.mean[1] - down * second.mean[1]).ravel(),
        (spread[0], spread[1], spread[2]),
        mirrored,
    )
