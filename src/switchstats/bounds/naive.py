"""The range of the naive pooled z over every volume that a table allows.

The statistic is the square root of the total number of requests times a function of both groups'
rates and of the first group's share. That function is enclosed by interval arithmetic on boxes
that are halved where it matters, so that the outer end is proved and the inner one attained.
"""

import math
from dataclasses import dataclass

__all__ = ["Box", "UnitRange", "unit_z_range"]

# Outward slack for a dozen roundings of doubles.
_SLACK = 1e-12
_MOST_HALVINGS = 20_000
_NEAR = 1e-7


@dataclass(frozen=True, slots=True)
class Box:
    """Ranges of both rates and of the first group's share of the requests."""

    first: tuple[float, float]
    second: tuple[float, float]
    share: tuple[float, float]

    @property
    def middle(self) -> tuple[float, float, float]:
        """The point in the middle."""
        ends = (self.first, self.second, self.share)
        first, second, share = (0.5 * (low + high) for low, high in ends)
        return first, second, share

    def halves(self) -> "tuple[Box, Box]":
        """Return two halves, across the side that is longest for its size."""
        ends = (self.first, self.second, self.share)
        sizes = [(high - low) / max(high, 1e-9) for low, high in ends]
        side = sizes.index(max(sizes))
        low, high = ends[side]
        lower, upper = list(ends), list(ends)
        lower[side], upper[side] = (low, 0.5 * (low + high)), (0.5 * (low + high), high)
        return Box(*lower), Box(*upper)


@dataclass(frozen=True, slots=True)
class UnitRange:
    """Least and greatest z for one request in all: proved, and attained at a point."""

    low: float
    high: float
    attained_low: float
    attained_high: float


def unit_z_range(box: Box) -> UnitRange:
    """Return the range over a box of z divided by the root of the total number of requests."""
    high, attained_high = _most(box, 1.0)
    low, attained_low = _most(box, -1.0)
    return UnitRange(-low, high, -attained_low, attained_high)


def _most(box: Box, sign: float) -> tuple[float, float]:
    """Return a proved upper limit and an attained value of sign times the statistic."""
    import heapq

    best = _best_seen(box, sign)
    heap = [(-_upper(box, sign), 0, box)]
    count = 0
    while heap and count < _MOST_HALVINGS:
        upper, _, widest = heap[0]
        if -upper - best <= _NEAR * max(1.0, abs(best)):
            break
        heapq.heappop(heap)
        for half in widest.halves():
            count += 1
            best = max(best, _best_seen(half, sign))
            heapq.heappush(heap, (-_upper(half, sign), count, half))
    return max(-heap[0][0], best), best


def _best_seen(box: Box, sign: float) -> float:
    corners = [
        (first, second, share)
        for first in box.first
        for second in box.second
        for share in (*box.share, box.middle[2])
    ]
    return max(sign * _unit_z(*point) for point in corners)


def _unit_z(first: float, second: float, share: float) -> float:
    pooled = share * first + (1 - share) * second
    spread = share * (1 - share)
    if first == second or spread == 0:
        return 0.0
    variance = pooled * (1 - pooled)
    if variance == 0:
        return 0.0
    return (first - second) * math.sqrt(spread / variance)


def _upper(box: Box, sign: float) -> float:
    """Return an upper limit of sign times the statistic on a box, by interval arithmetic.

    For one request in all the statistic is the correlation of group and error, so at most 1.
    """
    (a, b), (c, d), (v, w) = box.first, box.second, box.share
    gap = b - c if sign > 0 else d - a
    most_spread = 0.25 if v <= 0.5 <= w else max(v * (1 - v), w * (1 - w))  # noqa: PLR2004
    least_spread = min(v * (1 - v), w * (1 - w))
    corners = [
        share * first + (1 - share) * second
        for first in (a, b)
        for second in (c, d)
        for share in (v, w)
    ]
    low, high = min(corners), max(corners)
    least_variance = min(low * (1 - low), high * (1 - high))
    most_variance = 0.25 if low <= 0.5 <= high else max(low * (1 - low), high * (1 - high))  # noqa: PLR2004
    if gap >= 0:
        if least_variance <= 0:
            return 1.0 if gap > 0 and most_spread > 0 else 0.0
        limit = min(1.0, gap * math.sqrt(most_spread / least_variance))
    else:
        limit = gap * math.sqrt(least_spread / most_variance) if most_variance > 0 else 0.0
    return limit + _SLACK * (1 + abs(limit))
