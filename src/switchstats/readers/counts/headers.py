"""Finds the headers of tables on a sheet, and what each of their columns holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from switchstats.inputs import Line, Raw, shown
from switchstats.readers.counts.aliases import COUNTS, KEYS
from switchstats.readers.counts.months import bare_month, period_of
from switchstats.readers.counts.numbers import count_of
from switchstats.readers.counts.vocabulary import Heading, Vocabulary

__all__ = ["Column", "Header", "headers_of"]

_KEY_ROLES = frozenset((*KEYS, "item", "retailer_code"))
_MOST_LINES_MORE = 3
_YEARS = range(1990, 2100)

Heads = dict[int, Heading]


@dataclass(frozen=True, slots=True)
class Column:
    """A column below a header.

    Parameters
    ----------
    index
        From 0.
    title
        The header's words from top to bottom, as they stand.
    role
        A key, a count, ``"rate"``, ``"item"``, ``"retailer_code"``, or ``None``.
    periods
        Words of periods in the header, from top to bottom.
    keys
        Values of keys that the header gives, such as an area.
    weak, scale, cumulative, total, mapped
        As in `Heading`.
    """

    index: int
    title: str
    role: str | None
    periods: tuple[Raw, ...] = ()
    keys: tuple[tuple[str, Raw], ...] = ()
    weak: bool = False
    scale: int | None = None
    cumulative: bool = False
    total: bool = False
    mapped: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Consecutive lines that head one table, or several side by side.

    `first` and `last` are positions in the list of lines, both included.
    """

    first: int
    last: int
    columns: tuple[Column, ...]
    width: int


def headers_of(lines: Sequence[Line], vocabulary: Vocabulary) -> list[Header]:
    """Return the headers on a sheet from top to bottom.

    A header has a line (the anchor) that names a key beside something else, or two counts, and
    holds no numbers but months and years; lines above and below it that name counts, months or
    areas over the same columns belong to it.
    """
    found: list[Header] = []
    position = 0
    while position < len(lines):
        heads = _heads(lines[position], vocabulary)
        if heads is None or not _is_anchor(heads):
            position += 1
            continue
        lowest = found[-1].last + 1 if found else 0
        first = _upwards(lines, position, lowest, heads, vocabulary)
        last = _downwards(lines, position, heads, vocabulary)
        header = _header(lines, first, last, vocabulary)
        found.append(header)
        position = last + 1
    return found


def _heads(line: Line, vocabulary: Vocabulary) -> Heads | None:
    """Return what the cells of a line say as heads, ``None`` when it cannot be a header."""
    heads: Heads = {}
    numbers: dict[int, Raw] = {}
    cells = line.cells
    # from the right, where most numbers stand: rows are many, and most are seen through at once
    for column in range(len(cells) - 1, -1, -1):
        raw = cells[column]
        if raw is None or raw == "":
            continue
        heading = vocabulary.heading(raw)
        if heading is not None:
            heads[column] = heading
            continue
        kind = _kind_of_text(raw) if isinstance(raw, str) else _kind_of(raw)
        if kind == "number":
            return None
        if kind == "month or year":
            numbers[column] = raw
    heads = dict(sorted(heads.items()))
    if not numbers:
        return heads
    more = _numbers_as_heads(dict(sorted(numbers.items())))
    return heads | more if more else None


@lru_cache(maxsize=2**16)
def _kind_of_text(text: str) -> str:
    return _kind_of(text)


def _kind_of(raw: Raw) -> str:
    if not isinstance(raw, int | float) and count_of(raw).code == "not_a_number":
        return "words"
    return "number" if bare_month(raw) is None and not _is_year(raw) else "month or year"


def _numbers_as_heads(numbers: dict[int, Raw]) -> Heads | None:
    """Read bare numbers as months (4, 05) or years (2022), when all of them are."""
    if len({shown(raw) for raw in numbers.values()}) > 1 and all(map(bare_month, numbers.values())):
        return {column: Heading(period=raw) for column, raw in numbers.items()}
    if all(map(_is_year, numbers.values())):
        return {column: Heading(period=f"{shown(raw)}年") for column, raw in numbers.items()}
    return None


def _is_year(raw: Raw) -> bool:
    text = shown(raw)
    return text.isdecimal() and len(text) < 5 and int(text) in _YEARS  # noqa: PLR2004


def _is_anchor(heads: Heads) -> bool:
    keys = sum(head.role in _KEY_ROLES for head in heads.values())
    counts = sum(head.role in COUNTS for head in heads.values())
    told = sum(head.tells for head in heads.values())
    return (keys > 0 and told > 1) or counts > 1


