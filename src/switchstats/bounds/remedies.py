"""What a doubted cell could be, given all others, and how far its digits would have to move."""

from dataclasses import dataclass
from fractions import Fraction

from switchstats.bounds.cells import Cell
from switchstats.bounds.component import Component
from switchstats.bounds.identified import downward, upward
from switchstats.bounds.reading import ends_of, last_digit
from switchstats.errors import NotAnswerableError
from switchstats.values import Interval, PublishedTable

__all__ = ["Remedy", "remedy"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A cell that alone explains a conflict, if it is wrong.

    Parameters
    ----------
    cell
        Which.
    possible
        Every rate that the other cells leave possible there, as a fraction of requests.
    least_move
        By how many of its last digits it must move at least.
    """

    cell: Cell
    possible: Interval
    least_move: int

    def to_dict(self, table: PublishedTable) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        more = {"possible": self.possible.to_dict(), "least_move": self.least_move}
        return self.cell.to_dict(table) | more


def remedy(cell: Cell, rest: Component, table: PublishedTable) -> Remedy:
    """Return what a cell could be.

    Parameters
    ----------
    cell
        A cell of `table`.
    rest
        The part of the table without it, which is possible.
    table
        As printed.
    """
    low, high = _possible(cell, rest)
    interval = Interval(downward(low), upward(high), "identified")
    rate = cell.printed(table)
    if rate is None:
        return Remedy(cell, interval, 0)
    ends, digit = ends_of(rate, rest.rounding), last_digit(rate)
    if low >= ends.high:
        return Remedy(cell, interval, int((low - ends.high) // digit) + 1)
    if high < ends.low:
        return Remedy(cell, interval, int(-((high - ends.low) // digit)))
    return Remedy(cell, interval, 1)


def _possible(cell: Cell, rest: Component) -> tuple[Fraction, Fraction]:
    if cell.retailer is not None and cell.retailer not in dict(rest.system.retailers):
        return Fraction(0), Fraction(1)
    period = rest.table.periods[cell.column].period
    requests = rest.system.requests(retailer=cell.retailer, group=cell.group, period=period)
    errors = rest.system.errors(retailer=cell.retailer, group=cell.group, period=period)
    try:
        found = rest.ratio(errors, requests, "a rate")
    except NotAnswerableError:
        return Fraction(0), Fraction(1)
    unit = rest.system.error_unit
    low, high = found.low.proved / unit, found.high.proved / unit
    return max(low, Fraction(0)), min(high, Fraction(1))
