"""Unrolls tables into entries: one for each row and each group of columns of counts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, TypeVar

from switchstats.inputs import Line, Raw, shown
from switchstats.inputs.mended import Mended
from switchstats.readers.counts.aliases import COUNTS, is_total
from switchstats.readers.counts.entry import Counted, Datum, Entry, Shape
from switchstats.readers.counts.groups import Group
from switchstats.readers.counts.headers import Column
from switchstats.readers.counts.numbers import count_of
from switchstats.readers.counts.tables import Table
from switchstats.readers.counts.vocabulary import Heading, Vocabulary

__all__ = ["blank_groups", "entries_of", "left_items"]

_BY_ROW = (
    "retailer",
    "group",
    "period",
    "year",
    "fiscal_year",
    "month",
    "area",
    "losing",
    "voltage",
)
_OF_PERIOD = {"year": "period", "fiscal_year": "period", "month": "period"}
_REMEMBERED = 100_000
_NO_TOTALS = frozenset[str]()

_Cell = TypeVar("_Cell")


@dataclass(frozen=True, slots=True)
class _Row:
    line: Line
    keys: tuple[Datum, ...]
    totals: frozenset[str]
    item: Heading | None


class _Cells(Generic[_Cell]):
    """The cells of one column, equal ones made once: rows are many, distinct cells are few."""

    def __init__(
        self, column: Column, table: Table, mended: Mended, made: Callable[[Raw], _Cell]
    ) -> None:
        self._index, self._title, self._sheet = column.index, column.title, table.sheet
        self._mended, self._made = mended, made
        self._known: dict[Raw, _Cell] = {}

    def at(self, line: Line) -> _Cell:
        """Return the cell on a line."""
        cells = line.cells
        raw = cells[self._index] if self._index < len(cells) else None
        if self._mended:
            place = (self._sheet.file, self._sheet.name or "", line.number, self._title)
            raw = self._mended[place].value if place in self._mended else raw
        known = self._known.get(raw)
        # True and 1.0 would pass for 1
        if known is None or isinstance(raw, bool | float):
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._made(raw)
            if not isinstance(raw, bool | float):
                self._known[raw] = known
        return known


def _keys(name: str, column: Column, table: Table, mended: Mended) -> _Cells[Datum]:
    return _Cells(column, table, mended, lambda raw: Datum.of(name, raw, column.title))


def _counts(
    name: str, column: Column, table: Table, mended: Mended, scale: int | None = None
) -> _Cells[Counted]:
    unit = scale or column.scale or table.scale
    return _Cells(
        column,
        table,
        mended,
        lambda raw: Counted(name, shown(raw), column.title, count_of(raw, unit)),
    )


def entries_of(
    number: int, table: Table, vocabulary: Vocabulary, mended: Mended
) -> Iterator[Entry]:
    """Yield the entries of a table, line by line.

    Parameters
    ----------
    number
        Of the table, to tell tables apart.
    table
        The table.
    vocabulary
        Reads what a cell in the column of items counts.
    mended
        Cells that a person corrected.
    """
    rows = _with_blanks_filled(_rows(table, vocabulary, mended))
    blank = blank_groups(table)
    unrolled = [
        _Unrolled(number, table, group, mended)
        for position, group in enumerate(table.groups)
        if position not in blank
    ]
    for row in rows:
        ragged = _ragged(row.line, table)
        for group in unrolled:
            entry = group.entry(row, ragged)
            if entry is not None:
                yield entry


class _Unrolled:
    """Makes the entries of one group of columns."""

    def __init__(self, number: int, table: Table, group: Group, mended: Mended) -> None:
        self._table, self._group, self._mended = table, group, mended
        sheet = table.sheet
        periods = tuple(_raw(period) for period in group.periods)
        self._shapes = {
            cumulative: Shape(number, sheet.file, sheet.name, periods, cumulative)
            for cumulative in (False, True)
        }
        self._header = tuple(Datum.of(key, _raw(value)) for key, value in group.keys)
        self._counts: dict[Heading | None, list[_Cells[Counted]]] = {}
        self._reasons = [_counts(name, column, table, mended) for name, column in group.reasons]
        self._totals = frozenset({"columns"} if group.total else ())

    def entry(self, row: _Row, ragged: int) -> Entry | None:
        """Return the entry of a row, ``None`` where the row is about something else."""
        item = row.item
        counts = self._counts.get(item)
        if counts is None:
            if "item" in self._group.counts and (item is None or item.role not in COUNTS):
                return None
            counts = self._counts[item] = [
                self._column(name, column, item) for name, column in self._group.counts.items()
            ]
        cumulative = self._group.cumulative or (item is not None and item.cumulative)
        line = row.line
        return Entry(
            self._shapes[cumulative],
            line.number,
            row.keys + self._header if self._header else row.keys,
            tuple([cells.at(line) for cells in counts]),
            row.totals | self._totals if self._totals else row.totals,
            tuple([cells.at(line) for cells in self._reasons]) if self._reasons else (),
            ragged,
        )

    def _column(self, name: str, column: Column, item: Heading | None) -> _Cells[Counted]:
        if name != "item" or item is None or item.role is None:
            return _counts(name, column, self._table, self._mended)
        return _counts(item.role, column, self._table, self._mended, item.scale)


def left_items(table: Table, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what the column of items names that is no count, such as a rate."""
    column = table.keys.get("item")
    if column is None:
        return ()
    texts = dict.fromkeys(shown(line.at(column.index)) for line in table.lines)
    heads = {text: vocabulary.item(table.layout.ours("item", text)) for text in texts}
    return tuple(
        f"{column.title} {text}".strip()
        for text, head in heads.items()
        if head is None or head.role not in COUNTS
    )


