"""The range of the naive pooled z over rates and volumes that a table allows.

For one request in all, z is the correlation of group and error. With rates `a` and `b` and the
first group's share `v` it is ``d / sqrt(d^2 + S(v))``, where ``d = a - b`` and
``S(v) = a (1 - a) / (1 - v) + b (1 - b) / v``. It rises in `a` and falls in `b`, whatever `v`; `S`
is convex in `v` and least where ``v : 1 - v`` is the ratio of the standard deviations.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Box", "UnitRange", "range_at_points", "range_over_box", "unit_z"]

# Outward slack for a dozen roundings of doubles.
_SLACK = 1e-14


@dataclass(frozen=True, slots=True)
class Box:
    """Ranges of both rates and of the first group's share of the requests."""

    first: tuple[float, float]
    second: tuple[float, float]
    share: tuple[float, float]


@dataclass(frozen=True, slots=True)
class UnitRange:
    """Least and greatest z for one request in all."""

    low: float
    high: float

    @property
    def outward(self) -> "UnitRange":
        """The range with more room than rounding can have taken."""
        return UnitRange(_moved(self.low, -1), _moved(self.high, 1))

    @property
    def inward(self) -> "UnitRange":
        """The range with less."""
        low, high = _moved(self.low, 1), _moved(self.high, -1)
        return UnitRange(low, high) if low <= high else self

    @property
    def least_size(self) -> float:
        """The least distance from 0."""
        return max(self.low, -self.high, 0.0)

    @property
    def greatest_size(self) -> float:
        """The greatest distance from 0."""
        return max(-self.low, self.high)


def range_over_box(box: Box) -> UnitRange:
    """Return the range where every rate and share of a box is possible together."""
    high = _greatest(box.first[1], box.second[0], box.share)
    mirrored = (1 - box.share[1], 1 - box.share[0])
    return UnitRange(-_greatest(box.second[1], box.first[0], mirrored), high)


def range_at_points(points: Iterable[tuple[float, float, float]]) -> UnitRange:
    """Return the range over points: rates of the first and second group, the first's share."""
    seen = [unit_z(*point) for point in points]
    return UnitRange(min(seen), max(seen))


def unit_z(first: float, second: float, share: float) -> float:
    """Return z for one request in all.

    Examples
    --------
    >>> round(unit_z(0.2, 0.1, 0.5), 4)  # 100 requests each: z = 1.9803
    0.14...
    """
    return _correlation(first - second, _spread(first, second, share))


def _greatest(first: float, second: float, share: tuple[float, float]) -> float:
    """Return the greatest z for these rates over a range of shares."""
    low, high = share
    if first < second:
        return _correlation(
            first - second, max(_spread(first, second, low), _spread(first, second, high))
        )
    deviations = math.sqrt(first * (1 - first)), math.sqrt(second * (1 - second))
    best = deviations[1] / sum(deviations) if sum(deviations) > 0 else 0.5
    return _correlation(first - second, _spread(first, second, min(max(best, low), high)))


def _spread(first: float, second: float, share: float) -> float:
    parts = (first * (1 - first), 1 - share), (second * (1 - second), share)
    return sum(
        math.inf if weight <= 0 < part else part / weight if weight > 0 else 0.0
        for part, weight in parts
    )


def _correlation(difference: float, spread: float) -> float:
    if difference == 0 or math.isinf(spread):
        return 0.0
    return difference / math.sqrt(difference * difference + spread)


def _moved(end: float, sign: int) -> float:
    return min(max(end + sign * _SLACK * (1 + 16 * abs(end)), -1.0), 1.0)
