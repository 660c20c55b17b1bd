"""The rates that a printed cell stands for under one rule of rounding, each end in or out."""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from switchstats.values import PrintedRate, RoundingRule

__all__ = ["RULES", "Ends", "ends_of", "last_digit"]

# The rules that "unknown" stands for: one of them for the whole table.
RULES: tuple[RoundingRule, ...] = ("half_up", "half_even", "truncation")


@dataclass(frozen=True, slots=True)
class Ends:
    """An interval of rates.

    Parameters
    ----------
    low, high
        Its ends, fractions of requests.
    low_in, high_in
        Whether the end itself prints as the cell.
    """

    low: Fraction
    high: Fraction
    low_in: bool
    high_in: bool

    def moved(self, by: Fraction) -> "Ends":
        """Return the interval with each end that is not 0 or 1 moved inward, both ends in."""
        low = self.low if self.low == 0 else max(self.low + by, Fraction(0))
        high = self.high if self.high == 1 else min(self.high - by, Fraction(1))
        return Ends(low, high, low_in=True, high_in=True)


# A table's cells are read by every question that is asked of it.
@lru_cache(maxsize=10_000)
def ends_of(cell: PrintedRate, rule: RoundingRule) -> Ends:
    """Return what a cell stands for.

    Half up and truncation leave out the high end, since it prints as the next number. Half to even
    has both ends where the last digit is even and neither where it is odd. The rates 0 and 1, at
    which an interval is cut, are in it.

    Examples
    --------
    >>> ends_of(PrintedRate("18.1"), "half_even")
    Ends(low=Fraction(361, 2000), high=Fraction(363, 2000), low_in=False, high_in=False)
    """
    low, high = cell.bounds(rule)
    low_in, high_in = True, False
    if rule == "half_even":
        low_in = high_in = int(cell.text[-1]) % 2 == 0
    return Ends(low, high, low_in or low == 0, high_in or high == 1)


def last_digit(cell: PrintedRate) -> Fraction:
    """Return what one unit of the last printed digit is worth, as a fraction of requests.

    Examples
    --------
    >>> last_digit(PrintedRate("18.1"))
    Fraction(1, 1000)
    """
    return PrintedRate("1", cell.unit).exact / 10**cell.decimals
