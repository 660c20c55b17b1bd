"""Cuts a sheet into tables: its columns of keys and counts, its body and the words around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from switchstats.inputs import Line, Sheet, shown
from switchstats.inputs.mapping import Layout
from switchstats.readers.cells import is_note
from switchstats.readers.counts.aliases import (
    COUNTS,
    KEYS,
    folded,
    is_cumulative,
    is_group,
    is_total,
    stated_unit,
)
from switchstats.readers.counts.groups import Group, groups_of
from switchstats.readers.counts.headers import Column, Header, headers_of
from switchstats.readers.counts.vocabulary import Vocabulary

__all__ = ["Table", "tables_of"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a sheet.

    Parameters
    ----------
    sheet
        Where it stands.
    layout
        The user's words that it was read with.
    header_line
        Of the lowest line of the header.
    width
        Cells of the header's line.
    keys
        Canonical key (or ``"item"``) → column.
    groups
        Columns of counts.
    lines
        Body, blank and note lines left out.
    titles
        Words above, nearest last, that hold for this table.
    scale
        What one unit means, unless a head says otherwise.
    ignored
        Heads of columns that were not used.
    notes
        Numbers of lines taken for titles or notes.
    columns
        All of its columns.
    heads
        Folded cells of the header, by which a mapping is recognised.
    """

    sheet: Sheet
    layout: Layout
    header_line: int
    width: int
    keys: dict[str, Column]
    groups: tuple[Group, ...]
    lines: tuple[Line, ...]
    titles: tuple[str, ...]
    scale: int
    ignored: tuple[Column, ...]
    notes: tuple[int, ...]
    columns: tuple[Column, ...]
    heads: frozenset[str]

    @property
    def counts(self) -> frozenset[str]:
        """Counts that the header names."""
        return frozenset(name for group in self.groups for name in group.counts)


def tables_of(sheet: Sheet, layout: Layout, vocabulary: Vocabulary) -> list[Table]:
    """Return the tables on a sheet that hold counts, from top to bottom and left to right.

    Raises
    ------
    InputError
        When a column stands twice.
    """
    headers = headers_of(sheet.lines, vocabulary)
    tables: list[Table] = []
    floor = 0
    for number, header in enumerate(headers):
        following = headers[number + 1] if number + 1 < len(headers) else None
        top = _titles_start(sheet.lines, floor, header.first, vocabulary)
        end = len(sheet.lines) if following is None else following.first
        if following is not None:
            end = _titles_start(sheet.lines, header.last + 1, end, vocabulary)
        above = sheet.lines[top : header.first]
        body = sheet.lines[header.last + 1 : end]
        floor = end
        tables += [
            table
            for columns in _side_by_side(header.columns)
            if (table := _table(sheet, layout, header, columns, above, body, vocabulary))
            is not None
        ]
    return tables


def _titles_start(lines: Sequence[Line], floor: int, first: int, vocabulary: Vocabulary) -> int:
    """Return where the titles above a header begin; above the first table that is the top."""
    if floor == 0:
        return 0
    start = first
    while start > floor and _is_title(lines[start - 1], vocabulary):
        start -= 1
    return start


def _is_title(line: Line, vocabulary: Vocabulary) -> bool:
    filled = [line.cells[column] for column in line.filled()]
    if len(filled) > 2 or not all(isinstance(raw, str) for raw in filled):  # noqa: PLR2004
        return False
    text = shown(filled[0])
    heading = vocabulary.heading(text)
    return not is_total(text) and (heading is None or heading.key != "retailer")


def _side_by_side(columns: Sequence[Column]) -> list[tuple[Column, ...]]:
    """Cut the columns where the first key stands again, if each part then holds counts.

    Keys to the left of the first such column hold for every part that lacks them.
    """
    for role in ("retailer", "period"):
        starts = [column.index for column in columns if column.role == role]
        if len(starts) < 2:  # noqa: PLR2004
            continue
        shared = [c for c in columns if c.index < starts[0] and c.role in KEYS]
        left = tuple(c for c in columns if c.index < starts[1])
        parts = [left]
        for start, stop in zip(starts[1:], [*starts[2:], None], strict=True):
            own = [c for c in columns if c.index >= start and (stop is None or c.index < stop)]
            roles = {column.role for column in own}
            parts.append((*(c for c in shared if c.role not in roles), *own))
        if all(any(_holds_counts(column) for column in part) for part in parts):
            return parts
    return [tuple(columns)]


def _holds_counts(column: Column) -> bool:
    return column.role in COUNTS or (column.role is None and bool(column.periods or column.keys))


