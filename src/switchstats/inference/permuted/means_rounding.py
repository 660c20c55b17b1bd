"""How far the p-value of the permutation test can move inside the rounding of the rates."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.question import Question
from switchstats.inference.samples import Floats, Samples
from switchstats.inference.splits import Exchange, Splits

__all__ = ["permutation_p_range"]


@dataclass(frozen=True, slots=True, eq=False)
class _Contrasts:
    """Ranges over the rounding intervals, a split each, of two linear functions of the rates.

    `minus` is the split's difference minus the observed one, times a positive constant; `plus` is
    their sum. The null difference is taken off the first group before either.
    """

    minus_low: Floats
    minus_high: Floats
    plus_low: Floats
    plus_high: Floats


def permutation_p_range(
    samples: Samples, question: Question, splits: Splits
) -> tuple[float, float]:
    """Return bounds of the p-value over every set of rates inside the rounding intervals.

    A split counts when D <= d ("less"), D >= d ("greater") or abs(D) >= abs(d), where D is its
    difference and d the observed one, both after the null is taken off the first group.

    One-sided: D - d is proportional to the sum of those who enter the first group minus the sum of
    those who leave it. In every split it falls in each rate of the first group and rises in each
    rate of the second. So the p-values are monotone in every rate and attain their range in two
    corners: first group low and second high, and the reverse.

    Two-sided: while d >= 0 a split counts when D - d >= 0 or D + d <= 0; while d <= 0, when
    D - d <= 0 or D + d >= 0. All four are linear in the rates, so their ranges are known exactly.
    Counting the splits that surely and that possibly satisfy one of them bounds the p-value on
    either side of d = 0; at d = 0 itself every split counts. For groups of equal size and all
    splits the bounds are exact: D + d then rises in each rate of the first group and falls in each
    rate of the second, so all four attain their ends in the same two corners. For unequal sizes
    they may be too wide, never too narrow.

    For random splits it is the range for those that were drawn.
    """
    centre = np.mean(np.concatenate([samples.first.value, samples.second.value]))
    first = np.stack([samples.first.low, samples.first.high]) - centre
    second = np.stack([samples.second.low, samples.second.high]) - centre
    tolerance = samples.tolerance(question.null)
    two_sided = question.alternative == "two-sided"
    down, up, always = np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64), splits.total
    for block in splits.exchanges(first, second):
        contrasts = _contrasts(block, first, second, question.null)
        down += _counts_down(contrasts, tolerance, two_sided=two_sided)
        up += _counts_up(contrasts, tolerance, two_sided=two_sided)
        always -= contrasts.minus_low.size
    d_low, d_high = (end - question.null for end in samples.difference_range)
    sides: list[tuple[float, float]] = []
    if question.alternative == "less" or (two_sided and d_low <= tolerance):
        sides.append(_shares(down, always, splits.total))
    if question.alternative == "greater" or (two_sided and d_high >= -tolerance):
        sides.append(_shares(up, always, splits.total))
    low, high = min(low for low, _ in sides), max(high for _, high in sides)
    return low, 1.0 if len(sides) > 1 else high


def _shares(counts: NDArray[np.int64], always: int, total: int) -> tuple[float, float]:
    surely, possibly = counts.tolist()
    return (always + surely) / total, (always + possibly) / total


def _contrasts(block: Exchange, first: Floats, second: Floats, null: float) -> _Contrasts:
    """Return the ranges of sum(entering) - sum(leaving) + r null, and of D + d.

    In D + d a rate of the first group weighs 2/n when it stays and 1/n - 1/m when it leaves; one of
    the second group weighs 1/n - 1/m when it enters and -2/m when it stays.
    """
    n, m = first.shape[1], second.shape[1]
    (leave_low, leave_high), (enter_low, enter_high) = block.leaving, block.entering
    offset = block.size * null
    stay_low, stay_high = (
        2 / n * (sum_first - leaving) - 2 / m * (sum_second - entering)
        for sum_first, leaving, sum_second, entering in (
            (first[0].sum(), leave_low, second[1].sum(), enter_high),
            (first[1].sum(), leave_high, second[0].sum(), enter_low),
        )
    )
    weight = 1 / n - 1 / m
    moved_low, moved_high = weight * (leave_low + enter_low), weight * (leave_high + enter_high)
    if weight < 0:
        moved_low, moved_high = moved_high, moved_low
    shift = (1 / n + 1 / m) * offset - 2 * null
    return _Contrasts(
        enter_low - leave_high + offset,
        enter_high - leave_low + offset,
        stay_low + moved_low + shift,
        stay_high + moved_high + shift,
    )


def _counts_down(contrasts: _Contrasts, tolerance: float, *, two_sided: bool) -> NDArray[np.int64]:
    """Count the splits that surely and that possibly are as extreme while d <= 0."""
    surely = contrasts.minus_high <= tolerance
    possibly = contrasts.minus_low <= tolerance
    if two_sided:
        surely |= contrasts.plus_low >= -tolerance
        possibly |= contrasts.plus_high >= -tolerance
    return np.array([np.count_nonzero(surely), np.count_nonzero(possibly)])


def _counts_up(contrasts: _Contrasts, tolerance: float, *, two_sided: bool) -> NDArray[np.int64]:
    """Count the splits that surely and that possibly are as extreme while d >= 0."""
    surely = contrasts.minus_low >= -tolerance
    possibly = contrasts.minus_high >= -tolerance
    if two_sided:
        surely |= contrasts.plus_high <= tolerance
        possibly |= contrasts.plus_low <= tolerance
    return np.array([np.count_nonzero(surely), np.count_nonzero(possibly)])
