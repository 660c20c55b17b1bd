"""Reads the layout of the slide: a group's head followed by periods, a row a retailer below."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.errors import InputError
from switchstats.readers.cells import (
    holds_digit,
    is_average,
    is_note,
    is_period,
    is_rate_like,
    printed_period,
)
from switchstats.readers.grid import Grid
from switchstats.readers.layout import Block, Head, Layout, Row, group_word
from switchstats.readers.places import Cell

__all__ = ["wide_layout"]

# A head may be broken over so many rows of the grid.
_HEAD_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Found:
    """A head in the grid: rows `top` to `bottom`, its first cell in `column`."""

    top: int
    bottom: int
    column: int
    group: Cell
    heads: tuple[Head, ...]

    @property
    def end(self) -> int:
        return self.column + 1 + len(self.heads)

    def covers(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.column <= column < self.end


def wide_layout(grid: Grid) -> Layout:
    """Return every block of a grid, stacked or side by side, in reading order.

    A block begins at a cell followed by cells that are periods, above a row of rates. It ends
    with its weighted average, at the next head or with the grid. Titles, sources and notes are
    skipped.

    Parameters
    ----------
    grid
        Rows of cells; blank rows do not matter.

    Raises
    ------
    InputError
        When one of a head's cells is no period, or a row lacks its name or has too many rates.
    """
    rows = [row for row in grid if any(cell.text.strip() for cell in row)]
    found = _heads_in(rows)
    used: set[tuple[int, int]] = set()
    blocks = [_block(rows, head, found, used) for head in found]
    return Layout(tuple(block for block in blocks if block.rows), _strays(rows, used))


def _heads_in(rows: Grid) -> list[_Found]:
    found: list[_Found] = []
    for bottom in range(len(rows) - 1):
        for column in range(len(rows[bottom]) - 1):
            head = _head_at(rows, bottom, column, found)
            if head is not None:
                found.append(head)
    return sorted(found, key=lambda head: (head.top, head.column))


def _head_at(rows: Grid, bottom: int, column: int, found: Sequence[_Found]) -> _Found | None:
    """Return the head whose last row is `bottom`, as few rows high as makes sense."""
    failure: InputError | None = None
    for top in range(bottom, max(bottom - _HEAD_ROWS, -1), -1):
        if _holds_rates(rows[top]) or any(head.covers(top, column) for head in found):
            break
        window = rows[top : bottom + 1]
        group = _joined(window, column)
        if not _can_name_group(group, height=len(window)):
            continue
        heads, failed = _periods_of(window, column + 1)
        below = [_at(rows[bottom + 1], column + offset) for offset in range(len(heads) + 1)]
        if not heads or not _is_row(below, group):
            continue
        if failed is None:
            return _Found(top, bottom, column, group, heads)
        failure = failure or failed
    if failure is not None:
        raise failure
    return None


def _can_name_group(cell: Cell, *, height: int) -> bool:
    # A blank corner is a head that leaves the group open.
    if not cell.text:
        return height == 1
    return not is_rate_like(cell.text) and not is_period(cell.text)


def _periods_of(window: Grid, column: int) -> tuple[tuple[Head, ...], InputError | None]:
    """Return the periods from `column` on, and what is wrong with the cell after them, if aught."""
    heads: list[Head] = []
    width = max(len(row) for row in window)
    while column < width:
        cell = _joined(window, column)
        try:
            heads.append(Head(printed_period(cell, field="period"), cell.text))
        except InputError as failure:
            begins_next = column + 1 < width and is_period(_joined(window, column + 1).text)
            odd = cell.text and not begins_next and group_word(cell.text) is None
            return tuple(heads), failure if odd else None
        column += 1
    return tuple(heads), None


def _is_row(cells: Sequence[Cell], group: Cell) -> bool:
    """Whether cells below a head are a name and rates, all blank only under a known group."""
    name, *rates = (cell.text.strip() for cell in cells)
    blank = not any(rates) and bool(group_word(group.text))
    return bool(name) and not is_rate_like(name) and (blank or any(map(is_rate_like, rates)))


def _holds_rates(row: Sequence[Cell]) -> bool:
    # A head may hold a period such as 202301.
    return any(
        is_rate_like(cell.text) and holds_digit(cell.text) and not is_period(cell.text)
        for cell in row
    )


def _block(rows: Grid, head: _Found, found: Sequence[_Found], used: set[tuple[int, int]]) -> Block:
    used.update(
        (index, column)
        for index in range(head.top, head.bottom + 1)
        for column in range(head.column, head.end)
    )
    last = min(
        (other.top for other in found if other.top > head.bottom and _share_columns(head, other)),
        default=len(rows),
    )
    read: list[Row] = []
    for index in range(head.bottom + 1, last):
        row = _row(rows[index], head)
        if row is None:
            continue
        _refuse_more(rows[index], head, [each.column for each in found if each.bottom < index])
        used.update((index, column) for column in range(head.column, head.end))
        read.append(row)
        if row.average:
            _refuse_rest_of_row(rows[index + 1 : last], head)
            break
    return Block(head.group, head.heads, tuple(read))


def _row(cells: list[Cell], head: _Found) -> Row | None:
    name, *rates = (_at(cells, column) for column in range(head.column, head.end))
    blank = not any(rate.text.strip() for rate in rates)
    if is_note(name.text) or (blank and not name.text.strip()):
        return None
    if not name.text.strip() or (is_rate_like(name.text) and holds_digit(name.text)):
        raise next(cell for cell in (name, *rates) if cell.text.strip()).error(
            "rates without a name", "write the retailer's name before them"
        )
    if not blank and len(cells) < head.end:
        raise name.error(
            f"a row has fewer cells than its head, which names {len(head.heads)} periods",
            "write － where there is no rate",
        )
    return Row(name, tuple(rates), is_average(name.text), optional=blank)


def _refuse_rest_of_row(below: Grid, head: _Found) -> None:
    """Refuse rates without a name right below the average: they broke off from it."""
    cells = [_at(row, column) for row in below[:1] for column in range(head.column, head.end)]
    filled = [cell for cell in cells if cell.text.strip()]
    if any(holds_digit(cell.text) for cell in filled) and all(
        is_rate_like(cell.text) for cell in filled
    ):
        raise filled[0].error("rates without a name", "write them in the row above")


def _refuse_more(cells: list[Cell], head: _Found, columns: Sequence[int]) -> None:
    """Refuse a rate right of the last period, such as a decimal comma leaves in a CSV."""
    extra = _at(cells, head.end)
    if head.end not in columns and is_rate_like(extra.text) and holds_digit(extra.text):
        raise extra.error(
            f"a row has more rates than the {len(head.heads)} periods of its head",
            "write decimal points, not commas, or name the column's period",
        )


def _strays(rows: Grid, used: set[tuple[int, int]]) -> tuple[Cell, ...]:
    """Return cells outside the blocks that have a rate right beside them."""
    return tuple(
        cell
        for index, row in enumerate(rows)
        for column, cell in enumerate(row[:-1])
        if (index, column) not in used
        and cell.text.strip()
        and not is_rate_like(cell.text)
        and is_rate_like(row[column + 1].text)
        and holds_digit(row[column + 1].text)
    )


def _share_columns(one: _Found, other: _Found) -> bool:
    return one.column < other.end and other.column < one.end


def _joined(window: Grid, column: int) -> Cell:
    cells = [_at(row, column) for row in window]
    place = next((cell.place for cell in cells if cell.text.strip()), cells[0].place)
    return Cell("".join(cell.text.strip() for cell in cells), place)


def _at(row: list[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else Cell("", row[0].place)
