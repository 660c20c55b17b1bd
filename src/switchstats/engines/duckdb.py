"""The embedded engine: DuckDB streams files larger than memory and spills where it must."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.canonical import canonical_frame, stacked
from switchstats.engines.columns import Columns
from switchstats.engines.plaintext import keep_plain
from switchstats.engines.protocol import FILE, LINE, FileRead, Opened, Place, Ragged, Understand
from switchstats.engines.scans import Scan, finder, places
from switchstats.engines.sources import separator_of, sha256_of
from switchstats.engines.sql import csv_rows, quoted, small_table, text_literal
from switchstats.engines.streams import beginning_of, packing_of
from switchstats.engines.textfile import TextFile, look_at, row_lines
from switchstats.engines.workbooks import sheets_of
from switchstats.errors import InputError, UsageError
from switchstats.inputs.kinds import kind_of
from switchstats.inputs.paths import files_of, is_path
from switchstats.inputs.sheet import JAPAN
from switchstats.inputs.steady import State, refuse_changed, state_of
from switchstats.values import InputFile

if TYPE_CHECKING:
    import duckdb
    import narwhals as nw

__all__ = ["DuckDB"]

_MOST_RAGGED = 1_000_000
_SHOWN = 120
_SHORT = 1 << 31


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
        self._closed = Event()
        self._n_files = 0
        if threads is not None:
            self._connection.execute(f"SET threads = {int(threads)}")

    def open(self, source: object, understand: Understand, encoding: str | None = None) -> Opened:
        """Open files, an Arrow table or a relation."""
        if is_path(source):
            return self._open_files(source, understand, encoding)
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
                "duckdb.DuckDBPyRelation", self._relation.query("rows_", small_table(columns))
            )
        return cast("nw.LazyFrame[Any]", nw.from_native(relation))

    def hashed(self, frame: "nw.LazyFrame[Any]", column: str, key: bytes) -> "nw.LazyFrame[Any]":
        """Replace a column by 63 bits of sha256(key || value), as a number.

        A number takes half the memory and spill of the shortest text. Among 50 million values the
        chance that any two share 63 bits is 1 in 7,000.
        """
        import narwhals as nw

        relation = cast("duckdb.DuckDBPyRelation", nw.to_native(frame))
        # so short that key and supply point fill no more than one block of sha256
        short = hashlib.blake2b(key, digest_size=16).hexdigest()
        hashed = relation.project(
            f"* REPLACE ((hash(sha256('{short}' || {quoted(column)})) >> 1)::BIGINT "
            f"AS {quoted(column)})"
        )
        return cast("nw.LazyFrame[Any]", nw.from_native(hashed))

    def marked_whole(
        self, frame: "nw.LazyFrame[Any]", column: str, mark: str
    ) -> "nw.LazyFrame[Any]":
        """Mark whole supply-point numbers in half the time of their pattern, by their value.

        Text of 22 bytes that begins with 01 to 10 and is a number of that size has a digit in each
        place: with a point, an underscore or blanks in it, it would be smaller. Only an exponent
        could make up for that.
        """
        import narwhals as nw

        relation = cast("duckdb.DuckDBPyRelation", nw.to_native(frame))
        cell = quoted(column)
        whole = (
            f"strlen({cell}) = 22 AND (({cell} >= '01' AND {cell} < '0:') "
            f"OR ({cell} >= '10' AND {cell} < '11')) "
            f"AND NOT contains({cell}, 'e') AND NOT contains({cell}, 'E') "
            f"AND coalesce(try_cast({cell} AS HUGEINT) >= "
            f"CASE WHEN {cell} < '1' THEN {10**20} ELSE {10**21} END, false)"
        )
        marked = relation.project(f"*, ({whole}) AS {quoted(mark)}")
        return cast("nw.LazyFrame[Any]", nw.from_native(marked))

    def close(self) -> None:
        """Close the connection and remove the folder."""
        self._closed.set()
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
        frame = cast("nw.LazyFrame[Any]", nw.from_native(_in_japan(relation)))
        rows = int(frame.select(nw.len()).collect().item())
        read = FileRead("frame", columns, rows)
        return Opened(
            canonical_frame(frame, columns, "frame"),
            (read,),
            places=lambda _file, line: Place(
                "frame", None, None if line is None else int(cast("int", line))
            ),
            find=lambda place: (
                (None, place.line or 0)
                if place.file == "frame" and LINE in frame.collect_schema().names()
                else None
            ),
        )

    def _open_files(self, source: object, understand: Understand, encoding: str | None) -> Opened:
        found, left_out = files_of(cast("str | Path | Sequence[str | Path]", source))
        states = [(path, state_of(path), name) for path, name in found]
        pool = ThreadPoolExecutor(1)
        digests = [pool.submit(sha256_of, path, name, self._closed) for path, name in found]
        pool.shutdown(wait=False)
        read: list[Scan | FileRead] = []
        for path, name in found:
            kind = kind_of(beginning_of(path, name), name)
            if kind == "parquet":
                read.append(self._parquet(path, name, understand))
            elif kind == "workbook":
                read += self._workbook(path, name, understand)
            else:
                read.append(self._text(path, name, understand, encoding))
        scans = [one for one in read if isinstance(one, Scan)]
        by_layout: dict[object, list[Scan]] = {}
        for scan in scans:
            by_layout.setdefault(scan.layout, []).append(scan)
        return Opened(
            stacked([self._frame(alike) for alike in by_layout.values()]),
            tuple(one.read if isinstance(one, Scan) else one for one in read),
            tuple(Ragged(scan.read.name, line) for scan in scans for line in scan.ragged),
            places(scans),
            finder(scans),
            lambda: tuple(
                _unchanged(*state, digest) for state, digest in zip(states, digests, strict=True)
            ),
            left_out,
        )

    def _frame(self, scans: Sequence[Scan]) -> "nw.LazyFrame[Any]":
        import narwhals as nw

        files = ", ".join(text_literal(str(scan.path)) for scan in scans)
        relation = self._connection.sql(
            f"SELECT * RENAME (file_row_number AS {LINE}) FROM "  # noqa: S608
            f"read_parquet([{files}], filename = '{FILE}', file_row_number = true)"
        )
        frame = cast("nw.LazyFrame[Any]", nw.from_native(_in_japan(relation)))
        return canonical_frame(frame, scans[0].columns, scans[0].read.name)

    def _parquet(self, path: Path, name: str, understand: Understand) -> Scan:
        pa: Any = import_module("pyarrow")
        pq: Any = import_module("pyarrow.parquet")
        try:
            with pq.ParquetFile(path) as file:
                schema, rows = file.schema_arrow, file.metadata.num_rows
        except (OSError, pa.ArrowException, OverflowError, UnicodeDecodeError) as error:
            raise InputError(
                f"not a readable Parquet file ({str(error).splitlines()[0][:_SHOWN]})",
                "write or fetch it again, and do not pack it",
                name,
            ) from None
        columns = understand(schema.names, name)
        layout = (tuple(columns.found.items()), tuple(columns.constants.items()), str(schema))
        return Scan(path, FileRead(name, columns, rows), columns, layout)

    def _text(self, path: Path, name: str, understand: Understand, encoding: str | None) -> Scan:
        """Keep the columns of a text file as Parquet, since every look at a CSV reads all of it."""
        new_file = partial(self._new_file, ".csv")
        file = look_at(path, name, separator_of(path), understand.n_known, new_file, encoding)
        columns = understand(file.headers, name)
        parquet = self._new_file(".parquet")
        ragged: Sequence[int] = ()
        try:
            rows = keep_plain(file, columns.found, parquet) if file.plain else None
            if rows is None:
                rows, ragged = self._keep_any(file, columns.found, parquet)
        finally:
            if file.readable != path:
                file.readable.unlink()
        lines: Sequence[int] | None = None
        if file.first_line - 1 + rows + len(ragged) != file.lines:
            lines, ragged = _exact_lines(file, rows, len(ragged))
        read = FileRead(name, columns, rows, file.told, file.header_line)
        layout = (tuple(columns.found), tuple(columns.constants.items()))
        same = Columns({name: name for name in columns.found}, (), columns.constants)
        return Scan(parquet, read, same, layout, file.first_line, tuple(ragged), lines)

    def _keep_any(
        self, file: TextFile, found: Mapping[str, str], parquet: Path
    ) -> tuple[int, list[int]]:
        """Keep columns of any text file as Parquet; return the number of rows and lost lines."""
        import duckdb

        kept = ", ".join(f"{quoted(header)} AS {name}" for name, header in found.items())
        source = csv_rows(file.readable, file, packing_of(file.readable, file.name))
        try:
            # here the place of a row becomes its line
            self._connection.execute("SET preserve_insertion_order = true")
            self._connection.execute(
                f"COPY (SELECT {kept} FROM {source}) "  # noqa: S608
                f"TO {text_literal(str(parquet))} (FORMAT parquet, COMPRESSION snappy)"
            )
        except duckdb.Error as error:
            raise InputError(
                f"the rows cannot be read as CSV ({str(error).splitlines()[0][:_SHOWN]})",
                "save the rows again as CSV",
                file.name,
            ) from None
        finally:
            self._connection.execute("SET preserve_insertion_order = false")
        ((rows,),) = self._connection.execute(
            f"SELECT num_rows FROM parquet_file_metadata({text_literal(str(parquet))})"  # noqa: S608
        ).fetchall()
        return int(rows), self._rejected_lines(file.name)

    def _workbook(self, path: Path, name: str, understand: Understand) -> list[Scan | FileRead]:
        """Keep the rows of a workbook's sheets as Parquet."""
        pa: Any = import_module("pyarrow")
        pq: Any = import_module("pyarrow.parquet")
        made: list[Scan | FileRead] = []
        for sheet in sheets_of(path, name, understand):
            if sheet.columns is None:
                nothing = Columns({}, (), {})
                made.append(FileRead(name, nothing, 0, sheet=sheet.name, left=sheet.left))
                continue
            parquet = self._new_file(".parquet")
            arrays = {column: pa.array(cells, pa.string()) for column, cells in sheet.cells.items()}
            pq.write_table(pa.table(arrays), parquet)
            found, constants = sheet.columns.found, sheet.columns.constants
            read = FileRead(
                name,
                sheet.columns,
                len(sheet.lines),
                header_line=sheet.header_line,
                sheet=sheet.name,
            )
            layout = (tuple(found), tuple(constants.items()))
            same = Columns({column: column for column in found}, (), constants)
            made.append(Scan(parquet, read, same, layout, lines=sheet.lines))
        return made

    def _new_file(self, ending: str) -> Path:
        self._n_files += 1
        return (self._folder / str(self._n_files)).with_suffix(ending)

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


