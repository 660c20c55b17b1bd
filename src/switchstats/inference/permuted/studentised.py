"""The nulls at which a split's studentised difference is as extreme as the observed one."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.permuted.acceptance import most_rejected
from switchstats.inference.permuted.differences import Jackknife
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.values import Interval

__all__ = ["StudentisedSplits"]

# Relative: squared statistics closer than this tie.
_SAME = 1e-10
# In standard errors: a limit beyond is no limit. Below `_FLAT` a squared error does not grow.
_FAR = 1e6
_FLAT = 1e-14
_REAL = 1e-6
_CONVERGED = 1e-14
_STEPS = 100
_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class StudentisedSplits:
    """Statistic and squared standard error of every split, as functions of the null.

    Parameters
    ----------
    splits
        All but those that are as extreme at every null.
    estimate, std_error
        Of the observed split; the standard error does not depend on the null.
    always
        Splits as extreme at every null, the observed one among them.
    each
        Splits for which each entry stands.
    nothing
        Differences below it are rounding.
    """

    splits: Jackknife
    estimate: float
    std_error: float
    always: int
    each: int
    nothing: float

    @property
    def total(self) -> int:
        """Splits counted, the observed one included."""
        return self.always + self.each * self.splits.level.size

    def p_value(self, null: float, alternative: Direction) -> float:
        """Return the share of splits as extreme as the observed one."""
        away = np.array([(null - self.estimate) / self.std_error])
        extreme = self._extreme(slice(None), away[:, None], alternative)
        return (self.always + self.each * int(np.count_nonzero(extreme))) / self.total

    def interval(self, question: Question) -> tuple[Interval, bool]:
        """Return the smallest interval with every null that is not rejected.

        Beside it stands whether it holds nulls that are rejected: the share of splits need not fall
        all the way from the estimate outward, as the standard error of each changes with the null.
        """
        needed = most_rejected(question.alpha, self.total) + 1 - self.always
        if needed < 1:
            return question.interval(None, None), False
        starts, ends = self._stretches(question.alternative)
        needed = -(-needed // self.each)
        count_at_end = _rank(starts, ends, "right") - _rank(ends, ends, "left")
        count_at_start = _rank(starts, starts, "right") - _rank(ends, starts, "left")
        low = float(np.min(starts[count_at_start >= needed], initial=0.0))
        high = float(np.max(ends[count_at_end >= needed], initial=0.0))
        behind = _rank(starts, ends, "right") - _rank(ends, ends, "right")
        gaps = (behind < needed) & (ends >= low) & (ends < high)
        return (
            question.interval(
                None if low <= -_FAR else self.estimate + low * self.std_error,
                None if high >= _FAR else self.estimate + high * self.std_error,
            ),
            bool(gaps.any()),
        )

    def _extreme(self, place: slice, away: Floats, alternative: Direction) -> NDArray[np.bool_]:
        """Compare squared statistics times squared errors, which need no division.

        `away` is the null minus the estimate in standard errors; one row for all or for each split.
        """
        level, slope, square, cross, curve = self._scaled(place)
        theirs = level - slope * away
        error = square - 2 * cross * away + curve * away**2
        mine = away**2 * np.maximum(error, 0.0)
        slack = _SAME * mine + (self.nothing / self.std_error) ** 2
        if alternative == "two-sided":
            return theirs**2 >= mine - slack
        theirs, mine = np.copysign(theirs**2, theirs), np.copysign(mine, -away)
        return theirs >= mine - slack if alternative == "greater" else theirs <= mine + slack

    def _scaled(self, place: slice) -> tuple[Floats, ...]:
        """Return the five columns with the observed standard error as the unit."""
        unit, splits = self.std_error, self.splits
        return tuple(
            column[place, None]
            for column in (
                splits.level / unit,
                splits.slope,
                np.where(np.isfinite(splits.square), splits.square / unit**2, 1 / _FLAT),
                splits.cross / unit,
                splits.curve,
            )
        )

    def _stretches(self, alternative: Direction) -> tuple[Floats, Floats]:
        """Return, sorted, the starts and the ends of every stretch of nulls that counts a split."""
        starts: list[Floats] = []
        ends: list[Floats] = []
        for begin in range(0, self.splits.level.size, _AT_ONCE):
            place = slice(begin, begin + _AT_ONCE)
            bounds = self._turning_points(place)
            extreme = self._extreme(place, (bounds[:, 1:] + bounds[:, :-1]) / 2, alternative)
            extreme &= bounds[:, 1:] > bounds[:, :-1]
            before = np.pad(extreme[:, :-1], ((0, 0), (1, 0)))
            after = np.pad(extreme[:, 1:], ((0, 0), (0, 1)))
            starts.append(bounds[:, :-1][extreme & ~before])
            ends.append(bounds[:, 1:][extreme & ~after])
        return np.sort(np.concatenate(starts)), np.sort(np.concatenate(ends))

    def _turning_points(self, place: slice) -> Floats:
        """Return the nulls at which the squared statistics are equal, sorted, with both far ends.

        They are the real roots of a polynomial of the fourth degree that is not positive at 0. When
        it is convex there is one on either side.
        """
        level, slope, square, cross, curve = (column[:, 0] for column in self._scaled(place))
        less = 1 - _SAME
        leading = np.maximum(less * curve, _FLAT)
        middle = less * square - slope**2
        polynomials = np.stack(
            [-(level**2), 2 * level * slope, middle, -2 * less * cross, leading], axis=1
        )
        polynomials /= leading[:, None]
        convex = 3 * (less * cross) ** 2 <= 2 * leading * middle
        points = np.full((level.size, 4), _FAR)
        points[convex, 0] = -_root_above_0(polynomials[convex] * [1, -1, 1, -1, 1])
        points[convex, 1] = _root_above_0(polynomials[convex])
        points[~convex] = _real_roots(polynomials[~convex])
        ends = np.full((level.size, 1), _FAR)
        points = np.sort(np.clip(points, -_FAR, _FAR), axis=1)
        return np.concatenate([-ends, points, ends], axis=1)


def _root_above_0(polynomials: Floats) -> Floats:
    """Return the root that is not negative of convex quartics, lowest coefficient first.

    Newton's method from above the root, which it never passes.
    """
    zero, one, two, three, _ = polynomials.T
    powers = 1 / np.arange(4, 0, -1)
    root = 2 * np.max(np.maximum(-polynomials[:, :4], 0.0) ** powers, axis=1, initial=0.0)
    for _ in range(_STEPS):
        value = (((root + three) * root + two) * root + one) * root + zero
        slope = ((4 * root + 3 * three) * root + 2 * two) * root + one
        step = np.divide(value, slope, out=np.zeros_like(root), where=slope > 0)
        root = np.maximum(root - step, 0.0)
        if (np.abs(step) <= _CONVERGED * root).all():
            break
    return root


def _real_roots(polynomials: Floats) -> Floats:
    """Return the real roots of monic quartics, far away for others: companion matrices' values."""
    matrices = np.zeros((polynomials.shape[0], 4, 4))
    matrices[:, 1, 0] = matrices[:, 2, 1] = matrices[:, 3, 2] = 1.0
    matrices[:, :, 3] = -polynomials[:, :4]
    roots = np.linalg.eigvals(matrices)
    real = np.abs(roots.imag) <= _REAL * np.abs(roots)
    return np.where(real, roots.real, _FAR)


def _rank(values: Floats, at: Floats, side: Literal["left", "right"]) -> NDArray[np.intp]:
    return np.searchsorted(values, at, side=side)
