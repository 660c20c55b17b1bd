"""The one small protocol behind which an engine holds request rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from switchstats.values import InputFile

if TYPE_CHECKING:
    import narwhals as nw

    from switchstats.engines.columns import Columns

__all__ = ["FILE", "LINE", "LINK", "Engine", "FileRead", "Opened", "Ragged", "Understand"]

FILE, LINE, LINK = "file_", "line_", "link_"

Understand = Callable[[Sequence[str], str], "Columns"]


@dataclass(frozen=True, slots=True)
class FileRead:
    """One file or frame, as an engine found it.

    Parameters
    ----------
    name
        File name without its folder, or ``"frame"``.
    columns
        What its headers were understood as.
    rows
        Rows below the header that have as many cells as the header.
    encoding, header_line
        Of a text file.
    """

    name: str
    columns: "Columns"
    rows: int
    encoding: str | None = None
    header_line: int | None = None


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
        Turns what stands in ``file_`` and ``line_`` into a file name and a line.
    inputs
        Waits for the digests of the files, which are computed beside everything else.
    """

    frame: "nw.LazyFrame[Any]"
    files: tuple[FileRead, ...]
    ragged: tuple[Ragged, ...] = ()
    places: Callable[[object, object], tuple[str | None, int | None]] = field(
        default=lambda _file, _line: ("frame", None)
    )
    inputs: Callable[[], tuple[InputFile, ...]] = tuple


class Engine(Protocol):
    """What the one piece of logic asks of DuckDB, of frames in memory and of Spark."""

    @property
    def name(self) -> str:
        """Name shown to the user."""
        ...

    def open(self, source: object, understand: Understand) -> Opened:
        """Open files or a frame lazily; `understand` names the columns of each header."""
        ...

    def table(self, columns: Mapping[str, Sequence[int | str | None]]) -> "nw.LazyFrame[Any]":
        """Return a small table, to be joined to the rows; each column holds text or integers."""
        ...

    def hashed(self, frame: "nw.LazyFrame[Any]", column: str, key: bytes) -> "nw.LazyFrame[Any]":
        """Return the frame with a text column replaced by its keyed hash."""
        ...

    def close(self) -> None:
        """Give back memory, disk and connections that the engine opened itself."""
        ...
