"""Writes rejected rows to a file that a person can mend, and reads the mended cells back."""

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from switchstats.errors import InputError
from switchstats.inputs.limits import LIMITS
from switchstats.inputs.masks import MASK
from switchstats.inputs.opened import opened
from switchstats.inputs.sheet import Line, Raw, shown
from switchstats.labels import Language, label
from switchstats.values import InputFile, Loaded

__all__ = [
    "Mended",
    "Mending",
    "read_mended",
    "refuse_changed",
    "refuse_other_cell",
    "write_quarantine",
]


@dataclass(frozen=True, slots=True)
class Mending:
    """What a person wrote instead of a cell, and how the cell is known again.

    Parameters
    ----------
    value
        Instead.
    raw
        The cell as it was shown, perhaps masked.
    sha256
        Of the file that it was read from; empty for a frame, and in lines added by hand.
    """

    value: str
    raw: str
    sha256: str


# (file, sheet, line, field) → what stands there instead
Mended = Mapping[tuple[str, str, int, str], Mending]

_COLUMNS = ("code", "reason", "file", "sheet", "line", "field", "raw", "note", "sha256", "mended")
_PLACE = ("file", "sheet", "line", "field")
_KNOWN_BY = ("raw", "sha256")
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
    field name, as long as the file is still the one of the column `sha256`: else the lines may
    have moved, and it is refused. Lines left empty change nothing. A text that a spreadsheet would
    take for a formula, a number or a date begins with an apostrophe, which is left out again on
    reading.

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
    digests = {file.name: file.sha256 for file in loaded.provenance.inputs}
    for row, note in zip(records, loaded.quarantine.notes(language), strict=True):
        reason = label(f"quarantine.{row['code']}", language)
        digest = digests.get(str(row["file"]))
        cells = {**row, "reason": reason, "note": note, "mended": None, "sha256": digest}
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
    if not {*_PLACE, *_KNOWN_BY, "mended"} <= set(names):
        raise InputError("not a file of rejected rows", _MEND, name)
    columns = {column: names.index(column) for column in (*_PLACE, *_KNOWN_BY, "mended")}
    mended: dict[tuple[str, str, int, str], Mending] = {}
    for line in lines[1:]:
        value = _value(line.at(columns["mended"]), name, line)
        if not value:
            continue
        place = _place({key: line.at(column) for key, column in columns.items()}, name, line)
        raw, sha256 = (_restored(shown(line.at(columns[key]))) for key in _KNOWN_BY)
        if mended.setdefault(place, Mending(value, raw, sha256)).value != value:
            raise InputError("a cell mended twice", "keep one of them", name, line.number)
    return mended, file.file


def refuse_changed(mended: Mended, digests: Mapping[str, str]) -> None:
    """Refuse mended cells of files that are no longer the same, in which lines may have moved.

    Parameters
    ----------
    mended
        As read.
    digests
        Name of each file that is read now → its sha256; a frame has none, see `refuse_other_cell`.

    Raises
    ------
    InputError
        When a file has changed since its rejected rows were written, or nothing says which it was.
    """
    written = {file: one.sha256 for (file, _, _, _), one in mended.items() if one.sha256}
    for (file, _, line, field), one in mended.items():
        now = digests.get(file)
        # a line that was added by hand means the file of the other lines
        before = one.sha256 or written.get(file)
        if now is None or now == before:
            continue
        if before is None:
            problem = "a mended cell, and no sha256 says of which version of the file"
            mend = "copy the column sha256 from another line of this file"
        else:
            problem = "a mended cell of a file that has changed since: its lines may have moved"
            mend = "write the rejected rows again, and mend those"
        raise InputError(problem, mend, file, line, field)


def refuse_other_cell(place: tuple[str, str, int, str], mending: Mending, cell: object) -> None:
    """Refuse a mended cell of a frame where another cell stands now.

    Parameters
    ----------
    place
        File, sheet, line and field.
    mending
        What was written.
    cell
        What stands there now.

    Raises
    ------
    InputError
        When it differs from the one that was rejected, or that one is masked, so that nobody can
        tell.
    """
    file, _, line, field = place
    if MASK in mending.raw:
        raise InputError(
            "a masked cell of a frame, which cannot be known again",
            "mend it in the frame itself",
            file,
            line,
            field,
        )
    if _plain(mending.raw) != _plain("" if cell is None else str(cell).translate(_UNREADABLE)):
        raise InputError(
            "a mended cell, but another cell stands there now",
            "write the rejected rows again, and mend those",
            file,
            line,
            field,
        )


def _plain(cell: str) -> str:
    """Return a cell without what a spreadsheet may change in it."""
    return unicodedata.normalize("NFKC", cell).strip().removesuffix(".0")


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
