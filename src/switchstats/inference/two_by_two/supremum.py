"""The largest value of a smooth curve, with a bound on what a search could have missed."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.two_by_two.requests import Floats

__all__ = ["TOLERANCE", "Curve", "Supremum", "exceeds", "supremum"]

# Of the supremum itself: what is returned is attained, and no more than this share below it.
TOLERANCE = 1e-9
_MANY = 8
_MOST_ROUNDS = 60


class Curve(Protocol):
    """A probability as a function of one rate, with a bounded fourth derivative."""

    def sample(self, at: Floats) -> tuple[Floats, Floats]:
        """Return the values and the slopes at sorted points."""
        ...

    def ceiling(self, low: Floats, high: Floats) -> Floats:
        """Return rough bounds of the values between each `low` and `high`."""
        ...

    def fourth(self, low: Floats, high: Floats, ceiling: Floats) -> Floats:
        """Return bounds of the fourth derivative's size between each `low` and `high`.

        `ceiling` bounds the values there.
        """
        ...


@dataclass(frozen=True, slots=True)
class Supremum:
    """The largest value found and where.

    Parameters
    ----------
    value
        Attained at `at`; the supremum is at most (1 + `TOLERANCE`) times it.
    at
        A point.
    """

    value: float
    at: float

    def moved(self, by: float) -> "Supremum":
        """Return the same value `by` farther on."""
        return Supremum(self.value, self.at + by)


@dataclass(frozen=True, slots=True, eq=False)
class _Stretches:
    """Stretches of a curve with its values and slopes at both ends."""

    low: Floats
    high: Floats
    values: tuple[Floats, Floats]
    slopes: tuple[Floats, Floats]

    def peak(self) -> tuple[Floats, Floats]:
        """Return the largest value and its place of the cubic that meets values and slopes."""
        width = self.high - self.low
        start, end = self.values
        first, last = (slope * width for slope in self.slopes)
        rise = end - start
        cubic, square = first + last - 2 * rise, 3 * rise - 2 * first - last
        # where the slope of the cubic falls through 0; the stable form of the quadratic's root
        root = np.sqrt(np.maximum(square**2 - 3 * cubic * first, 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            inner = np.where(square > 0, -(square + root) / (3 * cubic), first / (root - square))
        inner = np.clip(np.nan_to_num(inner, nan=0.0), 0.0, 1.0)
        at_inner = start + inner * (first + inner * (square + inner * cubic))
        top = np.maximum(np.maximum(start, end), at_inner)
        return top, self.low + inner * width


def supremum(curve: Curve, points: Floats, floor: float = 0.0) -> Supremum:
    """Return the supremum of a curve from the first to the last of sorted points.

    Parameters
    ----------
    curve, points
        The curve and where to begin.
    floor
        Below this the search ends: the supremum is then at most the floor.

    Notes
    -----
    Between two points no value differs from the cubic that has the curve's values and slopes at
    both by more than 1/384 of the largest fourth derivative times the fourth power of the distance.
    Stretches in which that could be above the largest value found, and above the floor, are
    divided, until none is left that could be by more than the tolerance.
    """
    return _search(curve, points, floor, None)


def exceeds(curve: Curve, points: Floats, threshold: float) -> bool:
    """Return whether the supremum is above `threshold`, usually long before knowing it."""
    return _search(curve, points, threshold, threshold).value > threshold


def _search(curve: Curve, points: Floats, floor: float, enough: float | None) -> Supremum:
    values, slopes = curve.sample(points)
    best = _better(Supremum(-1.0, 0.0), values, points)
    if points.size == 1:
        return best
    parts = _Stretches(
        points[:-1], points[1:], (values[:-1], values[1:]), (slopes[:-1], slopes[1:])
    )
    ceiling = curve.ceiling(parts.low, parts.high)
    for _ in range(_MOST_ROUNDS):
        top, peak = parts.peak()
        allowance = curve.fourth(parts.low, parts.high, ceiling) * (parts.high - parts.low) ** 4
        ceiling = np.minimum(ceiling, top + allowance / 384)
        highest = peak[[int(np.argmax(top))]]
        best = _better(best, curve.sample(highest)[0], highest)
        kept = ceiling > max(best.value * (1 + TOLERANCE), floor)
        if not kept.any() or (enough is not None and best.value > enough):
            return best
        parts, best = _divided(curve, parts, kept, best)
        ceiling = np.repeat(ceiling[kept], parts.low.size // np.count_nonzero(kept))
    raise NotAnswerableError(
        "the largest probability over the unknown common rate",
        "the search for it does not settle",
        "another test, such as mee",
    )


def _divided(
    curve: Curve, parts: _Stretches, kept: np.ndarray, best: Supremum
) -> tuple[_Stretches, Supremum]:
    """Divide the kept stretches, in more parts when there are few."""
    n_parts = 4 if np.count_nonzero(kept) > _MANY else 16
    low, high = parts.low[kept], parts.high[kept]
    inner = low[:, None] + (high - low)[:, None] * (np.arange(1, n_parts) / n_parts)
    values, slopes = curve.sample(inner.ravel())
    best = _better(best, values, inner.ravel())
    edges = np.hstack([low[:, None], inner, high[:, None]])

    def between(ends: tuple[Floats, Floats], found: Floats) -> tuple[Floats, Floats]:
        old = [end[kept][:, None] for end in ends]
        every = np.hstack([old[0], found.reshape(inner.shape), old[1]])
        return every[:, :-1].ravel(), every[:, 1:].ravel()

    return _Stretches(
        edges[:, :-1].ravel(),
        edges[:, 1:].ravel(),
        between(parts.values, values),
        between(parts.slopes, slopes),
    ), best


def _better(best: Supremum, values: Floats, points: Floats) -> Supremum:
    place = int(np.argmax(values))
    value = min(float(values[place]), 1.0)  # sums of probabilities can end a digit above
    return best if value <= best.value else Supremum(value, float(points[place]))
