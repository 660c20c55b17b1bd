"""The public door: files or a frame in, counts with everything rejected on the way out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from switchstats.errors import UsageError
from switchstats.facts import Registry, read_registry
from switchstats.facts import registry as bundled_registry
from switchstats.inputs import LIMITS, Opened, frame_sheet, opened
from switchstats.inputs.mended import Mending, read_mended
from switchstats.inputs.paths import Found, files_of, is_path
from switchstats.inputs.progress import Steps, progress
from switchstats.inputs.threshold import refuse_wrong_threshold
from switchstats.labels import text
from switchstats.readers.counts.grouped import names_groups, units_in
from switchstats.readers.counts.load import FileRead, Settings, loaded, read_file
from switchstats.readers.counts.mapping import read_mapping
from switchstats.readers.counts.months import PLAUSIBLE_YEARS
from switchstats.values import InputFile, Loaded, Provenance, digest
from switchstats.version import __version__

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_counts"]


def read_counts(
    source: object,
    *,
    mapping: Mapping[str, object] | str | Path | None = None,
    registry: "Registry | str | Path | pd.DataFrame | None" = None,
    year: int | None = None,
    encoding: str | None = None,
    max_rejected: float | None = None,
    mended: Mending = None,
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
        ``constants``, ``values``, ``year`` and ``encoding``, or several under ``layout``. Columns
        that it does not name are still found by their usual heads. With a column (or constant)
        ``group`` the tables say themselves who their units are: every name is a retailer of that
        group, and there is no registry.
    registry
        Who the retailers are, as a registry, or a file or frame for `read_registry`; those of the
        bundled facts by default.
    year
        Calendar year of months written without one, instead of the mapping's; months behind a
        December are of the next.
    encoding
        Of text files, instead of the mapping's; detected by default.
    max_rejected
        Largest number (an ``int``) or fraction (a ``float``) of rows that may be rejected.
    mended
        A file of `write_quarantine` with corrected cells, or several.

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
    _refuse_year(year)
    refuse_wrong_threshold(max_rejected)
    mapped = read_mapping(mapping)
    corrections = read_mended(mended)
    encoding = encoding or mapped.encoding
    paths, left_out = _paths(source)
    known = _registry(registry)
    settings = Settings(mapped.layouts, known, year, corrections.cells, max_rejected)
    if names_groups(mapped.layouts):
        if registry is not None:
            raise UsageError(
                "who is in which group is said twice: leave group out of the mapping, or give no "
                "registry"
            )
        with progress(len(paths)) as steps:
            known = units_in(_opened(source, paths, encoding, steps), settings)
            settings = replace(settings, registry=known)
    config: dict[str, object] = {
        "mapping": mapped.to_dict(),
        "registry": digest({"retailers": repr(known.retailers), "aliases": repr(known.aliases)}),
        "year": year,
        "encoding": encoding,
        "max_rejected": max_rejected,
        "not_read": list(left_out),
    }
    reads: list[FileRead] = []
    digests: list[InputFile | None] = []
    with progress(len(paths) + 1) as steps:
        for file in _opened(source, paths, encoding, steps):
            reads.append(read_file(file, settings, sum(len(read.tables) for read in reads)))
            digests.append(file.file)
        steps.begin(text("cli.counting"))
        inputs = tuple(file for file in (*digests, *corrections.files) if file is not None)
        return loaded(reads, settings, Provenance(inputs, config, __version__))


def _registry(given: "Registry | str | Path | pd.DataFrame | None") -> Registry:
    if given is None:
        return bundled_registry()
    return given if isinstance(given, Registry) else read_registry(given)


def _paths(source: object) -> tuple[Found, tuple[str, ...]]:
    """Return the files that a source means, none for a frame."""
    if not is_path(source):
        return [], ()
    return files_of(cast("str | Path | Sequence[str | Path]", source))


def _opened(source: object, paths: Found, encoding: str | None, steps: Steps) -> Iterator[Opened]:
    """Yield one file after the other, so that the cells of one at a time are held."""
    if not paths:
        yield Opened(None, (frame_sheet(source, LIMITS),))
    for path, name in paths:
        steps.begin(text("cli.reading"), name)
        yield opened(path, name, encoding, LIMITS)


def _refuse_year(year: int | None) -> None:
    if year is not None and year not in PLAUSIBLE_YEARS:
        raise UsageError(f"year is a calendar year such as 2022, not {year}")
