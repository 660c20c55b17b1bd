"""The embedded engine: DuckDB streams files larger than memory and spills where it must."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.canonical import canonical_frame, stacked
from switchstats.engines.columns import Columns, aliases, fold
from switchstats.engines.protocol import FILE, LINE, FileRead, Opened, Ragged, Understand
from switchstats.engines.sources import PARQUET, files_of, is_path, kind_of, sha256_of
from switchstats.engines.textfile import TextFile, look_at, to_utf8
from switchstats.errors import InputError, UsageError
from switchstats.values import InputFile

if TYPE_CHECKING:
    import duckdb
    import narwhals as nw

__all__ = ["DuckDB"]

_MOST_RAGGED = 1_000_000
_SHOWN = 120


class DuckDB:
    """Request rows in DuckDB: files, Arrow tables and the user's own relations.

    Parameters
    ----------
    memory_limit
        What DuckDB may hold before it spills, such as ``"1GB"``.
    folder
        Where it spills and keeps CSV files as Parquet while it works; a new folder in the
        system's temporary one by default, removed at the end.
    threads
        Number of threads; all processors by default.

    Examples
    --------
    >>> engine = DuckDB(memory_limit="500MB")
    >>> engine.table({"a": [1, 2]}).collect().shape
    (2, 1)
    >>> engine.close()
    """

    name = "duckdb"

    def __init__(
        self,
        memory_limit: str = "1GB",
        folder: str | Path | None = None,
        threads: int | None = None,
    ) -> None:
        import duckdb

        self._folder = Path(tempfile.mkdtemp(prefix="switchstats-", dir=folder))
        self._connection = duckdb.connect(
            config={
                "memory_limit": memory_limit,
                "temp_directory": str(self._folder / "spill"),
                "autoinstall_known_extensions": "false",
                # rows carry their line with them, and without an order more fits into memory
                "preserve_insertion_order": "false",
            }
        )
        self._relation: duckdb.DuckDBPyRelation | None = None
        if threads is not None:
            self._connection.execute(f"SET threads = {int(threads)}")

    def open(self, source: object, understand: Understand) -> Opened:
        """Open files, an Arrow table or a relation."""
        if is_path(source):
            return self._open_files(files_of(source), understand)
        return self._open_frame(source, understand)

    def table(self, columns: Mapping[str, Sequence[int | str | None]]) -> "nw.LazyFrame[Any]":
        """Return a small table on the connection that holds the rows."""
        import narwhals as nw

        pa: Any = import_module("pyarrow")
        if self._relation is None:
            kinds = {name: _arrow_kind(cells) for name, cells in columns.items()}
            arrays = {name: pa.array(cells, kinds[name]) for name, cells in columns.items()}
            relation = self._connection.from_arrow(pa.table(arrays))
        else:
            relation = cast(
                "duckdb.DuckDBPyRelation", self._relation.query("rows_", _values(columns))
            )
        return cast("nw.LazyFrame[Any]", nw.from_native(relation))

    def hashed(self, frame: "nw.LazyFrame[Any]", column: str, key: bytes) -> "nw.LazyFrame[Any]":
        """Replace a column by the first 72 bits of sha256(key || value).

        Twelve characters stand inside DuckDB's own 16 bytes of a text, longer ones beside them,
        which doubles memory and spill. Among 50 million points the chance that any two share
        72 bits is 3 in 10 million.
        """
        import narwhals as nw

        relation = cast("duckdb.DuckDBPyRelation", nw.to_native(frame))
        hashed = relation.project(
            f"* REPLACE (to_base64(unhex(left(sha256('{key.hex()}' || {_quoted(column)}), 18))) "
            f"AS {_quoted(column)})"
        )
        return cast("nw.LazyFrame[Any]", nw.from_native(hashed))

    def close(self) -> None:
        """Close the connection and remove the folder."""
        self._connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _open_frame(self, source: object, understand: Understand) -> Opened:
        import duckdb
        import narwhals as nw

        pa: Any = import_module("pyarrow")
        if isinstance(source, duckdb.DuckDBPyRelation):
            self._relation = source
            relation = source
        elif isinstance(source, pa.Table):
            table = cast("Any", source)
            numbered = table.append_column(LINE, pa.array(range(1, table.num_rows + 1)))
            relation = self._connection.from_arrow(numbered)
        else:
            raise UsageError(f"DuckDB reads files, Arrow tables and relations, not {type(source)}")
        columns = understand([name for name in relation.columns if name != LINE], "frame")
        frame = cast("nw.LazyFrame[Any]", nw.from_native(relation))
        rows = int(frame.select(nw.len()).collect().item())
        read = FileRead("frame", columns, rows)
        return Opened(
            canonical_frame(frame, columns, "frame"),
            (read,),
            places=lambda _file, line: ("frame", None if line is None else int(cast("int", line))),
        )

    def _open_files(self, paths: Sequence[Path], understand: Understand) -> Opened:
        pool = ThreadPoolExecutor(1)
        digests = [pool.submit(sha256_of, path) for path in paths]
        pool.shutdown(wait=False)
        scans = [
            self._parquet(path, understand)
            if kind_of(path) == PARQUET
            else self._text(path, understand, self._folder / str(number))
            for number, path in enumerate(paths)
        ]
        by_layout: dict[object, list[_Scan]] = {}
        for scan in scans:
            by_layout.setdefault(scan.layout, []).append(scan)
        ragged = tuple(Ragged(scan.read.name, line) for scan in scans for line in scan.ragged)
        return Opened(
            stacked([self._frame(alike) for alike in by_layout.values()]),
            tuple(scan.read for scan in scans),
            ragged,
            _places(scans),
            lambda: tuple(
                InputFile(path.name, digest.result())
                for path, digest in zip(paths, digests, strict=True)
            ),
        )

    def _frame(self, scans: "Sequence[_Scan]") -> "nw.LazyFrame[Any]":
        import narwhals as nw

        files = ", ".join(_text_literal(str(scan.path)) for scan in scans)
        relation = self._connection.sql(
            f"SELECT * RENAME (file_row_number AS {LINE}) FROM "  # noqa: S608
            f"read_parquet([{files}], filename = '{FILE}', file_row_number = true)"
        )
        frame = cast("nw.LazyFrame[Any]", nw.from_native(relation))
        return canonical_frame(frame, scans[0].columns, scans[0].read.name)

    def _parquet(self, path: Path, understand: Understand) -> "_Scan":
        pa: Any = import_module("pyarrow")
        pq: Any = import_module("pyarrow.parquet")
        try:
            with pq.ParquetFile(path) as file:
                schema, rows = file.schema_arrow, file.metadata.num_rows
        except (OSError, pa.ArrowInvalid) as error:
            raise InputError(
                f"not a readable Parquet file ({error})", "write or fetch it again", str(path)
            ) from None
        columns = understand(schema.names, path.name)
        read = FileRead(path.name, columns, rows)
        return _Scan(path, read, columns, (tuple(columns.found.items()), str(schema)))

    def _text(self, path: Path, understand: Understand, target: Path) -> "_Scan":
        """Keep the columns of a text file as Parquet, since every look at a CSV reads all of it."""
        known = aliases("headers")
        file = look_at(path, kind_of(path), lambda row: sum(fold(cell) in known for cell in row))
        columns = understand(file.headers, path.name)
        parquet = target.with_suffix(".parquet")
        plain = file.encoding in ("utf-8", "utf-8-sig")
        readable = path if plain else target.with_suffix(".csv")
        if not plain:
            to_utf8(file, readable)
        kept = ", ".join(f"{_quoted(header)} AS {name}" for name, header in columns.found.items())
        try:
            # here the place of a row becomes its line
            self._connection.execute("SET preserve_insertion_order = true")
            self._connection.execute(
                f"COPY (SELECT {kept} FROM {_csv(readable, file)}) "  # noqa: S608
                f"TO {_text_literal(str(parquet))} (FORMAT parquet, COMPRESSION snappy)"
            )
        except duckdb_error() as error:
            raise InputError(
                f"the rows cannot be read as CSV ({str(error).splitlines()[0][:_SHOWN]})",
                "save the rows again as CSV",
                path.name,
            ) from None
        finally:
            self._connection.execute("SET preserve_insertion_order = false")
            if not plain:
                readable.unlink()
        ragged = self._rejected_lines(path.name)
        rows = self._connection.execute(
            f"SELECT num_rows FROM parquet_file_metadata({_text_literal(str(parquet))})"  # noqa: S608
        ).fetchall()[0][0]
        read = FileRead(path.name, columns, int(rows), file.encoding, file.header_line)
        same = Columns({name: name for name in columns.found}, (), columns.constants)
        return _Scan(parquet, read, same, tuple(columns.found), tuple(ragged))

    def _rejected_lines(self, file: str) -> list[int]:
        found = self._connection.execute(
            f"SELECT DISTINCT line FROM reject_errors ORDER BY line LIMIT {_MOST_RAGGED + 1}"  # noqa: S608
        ).fetchall()
        self._connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
        if len(found) > _MOST_RAGGED:
            raise InputError(
                f"more than {_MOST_RAGGED:,} lines have too many or too few cells",
                "check the separator and the quotes",
                file,
            )
        return [int(line) for (line,) in found]


@dataclass(frozen=True, slots=True)
class _Scan:
    """One file as DuckDB reads it: where, how it was understood, and the lines it lost."""

    path: Path
    read: FileRead
    columns: Columns
    layout: object
    ragged: tuple[int, ...] = ()

    def line(self, row: int) -> int:
        """Return the line of a row counted from 0, lost lines among them counted too."""
        header = self.read.header_line
        if header is None:
            return row + 1
        line = header + 1 + row
        for lost in self.ragged:
            if lost > line:
                break
            line += 1
        return line


def _places(
    scans: Sequence[_Scan],
) -> Callable[[object, object], tuple[str | None, int | None]]:
    by_path = {str(scan.path): scan for scan in scans}

    def place(file: object, line: object) -> tuple[str | None, int | None]:
        scan = by_path[str(file)]
        return scan.read.name, scan.line(int(cast("int", line)))

    return place


def _csv(path: Path, file: TextFile) -> str:
    columns = ", ".join(f"{_text_literal(header)}: 'VARCHAR'" for header in file.headers)
    skip = file.header_line - 1
    return (
        f"read_csv({_text_literal(str(path))}, auto_detect = false, header = true, skip = {skip}, "
        f"delim = {_text_literal(file.separator)}, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, store_rejects = true, rejects_limit = 0)"
    )


def _arrow_kind(cells: Sequence[int | str | None]) -> Any:
    pa: Any = import_module("pyarrow")
    return pa.string() if any(isinstance(cell, str) for cell in cells) else pa.int64()


def _values(columns: Mapping[str, Sequence[int | str | None]]) -> str:
    """Write a small table as SQL, which a relation's own connection can take."""
    rows = zip(*columns.values(), strict=True)
    lines = [f"({', '.join(_literal(cell) for cell in row)})" for row in rows]
    names = ", ".join(_quoted(name) for name in columns)
    if not lines:
        nothing = ", ".join(f"NULL AS {_quoted(name)}" for name in columns)
        return f"SELECT {nothing} WHERE false"
    return f"SELECT * FROM (VALUES {', '.join(lines)}) AS table_({names})"  # noqa: S608


def _literal(cell: int | str | None) -> str:
    if cell is None:
        return "NULL"
    return f"{cell}::BIGINT" if isinstance(cell, int) else _text_literal(cell)


def _text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def duckdb_error() -> "type[duckdb.Error]":
    """Return DuckDB's own error class, imported only where it is used."""
    import duckdb

    return duckdb.Error
