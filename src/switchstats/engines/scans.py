"""Files as an engine scans them, and which row of a scan stands on which line of its file."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from switchstats.engines.columns import Columns
from switchstats.engines.protocol import FileRead, Place

__all__ = ["Scan", "finder", "places"]


@dataclass(frozen=True, slots=True)
class Scan:
    """One file or sheet as an engine reads it: where, how it was understood, the lines it lost.

    Parameters
    ----------
    path
        Of the Parquet file that is scanned.
    read
        What was read.
    columns
        Canonical name → column of the Parquet file.
    layout
        Equal for scans that can be stacked as they are.
    first_line
        Line of the first row.
    ragged
        Lines that never became rows.
    lines
        Line of every row, where rows are not simply lines.
    """

    path: Path
    read: FileRead
    columns: Columns
    layout: object
    first_line: int = 1
    ragged: tuple[int, ...] = ()
    lines: Sequence[int] | None = None

    def line(self, row: int) -> int:
        """Return the line of a row counted from 0, lost lines among them counted too."""
        if self.lines is not None:
            return self.lines[row]
        line = self.first_line + row
        for lost in self.ragged:
            if lost > line:
                break
            line += 1
        return line

    def row(self, line: int) -> int | None:
        """Return the row, counted from 0, that stands on a line, ``None`` where none does."""
        row = line - self.first_line - bisect_left(self.ragged, line)
        if self.lines is not None:
            row = bisect_left(self.lines, line)
        return row if 0 <= row < self.read.rows and self.line(row) == line else None


def places(scans: Sequence[Scan]) -> Callable[[object, object], Place]:
    """Return what turns the path of a scan and a row into a place."""
    by_path = {str(scan.path): scan for scan in scans}

    def place(path: object, row: object) -> Place:
        scan = by_path[str(path)]
        return Place(scan.read.name, scan.read.sheet, scan.line(int(cast("int", row))))

    return place


def finder(scans: Sequence[Scan]) -> Callable[[Place], tuple[str, int] | None]:
    """Return the reverse of `places`."""
    by_name = {Place(scan.read.name, scan.read.sheet, None): scan for scan in scans}

    def find(place: Place) -> tuple[str, int] | None:
        scan = by_name.get(place._replace(line=None))
        row = None if scan is None or place.line is None else scan.row(place.line)
        return None if scan is None or row is None else (str(scan.path), row)

    return find
