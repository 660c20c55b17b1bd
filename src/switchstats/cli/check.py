"""`switchstats check`: what was understood of files, what was rejected and why, before analysis."""

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand
from switchstats.errors import InputError, SwitchstatsError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from switchstats.cli.trial import Trial
    from switchstats.labels import Language
    from switchstats.values import Loaded

__all__ = ["check"]

_FILE = click.Path(path_type=Path)
_BAD_INPUT = 2


def _limit(text: str) -> float:
    """Return a whole number of rows, or a fraction of them such as 0.01."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        raise click.BadParameter("write a number of rows, or a fraction such as 0.01") from None


@click.command(cls=SpokenCommand)
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--kind",
    type=click.Choice(["counts", "requests"]),
    help="Counts by retailer and month (default), or one row a request.",
)
@click.option("--mapping", type=_FILE, help="TOML: our name = your column.")
@click.option("--registry", type=_FILE, help="Your own retailers: retailer, name, group, area.")
@click.option("--year", type=int, help="Year of bare months and days, such as 05.")
@click.option("--encoding", help="Force an encoding of text files, such as cp932.")
@click.option(
    "--max-rejected",
    type=_limit,
    metavar="ROWS",
    help="Fail when more rows are rejected; 0.01 is one in a hundred.",
)
@click.option(
    "--estimand",
    type=click.Choice(["first_attempt", "all_attempts", "cases"]),
    help="Which requests count (--kind requests).  [default: first_attempt]",
)
@click.option("--rejected-out", type=_FILE, help="Write the rejected rows to this CSV, to mend.")
@click.option("--mended", type=_FILE, help="The same file, mended (CSV or xlsx): read it back.")
@language_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def check(
    files: tuple[str, ...],
    kind: Literal["counts", "requests"] | None,
    mapping: Path | None,
    registry: Path | None,
    year: int | None,
    encoding: str | None,
    max_rejected: float | None,
    estimand: Literal["first_attempt", "all_attempts", "cases"] | None,
    rejected_out: Path | None,
    mended: Path | None,
    lang: "Language",
    as_json: bool,
) -> None:
    """Say how FILES were understood, and which rows were rejected and why.

    FILES are files, folders, or patterns such as "2023-*.xlsx": CSV, TSV, Excel (xlsx, xls), ods
    or Parquet, also in gzip or zstd. Each is listed: understood, or why not and what to do. Leaves
    with 2 when any file could not be read, or too many rows were rejected; else with 0.

    \b
    Examples:
      switchstats check 2023-01.xlsx 2023-02.csv
      switchstats check folder --mapping mapping.toml --lang ja
      switchstats check "requests/*.parquet" --kind requests --registry who.csv --json
      switchstats check folder --rejected-out rejected.csv    # mend it in Excel, then
      switchstats check folder --mended rejected.xlsx
    """  # noqa: D301 -- click reads the escape
    from switchstats.cli.check_report import plain, show
    from switchstats.cli.lines import say
    from switchstats.cli.trial import tried
    from switchstats.inputs.mended import write_quarantine
    from switchstats.inputs.threshold import refuse_too_many, refuse_wrong_threshold
    from switchstats.labels import label

    if kind != "requests" and estimand is not None:
        raise click.UsageError("--estimand is for --kind requests")
    with _told(lang, as_json):
        refuse_wrong_threshold(max_rejected)
        same = _options(kind, mapping, registry, year, encoding, mended)
        single = same | {"mended": None}
        trial = tried(
            files,
            lambda paths: _read(paths, kind, estimand, same),
            lambda paths: _read(paths, kind, estimand, single),
        )
        error = trial.error
        if trial.loaded is not None:
            account, by_code = trial.loaded.account, trial.loaded.quarantine.by_code()
            try:
                refuse_too_many(by_code, account.read, max_rejected)
            except InputError as problem:
                error = problem
    if trial.loaded is not None and rejected_out is not None:
        write_quarantine(trial.loaded, rejected_out, language=lang)
    if as_json:
        click.echo(json.dumps(plain(trial, error), ensure_ascii=False, indent=2))
    else:
        show(trial, lang, own_registry=registry is not None)
        if trial.loaded is not None and len(trial.loaded.quarantine):
            how = "more" if rejected_out is None else "written"
            say([label(f"check_files.rejected_{how}", lang, **_name(rejected_out))])
    _leave(trial, error, lang)


def _options(
    kind: str | None,
    mapping: Path | None,
    registry: Path | None,
    year: int | None,
    encoding: str | None,
    mended: Path | None,
) -> dict[str, Any]:
    """Return the options of both readers, after a look at the files that they name.

    What is wrong with one of these is said once, and not of every file.
    """
    from switchstats.engines.columns import read_mapping as of_requests
    from switchstats.facts import read_registry
    from switchstats.inputs.mended import read_mended
    from switchstats.readers.counts.mapping import read_mapping as of_counts

    (of_requests if kind == "requests" else of_counts)(mapping)
    read_mended(mended)
    known = None if registry is None else read_registry(registry)
    return {
        "mapping": mapping,
        "registry": known,
        "year": year,
        "encoding": encoding,
        "mended": mended,
    }


def _read(
    paths: "Sequence[str | Path]", kind: str | None, estimand: Any, same: dict[str, Any]
) -> "Loaded":
    """Read files; where nobody said that these are counts, an error names the other kind too."""
    from switchstats.engines import read_requests
    from switchstats.readers import read_counts

    if kind == "requests":
        return read_requests(list(paths), estimand=estimand or "first_attempt", **same)
    try:
        return read_counts(list(paths), **same)
    except InputError as error:
        if kind is None and error.problem.startswith("no table of counts"):
            error.mend += "; if the files hold one row a request, add --kind requests"
        raise


def _name(path: Path | None) -> dict[str, str]:
    return {} if path is None else {"file": str(path)}


@contextmanager
def _told(language: "Language", as_json: bool) -> "Generator[None]":
    """Leave with an error of the options, in the language asked for, and as JSON."""
    from switchstats.cli.check_report import error_of
    from switchstats.labels import told

    try:
        yield
    except SwitchstatsError as error:
        if as_json:
            listed = InputError(str(error), "") if not isinstance(error, InputError) else error
            click.echo(json.dumps({"files": [], "error": error_of(listed)}, ensure_ascii=False))
        click.echo(f"switchstats: {told(error, language)}", err=True)
        sys.exit(_BAD_INPUT)


def _leave(trial: "Trial", error: InputError | None, language: "Language") -> None:
    """Say in one line what failed, and leave with 2 if anything did."""
    from switchstats.labels import label, told

    if error is not None:
        click.echo(f"switchstats: {told(error, language)}", err=True)
    if len(trial.failures) == 1 and not trial.names:
        (only,) = trial.failures.values()
        click.echo(f"switchstats: {told(only, language)}", err=True)
    elif trial.failures:
        n, of = len(trial.failures), len(trial.failures) + len(trial.names)
        words = label("check_files.some_failed", language, n=n, of=of)
        click.echo(f"switchstats: {words}", err=True)
    if error is not None or trial.failures:
        sys.exit(_BAD_INPUT)
