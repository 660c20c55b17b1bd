"""What a user knows besides the printed table: volumes, shares and orders."""

from dataclasses import dataclass
from fractions import Fraction
from numbers import Rational
from typing import TypeAlias

from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.values import Shown

__all__ = ["Constraint", "Number", "Ordering", "Share", "Volume", "exact"]

Number: TypeAlias = int | float | Fraction | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume(Shown):
    """Requests of one retailer, one group or all, in one period or overall.

    Parameters
    ----------
    low, high
        Least and greatest number of requests; ``None``: unknown. Equal for a known volume.
    retailer, group
        Whose; both ``None``: everybody's.
    period
        A printed period; ``None``: all printed periods together.

    Raises
    ------
    UsageError
        When no end is given, the ends are reversed, or a number is negative.

    Examples
    --------
    >>> Volume(group="incumbent", low=100_000, high=200_000).high
    200000
    """

    low: Number | None = None
    high: Number | None = None
    retailer: str | None = None
    group: str | None = None
    period: Period | None = None

    def __post_init__(self) -> None:
        _check_ends(self.low, self.high, "a volume")
        if self.retailer is not None and self.group is not None:
            raise UsageError("a volume is a retailer's or a group's, not both")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Shown):
    """A retailer's share of its group's requests, or a group's of all, such as a market share.

    Parameters
    ----------
    low, high
        Fractions between 0 and 1; ``None``: unknown.
    retailer, group
        Whose; exactly one.
    period
        A printed period; ``None``: all printed periods together.

    Raises
    ------
    UsageError
        When an end is out of its range, or it is not said whose share it is.
    """

    low: Number | None = None
    high: Number | None = None
    retailer: str | None = None
    group: str | None = None
    period: Period | None = None

    def __post_init__(self) -> None:
        _check_ends(self.low, self.high, "a share")
        if any(end is not None and exact(end) > 1 for end in (self.low, self.high)):
            raise UsageError("a share is a fraction between 0 and 1, such as 0.25")
        if (self.retailer is None) == (self.group is None):
            raise UsageError("a share is that of a retailer or of a group: name one")


@dataclass(frozen=True, slots=True)
class Ordering(Shown):
    """Retailers from the largest to the smallest by requests, in one period or overall.

    Raises
    ------
    UsageError
        When fewer than two are named, or one twice.
    """

    retailers: tuple[str, ...]
    period: Period | None = None

    def __post_init__(self) -> None:
        if len(self.retailers) < 2 or len(set(self.retailers)) < len(self.retailers):  # noqa: PLR2004
            raise UsageError("an ordering names at least two retailers, each once")


Constraint: TypeAlias = Volume | Share | Ordering


def exact(number: Number) -> Fraction:
    """Return a number as the fraction that its decimal digits say: 0.1 is one tenth.

    Examples
    --------
    >>> exact(0.1)
    Fraction(1, 10)
    """
    if isinstance(number, bool):
        raise UsageError(f"not a number: {number!r}")
    if isinstance(number, Rational):
        return Fraction(number)
    try:
        return Fraction(str(number))
    except ValueError:
        raise UsageError(f"not a number: {number!r}") from None


def _check_ends(low: Number | None, high: Number | None, what: str) -> None:
    ends = [exact(end) for end in (low, high) if end is not None]
    if not ends:
        raise UsageError(f"{what} needs a low or a high end")
    if min(ends) < 0 or ends != sorted(ends):
        raise UsageError(f"{what} has ends of at least 0, the low one first")