def _raw(value: object) -> Raw:
    return value  # pyright: ignore[reportReturnType]


def _rows(table: Table, vocabulary: Vocabulary, mended: Mended) -> list[_Row]:
    columns = dict(table.keys)
    item = columns.pop("item", None)
    named = None if item is None else _keys("item", item, table, mended)
    readers = [_keys(key, column, table, mended) for key, column in columns.items()]
    rows: list[_Row] = []
    for line in table.lines:
        keys = tuple([cells.at(line) for cells in readers])
        totals = _totals(keys, line, table)
        head = None
        if named is not None:
            head = vocabulary.item(table.layout.ours("item", named.at(line).text))
        rows.append(_Row(line, keys, totals, head))
    return rows


def _totals(keys: tuple[Datum, ...], line: Line, table: Table) -> frozenset[str]:
    """Return the keys over which a row is a total."""
    totals = [_OF_PERIOD.get(datum.name, datum.name) for datum in keys if datum.total]
    if totals:
        return frozenset(totals)
    for datum in keys:
        if datum.name == "retailer" and not datum.text:
            aside = [line.at(column.index) for column in table.ignored]
            if any(isinstance(raw, str) and is_total(raw) for raw in aside):
                return frozenset({"retailer"})
    return _NO_TOTALS


def blank_groups(table: Table) -> frozenset[int]:
    """Return the groups, of several, whose columns hold nothing at all: months yet to come."""
    if len(table.groups) == 1:
        return frozenset()
    return frozenset(
        position
        for position, group in enumerate(table.groups)
        if not any(
            shown(line.at(column.index)) for line in table.lines for column in group.counts.values()
        )
    )


def _ragged(line: Line, table: Table) -> int:
    if not table.sheet.cut_from_text or len(line.cells) <= table.width:
        return 0
    return max(0, *(column + 1 - table.width for column in line.filled()))


def _with_blanks_filled(rows: list[_Row]) -> list[_Row]:
    """Fill blank keys from above where a column is written as merged cells are.

    That is a column whose filled cells never repeat the one above; and a row takes the value
    above only if no other row below that value has the same remaining keys. Else the blank stays
    and is reported. Below a total, such a row is one of another item. The blank keys of a total
    are keys that it sums over.
    """
    for at, datum in enumerate(rows[0].keys if rows else ()):
        if datum.name not in _BY_ROW:
            continue
        column = [row.keys[at].text for row in rows if not row.totals]
        if all(column) or not any(column):
            continue
        filled = [text for text in column if text]
        pairs = pairwise(column)
        if len(filled) > 1 and any(one and one == other for one, other in pairs):
            continue
        rows = _filled_down(rows, at)
    return [_with_blanks_summed(row) if row.totals else row for row in rows]


def _filled_down(rows: Sequence[_Row], at: int) -> list[_Row]:
    below: Datum | None = None
    below_total = False
    seen: set[tuple[object, ...]] = set()
    kept: list[_Row] = []
    for row in rows:
        here = row.keys[at]
        rest = (row.item, *(datum.text for datum in row.keys if datum is not here))
        new = row
        # a total right below a total is one of more than the rows below the last filled cell
        again = bool(row.totals) and bool(kept) and bool(kept[-1].totals)
        if here.text:
            below_total = here.total
            below = None if below_total else replace(here, continued=True)
            seen = {rest}
        elif below_total and row.item is not None and rest not in seen:
            seen.add(rest)
            new = replace(row, totals=row.totals | {_OF_PERIOD.get(here.name, here.name)})
        elif below is not None and not again and rest not in seen:
            seen.add(rest)
            new = replace(row, keys=(*row.keys[:at], below, *row.keys[at + 1 :]))
        kept.append(new)
    return kept


def _with_blanks_summed(row: _Row) -> _Row:
    blank = {_OF_PERIOD.get(datum.name, datum.name) for datum in row.keys if not datum.text}
    return replace(row, totals=row.totals | blank)
