"""Works out what holds for all rows of a table: period, year, retailer from the words around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from switchstats.errors import InputError
from switchstats.inputs import Raw, Sheet
from switchstats.readers.counts.context import (
    Words,
    area_in,
    month_in,
    retailer_in,
    span_in,
    words_around,
    year_in,
)
from switchstats.readers.counts.entry import Entry
from switchstats.readers.counts.months import Year, bare_month
from switchstats.readers.counts.resolve import Frame
from switchstats.readers.counts.tables import Table
from switchstats.readers.layout import RetailerLookup

__all__ = ["Found", "frame_of", "months_of_sheets"]

_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A frame, and which words gave what, for the report.

    `year` is that of months written without one, ``None`` where there are none.
    """

    frame: Frame
    words: tuple[tuple[str, Words], ...]
    year: Year | None


def months_of_sheets(sheets: Iterable[Sheet]) -> tuple[int, ...]:
    """Return the months without a year that name the sheets of a workbook, in their order."""
    found = (month_in([Words(sheet.name, "sheet")]) for sheet in sheets if sheet.name)
    return tuple(dict.fromkeys(month for month, _ in filter(None, found)))


def frame_of(
    table: Table,
    entries: Sequence[Entry],
    registry: RetailerLookup,
    year: int | None,
    sheets: Sequence[int] = (),
) -> Found:
    """Return what the rows of a table leave open and the words around it tell.

    Parameters
    ----------
    table, entries
        The table, unrolled.
    registry
        Knows the retailers.
    year
        Of months written without one, from the user.
    sheets
        Months without a year that name the sheets of the workbook, in their order.

    Raises
    ------
    InputError
        When nothing tells the retailer, the period, or the year of bare months.
    """
    around = words_around(table.titles, table.sheet.name, table.sheet.file)
    words: list[tuple[str, Words]] = []
    have = set(table.keys) | set(table.layout.constants)
    have |= {key for group in table.groups for key, _ in group.keys}
    have |= {"period" for group in table.groups if group.periods}
    retailer = None
    if "retailer" not in have:
        named = retailer_in(around, registry)
        if named is None:
            raise _error(table, "nothing tells the retailer", "add a column of retailers")
        retailer, where = named
        words.append(("retailer_from", where))
    area = None
    if "area" not in have and (named_area := area_in(around)) is not None:
        area, where = named_area
        words.append(("area_from", where))
    period, month = None, None
    if not have & {"period", "year", "fiscal_year", "month"}:
        span = span_in(around, table.sheet.file)
        bare = month_in(around) if span is None else None
        if span is not None:
            period, where = span
        elif bare is not None:
            month, where = bare
        else:
            raise _error(table, "nothing tells the period", "add a column of months")
        words.append(("period_from", where))
    known = _year(table, year)
    months = _months_without_year(entries, table) if month is None else [*sheets] or [month]
    if months and known is None:
        stated = year_in(around)
        if stated is None:
            raise _error(table, "months without a year", "write the year, or give it as `year`")
        known, where = stated
        words.append(("year_from", where))
    wrapped = frozenset[int]()
    if months and known is not None and not known.fiscal:
        wrapped = _next_year(months, table)
    from_1904 = table.sheet.from_1904
    frame = Frame(table.layout, registry, period, known, retailer, wrapped, from_1904, month, area)
    return Found(frame, tuple(words), known if months else None)


def _year(table: Table, year: int | None) -> Year | None:
    number = table.layout.year if year is None else year
    return None if number is None else Year(number)


def _months_without_year(entries: Iterable[Entry], table: Table) -> list[int]:
    """Return the months whose year nothing in the table tells, in the order in which they stand."""
    if {"year", "fiscal_year"} & (set(table.keys) | set(table.layout.constants)):
        return []
    found: dict[Raw, None] = {}
    for entry in entries:
        periods = entry.shape.periods
        if len(periods) < 2:  # noqa: PLR2004 - with two, the upper one tells the year
            found[periods[0] if periods else _cell(entry)] = None
    months = (bare_month(raw) for raw in found)
    return list(dict.fromkeys(month for month in months if month is not None))


def _cell(entry: Entry) -> Raw:
    datum = entry.key("period") or entry.key("month")
    return None if datum is None or not datum.text else datum.raw


def _next_year(months: Sequence[int], table: Table) -> frozenset[int]:
    """Return the months behind a December, when the months follow one another.

    Months that never fall are of one year.

    Raises
    ------
    InputError
        When they fall and do not follow one another: nothing tells where the next year begins.
    """
    follow = all(after == before % _LAST_MONTH + 1 for before, after in pairwise(months))
    if all(before < after for before, after in pairwise(months)):
        return frozenset()
    if not follow:
        shown_months = ", ".join(map(str, months))
        raise _error(
            table,
            f"its months ({shown_months}) are without a year and do not follow one another",
            "write the year of each month, or the fiscal_year where January to March are of the "
            "year after",
        )
    return frozenset(months[months.index(_LAST_MONTH) + 1 :])


def _error(table: Table, problem: str, mend: str) -> InputError:
    return InputError(
        f"a table of counts, but {problem}",
        f"{mend}, or name it among the constants of a mapping",
        table.sheet.file,
        table.header_line,
        table.sheet.name,
    )
