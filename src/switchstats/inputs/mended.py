"""Writes rejected rows to a file that a person can mend, and reads the mended cells back."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from switchstats.errors import InputError
from switchstats.inputs.limits import LIMITS
from switchstats.inputs.masks import MASK
from switchstats.inputs.opened import opened
from switchstats.inputs.sheet import Line, Raw, shown
from switchstats.labels import Language, label, text
from switchstats.values import InputFile, Loaded
from switchstats.whole_file import whole_file

__all__ = [
    "Corrections",
    "Mend",
    "Mended",
    "Mending",
    "Place",
    "no_such_cell",
    "read_mended",
    "refuse_other_cell",
    "refuse_other_files",
    "write_quarantine",
]

# file, sheet, line and field
Place = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Mend:
    """What a person wrote instead of a cell, and how to know that cell again.

    Parameters
    ----------
    value
        The right cell.
    raw
        The rejected one as the quarantine showed it, personal data masked.
    digest
        sha256 of the file in which it stood; ``None`` for a frame.
    """

    value: str
    raw: str
    digest: str | None


Mended = Mapping[Place, Mend]


@dataclass(frozen=True, slots=True)
class Corrections:
    """Mended cells by their places, and the files that a person mended."""

    cells: Mended = field(default_factory=dict[Place, Mend])
    files: tuple[InputFile, ...] = ()

    def of(self, inputs: Iterable[InputFile]) -> "Corrections":
        """Return those for files that are read now, under the names that these have now.

        A file is known by its digest, where the cell has one, else by its name.
        """
        names = {file.sha256: file.name for file in inputs}
        cells: dict[Place, Mend] = {}
        for place, mend in self.cells.items():
            name = _name_now(place[0], mend, names)
            if name is not None:
                cells[name, *place[1:]] = mend
        return Corrections(cells, self.files if cells else ())

    def refuse_strays(self, inputs: Sequence[InputFile]) -> None:
        """Raise for a cell of a file that is not read now, or has changed.

        Raises
        ------
        InputError
            With the place of the first such cell.
        """
        names = {file.sha256: file.name for file in inputs}
        for place, mend in self.cells.items():
            if _name_now(place[0], mend, names) is None:
                refuse_other_files({place: mend}, inputs)
                raise no_such_cell(place)


Mending = str | Path | Sequence[str | Path] | Corrections | None

_COLUMNS = ("code", "reason", "file", "sheet", "line", "field", "raw", "note", "sha256", "mended")
_PLACE = ("file", "sheet", "line", "field")
_MEND = "keep the columns as they were written, and fill only the last one"
_ONE = "keep one of them"
_AGAIN = "write the rejected rows again from what is read now, and mend those"
_SIGNS = ("=", "+", "-", "@", "'", "\t", "\r")
# No text file may hold these.
_UNREADABLE = str.maketrans({"\0": "␀", "\ufffd": "〓"})
# Spreadsheets keep 15 digits of a number.
_LARGEST = 10**15


def write_quarantine(loaded: Loaded, path: str | Path, *, language: Language = "en") -> None:
    """Write the rejected rows as CSV (UTF-8 with byte-order mark) with an empty last column.

    Put the right cell into it, save as CSV or as a workbook, and give the file to `read_counts` or
    `read_requests` as `mended`: it is read in the place of the cell that file, sheet, line and
    field name, and only while that cell is still the same: the column `sha256` tells whether the
    file is the one that was read. Lines left empty change nothing. A text that a spreadsheet would
    take for a formula, a number or a date begins with an apostrophe, which is left out again on
    reading.

    Parameters
    ----------
    loaded
        What `read_counts` or `read_requests` returned.
    path
        File to write.
    language
        Of the heads, reasons and notes; the file is read back all the same.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(label(f"rejected_column.{name}", language) for name in _COLUMNS)
    records = loaded.quarantine.to_records()
    digests = {file.name: f"sha256:{file.sha256}" for file in loaded.provenance.inputs}
    for row, note in zip(records, loaded.quarantine.notes(language), strict=True):
        reason = label(f"quarantine.{row['code']}", language)
        cells = {**row, "reason": reason, "note": note, "mended": None}
        cells["sha256"] = digests.get(str(row["file"]))
        writer.writerow([_harmless(name, cells[name]) for name in _COLUMNS])
    with whole_file(Path(path)) as part:
        part.write_bytes(out.getvalue().encode("utf-8-sig", "backslashreplace"))


def read_mended(source: Mending) -> Corrections:
    """Return the corrected cells of mended files by their places, and the digests of these files.

    Raises
    ------
    InputError
        When a file is no such file, mends a row that has no single cell to mend, or one cell is
        mended twice in different ways.
    """
    if source is None or isinstance(source, Corrections):
        return source or Corrections()
    cells: dict[Place, Mend] = {}
    files: list[InputFile] = []
    for path in [source] if isinstance(source, str | Path) else source:
        found, file = _cells_of(Path(path))
        for place, mend in found.items():
            if cells.setdefault(place, mend) != mend:
                raise InputError("a cell mended twice", _ONE, Path(path).name, field=place[3])
        files += [] if file is None else [file]
    return Corrections(cells, tuple(files))


