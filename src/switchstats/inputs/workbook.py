"""Reads the sheets of xlsx, xls and ods workbooks into raw cells."""

import io
from typing import TYPE_CHECKING

from switchstats.errors import InputError
from switchstats.inputs.archive import looked_into, password_error
from switchstats.inputs.limits import Limits
from switchstats.inputs.marks import Marks, Signs
from switchstats.inputs.sheet import Line, Raw, Sheet, raw_of

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = ["workbook_sheets"]

_ZIP = b"PK\x03\x04"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_MEND = "open it in Excel and save it again, or copy or download the file again"


def workbook_sheets(
    content: bytes, file: str, limits: Limits, *, printed: bool = False
) -> tuple[Sheet, ...]:
    """Return every sheet with cells, hidden ones too.

    A cell in error holds its sign (``#N/A``), a formula that was saved without a value ``=``, and
    when `printed` a number the text that its format prints, if that fixes the decimals.

    Raises
    ------
    InputError
        When the workbook is cut off, damaged, protected by a password or too large.
    """
    if _ENCRYPTED_PACKAGE in content:
        raise password_error(file)
    marks = (
        looked_into(content, file, limits, printed=printed) if content.startswith(_ZIP) else Marks()
    )
    book = _opened(content, file)
    sheets = [_sheet(book, name, file, marks, limits) for name in book.sheet_names]
    return tuple(sheet for sheet in sheets if sheet is not None)


def _opened(content: bytes, file: str) -> "CalamineWorkbook":
    from python_calamine import CalamineWorkbook

    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except BaseException as error:  # noqa: BLE001 - a panic of the library is one
        raise _unreadable(error, file) from None


def _sheet(
    book: "CalamineWorkbook", name: str, file: str, marks: Marks, limits: Limits
) -> Sheet | None:
    from python_calamine import SheetTypeEnum

    kinds = {about.name: about.typ for about in book.sheets_metadata}
    if kinds.get(name) is not SheetTypeEnum.WorkSheet:
        return None
    try:
        lines = _lines(book.get_sheet_by_name(name), marks.cells.get(name, {}), file, limits)
    except InputError:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of the library is one
        raise _unreadable(error, file) from None
    return Sheet(file, name, lines, from_1904=marks.from_1904)


def _lines(sheet: "CalamineSheet", marked: Signs, file: str, limits: Limits) -> tuple[Line, ...]:
    limits.refuse_area(sheet.total_height * sheet.total_width, file, sheet.name)
    rows = sheet.to_python(skip_empty_area=False)
    by_line: dict[int, dict[int, str]] = {}
    for (number, column), sign in marked.items():
        by_line.setdefault(number, {})[column - 1] = sign
    lines: list[Line] = []
    for number in range(1, max(len(rows), *by_line, 0) + 1 if by_line else len(rows) + 1):
        row: list[Raw] = (
            [raw_of(value) for value in rows[number - 1]] if number <= len(rows) else []
        )
        for column, sign in by_line.get(number, {}).items():
            row += [None] * (column + 1 - len(row))
            row[column] = sign
        cells = tuple(None if raw == "" else raw for raw in row)
        if any(raw is not None for raw in cells):
            lines.append(Line(number, cells))
    return tuple(lines)


def _unreadable(error: BaseException, file: str) -> BaseException:
    """Return an error for the user; a stop that the user or the system asked for stays itself."""
    from python_calamine import PasswordError

    if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
        return error
    if isinstance(error, PasswordError) or "password" in str(error).casefold():
        return password_error(file)
    return InputError("a workbook that cannot be read", _MEND, file)
