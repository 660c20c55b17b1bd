"""Writes rejected rows to a file that a person can mend, and reads the mended cells back."""

import csv
import io
from pathlib import Path

from switchstats.errors import InputError
from switchstats.readers.counts.entries import Mended
from switchstats.readers.sheets import LIMITS, opened, shown
from switchstats.values import QUARANTINE_COLUMNS, InputFile, Loaded

__all__ = ["read_mended", "write_quarantine"]

_COLUMN = "mended"
_MEND = "keep the columns as they were written, and fill only the last one"


def write_quarantine(loaded: Loaded, path: str | Path) -> None:
    """Write the rejected rows as CSV (UTF-8 with byte-order mark) with an empty column `mended`.

    Put the right cell there, save, and give the file to `read_counts` as `mended`: it is read in
    the place of the cell that file, sheet, line and field name. Lines left empty change nothing.

    Parameters
    ----------
    loaded
        What `read_counts` returned.
    path
        File to write.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow((*QUARANTINE_COLUMNS, _COLUMN))
    for row in loaded.quarantine.frame.itertuples(index=False, name=None):
        writer.writerow((*(_harmless(value) for value in row), ""))
    Path(path).write_bytes(out.getvalue().encode("utf-8-sig"))


def read_mended(path: str | Path | None) -> tuple[Mended, InputFile | None]:
    """Return the corrected cells of a mended file by their places, and the file's digest.

    Raises
    ------
    InputError
        When the file is no such file, or mends a row that has no single cell to mend.
    """
    if path is None:
        return {}, None
    file = opened(Path(path), Path(path).name, None, LIMITS)
    lines = [line for sheet in file.sheets for line in sheet.lines]
    names = [shown(raw) for raw in lines[0].cells] if lines else []
    if not {"file", "sheet", "line", "field", _COLUMN} <= set(names):
        raise InputError("not a file of rejected rows", _MEND, Path(path).name)
    mended: dict[tuple[str, str, int, str], str] = {}
    for line in lines[1:]:
        cell = {name: shown(line.at(column)) for column, name in enumerate(names)}
        if not cell[_COLUMN]:
            continue
        if not cell["field"] or not cell["line"].isdecimal():
            raise InputError(
                "a row without a single cell to mend",
                "mend it in the file that it came from",
                Path(path).name,
                line.number,
            )
        place = (cell["file"], cell["sheet"], int(cell["line"]), _restored(cell["field"]))
        mended[place] = _restored(cell[_COLUMN])
    return mended, file.file


def _harmless(value: object) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "@")) else text


def _restored(text: str) -> str:
    return text.removeprefix("'") if text.startswith(("'=", "'+", "'@")) else text
