"""The distributed engine: Spark through Spark Connect, imported only when it is asked for."""

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.canonical import canonical_frame
from switchstats.engines.protocol import FileRead, Opened, Understand
from switchstats.engines.sources import PARQUET, kind_of
from switchstats.engines.supply_points import marked_whole
from switchstats.errors import InputError, UsageError
from switchstats.inputs.paths import is_path

if TYPE_CHECKING:
    import narwhals as nw
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Spark"]


class Spark:
    """Request rows in Spark: a frame of the user's own, or files and tables that Spark can read.

    Parameters
    ----------
    session
        An open session; for a frame its own, else the active one, which connects to the address
        in the environment variable ``SPARK_REMOTE``.

    Notes
    -----
    Rows have no order in Spark, so that the quarantine knows no lines. Malformed lines of a CSV
    file are not told apart there: write such files to a table first, or read them with DuckDB.
    """

    name = "spark"

    def __init__(self, session: "SparkSession | None" = None) -> None:
        self._session = session

    def open(self, source: object, understand: Understand, encoding: str | None = None) -> Opened:
        """Open a frame, or have Spark read files by their paths as the cluster sees them."""
        import narwhals as nw

        if is_path(source):
            rows = self._read(source, encoding or "UTF-8")
        else:
            rows = cast("DataFrame", source)
            self._session = rows.sparkSession
        frame = cast("nw.LazyFrame[Any]", nw.from_native(_in_japan(rows)))
        columns = understand(frame.collect_schema().names(), "frame")
        n_rows = int(cast("int", frame.select(nw.len()).collect().item()))
        return Opened(
            canonical_frame(frame, columns, "frame"), (FileRead("frame", columns, n_rows),)
        )

    def table(self, columns: Mapping[str, Sequence[int | str | None]]) -> "nw.LazyFrame[Any]":
        """Return a small table on the session that holds the rows."""
        import narwhals as nw

        fields = ", ".join(f"{name} {_kind(cells)}" for name, cells in columns.items())
        rows = list(zip(*columns.values(), strict=True))
        made = self._open_session().createDataFrame(rows, schema=fields)
        return cast("nw.LazyFrame[Any]", nw.from_native(made))

    def hashed(self, frame: "nw.LazyFrame[Any]", column: str, key: bytes) -> "nw.LazyFrame[Any]":
        """Replace a column by sha256(key || value)."""
        import narwhals as nw
        from pyspark.sql import functions

        rows = cast("DataFrame", nw.to_native(frame))
        salted = functions.concat(functions.lit(key.hex()), functions.col(column))
        hashed = rows.withColumn(column, functions.sha2(salted, 256))
        return cast("nw.LazyFrame[Any]", nw.from_native(hashed))

    def marked_whole(
        self, frame: "nw.LazyFrame[Any]", column: str, mark: str
    ) -> "nw.LazyFrame[Any]":
        """Mark whole supply-point numbers by their pattern."""
        return marked_whole(frame, column, mark)

    def close(self) -> None:
        """Do nothing: the session is the user's."""

    def _open_session(self) -> "SparkSession":
        if self._session is None:
            try:
                from pyspark.sql import SparkSession
            except ImportError:
                raise UsageError(
                    "Spark is not installed here; install it with: pip install 'switchstats[spark]'"
                ) from None
            self._session = _session(SparkSession)
        return self._session

    def _read(self, source: object, encoding: str) -> "DataFrame":
        listed = isinstance(source, list | tuple)
        paths = cast("Sequence[object]", source) if listed else [source]
        names = [str(path) for path in paths]
        kinds = {kind_of(Path(name)) if Path(name).suffix else PARQUET for name in names}
        if len(kinds) > 1:
            raise InputError("Parquet and CSV files together", "read them one kind at a time")
        reader = self._open_session().read
        if kinds == {PARQUET}:
            return reader.parquet(*names)
        return reader.csv(names, header=True, sep=kinds.pop(), inferSchema=False, encoding=encoding)


def _session(kind: "type[SparkSession]") -> "SparkSession":
    """Return the open session, or connect to the server that the environment names."""
    from pyspark.util import is_remote_only

    with warnings.catch_warnings():
        # pyspark warns of versions of pandas that it has not been tried with
        warnings.simplefilter("ignore", FutureWarning)
        if is_remote_only() and "SPARK_REMOTE" not in os.environ:
            from pyspark.sql.connect.session import SparkSession as Remote

            active = Remote.getActiveSession()
            if active is None:
                raise UsageError(
                    "no Spark session is open: give engine=Spark(session), or name the server in "
                    "the environment variable SPARK_REMOTE, such as sc://host:15002"
                )
            return cast("SparkSession", active)
        return kind.builder.getOrCreate()


def _in_japan(rows: "DataFrame") -> "DataFrame":
    """Turn timestamps, which are moments in Spark, into the days that they fall on in Japan.

    Counted from seconds, since everything else depends on the time zone of the session. Japan has
    been nine hours ahead of UTC since 1951.
    """
    from pyspark.sql import functions

    day = "CAST(floor((unix_seconds({}) + 32400) / 86400) AS INT)"
    days = {
        name: functions.expr(f"date_add(DATE'1970-01-01', {day.format(_quoted(name))})")
        for name, kind in rows.dtypes
        if kind == "timestamp"
    }
    return rows.withColumns(days) if days else rows


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _kind(cells: Sequence[int | str | None]) -> str:
    return "string" if any(isinstance(cell, str) for cell in cells) else "bigint"