def _cells_of(path: Path) -> tuple[Mended, InputFile | None]:
    name = path.name
    file = opened(path, name, None, LIMITS)
    lines = [line for sheet in file.sheets for line in sheet.lines]
    names = [_column(shown(raw)) for raw in lines[0].cells] if lines else []
    if not {*_PLACE, "raw", "mended"} <= set(names):
        raise InputError("not a file of rejected rows", _MEND, name)
    columns = {column: names.index(column) for column in _COLUMNS if column in names}
    mended: dict[Place, Mend] = {}
    digests: dict[str, str] = {}
    for line in lines[1:]:
        cells = {key: line.at(column) for key, column in columns.items()}
        source, digest = (_restored(shown(cells.get(key))) for key in ("file", "sha256"))
        if digest and digests.setdefault(source, digest) != digest:
            raise InputError("rejected rows of two versions of one file", _AGAIN, name, line.number)
        value = _value(cells["mended"], name, line)
        if not value:
            continue
        place = _place(cells, name, line)
        mend = Mend(value, _restored(shown(cells["raw"])), None)
        if mended.setdefault(place, mend).value != value:
            raise InputError("a cell mended twice", _ONE, name, line.number)
    with_digests = {
        place: _with_digest(mend, digests.get(place[0])) for place, mend in mended.items()
    }
    return with_digests, file.file


def refuse_other_files(mended: Mended, inputs: Iterable[InputFile]) -> None:
    """Raise for a mended cell of a file that has changed since its rejected rows were written.

    Its lines may have moved, and the mended cell would overwrite that of another row.

    Raises
    ------
    InputError
        When the sha256 of a file is another.
    """
    now = {file.name: file.sha256 for file in inputs}
    for (file, _, line, column), mend in mended.items():
        if mend.digest is not None and now.get(file, mend.digest) != mend.digest:
            raise InputError(
                "the file has changed since its rejected rows were written, so that a mended cell "
                "may stand in another row",
                _AGAIN,
                file,
                line,
                column,
            )


def no_such_cell(place: Place) -> InputError:
    """Return the error of a mended cell that stands nowhere in what is read now."""
    file, _, line, field = place
    return InputError(
        "a mended cell, but no such cell is read",
        "keep file, sheet, line and field as they were written, and mend the same file",
        file,
        line,
        field,
    )


def refuse_other_cell(place: Place, mend: Mend, *now: str) -> None:
    """Raise when a mended cell, not known by the digest of its file, is not the one that was shown.

    Parameters
    ----------
    place, mend
        The mended cell.
    now
        Ways in which the quarantine would show the cell that stands there.

    Raises
    ------
    InputError
        When none of these is the cell that was rejected, or it was masked and so cannot be told.

    Examples
    --------
    >>> place = ("frame", "", 2, "gaining")
    >>> refuse_other_cell(place, Mend("東北電力", "東北", None), "東北")
    >>> refuse_other_cell(place, Mend("東北電力", "東北", None), "関西電力")
    Traceback (most recent call last):
    switchstats.errors.InputError: frame, line 2, field 'gaining': another cell than the one ...
    """
    if mend.digest is not None:
        return
    file, _, line, field = place
    if MASK in mend.raw:
        problem = "a masked cell without the sha256 of its file, so that it is not known again"
        raise InputError(problem, "mend it in the rows themselves", file, line, field)
    known = {_comparable(cell) for cell in now}
    if not known & {_comparable(part) for part in (mend.raw, *mend.raw.split(", "))}:
        problem = "another cell than the one that was rejected stands here now"
        raise InputError(problem, _AGAIN, file, line, field)


def _name_now(file: str, mend: Mend, names: Mapping[str, str]) -> str | None:
    """Return the name that a mended cell's file has among files by digest, if it is there."""
    if mend.digest is not None:
        return names.get(mend.digest)
    return file if file in names.values() else None


def _column(head: str) -> str:
    """Return a column's own name for its head in either language."""
    heads = {text(f"rejected_column.{name}").ja: name for name in _COLUMNS}
    return heads.get(head.strip(), head.strip())


def _with_digest(mend: Mend, digest: str | None) -> Mend:
    return replace(mend, digest=digest and digest.removeprefix("sha256:"))


def _comparable(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell.translate(_UNREADABLE)).strip()


def _place(cells: dict[str, Raw], name: str, line: Line) -> Place:
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
    cell = "" if value is None else str(value).translate(_UNREADABLE)
    risky = name in ("sheet", "field", "raw") and any(map(str.isdigit, cell))
    return f"'{cell}" if risky or cell.startswith(_SIGNS) else cell


def _restored(cell: str) -> str:
    return cell.removeprefix("'")
