"""Works out what holds for all rows of a table: period, year, retailer from the words around it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from switchstats.errors import InputError
from switchstats.inputs import Raw, shown
from switchstats.readers.counts.context import Words, retailer_in, span_in, words_around, year_in
from switchstats.readers.counts.entries import Entry
from switchstats.readers.counts.months import Year, bare_month
from switchstats.readers.counts.resolve import Frame
from switchstats.readers.counts.tables import Table
from switchstats.readers.layout import RetailerLookup

__all__ = ["Found", "frame_of"]

_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A frame, and which words gave what, for the report."""

    frame: Frame
    words: tuple[tuple[str, Words], ...]


def frame_of(
    table: Table, entries: Sequence[Entry], registry: RetailerLookup, year: int | None
) -> Found:
    """Return what the rows of a table leave open and the words around it tell.

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
    period = None
    if not have & {"period", "year", "fiscal_year", "month"}:
        span = span_in(around, table.sheet.file)
        if span is None:
            raise _error(table, "nothing tells the period", "add a column of months")
        period, where = span
        words.append(("period_from", where))
    months = _bare_months(entries)
    known = _year(table, year)
    if months and known is None and _needs_year(entries, table):
        stated = year_in(around)
        if stated is None:
            raise _error(table, "months without a year", "write the year, or give it as `year`")
        known, where = stated
        words.append(("year_from", where))
    wrapped = frozenset[int]() if known is None or known.fiscal else _next_year(months)
    frame = Frame(table.layout, registry, period, known, retailer, wrapped, table.sheet.from_1904)
    return Found(frame, tuple(words))


def _year(table: Table, year: int | None) -> Year | None:
    number = table.layout.year if year is None else year
    return None if number is None else Year(number)


def _needs_year(entries: Iterable[Entry], table: Table) -> bool:
    if {"year", "fiscal_year"} & (set(table.keys) | set(table.layout.constants)):
        return False
    return any(
        (len(entry.periods) == 1 and bare_month(entry.periods[0]) is not None)
        or (not entry.periods and bare_month(_cell(entry)) is not None)
        for entry in entries
    )


def _bare_months(entries: Iterable[Entry]) -> list[int]:
    """Return the months written without a year, in the order in which they first stand."""
    found = (bare_month(e.periods[-1] if e.periods else _cell(e)) for e in entries)
    return list(dict.fromkeys(month for month in found if month is not None))


def _cell(entry: Entry) -> Raw:
    datum = entry.keys.get("period") or entry.keys.get("month")
    return None if datum is None or not shown(datum.raw) else datum.raw


def _next_year(months: Sequence[int]) -> frozenset[int]:
    """Return the months behind a December, when the months follow one another."""
    follow = all(after == before % _LAST_MONTH + 1 for before, after in pairwise(months))
    if not follow or _LAST_MONTH not in months:
        return frozenset()
    return frozenset(months[months.index(_LAST_MONTH) + 1 :])


def _error(table: Table, problem: str, mend: str) -> InputError:
    return InputError(
        f"a table of counts, but {problem}",
        f"{mend}, or name it among the constants of a mapping",
        table.sheet.file,
        table.header_line,
        table.sheet.name,
    )
