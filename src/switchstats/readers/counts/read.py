"""The public door: files or a frame in, counts with everything rejected on the way out."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from switchstats.errors import UsageError
from switchstats.facts import Registry
from switchstats.facts import registry as bundled_registry
from switchstats.readers.counts.load import Settings, loaded
from switchstats.readers.counts.mapping import read_mapping
from switchstats.readers.counts.mended import read_mended
from switchstats.readers.sheets import LIMITS, Opened, files_of, frame_sheet, opened
from switchstats.values import Loaded, Provenance, digest
from switchstats.version import __version__

__all__ = ["read_counts"]


def read_counts(
    source: object,
    *,
    mapping: Mapping[str, object] | str | Path | None = None,
    registry: Registry | None = None,
    year: int | None = None,
    encoding: str | None = None,
    max_rejected: float | None = None,
    mended: str | Path | None = None,
) -> Loaded:
    """Read requests and errors by retailer and period, and any strata, from files or a frame.

    Tables are found by the words of their headers, never by position; any two of requests,
    errors and accepted give the third. Months may stand in rows or columns. Totals are used as a
    check and not counted; cumulative series become the numbers of each month.

    Parameters
    ----------
    source
        A path, a pattern, a folder or a list of paths (CSV, TSV, xlsx, xls, ods, Parquet; text
        and Parquet also in gzip or zstd), or a pandas, Polars or Arrow frame.
    mapping
        Canonical name → the user's column, as a dict or the path of a TOML file; with optional
        ``constants``, ``values`` and ``year``, or several under ``layout``. Columns that it does
        not name are still found by their usual heads.
    registry
        Who the retailers are; those of the bundled facts by default.
    year
        Calendar year of months written without one; months behind a December are of the next.
    encoding
        Of text files; detected by default.
    max_rejected
        Largest number (an ``int``) or fraction (a ``float``) of rows that may be rejected.
    mended
        A file of `write_quarantine` with corrected cells.

    Returns
    -------
    Loaded
        Counts, rejected rows with code and place, an account of every row, how each table was
        understood, and digests of the files. A row is one retailer, period and stratum: one line
        of a long table, one cell group of a wide one.

    Raises
    ------
    InputError
        When a file cannot be read as a table of counts, or too many rows are rejected.
    UsageError
        For a bad argument.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame(
    ...     {"社名": ["北海道電力㈱"], "年月": ["R5.1"], "申込件数": ["１２００"], "成立": [1000]}
    ... )
    >>> result = read_counts(frame)
    >>> result.counts
    Counts: 1,200 requests, 200 errors, 1 retailer, 1 period
    >>> result.account.read, result.account.counted
    (1, 1)
    """
    _refuse_arguments(year, max_rejected)
    layouts = read_mapping(mapping)
    known = bundled_registry() if registry is None else registry
    corrections, mended_file = read_mended(mended)
    files, left_out = _opened(source, encoding)
    inputs = tuple(file.file for file in files if file.file is not None)
    config: dict[str, object] = {
        "mapping": [_plain(layout) for layout in layouts],
        "registry": digest({"retailers": repr(known.retailers), "aliases": repr(known.aliases)}),
        "year": year,
        "encoding": encoding,
        "max_rejected": max_rejected,
        "not_read": list(left_out),
    }
    extra = () if mended_file is None else (mended_file,)
    provenance = Provenance((*inputs, *extra), config, __version__)
    return loaded(files, Settings(layouts, known, year, corrections, max_rejected), provenance)


def _opened(source: object, encoding: str | None) -> tuple[list[Opened], tuple[str, ...]]:
    if isinstance(source, str | Path):
        paths, left_out = files_of(source)
    elif isinstance(source, Sequence) and all(isinstance(item, str | Path) for item in source):  # pyright: ignore[reportUnknownVariableType]
        paths, left_out = files_of([Path(str(item)) for item in source])  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    else:
        return [Opened(None, (frame_sheet(cast("object", source), LIMITS),))], ()
    return [opened(path, name, encoding, LIMITS) for path, name in paths], left_out


def _refuse_arguments(year: int | None, max_rejected: float | None) -> None:
    if year is not None and not 1900 <= year <= 2100:  # noqa: PLR2004
        raise UsageError(f"year is a calendar year such as 2022, not {year}")
    if max_rejected is None:
        return
    if max_rejected < 0 or (isinstance(max_rejected, float) and max_rejected > 1):
        raise UsageError("max_rejected is a number of rows, or a fraction from 0.0 to 1.0")


def _plain(layout: object) -> str:
    return repr(layout)
