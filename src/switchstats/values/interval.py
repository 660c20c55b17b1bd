"""An interval that says what kind it is."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from switchstats.errors import UsageError
from switchstats.labels import Text, confidence, text
from switchstats.values.shown import Brief, Write

__all__ = ["Interval", "IntervalKind"]

_DECIMALS = 2

IntervalKind = Literal["confidence", "credible", "identified", "rounding"]


@dataclass(frozen=True, slots=True)
class Interval(Brief):
    """A closed interval and what it means.

    Parameters
    ----------
    low, high
        Ends; ``None`` where that side has no finite limit (a one-sided interval).
    kind
        ``"confidence"``: from a test inverted at `level`; ``"credible"``: posterior probability
        `level`; ``"identified"``: every value compatible with the data, without sampling error;
        ``"rounding"``: every value compatible with the printed digits.
    level
        Coverage for the first two kinds, ``None`` for the other two.

    Raises
    ------
    UsageError
        When the ends are reversed or not numbers, or the level does not fit the kind.

    Examples
    --------
    >>> Interval(-0.02, 0.05, "confidence", 0.95)
    Interval(low=-0.02, high=0.05, kind='confidence', level=0.95)
    >>> Interval(0.1795, 0.1805, "rounding").width
    0.001...
    """

    low: float | None
    high: float | None
    kind: IntervalKind
    level: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in get_args(IntervalKind):
            raise UsageError(f"unknown kind of interval: {self.kind!r}")
        for end in (self.low, self.high):
            if end is not None and not abs(end) < float("inf"):
                raise UsageError("an interval end is a finite number or None")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise UsageError(f"interval ends are reversed: {self.low} > {self.high}")
        needs_level = self.kind in ("confidence", "credible")
        if needs_level != (self.level is not None):
            raise UsageError(f"a level belongs to confidence and credible intervals: {self}")
        if self.level is not None and not 0 < self.level < 1:
            raise UsageError(f"level must be between 0 and 1, not {self.level}")

    @property
    def width(self) -> float | None:
        """Length, or ``None`` when a side is unbounded."""
        return None if self.low is None or self.high is None else self.high - self.low

    def decimals(self, n_printed: int = 1) -> int:
        """Return how many decimals of a percent the printed digits behind this support.

        Two where the interval is not one of rounding.

        Parameters
        ----------
        n_printed
            How many printed numbers are added up: 2 for a difference of two.

        Examples
        --------
        >>> Interval(0.1795, 0.1805, "rounding").decimals()
        1
        >>> Interval(0.004, 0.006, "rounding").decimals(2)
        1
        """
        if self.kind != "rounding" or not self.width:
            return _DECIMALS
        return max(0, round(-math.log10(100 * self.width / n_printed)))

    def contains(self, value: float) -> bool:
        """Whether `value` lies inside, ends included."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def in_words(self, write: Write) -> Text:
        """Return its ends and what kind of interval they make.

        Examples
        --------
        >>> Interval(0.17, 0.18, "rounding").in_words(str)
        Text(ja='0.17～0.18（端数処理の幅）', en='0.17 to 0.18 (rounding)')
        """
        level = {} if self.level is None else {"level": confidence(self.level)}
        kind = text(f"interval.{self.kind}", **level)
        return text("interval.of_kind", ends=self._ends(write), kind=kind)

    def _ends(self, write: Write) -> Text:
        low, high = self.low, self.high
        if low is not None and high is not None:
            return text("interval.both", low=write(low), high=write(high))
        if low is not None:
            return text("interval.at_least", low=write(low))
        if high is not None:
            return text("interval.at_most", high=write(high))
        return text("interval.unbounded")

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names; an unbounded end is ``None``."""
        return {"low": self.low, "high": self.high, "level": self.level, "kind": self.kind}
