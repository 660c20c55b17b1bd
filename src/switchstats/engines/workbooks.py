"""Takes request rows off the sheets of a workbook, as columns of text."""

from dataclasses import dataclass
from pathlib import Path

from switchstats.engines.columns import Columns
from switchstats.engines.protocol import Understand
from switchstats.engines.textfile import HEADER_WITHIN, best_header, distinct
from switchstats.errors import InputError
from switchstats.inputs import Line, Raw, Sheet, opened, shown
from switchstats.inputs.limits import WORKBOOK_OF_ROWS
from switchstats.inputs.sheet import day_of_serial

__all__ = ["SheetRows", "sheets_of"]

_DAYS = ("submitted", "resolved")


@dataclass(frozen=True, slots=True)
class SheetRows:
    """The rows of one sheet.

    Parameters
    ----------
    name
        Of the sheet.
    columns
        What its headers were understood as; ``None`` where it has no columns of requests.
    header_line
        Line of its header, from 1.
    cells
        Canonical name → cells as text, blank ones ``None``.
    lines
        Line of every row.
    left
        Lines of a sheet without columns of requests.
    """

    name: str | None
    columns: Columns | None
    header_line: int
    cells: dict[str, list[str | None]]
    lines: tuple[int, ...]
    left: int = 0


def sheets_of(path: Path, name: str, understand: Understand) -> list[SheetRows]:
    """Return the rows of every sheet.

    Parameters
    ----------
    path
        A workbook: xlsx, xls or ods.
    name
        What messages call it.
    understand
        Names the columns of a header; the first line with most known ones is the header.

    Raises
    ------
    InputError
        When it cannot be opened, no sheet has columns of requests, or supply points stand as
        numbers.
    """
    found: list[SheetRows] = []
    refused: list[InputError] = []
    sheets = [sheet for sheet in opened(path, name, None, WORKBOOK_OF_ROWS).sheets if sheet.lines]
    for sheet in sheets:
        try:
            found.append(_rows(sheet, understand))
        except _NoRequestsError as error:
            refused.append(error.problem)
            found.append(SheetRows(sheet.name, None, 0, {}, (), left=len(sheet.lines)))
    if len(refused) == len(found):
        nothing = InputError("an empty workbook", "choose the file that holds the rows", name)
        raise refused[0] if refused else nothing
    return found


class _NoRequestsError(Exception):
    """A sheet that may be left out when others of its workbook hold requests."""

    def __init__(self, problem: InputError) -> None:
        super().__init__()
        self.problem = problem


def _rows(sheet: Sheet, understand: Understand) -> SheetRows:
    heads = [list(map(shown, line.cells)) for line in sheet.lines[:HEADER_WITHIN]]
    best = best_header(heads, understand.n_known)
    headers = list(distinct(heads[best]))
    try:
        columns = understand(headers, sheet.file)
    except InputError as error:
        raise _NoRequestsError(error) from None
    body = sheet.lines[best + 1 :]
    cells: dict[str, list[str | None]] = {}
    for name, header in columns.found.items():
        at = headers.index(header)
        cells[name] = [_text(line.at(at), name, line, sheet) for line in body]
    line = sheet.lines[best].number
    return SheetRows(sheet.name, columns, line, cells, tuple(line.number for line in body))


def _text(raw: Raw, name: str, line: Line, sheet: Sheet) -> str | None:
    if name == "supply_point" and isinstance(raw, int | float):
        raise InputError(
            "supply points stand as numbers, which cannot hold 22 digits",
            "enter them again in a column formatted as text",
            sheet.file,
            line.number,
            name,
        )
    if name in _DAYS and isinstance(raw, int):
        day = day_of_serial(raw, from_1904=sheet.from_1904)
        return str(raw) if day is None else day.isoformat()
    return shown(raw) or None
