"""Reads a tidy table: one rate a line, columns found by their names in Japanese or English."""

import re

from switchstats.periods import half_width
from switchstats.readers.cells import is_average, is_note, printed_period
from switchstats.readers.grid import Grid
from switchstats.readers.layout import Block, Head, Layout, Row
from switchstats.readers.places import Cell
from switchstats.values import RateUnit

__all__ = ["tidy_layout"]

# The first name that a file has is taken; what stands after the unit bracket is ignored.
_NAMES = {
    "group": ("group", "グループ", "区分", "事業者区分"),
    "row": ("row", "行", "行の種類"),
    "retailer": (
        "retailer",
        "小売電気事業者",
        "事業者",
        "事業者名",
        "小売電気事業者名",
        "事業者id",
    ),
    "period": ("period", "期間", "対象期間"),
    "rate": ("rate_pct", "rate_permille", "rate", "エラー率", "error_rate", "errorrate"),
}
_REQUIRED = ("retailer", "period", "rate")
_UNITS: tuple[tuple[str, RateUnit], ...] = (
    ("%", "pct"),
    ("pct", "pct"),
    ("percent", "pct"),
    ("‰", "permille"),
    ("permille", "permille"),
)
_BRACKET = re.compile(r"[(\[](?P<unit>[^)\]]*)[)\]]$")
_AVERAGE_WORDS = ("average", "加重平均")
_UNIT_WORDS = ("", "unit", "retailer", "事業者")


def tidy_layout(grid: Grid) -> Layout | None:
    """Return one block a line below the first row that names the needed columns, if there is one.

    Needed are a retailer, a period and a rate (``rate_pct``, ``rate_permille``, ``rate`` for
    fractions, ``エラー率（％）``); optional a group and a column `row` (``unit`` or ``average``).
    Other columns, note lines and lines above the header are ignored.

    Raises
    ------
    InputError
        When a column stands twice, a row has more cells than the header, or a period or the kind
        of a row cannot be read.
    """
    for index, header in enumerate(grid):
        columns = _columns(header)
        if all(name in columns for name in _REQUIRED):
            rows = [row for row in grid[index + 1 :] if not is_note(row[0].text)]
            return Layout(tuple(_block(row, header, columns) for row in rows))
    return None


def _columns(header: list[Cell]) -> dict[str, int]:
    keys = [_key(cell.text) for cell in header]
    columns: dict[str, int] = {}
    for column, names in _NAMES.items():
        for name in names:
            if name in keys:
                columns[column] = keys.index(name)
                break
    if all(name in columns for name in _REQUIRED):
        _refuse_doubled(header, keys, columns)
    return columns


def _refuse_doubled(header: list[Cell], keys: list[str], columns: dict[str, int]) -> None:
    for index in columns.values():
        if keys.count(keys[index]) > 1:
            raise header[index].error("a column stands twice", "keep one of them")


def _key(text: str) -> str:
    return _BRACKET.sub("", "".join(half_width(text).split()).casefold())


def _unit(head: str) -> RateUnit | None:
    """Return the unit that the rate column's name states; a bare ``rate`` is a fraction."""
    folded = "".join(half_width(head).split()).casefold()
    for mark, unit in _UNITS:
        if mark in folded:
            return unit
    return "fraction" if folded in ("rate", "error_rate", "errorrate") else None


def _block(row: list[Cell], header: list[Cell], columns: dict[str, int]) -> Block:
    if any(cell.text.strip() for cell in row[len(header) :]):
        raise row[0].place.error(
            f"a row has {len(row)} cells for {len(header)} columns",
            "quote a cell that holds a comma, and write decimal points, not commas",
        )
    padded = row + [Cell("", row[0].place)] * (len(header) - len(row))
    cells = {name: padded[index] for name, index in columns.items()}
    names = {name: header[index].text.strip() for name, index in columns.items()}
    period = printed_period(cells["period"], field=names["period"])
    return Block(
        group=cells.get("group", Cell("", row[0].place)),
        heads=(Head(period, names["rate"]),),
        rows=(Row(cells["retailer"], (cells["rate"],), _is_average_row(cells, names)),),
        unit=_unit(names["rate"]),
    )


def _is_average_row(cells: dict[str, Cell], names: dict[str, str]) -> bool:
    by_name = is_average(cells["retailer"].text)
    if "row" not in cells:
        return by_name
    kind = _key(cells["row"].text)
    if kind in _AVERAGE_WORDS:
        return True
    if kind not in _UNIT_WORDS:
        raise cells["row"].error(
            "an unknown kind of row", "write unit or average", field=names["row"]
        )
    return by_name and not kind
