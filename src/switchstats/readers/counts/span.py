"""Joins what the header, the row and the words around a table say of the days of an entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from switchstats.inputs import Raw, shown
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.readers.counts.entry import Datum
from switchstats.readers.counts.item import Item
from switchstats.readers.counts.months import Year, bare_month, month_span, period_of, year_of

__all__ = ["DATES", "Dates", "Days", "span_of", "whole_months"]

DATES = ("period", "month", "fiscal_year", "year")

# Days that stand for their months, single days, or neither.
Days = Literal["days_as_months", "single_days"] | None


@dataclass(frozen=True, slots=True)
class Dates:
    """What a table leaves open and the words around it, or the user, tell; as in `Frame`."""

    period: Period | None
    year: Year | None
    next_year: frozenset[int]
    from_1904: bool


def span_of(
    periods: Sequence[Raw], cells: Mapping[str, tuple[str, Datum]], dates: Dates
) -> Period | None:
    """Return the days that an entry means, ``None`` where nothing tells them.

    Parameters
    ----------
    periods
        Words of the header, from top to bottom.
    cells
        `DATES` → our word for the cell, and the cell.
    dates
        What holds for the whole table.

    Raises
    ------
    InputError
        When they cannot be read.
    """
    by_head = [raw for raw in periods if shown(raw)]
    cell = _raw(cells, "period")
    if cell is None:
        cell = _raw(cells, "month")
    month: Raw = by_head[-1] if by_head else cell
    above: Raw = by_head[-2] if len(by_head) > 1 else None
    if by_head and cell is not None and shown(cell) and bare_month(by_head[-1]) is None:
        month, above = cell, by_head[-1]  # months down, years across
    year = _year(above, cells, dates)
    if not shown(month):
        named = next((name for name in ("fiscal_year", "year") if name in cells), None)
        if named is not None and cell is None:
            return _whole_year(_raw(cells, named), fiscal=named == "fiscal_year")
        return None if cell is not None or named is not None else dates.period
    number = bare_month(month)
    if number is not None and year is not None and not year[1] and number in dates.next_year:
        return month_span(year[0].of_month(number) + 1, number)
    return period_of(month, year[0] if year else None, from_1904=dates.from_1904)


def whole_months(items: Sequence[Item]) -> tuple[list[Item], Days]:
    """Read days as months when every day is the first, or every day the last, of its month.

    Days that are some the first and some the last of a month are rejected, for nothing tells
    whether the month is meant; so are single days among more rows of months.
    """
    days = {item.period for item in items if item.period and item.period.n_days == 1}
    if not days:
        return list(items), None
    first = {span for span in days if span.start.day == 1}
    last = {span for span in days if (span.start + timedelta(days=1)).day == 1}
    if days in (first, last):
        months = {span: month_span(span.start.year, span.start.month) for span in days}
        return [
            replace(item, period=months[item.period]) if item.period in months else item
            for item in items
        ], "days_as_months"
    if days == first | last:
        return _days_rejected(items, days, "first_and_last"), "single_days"
    n_days = sum(item.period in days for item in items)
    n_longer = sum(item.period is not None for item in items) - n_days
    if n_longer >= n_days:
        return _days_rejected(items, days, "day_among_months"), "single_days"
    return list(items), "single_days"


def _days_rejected(items: Sequence[Item], days: set[Period], why: str) -> list[Item]:
    kept: list[Item] = []
    for item in items:
        if item.period in days:
            cells = [datum for datum in item.entry.keys if datum.name in DATES]
            field, raw = (cells[0].field, cells[0].text) if cells else ("", "")
            note = text(f"quarantine.note_{why}")
            kept.append(item.rejected("bad_date", field=field, raw=raw, note=note))
        else:
            kept.append(item)
    return kept


def _raw(cells: Mapping[str, tuple[str, Datum]], name: str) -> Raw:
    """Return a cell as it is stored, unless the user's mapping has another word for it."""
    if name not in cells:
        return None
    ours, datum = cells[name]
    if ours == datum.text:
        return "" if datum.raw is None else datum.raw
    return ours


def _whole_year(named: Raw, *, fiscal: bool) -> Period | None:
    if not shown(named):
        return None
    year = year_of(named, fiscal=fiscal)
    return period_of(f"{year.number}年度" if year.fiscal else f"{year.number}年", None)


def _year(
    above: Raw, cells: Mapping[str, tuple[str, Datum]], dates: Dates
) -> tuple[Year, bool] | None:
    """Return the year of a bare month, and whether the table itself tells it."""
    if above is not None:
        return year_of(above), True
    for name in ("fiscal_year", "year"):
        cell = _raw(cells, name)
        if shown(cell):
            return year_of(cell, fiscal=name == "fiscal_year"), True
    return None if dates.year is None else (dates.year, False)