def _unchanged(path: Path, before: State, name: str, digest: Future[str]) -> InputFile:
    """Return a file by its digest; every look at it was a look at the same content."""
    wait([digest])  # it fails, too, where the file is gone
    refuse_changed(path, before, name)
    return InputFile(name, digest.result())


def _in_japan(relation: "duckdb.DuckDBPyRelation") -> "duckdb.DuckDBPyRelation":
    """Turn times with a zone into the clock of Japan, whatever zone the connection is set to."""
    zoned = [
        f"timezone('{JAPAN}', {quoted(name)}) AS {quoted(name)}"
        for name, kind in zip(relation.columns, relation.types, strict=True)
        if str(kind) == "TIMESTAMP WITH TIME ZONE"
    ]
    return relation.project(f"* REPLACE ({', '.join(zoned)})") if zoned else relation


def _exact_lines(file: TextFile, rows: int, ragged: int) -> tuple[Sequence[int], Sequence[int]]:
    """Return the lines of rows and of ragged rows, of a file whose rows are not simply lines."""
    lines, lost = row_lines(file)
    if (len(lines), len(lost)) != (rows, ragged):
        raise InputError(
            f"rows that cannot be told apart: {len(lines):,} or {rows:,} of them",
            "check the quotes and the line breaks within cells, or save the CSV again",
            file.name,
        )
    return lines, lost


def _arrow_kind(cells: Sequence[int | str | None]) -> Any:
    pa: Any = import_module("pyarrow")
    if any(isinstance(cell, str) for cell in cells):
        return pa.string()
    # codes of half the width are counted faster
    short = all(cell is None or -_SHORT <= cast("int", cell) < _SHORT for cell in cells)
    return pa.int32() if short else pa.int64()
