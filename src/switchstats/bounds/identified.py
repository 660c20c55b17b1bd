"""An identified range: proved from outside, attained from inside."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from switchstats.bounds.component import Range
from switchstats.bounds.programme import Bound
from switchstats.labels import Text
from switchstats.values import Interval
from switchstats.values.shown import Brief, Write

__all__ = ["Identified", "difference_range", "downward", "hull_of", "identified_range", "upward"]

Rounding: TypeAlias = Callable[[Fraction], float]


@dataclass(frozen=True, slots=True)
class Identified(Brief):
    """Every value of a quantity that the printed digits allow.

    Parameters
    ----------
    interval
        Kind ``"identified"``: proved exactly and rounded outward to doubles, so that nothing
        possible lies outside.
    attained
        Kind ``"identified"``: values that points of the table reach, checked exactly; ``None``
        where no point is known. It lies inside `interval`, and as near to its ends as it does,
        nothing narrower could be proved.
    """

    interval: Interval
    attained: Interval | None

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        attained = None if self.attained is None else self.attained.to_dict()
        return {"interval": self.interval.to_dict(), "attained": attained}

    def in_words(self, write: Write) -> Text:
        """Return the interval."""
        return self.interval.in_words(write)


def identified_range(found: Range, limits: tuple[int, int] | None = (0, 1)) -> Identified:
    """Return a range as an `Identified`, cut to limits that hold by definition, if there are any.

    Examples
    --------
    >>> from switchstats.bounds.programme import Bound
    >>> ends = Bound(Fraction(-1, 10**9), Fraction(0)), Bound(Fraction(1, 3), Fraction(1, 3))
    >>> identified_range(Range(*ends)).interval
    Interval(low=0.0, high=0.333..., kind='identified', level=None)
    """
    low, high = found.low.proved, found.high.proved
    if limits is not None:
        low, high = (min(max(end, Fraction(limits[0])), Fraction(limits[1])) for end in (low, high))
    inner = (found.low.attained, found.high.attained)
    attained = None
    if inner[0] is not None and inner[1] is not None:
        ends = sorted((inner[0], inner[1]))
        attained = Interval(upward(ends[0]), max(upward(ends[0]), downward(ends[1])), "identified")
    return Identified(Interval(downward(low), upward(high), "identified"), attained)


def hull_of(found: Sequence[Range]) -> Range:
    """Return the range that covers those under each of several rules; one may not fill it."""
    if len(found) == 1:
        return found[0]
    low = min((each.low for each in found), key=lambda end: end.proved)
    high = max((each.high for each in found), key=lambda end: end.proved)
    reached = [
        [end.attained for end in ends if end.attained is not None]
        for ends in zip(*((each.low, each.high) for each in found), strict=True)
    ]
    return Range(
        Bound(low.proved, min(reached[0], default=None)),
        Bound(high.proved, max(reached[1], default=None)),
    )


def difference_range(first: Identified, second: Identified, *, apart: bool) -> Identified:
    """Return the range of one bounded quantity minus another.

    Parameters
    ----------
    first, second
        The quantities.
    apart
        Whether every pair of their values is possible; if not, nothing is known to be attained.
    """
    attained = None
    if apart and first.attained is not None and second.attained is not None:
        attained = _apart(first.attained, second.attained, (upward, downward))
    return Identified(_apart(first.interval, second.interval, (downward, upward)), attained)


def _apart(first: Interval, second: Interval, ends: tuple[Rounding, Rounding]) -> Interval:
    (a, b), (c, d) = (
        tuple(Fraction(end) for end in (one.low, one.high) if end is not None)
        for one in (first, second)
    )
    low, high = ends[0](a - d), ends[1](b - c)
    return Interval(low, max(low, high), "identified")


def downward(number: Fraction) -> float:
    """Return the greatest double that is not above a fraction.

    Examples
    --------
    >>> Fraction(downward(Fraction(1, 10))) <= Fraction(1, 10)
    True
    """
    near = float(number)
    return near if Fraction(near) <= number else math.nextafter(near, -math.inf)


def upward(number: Fraction) -> float:
    """Return the least double that is not below a fraction."""
    return -downward(-number) + 0.0