def _table(
    sheet: Sheet,
    layout: Layout,
    header: Header,
    columns: Sequence[Column],
    above: Sequence[Line],
    body: Sequence[Line],
    vocabulary: Vocabulary,
) -> Table | None:
    keys = _keys(columns, _item_column(columns, body, layout, vocabulary))
    titles = _words(above, columns)
    title_count = next(
        (found for words in reversed(titles) if (found := vocabulary.mentioned(words))), None
    )
    head = sheet.lines[header.first : header.last + 1]
    wide = None if title_count == "rate" else "item" if "item" in keys else title_count
    groups = groups_of(columns, keys, wide, sheet, sheet.lines[header.last].number)
    if not groups:
        return None
    if not any(column.cumulative for column in columns) and any(map(is_cumulative, titles)):
        groups = tuple(replace(group, cumulative=True) for group in groups)
    used = {c.index for c in keys.values()} | {
        c.index
        for group in groups
        for c in (*group.counts.values(), *(column for _, column in group.reasons))
    }
    own = {column.index for column in columns}
    counts = used - {column.index for column in keys.values()}
    lines = [line for line in body if any(column in own for column in line.filled())]
    kept = [
        line
        for line in lines
        if _is_row(line, counts, own) or not _is_note(line, keys, used, own, vocabulary)
    ]
    aside = {line.number for line in (*above, *lines)} - {line.number for line in kept}
    units = [stated_unit(words) for words in (*titles, *_words(_notes(lines, kept), columns))]
    return Table(
        sheet,
        layout,
        sheet.lines[header.last].number,
        header.width,
        keys,
        groups,
        tuple(kept),
        titles,
        next((unit for unit in units if unit), 1),
        tuple(column for column in columns if column.index not in used),
        tuple(sorted(aside)),
        tuple(columns),
        frozenset(folded(shown(raw)) for line in head for raw in line.cells),
    )


def _notes(lines: Sequence[Line], kept: Sequence[Line]) -> list[Line]:
    numbers = {line.number for line in kept}
    return [line for line in lines if line.number not in numbers]


def _item_column(
    columns: Sequence[Column], body: Sequence[Line], layout: Layout, vocabulary: Vocabulary
) -> Column | None:
    """Return the column whose cells name counts row by row, if one does."""
    for column in columns:
        if column.role == "item":
            texts = {shown(line.at(column.index)) for line in body} - {""}
            heads = [vocabulary.item(layout.ours("item", text)) for text in texts]
            if any(head is not None and head.role in COUNTS for head in heads):
                return column
    return None


def _keys(columns: Sequence[Column], item: Column | None) -> dict[str, Column]:
    keys: dict[str, Column] = {} if item is None else {"item": item}
    for column in sorted(columns, key=lambda column: not column.mapped):
        if column.role in (*KEYS, "retailer_code"):
            keys.setdefault(column.role, column)
    code = keys.pop("retailer_code", None)
    if code is not None and "retailer" not in keys:
        keys["retailer"] = replace(code, role="retailer")
    return keys


def _words(lines: Sequence[Line], columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the texts of title lines; those of a line with several stand over their columns."""
    first, last = columns[0].index, columns[-1].index
    found: list[str] = []
    for line in lines:
        texts = [(c, shown(line.cells[c])) for c in line.filled()]
        over = [text for c, text in texts if first <= c <= last or len(texts) == 1]
        found += over or [text for _, text in texts if len(texts) == 1]
    return tuple(found)


def _is_row(line: Line, counts: set[int], own: set[int]) -> bool:
    """Whether a count stands on the line and something beside it, as on nearly all of the body."""
    filled = [column for column, raw in enumerate(line.cells) if raw not in (None, "")]
    if own.issuperset(filled):
        return len(filled) > 1 and not counts.isdisjoint(filled)
    return False


def _is_note(
    line: Line, keys: dict[str, Column], used: set[int], own: set[int], vocabulary: Vocabulary
) -> bool:
    """Whether a line of the body is a note, or the name of a group, rather than a row."""
    filled = [column for column in line.filled() if column in own]
    counts = used - {column.index for column in keys.values()}
    if any(column in counts for column in filled):
        # a note that runs from the first column stands alone; beside counts it is a row
        return len(filled) == 1 and is_note(shown(line.cells[filled[0]]))
    text = shown(line.cells[filled[0]])
    if is_note(text):
        return True
    if len(filled) > 1:
        return not any(column in used for column in filled)
    heading = vocabulary.heading(text)
    named = heading is not None and heading.key == "retailer"
    at_retailer = "retailer" in keys and filled[0] == keys["retailer"].index
    return not named and (is_group(text) or not at_retailer)
