"""Writes rejected rows to a file that a person can mend, and reads the mended cells back."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from switchstats.errors import InputError
from switchstats.inputs.limits import LIMITS
from switchstats.inputs.opened import opened
from switchstats.inputs.sheet import Line, Raw, shown
from switchstats.labels import Language, label
from switchstats.values import InputFile, Loaded

__all__ = ["Mended", "read_mended", "write_quarantine"]

# (file, sheet, line, field) → what a person wrote instead
Mended = Mapping[tuple[str, str, int, str], str]

_COLUMNS = ("code", "reason", "file", "sheet", "line", "field", "raw", "note", "mended")
_PLACE = ("file", "sheet", "line", "field")
_MEND = "keep the columns as they were written, and fill only the last one"
_SIGNS = ("=", "+", "-", "@", "'", "\t", "\r")
# No text file may hold these.
_UNREADABLE = str.maketrans({"\0": "␀", "\ufffd": "〓"})
# Spreadsheets keep 15 digits of a number.
_LARGEST = 10**15


def write_quarantine(loaded: Loaded, path: str | Path, *, language: Language = "en") -> None:
    """Write the rejected rows as CSV (UTF-8 with byte-order mark) with an empty column `mended`.

    Put the right cell there, save as CSV or as a workbook, and give the file to `read_counts` or
    `read_requests` as `mended`: it is read in the place of the cell that file, sheet, line and
    field name. Lines left empty change nothing. A text that a spreadsheet would take for a
    formula, a number or a date begins with an apostrophe, which is left out again on reading.

    Parameters
    ----------
    loaded
        What `read_counts` or `read_requests` returned.
    path
        File to write.
    language
        Of the reasons and notes.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    records = loaded.quarantine.to_records()
    for row, note in zip(records, loaded.quarantine.notes(language), strict=True):
        reason = label(f"quarantine.{row['code']}", language)
        cells = {**row, "reason": reason, "note": note, "mended": None}
        writer.writerow([_harmless(name, cells[name]) for name in _COLUMNS])
    Path(path).write_bytes(out.getvalue().encode("utf-8-sig"))


def read_mended(path: str | Path | None) -> tuple[Mended, InputFile | None]:
    """Return the corrected cells of a mended file by their places, and the file's digest.

    Raises
    ------
    InputError
        When the file is no such file, mends a row that has no single cell to mend, or mends one
        cell twice in different ways.
    """
    if path is None:
        return {}, None
    name = Path(path).name
    file = opened(Path(path), name, None, LIMITS)
    lines = [line for sheet in file.sheets for line in sheet.lines]
    names = [shown(raw) for raw in lines[0].cells] if lines else []
    if not {*_PLACE, "mended"} <= set(names):
        raise InputError("not a file of rejected rows", _MEND, name)
    columns = {column: names.index(column) for column in (*_PLACE, "mended")}
    mended: dict[tuple[str, str, int, str], str] = {}
    for line in lines[1:]:
        value = _value(line.at(columns["mended"]), name, line)
        if not value:
            continue
        place = _place({key: line.at(column) for key, column in columns.items()}, name, line)
        if mended.setdefault(place, value) != value:
            raise InputError("a cell mended twice", "keep one of them", name, line.number)
    return mended, file.file


def _place(cells: dict[str, Raw], name: str, line: Line) -> tuple[str, str, int, str]:
    file, sheet, number, field = (_restored(shown(cells[key])) for key in _PLACE)
    if not field or not number.isdecimal():
        raise InputError(
            "a row without a single cell to mend",
            "mend it in the file that it came from",
            name,
            line.number,
        )
    return file, sheet, int(number), field


def _value(raw: Raw, name: str, line: Line) -> str:
    if isinstance(raw, int | float) and abs(raw) >= _LARGEST:
        raise InputError(
            "a number of more than 15 digits, of which a spreadsheet keeps 15",
            "format the cell as text, and write it again",
            name,
            line.number,
            "mended",
        )
    return _restored(shown(raw))


def _harmless(name: str, value: object) -> str:
    """Keep a spreadsheet from running a cell as a formula, or turning it into a date or number."""
    text = "" if value is None else str(value).translate(_UNREADABLE)
    risky = name in ("sheet", "field", "raw") and any(map(str.isdigit, text))
    return f"'{text}" if risky or text.startswith(_SIGNS) else text


def _restored(text: str) -> str:
    return text.removeprefix("'")
