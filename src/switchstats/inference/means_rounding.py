"""How far the p-value of Welch's test can move inside the rounding of the rates."""

import math
from bisect import bisect_left

import numpy as np

from switchstats.inference.question import Question
from switchstats.inference.samples import Group, Samples
from switchstats.inference.student import p_from_t, satterthwaite

__all__ = ["variance_range", "welch_p_range"]


def welch_p_range(samples: Samples, question: Question) -> tuple[float, float]:
    """Return bounds of the p-value over every set of rates inside the rounding intervals.

    The difference of means, its standard error and the degrees of freedom have ranges that are
    known (see `variance_range`). They are combined as if each could be chosen freely of the others,
    so the bounds are never too narrow. They are too wide by as much as the extremes exclude one
    another: little near the null, by a third in a table of rates to 0.1 with t = 1.5. A lower tail
    rises with t; below 0 it is the heavier for fewer degrees of freedom, above 0 for more.
    """
    d_low, d_high = (end - question.null for end in samples.difference_range)
    # Every p-value here is the lower tail of t for d or for -d, or twice that for -abs(d).
    if question.alternative == "less":
        low, high, tails = d_low, d_high, 1
    elif question.alternative == "greater":
        low, high, tails = -d_high, -d_low, 1
    else:
        low, high, tails = -max(-d_low, d_high), -max(d_low, -d_high, 0.0), 2
    error_low, error_high, df_low, df_high = _spread_range(samples)
    t_low = _ratio(low, error_low if low < 0 else error_high)
    t_high = _ratio(high, error_high if high < 0 else error_low)
    return (
        tails * p_from_t(t_low, df_high if low < 0 else df_low, "less"),
        tails * p_from_t(t_high, df_low if high < 0 else df_high, "less"),
    )


def _spread_range(samples: Samples) -> tuple[float, float, float, float]:
    """Return the least and greatest standard error, and the fewest and most degrees of freedom.

    The degrees of freedom are the reciprocal of a convex quadratic of the first group's share of
    the squared error: fewest at an end of the share's range, most at its vertex or next to it.
    """
    n, m = samples.n_by_group
    first_low, first_high = (end / n for end in variance_range(samples.first))
    second_low, second_high = (end / m for end in variance_range(samples.second))
    share_low = _share(first_low, second_high, if_none=1.0)
    share_high = _share(first_high, second_low, if_none=0.0)
    vertex = min(max((n - 1) / (n + m - 2), share_low), share_high)
    return (
        math.sqrt(first_low + second_low),
        math.sqrt(first_high + second_high),
        min(satterthwaite(share_low, n, m), satterthwaite(share_high, n, m)),
        satterthwaite(vertex, n, m),
    )


def variance_range(group: Group) -> tuple[float, float]:
    """Return bounds of the sample variance over the rounding intervals of a group's rates.

    The sum of squares about the mean is the least over c of sum((x - c)^2).

    Least: for each c the nearest point of every interval is best, which leaves a convex function
    of c alone. This end is exact.

    Greatest: for each c the farther end of every interval is worst. Whatever c is taken, that sum
    is no less than any attainable sum of squares; the least of them is exact when c is the mean of
    the farther ends. Otherwise c is the middle of an interval, whose ends are equally far, and
    choosing among them brings the mean to within half a width over n of c: too large by at most
    w^2 / 4n, with w the widest interval.
    """
    return _least_squares(group) / (group.n - 1), _greatest_squares(group) / (group.n - 1)


def _least_squares(group: Group) -> float:
    low, high = group.low, group.high
    ends = np.sort(np.concatenate([low, high]))

    def slope(c: float) -> float:
        return float(np.sum(c - np.clip(c, low, high)))

    place = min(bisect_left(ends, 0.0, key=slope), ends.size - 1)
    outside = np.concatenate([high[high < ends[place]], low[low >= ends[place]]])
    centres = [float(ends[place]), float(np.mean(outside)) if outside.size else float(ends[place])]
    return min(float(np.sum((c - np.clip(c, low, high)) ** 2)) for c in centres)


def _greatest_squares(group: Group) -> float:
    low, high = group.low, group.high
    middle = (low + high) / 2
    middles = np.sort(middle)

    def slope(c: float) -> float:
        return float(np.sum(c - np.where(middle <= c, low, high)))

    kink = middles[min(bisect_left(middles, 0.0, key=slope), middles.size - 1)]
    centres = [float(kink), float(np.mean(np.where(middle < kink, low, high)))]
    return min(float(np.sum(np.maximum(c - low, high - c) ** 2)) for c in centres)


def _share(first: float, second: float, *, if_none: float) -> float:
    return first / (first + second) if first + second > 0 else if_none


def _ratio(difference: float, error: float) -> float:
    if error > 0:
        return difference / error
    return math.copysign(math.inf, difference) if difference else 0.0
