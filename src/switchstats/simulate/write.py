"""Writes simulated requests to Parquet, CSV or gzipped CSV, a block at a time."""

from collections.abc import Iterator
from pathlib import Path

from switchstats.errors import UsageError
from switchstats.simulate.arrow import RecordBatch, arrow
from switchstats.simulate.columns import COLUMNS
from switchstats.simulate.stream import simulate_requests
from switchstats.simulate.world import World
from switchstats.whole_file import whole_file

__all__ = ["write_requests"]


def write_requests(world: World, n_requests: int, seed: int, path: Path) -> None:
    """Write request rows to a file, in memory that does not grow with the rows.

    Parameters
    ----------
    world, n_requests, seed
        As in `simulate_requests`.
    path
        The suffix decides: ``.parquet``, ``.csv`` or ``.csv.gz``. Text is ASCII, a blank cell is
        an absent value. An earlier file is replaced when the new one is complete.

    Raises
    ------
    UsageError
        For another suffix, or what `simulate_requests` refuses.
    InputError
        When the file cannot be written there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "requests.csv"
    ...     write_requests(World(), 100, 1, file)
    ...     len(file.read_text().splitlines())
    101
    """
    suffix = path.name.lower()
    if suffix.endswith(".parquet"):
        write = _write_parquet
    elif suffix.endswith((".csv", ".csv.gz")):
        write = _write_csv
    else:
        raise UsageError(f"name the file .parquet, .csv or .csv.gz, not {path.name!r}")
    batches = simulate_requests(world, n_requests, seed)
    with whole_file(path) as part:
        write(batches, part)


def _write_parquet(batches: Iterator[RecordBatch], path: Path) -> None:
    first = next(batches)
    with arrow("parquet").ParquetWriter(path, first.schema, compression="zstd") as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)


def _write_csv(batches: Iterator[RecordBatch], path: Path) -> None:
    csv = arrow("csv")
    first = next(batches)
    plain = csv.WriteOptions(include_header=False, quoting_style="none")
    compression = "gzip" if path.name.lower().endswith(".gz") else None
    with arrow().output_stream(path, compression=compression) as file:
        # the library puts quotes around names of columns, which nothing here needs
        file.write((",".join(COLUMNS) + "\n").encode())
        with csv.CSVWriter(file, first.schema, write_options=plain) as writer:
            writer.write_batch(first)
            for batch in batches:
                writer.write_batch(batch)
