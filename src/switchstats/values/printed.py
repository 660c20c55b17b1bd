"""A printed rate: text, and the interval of numbers that would print so."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from switchstats.errors import UsageError
from switchstats.labels import Text, text
from switchstats.values.interval import Interval
from switchstats.values.shown import Brief, Write

__all__ = ["PrintedRate", "RateUnit", "RoundingRule"]

RateUnit = Literal["pct", "permille", "fraction"]
RoundingRule = Literal["half_up", "half_even", "truncation", "unknown"]

_SCALE: dict[str, int] = {"pct": 100, "permille": 1000, "fraction": 1}
_DIGITS = re.compile(r"\d+(\.\d+)?")
_HALF = Fraction(1, 2)
# How far below and above the printed number the number before rounding can lie, in last digits.
_REACH: dict[str, tuple[Fraction, Fraction]] = {
    "half_up": (_HALF, _HALF),
    "half_even": (_HALF, _HALF),
    "truncation": (Fraction(0), Fraction(1)),
    "unknown": (_HALF, Fraction(1)),
}


@dataclass(frozen=True, slots=True)
class PrintedRate(Brief):
    """A rate as it was printed.

    ``"18.0"`` and ``"18"`` are different: they stand for intervals of different width.

    Parameters
    ----------
    text
        Half-width digits with an optional decimal point, without the unit mark.
    unit
        ``"pct"`` (default), ``"permille"`` or ``"fraction"``.

    Raises
    ------
    UsageError
        When the text is not a plain number or the rate is above 1.

    Examples
    --------
    >>> rate = PrintedRate("18.0")
    >>> rate.value, rate.decimals
    (0.18, 1)
    >>> rate.bounds("half_up")
    (Fraction(359, 2000), Fraction(361, 2000))
    >>> rate.interval("truncation")
    Interval(low=0.18, high=0.181, kind='rounding', level=None)
    """

    text: str
    unit: RateUnit = "pct"

    def __post_init__(self) -> None:
        if self.unit not in get_args(RateUnit):
            raise UsageError(f"unknown unit of a rate: {self.unit!r}")
        if not _DIGITS.fullmatch(self.text) or not self.text.isascii():
            raise UsageError(f"not a printed rate: {self.text!r}")
        if self.exact > 1:
            raise UsageError(f"a rate above {_SCALE[self.unit]} {self.unit}: {self.text!r}")

    @property
    def decimals(self) -> int:
        """Number of printed digits after the decimal point."""
        return len(self.text.partition(".")[2])

    @property
    def exact(self) -> Fraction:
        """The printed number as an exact fraction of requests."""
        return Fraction(self.text) / _SCALE[self.unit]

    @property
    def value(self) -> float:
        """The printed number as a fraction of requests, nearest double."""
        return float(self.exact)

    def bounds(self, rule: RoundingRule = "half_up") -> tuple[Fraction, Fraction]:
        """Return the exact closed hull of the rates that print as this text.

        Parameters
        ----------
        rule
            ``"half_up"``: [x - half, x + half), ``"half_even"``: at most half away,
            ``"truncation"``: [x, x + one), ``"unknown"``: the union of them. The ends are the
            closure; the result is cut to [0, 1].
        """
        if rule not in get_args(RoundingRule):
            raise UsageError(f"unknown rounding rule: {rule!r}")
        last_digit = Fraction(1, 10**self.decimals * _SCALE[self.unit])
        below, above = _REACH[rule]
        low, high = self.exact - below * last_digit, self.exact + above * last_digit
        return max(low, Fraction(0)), min(high, Fraction(1))

    def interval(self, rule: RoundingRule = "half_up") -> Interval:
        """Return `bounds` as an `Interval` of kind ``"rounding"``."""
        low, high = self.bounds(rule)
        return Interval(float(low), float(high), "rounding")

    def in_words(self, write: Write) -> Text:
        """Return it as printed, with its unit."""
        del write
        return text(f"printed_unit.{self.unit}", value=self.text)