def _upwards(
    lines: Sequence[Line], anchor: int, lowest: int, heads: Heads, vocabulary: Vocabulary
) -> int:
    """Return the first line above the anchor that still heads its columns."""
    keys = {column for column, head in heads.items() if head.role in _KEY_ROLES}
    first_key = min(keys, default=-1)
    first = anchor
    while first > max(lowest, anchor - _MOST_LINES_MORE):
        above = lines[first - 1]
        upper = _heads(above, vocabulary)
        if not _adjacent(above, lines[first]) or not upper or not _heads_columns(upper):
            break
        filled = list(above.filled())
        if len(filled) == 1 and (filled[0] <= first_key or _is_day(upper[filled[0]])):
            break
        if any(column in keys and upper.get(column, Heading()).role is None for column in filled):
            break
        first -= 1
    return first


def _downwards(lines: Sequence[Line], anchor: int, heads: Heads, vocabulary: Vocabulary) -> int:
    """Return the last line below the anchor that still heads its columns."""
    keys = {column: head.role for column, head in heads.items() if head.role in _KEY_ROLES}
    last = anchor
    while last + 1 < len(lines) and last < anchor + _MOST_LINES_MORE:
        below = lines[last + 1]
        lower = _heads(below, vocabulary)
        if not _adjacent(lines[last], below) or not lower:
            break
        repeated = all(
            column in lower and lower[column].role in (role, None) and not lower[column].tells_value
            for column, role in keys.items()
            if shown(below.at(column))
        )
        total_row = any(head.total for column, head in lower.items() if column in keys)
        if not repeated or total_row:
            break
        last += 1
    return last


def _adjacent(line: Line, following: Line) -> bool:
    """Whether no blank line stands between; a CSV counts the line breaks within cells too."""
    breaks = sum(raw.count("\n") for raw in line.cells if isinstance(raw, str))
    return following.number - line.number in (1, 1 + breaks)


def _heads_columns(heads: Heads) -> bool:
    return any(head.tells for head in heads.values())


def _is_day(head: Heading) -> bool:
    """Whether a head is a single day: above a table that is when it was made."""
    if head.period is None or bare_month(head.period) or shown(head.period).endswith("月"):
        return False
    return period_of(head.period, None).n_days == 1 and isinstance(head.period, str)


def _header(lines: Sequence[Line], first: int, last: int, vocabulary: Vocabulary) -> Header:
    rows = lines[first : last + 1]
    width = max(len(line.cells) for line in rows)
    heads = [_heads(line, vocabulary) or {} for line in rows]
    paths: list[list[tuple[Raw, Heading | None]]] = [[] for _ in range(width)]
    for depth in range(len(rows)):
        for column, source in _spread(rows, heads, depth, width):
            paths[column].append((rows[depth].cells[source], heads[depth].get(source)))
    columns = [_column(index, path) for index, path in enumerate(paths) if path]
    return Header(first, last, tuple(_told_apart(columns)), width)


def _told_apart(columns: Sequence[Column]) -> Iterator[Column]:
    """Yield the columns, titles that stand again further to the right numbered."""
    seen: dict[str, int] = {}
    for column in columns:
        seen[column.title] = seen.get(column.title, 0) + 1
        again = f" ({seen[column.title]})" if seen[column.title] > 1 else ""
        yield replace(column, title=column.title + again)


def _spread(
    rows: Sequence[Line], heads: Sequence[Heads], depth: int, width: int
) -> Iterator[tuple[int, int]]:
    """Yield each column with the column whose cell heads it on this line of the header.

    A cell also heads the blank ones to its right, as a merged cell does: on every line but the
    lowest, up to a new group above, a column of keys or a column with nothing below.
    """
    keys = {column for line in heads for column, head in line.items() if head.role in _KEY_ROLES}
    source: int | None = None
    for column in range(width):
        if shown(rows[depth].at(column)):
            yield column, column
            source = column if depth < len(rows) - 1 and column not in keys else None
            continue
        above = any(shown(row.at(column)) for row in rows[:depth])
        below = any(shown(row.at(column)) for row in rows[depth + 1 :])
        if above or not below or column in keys:
            source = None
        if source is not None:
            yield column, source


def _column(index: int, path: Sequence[tuple[Raw, Heading | None]]) -> Column:
    title = " ".join(dict.fromkeys(shown(raw) for raw, _ in path))
    column = Column(index, title, None)
    weak = True
    for _, head in path:
        if head is None:
            continue
        if head.role is not None and (weak or not head.weak):
            column = replace(column, role=head.role, weak=head.weak, mapped=head.mapped)
            weak = head.weak
        column = replace(
            column,
            periods=column.periods + ((head.period,) if head.period is not None else ()),
            keys=column.keys + (((head.key, head.value),) if head.key else ()),
            scale=head.scale or column.scale,
            cumulative=column.cumulative or head.cumulative,
            total=column.total or head.total,
        )
    return column
