"""Reads a user's own list of retailers from a file or a frame."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from switchstats.errors import InputError
from switchstats.facts.registry import Registry, registry_key
from switchstats.facts.tables import areas
from switchstats.inputs import LIMITS, Line, Sheet, frame_sheet, opened, shown
from switchstats.inputs.masks import refuse_supply_point
from switchstats.inputs.words import fold
from switchstats.labels import Text, text
from switchstats.values import Retailer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_registry"]

_NAMES = ("name", "name_ja", "name_en")
# Lines above the heads.
_MOST_TITLES = 20
_SEPARATOR = re.compile(r"[;；、]")
_AREA_WORD = re.compile(r"(?:電力)?(?:エリア|供給区域|地域|地方|区域|管内|area)$")


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the list, and where it stands for messages."""

    file: str
    number: int
    cells: dict[str, str]
    heads: Mapping[str, str]

    def error(self, problem: str, mend: str, field: str, value: str | None = None) -> InputError:
        shown_value = self.cells.get(field) if value is None else value
        head = self.heads.get(field, field)
        return InputError(problem, mend, self.file, self.number, head, shown_value)

    def filled(self, field: str) -> str:
        if not self.cells[field]:
            raise self.error("a cell that must be filled is blank", f"write the {field}", field)
        return self.cells[field]

    def names(self) -> list[tuple[str, str]]:
        """Return every name of the row's retailer with the field it stands in."""
        single = [(f, self.cells[f]) for f in ("retailer", *_NAMES) if self.cells.get(f)]
        parts = _SEPARATOR.split(self.cells.get("alias", ""))
        return single + [("alias", name) for part in parts if (name := part.strip())]


def read_registry(source: "str | Path | pd.DataFrame") -> Registry:
    """Read a list of retailers, one row a retailer.

    Parameters
    ----------
    source
        A file (CSV in any of the usual encodings, xlsx, xls, ods or Parquet; of a workbook the
        first sheet with such a list), or a frame. Columns, under these or Japanese heads:
        ``retailer`` (short identifier, コード), ``name`` (名称) or one or both of ``name_ja`` and
        ``name_en``, ``group`` (区分), and where known ``area`` (home area, 01 to 10 or its name,
        エリア) and ``alias`` (別名; several are separated by ``;``). Where ``retailer`` or ``name``
        is missing, the other stands for it. Other columns are ignored.

    Returns
    -------
    Registry
        In the order of the rows. The groups みなし小売電気事業者 and 新電力 become ``incumbent``
        and ``entrant``; any other stays as it is written.

    Raises
    ------
    InputError
        With file, line and field, when the file cannot be read, a column is missing or doubled, a
        cell that must be filled is blank, a retailer stands twice, a name stands for two
        retailers, or an area is unknown. For a frame, `line` is the row, from 1.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"コード": ["x"], "名称": ["X電力"], "区分": ["新電力"]})
    >>> found = read_registry(frame).find("Ｘ電力株式会社")
    >>> found.retailer, found.group
    ('x', 'entrant')
    """
    retailers: dict[str, Retailer] = {}
    aliases: list[tuple[str, str]] = []
    claimed: dict[str, tuple[str, int]] = {}
    sheet, rows = _rows(_sheets(source))
    for row in rows:
        for _, name in row.names():
            refuse_supply_point(name, "retailer")
        retailer = _retailer(row)
        if retailer.retailer in retailers:
            raise row.error("a retailer stands twice", "keep one row a retailer", "retailer")
        retailers[retailer.retailer] = retailer
        for field, name in row.names():
            _claim(claimed, row, field, name)
            if field == "alias":
                aliases.append((name, retailer.retailer))
    if not retailers:
        raise InputError("a list without retailers", "write one row a retailer", sheet.file)
    return Registry(tuple(retailers.values()), tuple(aliases))


def _sheets(source: "str | Path | pd.DataFrame") -> tuple[Sheet, ...]:
    if isinstance(source, str | Path):
        path = Path(source)
        return opened(path, path.name, None, LIMITS).sheets
    return (frame_sheet(source, LIMITS),)


