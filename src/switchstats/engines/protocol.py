"""The one small protocol behind which an engine holds request rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from switchstats.values import InputFile

if TYPE_CHECKING:
    import narwhals as nw

    from switchstats.engines.columns import Columns

__all__ = [
    "FILE",
    "LINE",
    "LINK",
    "Engine",
    "FileRead",
    "Opened",
    "Place",
    "Ragged",
    "Understand",
]

FILE, LINE, LINK = "file_", "line_", "link_"


class Understand(Protocol):
    """Names the columns of a header."""

    def __call__(self, headers: Sequence[str], file: str) -> "Columns":
        """Return which header of a file holds what."""
        ...

    def n_known(self, cells: Sequence[str]) -> int:
        """Return how many cells are headers that are understood."""
        ...


class Place(NamedTuple):
    """Where a row stands, as far as known: lines count from 1, rows of a frame too."""

    file: str | None
    sheet: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file or frame, as an engine found it.

    Parameters
    ----------
    name
        File name with as much of its folder as tells it apart, or ``"frame"``.
    columns
        What its headers were understood as.
    rows
        Rows below the header that have as many cells as the header.
    encoding
        Of a text file.
    header_line
        Of a text file or a sheet.
    sheet
        Of a workbook.
    left
        Lines of a sheet that was not read, since it has no columns of requests.
    """

    name: str
    columns: "Columns"
    rows: int
    encoding: str | None = None
    header_line: int | None = None
    sheet: str | None = None
    left: int = 0


@dataclass(frozen=True, slots=True)
class Ragged:
    """A line with too many or too few cells, or otherwise not CSV."""

    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """Request rows inside an engine, with canonical column names and raw cells.

    Parameters
    ----------
    frame
        Raw cells as text, except that days of a typed column are whole numbers such as 20230131,
        and ``file_`` and ``line_`` where they are known.
    files
        What was read.
    ragged
        Lines that never became rows.
    places
        Turns what stands in ``file_`` and ``line_`` into the place of a row.
    find
        The reverse: ``None`` where no row of that file, sheet and line is.
    inputs
        Waits for the digests of the files, which are computed beside everything else.
    left_out
        Names of files in folders that were not read.
    """

    frame: "nw.LazyFrame[Any]"
    files: tuple[FileRead, ...]
    ragged: tuple[Ragged, ...] = ()
    places: Callable[[object, object], Place] = lambda _file, _line: Place("frame", None, None)
    find: Callable[[Place], tuple[str | None, int] | None] = lambda _place: None
    inputs: Callable[[], tuple[InputFile, ...]] = tuple
    left_out: tuple[str, ...] = ()


class Engine(Protocol):
    """What the one piece of logic asks of DuckDB, of frames in memory and of Spark."""

    @property
    def name(self) -> str:
        """Name shown to the user."""
        ...

    def open(self, source: object, understand: Understand, encoding: str | None = None) -> Opened:
        """Open files or a frame lazily; `understand` names the columns of each header.

        `encoding` is that of all text files, detected by default.
        """
        ...

    def table(self, columns: Mapping[str, Sequence[int | str | None]]) -> "nw.LazyFrame[Any]":
        """Return a small table, to be joined to the rows; each column holds text or integers."""
        ...

    def hashed(self, frame: "nw.LazyFrame[Any]", column: str, key: bytes) -> "nw.LazyFrame[Any]":
        """Return the frame with a text column replaced by its keyed hash, a text or a number."""
        ...

    def marked_whole(
        self, frame: "nw.LazyFrame[Any]", column: str, mark: str
    ) -> "nw.LazyFrame[Any]":
        """Return the frame with a mark of the rows whose cell is a whole supply-point number."""
        ...

    def close(self) -> None:
        """Give back memory, disk and connections that the engine opened itself."""
        ...
