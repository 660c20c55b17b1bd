"""Unrolls tables into entries: one for each row and each group of columns of counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from switchstats.inputs import Line, Raw, shown
from switchstats.inputs.mended import Mended
from switchstats.readers.counts.headers import Column
from switchstats.readers.counts.tables import Group, Table
from switchstats.readers.counts.vocabulary import COUNTS, KEYS, Heading, Vocabulary, is_total

__all__ = ["Datum", "Entry", "blank_groups", "entries_of", "left_items"]

_BY_ROW = ("retailer", "period", "year", "fiscal_year", "month", "area", "losing", "voltage")


@dataclass(frozen=True, slots=True)
class Datum:
    """A raw cell with the head of its column.

    `scale` is what one unit means; `continued` tells that a blank cell took it from above.
    """

    raw: Raw
    field: str
    scale: int = 1
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says about one retailer, period and stratum, nothing of it interpreted yet.

    Parameters
    ----------
    table
        Number of its table.
    file, sheet, line
        Where it stands.
    keys
        Canonical key → cell; ``""`` as the field where it comes from the header.
    periods
        Words of periods from the header, from top to bottom.
    counts
        Canonical count → cell.
    totals
        Keys over which it is a total; ``"columns"`` for a column of totals.
    cumulative
        Whether its counts are sums since some month.
    ragged
        How many cells its line has beyond the header, 0 when none.
    """

    table: int
    file: str
    sheet: str | None
    line: int
    keys: Mapping[str, Datum]
    periods: tuple[Raw, ...]
    counts: Mapping[str, Datum]
    totals: frozenset[str] = field(default_factory=frozenset[str])
    cumulative: bool = False
    ragged: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    line: Line
    keys: dict[str, Datum]
    totals: frozenset[str]
    item: Heading | None


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
    rows = [_row(line, table, vocabulary, mended) for line in table.lines]
    rows = [_with_blanks_summed(row) for row in _continued(rows)]
    blank = blank_groups(table)
    for row in rows:
        for position, group in enumerate(table.groups):
            counts = _counts(row, group, table, mended)
            if counts is None or position in blank:
                continue
            totals = row.totals | ({"columns"} if group.total else frozenset[str]())
            header_keys = {key: Datum(_raw(value), "") for key, value in group.keys}
            yield Entry(
                number,
                table.sheet.file,
                table.sheet.name,
                row.line.number,
                row.keys | header_keys,
                tuple(_raw(period) for period in group.periods),
                counts,
                totals,
                group.cumulative or (row.item is not None and row.item.cumulative),
                _ragged(row.line, table),
            )


def left_items(table: Table, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what the column of items names that is no count, such as a rate."""
    column = table.keys.get("item")
    if column is None:
        return ()
    texts = dict.fromkeys(shown(line.at(column.index)) for line in table.lines)
    heads = {text: vocabulary.heading(table.layout.ours("item", text)) for text in texts}
    return tuple(
        f"{column.title} {text}".strip()
        for text, head in heads.items()
        if head is None or head.role not in COUNTS
    )


def _raw(value: object) -> Raw:
    return value  # pyright: ignore[reportReturnType]


def _row(line: Line, table: Table, vocabulary: Vocabulary, mended: Mended) -> _Row:
    keys: dict[str, Datum] = {}
    totals: set[str] = set()
    for key, column in table.keys.items():
        datum = _datum(line, column, table, mended)
        text = shown(datum.raw)
        keys[key] = datum
        if key in KEYS and isinstance(datum.raw, str) and is_total(text):
            totals.add("period" if key in ("year", "fiscal_year", "month") else key)
    if not totals and not shown(keys.get("retailer", Datum("x", "")).raw):
        aside = [line.at(column.index) for column in table.ignored]
        if any(isinstance(raw, str) and is_total(raw) for raw in aside):
            totals.add("retailer")
    item = keys.pop("item", None)
    named = None if item is None else vocabulary.heading(table.layout.ours("item", shown(item.raw)))
    return _Row(line, keys, frozenset(totals), named)


def _datum(line: Line, column: Column, table: Table, mended: Mended) -> Datum:
    place = (table.sheet.file, table.sheet.name or "", line.number, column.title)
    raw = line.at(column.index) if place not in mended else mended[place].value
    return Datum(raw, column.title, column.scale or table.scale)


def _counts(row: _Row, group: Group, table: Table, mended: Mended) -> dict[str, Datum] | None:
    """Return the counts of a row, ``None`` where the row is about something else."""
    counts: dict[str, Datum] = {}
    for name, column in group.counts.items():
        role = name
        datum = _datum(row.line, column, table, mended)
        if name == "item":
            if row.item is None or row.item.role not in COUNTS:
                return None
            role = row.item.role
            datum = replace(datum, scale=row.item.scale or datum.scale)
        counts[role] = datum
    return counts


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
    if not table.sheet.cut_from_text:
        return 0
    return max(0, *(column + 1 - table.width for column in line.filled()))


def _continued(rows: Sequence[_Row]) -> list[_Row]:
    """Fill blank keys from above where a column is written as merged cells are.

    That is a column whose filled cells never repeat the one above; and a row takes the value
    above only if no other row below that value has the same remaining keys. Else the blank stays
    and is reported.
    """
    kept = list(rows)
    for key in (key for key in _BY_ROW if kept and key in kept[0].keys):
        column = [shown(row.keys[key].raw) for row in kept if not row.totals]
        if all(column) or not any(column):
            continue
        filled = [text for text in column if text]
        pairs = pairwise(column)
        if len(filled) > 1 and any(one and one == other for one, other in pairs):
            continue
        kept = _filled_down(kept, key)
    return kept


def _filled_down(rows: Sequence[_Row], key: str) -> list[_Row]:
    above: Datum | None = None
    seen: set[tuple[object, ...]] = set()
    kept: list[_Row] = []
    for row in rows:
        rest = (row.item, *(shown(d.raw) for name, d in row.keys.items() if name != key))
        new = row
        # a total right below a total is one of more than the rows below the last filled cell
        again = bool(row.totals) and bool(kept) and bool(kept[-1].totals)
        if shown(row.keys[key].raw):
            above, seen = (None if key in row.totals else row.keys[key]), {rest}
        elif above is not None and not again and rest not in seen:
            seen.add(rest)
            new = replace(row, keys=row.keys | {key: replace(above, continued=True)})
        kept.append(new)
    return kept


def _with_blanks_summed(row: _Row) -> _Row:
    """Take the blank keys of a total for keys that it sums over."""
    if not row.totals:
        return row
    names = {"year": "period", "fiscal_year": "period", "month": "period"}
    blank = {names.get(key, key) for key, datum in row.keys.items() if not shown(datum.raw)}
    return replace(row, totals=row.totals | blank)
