"""Reads a user's own list of retailers from a CSV file or a pandas frame."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from switchstats.errors import InputError
from switchstats.facts.registry import Registry, registry_key
from switchstats.labels import Text
from switchstats.values import Retailer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_registry"]

_NAMES = ("name", "name_ja", "name_en")
_AREAS = tuple(f"{number:02d}" for number in range(1, 11))
_SEPARATOR = re.compile(r"[;；]")


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the list, and where it stands for messages."""

    file: str
    number: int
    cells: dict[str, str]

    def error(self, problem: str, mend: str, field: str, value: str | None = None) -> InputError:
        shown = self.cells.get(field) if value is None else value
        return InputError(problem, mend, self.file, self.number, field, shown)

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
        A CSV file (UTF-8 with or without byte-order mark, or CP932), or a frame. Columns:
        ``retailer`` (short identifier), ``name`` or one or both of ``name_ja`` and ``name_en``,
        ``group``, and where known ``area`` (home area, 01 to 10) and ``alias`` (several are
        separated by ``;``). Other columns are ignored.

    Returns
    -------
    Registry
        In the order of the rows.

    Raises
    ------
    InputError
        With file, line and field, when the file is missing or in no known encoding, a column is
        missing or doubled, a cell that must be filled is blank, a retailer stands twice, a name
        stands for two retailers, or an area is not a code. For a frame, `line` is the row, from 1.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"retailer": ["x"], "name": ["X電力"], "group": ["entrant"]})
    >>> read_registry(frame).find("Ｘ電力株式会社").retailer
    'x'
    """
    if isinstance(source, str | Path):
        file, lines = Path(source).name, _csv_lines(Path(source))
    else:
        file, lines = "frame", _frame_lines(source)
    retailers: dict[str, Retailer] = {}
    aliases: list[tuple[str, str]] = []
    claimed: dict[str, tuple[str, int]] = {}
    for line in lines:
        retailer = _retailer(line)
        if retailer.retailer in retailers:
            raise line.error("a retailer stands twice", "keep one row a retailer", "retailer")
        retailers[retailer.retailer] = retailer
        for field, name in line.names():
            _claim(claimed, line, field, name)
            if field == "alias":
                aliases.append((name, retailer.retailer))
    if not retailers:
        raise InputError("a list without retailers", "write one row a retailer", file)
    return Registry(tuple(retailers.values()), tuple(aliases))


def _retailer(line: _Line) -> Retailer:
    ja, en = (line.cells.get(f) or line.cells.get("name") for f in ("name_ja", "name_en"))
    if not (ja or en):
        field = next(f for f in _NAMES if f in line.cells)
        raise line.error("a retailer without a name", "write its name", field)
    return Retailer(
        retailer=line.filled("retailer"),
        name=Text(ja=ja or en or "", en=en or ja or ""),
        group=line.filled("group"),
        area=_area(line),
    )


def _area(line: _Line) -> str | None:
    code = line.cells.get("area", "")
    if not code:
        return None
    if code.zfill(2) not in _AREAS:
        raise line.error("not an area", "write a code from 01 to 10, or leave it blank", "area")
    return code.zfill(2)


def _claim(claimed: dict[str, tuple[str, int]], line: _Line, field: str, name: str) -> None:
    """Note that `name` belongs to the line's retailer; refuse one that is another's already."""
    key, owner = registry_key(name), line.cells["retailer"]
    if not key:
        raise line.error("a name without letters", "write the retailer's name", field, name)
    other, number = claimed.setdefault(key, (owner, line.number))
    if other != owner:
        raise line.error(
            f"the name already stands for {other!r} in line {number}",
            "give each name to one retailer",
            field,
            name,
        )


def _csv_lines(path: Path) -> Iterator[_Line]:
    reader = csv.reader(io.StringIO(_decoded(path), newline=""), strict=True)
    try:
        fields = _fields(next(reader, list[str]()), path.name)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(fields):
                raise InputError(
                    f"a row has {len(cells)} cells for {len(fields)} columns",
                    "quote cells that hold a comma",
                    path.name,
                    reader.line_num,
                )
            row = {f: cell.strip() for f, cell in zip(fields, cells, strict=True)}
            yield _Line(path.name, reader.line_num, row)
    except csv.Error as error:
        raise InputError(
            f"not a readable CSV file ({error})",
            "save the list again as CSV",
            path.name,
            reader.line_num,
        ) from None


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise InputError(
            "the list of retailers cannot be opened",
            "check the file's name and place",
            str(path),
        ) from None
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("neither UTF-8 nor CP932 text", "save the list as CSV UTF-8", path.name)


def _frame_lines(frame: "pd.DataFrame") -> Iterator[_Line]:
    fields = _fields([str(name) for name in frame.columns], "frame")
    known = frame.astype(object).where(frame.notna(), None)
    for number, cells in enumerate(known.itertuples(index=False, name=None), start=1):
        row = {f: _text(cell) for f, cell in zip(fields, cells, strict=True)}
        yield _Line("frame", number, row)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    # an area column with blanks arrives as floats
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _fields(header: list[str], file: str) -> list[str]:
    fields = [name.strip().casefold() for name in header]
    for wanted, present in (
        ("retailer", "retailer" in fields),
        ("name (or name_ja, name_en)", any(name in fields for name in _NAMES)),
        ("group", "group" in fields),
    ):
        if not present:
            raise InputError(
                "a column is missing", f"add the column {wanted}", file, 1, wanted.split()[0]
            )
    doubled = next((name for name in fields if name and fields.count(name) > 1), None)
    if doubled:
        raise InputError("a column stands twice", "keep one of them", file, 1, doubled)
    return fields
