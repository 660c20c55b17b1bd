"""Reads pandas, Polars and Arrow frames, and Parquet files, into raw cells."""

import io
from collections.abc import Iterable
from typing import Any, cast

from switchstats.errors import InputError, UsageError
from switchstats.inputs.limits import Limits
from switchstats.inputs.sheet import Line, Sheet, raw_of

__all__ = ["frame_sheet", "parquet_sheet", "with_index"]

_FRAME = "frame"
_MEND = "copy or download the file again, or write it again"


def frame_sheet(frame: object, limits: Limits) -> Sheet:
    """Return a frame as a sheet; line 0 holds the names of its columns, rows count from 1.

    Raises
    ------
    UsageError
        When it is no frame.
    InputError
        When it is too large.

    Examples
    --------
    >>> import pandas as pd
    >>> from switchstats.inputs.limits import LIMITS
    >>> [line.cells for line in frame_sheet(pd.DataFrame({"件数": [5]}), LIMITS).lines]
    [('件数',), (5,)]
    """
    import narwhals as nw

    try:
        wrapped: Any = nw.from_native(cast("Any", frame))
    except TypeError:
        kind = type(frame).__name__
        raise UsageError(
            f"counts can be read from paths and from pandas, Polars and Arrow frames, not {kind}"
        ) from None
    whole: Any = wrapped.collect() if isinstance(wrapped, nw.LazyFrame) else wrapped
    whole = with_index(whole)
    limits.refuse_area(len(whole) * len(whole.columns), _FRAME)
    return _sheet(_FRAME, list(whole.columns), whole.iter_rows(), limits)


def with_index(frame: Any) -> Any:
    """Return a frame with the named levels of a pandas index among its columns.

    Parameters
    ----------
    frame
        An eager narwhals frame.

    Examples
    --------
    >>> import narwhals as nw, pandas as pd
    >>> by_name = pd.DataFrame({"件数": [5]}, index=pd.Index(["甲"], name="社名"))
    >>> with_index(nw.from_native(by_name)).columns
    ['社名', '件数']
    """
    import narwhals as nw

    if not frame.implementation.is_pandas():
        return frame
    native = frame.to_native()
    named = [name for name in native.index.names if name is not None]
    if not named or set(named) & set(native.columns):
        return frame
    unnamed = [level for level, name in enumerate(native.index.names) if name is None]
    plain = native.droplevel(unnamed) if unnamed else native
    return nw.from_native(plain.reset_index(), eager_only=True)


def parquet_sheet(content: bytes, file: str, limits: Limits) -> Sheet:
    """Return a Parquet file as a sheet; line 0 holds the names of its columns.

    Raises
    ------
    InputError
        When it is cut off or damaged, or too large.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        about: Any = pq.ParquetFile(io.BytesIO(content))
        limits.refuse_area(about.metadata.num_rows * about.metadata.num_columns, file)
        unpacked = sum(
            about.metadata.row_group(group).total_byte_size
            for group in range(about.metadata.num_row_groups)
        )
        limits.refuse_content(unpacked, file)
        table: Any = about.read()
        rows = list(_rows(table))
    except (OSError, pa.ArrowException, OverflowError, UnicodeDecodeError):
        raise InputError("a Parquet file that is cut off or damaged", _MEND, file) from None
    return _sheet(file, table.column_names, rows, limits)


def _rows(table: Any) -> Iterable[tuple[object, ...]]:
    columns: list[list[object]] = [column.to_pylist() for column in table.columns]
    return zip(*columns, strict=True)


def _sheet(
    file: str, names: list[str], rows: Iterable[tuple[object, ...]], limits: Limits
) -> Sheet:
    limits.refuse_width(len(names), file, None)
    lines = [Line(0, tuple(str(name).strip() for name in names))]
    for number, row in enumerate(rows, start=1):
        cells = tuple(raw_of(value) for value in row)
        if any(cell not in (None, "") for cell in cells):
            lines.append(Line(number, cells))
    return Sheet(file, None, tuple(lines))