def _rows(sheets: Sequence[Sheet]) -> tuple[Sheet, Iterator[_Row]]:
    """Return the first sheet with the heads of a list and its rows, titles above left out."""
    problem: InputError | None = None
    for sheet in sheets:
        for at, line in enumerate(sheet.lines[:_MOST_TITLES]):
            fields = [_fields().get(fold(shown(raw)), "") for raw in line.cells]
            if "group" in fields and any(name in fields for name in ("retailer", *_NAMES)):
                return sheet, _body(sheet, at, fields)
            problem = problem or _missing(sheet, line, fields)
    if problem is None:
        raise InputError("a list without retailers", "write one row a retailer")
    raise problem


def _missing(sheet: Sheet, line: Line, fields: Sequence[str]) -> InputError:
    """Return the error of a first line that lacks a column."""
    wanted = "group" if any(name in fields for name in ("retailer", *_NAMES)) else "retailer"
    listed = "retailer, name (or name_ja, name_en) and group"
    return InputError(
        "a column is missing",
        f"add the column {wanted}; a list of retailers has {listed}",
        sheet.file,
        line.number,
        wanted,
    )


def _body(sheet: Sheet, at: int, fields: Sequence[str]) -> Iterator[_Row]:
    head = sheet.lines[at]
    heads: dict[str, str] = {}
    for field, raw in zip(fields, head.cells, strict=True):
        if field in heads:
            problem = "a column stands twice"
            raise InputError(problem, "keep one of them", sheet.file, head.number, shown(raw))
        if field:
            heads[field] = shown(raw)
    named = any(name in heads for name in _NAMES)
    for line in sheet.lines[at + 1 :]:
        cells = [shown(raw) for raw in line.cells]
        if sheet.cut_from_text and len(cells) != len(fields):
            raise InputError(
                f"a row has {len(cells)} cells for {len(fields)} columns",
                "quote cells that hold a comma",
                sheet.file,
                line.number,
            )
        row = {field: cell for field, cell in zip(fields, cells, strict=False) if field}
        row = dict.fromkeys(heads, "") | row
        if not named:
            row["name"] = row["retailer"]
        elif "retailer" not in heads:
            row["retailer"] = next((row[n] for n in _NAMES if row.get(n)), "")
        yield _Row(sheet.file, line.number, row, heads)


def _retailer(row: _Row) -> Retailer:
    ja, en = (row.cells.get(f) or row.cells.get("name") for f in ("name_ja", "name_en"))
    identifier = row.filled("retailer") if "retailer" in row.heads else row.cells["retailer"]
    if not (ja or en):
        field = next((f for f in _NAMES if f in row.heads), "retailer")
        raise row.error("a retailer without a name", "write its name", field)
    group = row.filled("group")
    return Retailer(
        retailer=identifier,
        name=Text(ja=ja or en or "", en=en or ja or ""),
        group=_groups().get(fold(group), group),
        area=_area(row),
    )


def _area(row: _Row) -> str | None:
    cell = row.cells.get("area", "")
    if not cell:
        return None
    code = _areas().get(fold(_AREA_WORD.sub("", cell)))
    if code is None:
        mend = "write a code from 01 to 10 or the area's name, or leave it blank"
        raise row.error("not an area", mend, "area")
    return code


def _claim(claimed: dict[str, tuple[str, int]], row: _Row, field: str, name: str) -> None:
    """Note that `name` belongs to the row's retailer; refuse one that is another's already."""
    key, owner = registry_key(name), row.cells["retailer"]
    if not key:
        raise row.error("a name without letters", "write the retailer's name", field, name)
    other, number = claimed.setdefault(key, (owner, row.number))
    if other != owner:
        raise row.error(
            f"the name already stands for {other!r} in line {number}",
            "give each name to one retailer",
            field,
            name,
        )


@cache
def _fields() -> dict[str, str]:
    """Return folded head → field."""
    raw = files("switchstats.facts").joinpath("registry_heads.toml").read_text(encoding="utf-8")
    return {fold(head): field for field, heads in tomllib.loads(raw).items() for head in heads}


@cache
def _groups() -> dict[str, str]:
    """Return folded word → group, for the two groups of the incident."""
    names = {group: text(f"group.{group}") for group in ("incumbent", "entrant")}
    known = {fold(word): g for g, name in names.items() for word in (g, name.ja, name.en)}
    return known | {fold("みなし小売"): "incumbent"}


@cache
def _areas() -> dict[str, str]:
    table = areas()
    known: dict[str, str] = {}
    for code, ja, en in zip(table["area"], table["name_ja"], table["name_en"], strict=True):
        for name in (str(code), str(int(code)), str(ja), str(en)):
            known[fold(name)] = str(code)
    return known
