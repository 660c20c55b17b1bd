"""`switchstats check`: what was understood of files, what was rejected and why, before analysis."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from switchstats.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

    from switchstats.labels import Language
    from switchstats.values import Counts, Loaded, Understood

__all__ = ["check"]

_FILE = click.Path(path_type=Path)


def _limit(text: str) -> float:
    """Return a whole number of rows, or a fraction of them such as 0.01."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        raise click.BadParameter("write a number of rows, or a fraction such as 0.01") from None


@click.command()
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
@click.option("--lang", type=click.Choice(["ja", "en"]), default="en", show_default=True)
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
    or Parquet, also in gzip or zstd.

    \b
    Examples:
      switchstats check 2023-01.xlsx 2023-02.csv
      switchstats check folder --mapping mapping.toml --lang ja
      switchstats check "requests/*.parquet" --kind requests --registry who.csv --json
      switchstats check folder --rejected-out rejected.csv    # mend it in Excel, then
      switchstats check folder --mended rejected.xlsx
    """  # noqa: D301 -- click reads the escape
    from switchstats.engines import read_requests
    from switchstats.inputs.mended import write_quarantine
    from switchstats.labels import label
    from switchstats.readers import read_counts

    if kind != "requests" and estimand is not None:
        raise click.UsageError("--estimand is for --kind requests")
    same: dict[str, Any] = {
        "mapping": mapping,
        "registry": registry,
        "year": year,
        "encoding": encoding,
        "max_rejected": max_rejected,
        "mended": mended,
    }
    if kind == "requests":
        loaded = read_requests(list(files), estimand=estimand or "first_attempt", **same)
    else:
        loaded = _counted(lambda: read_counts(list(files), **same), kind)
    if rejected_out is not None:
        write_quarantine(loaded, rejected_out, language=lang)
    if as_json:
        click.echo(json.dumps(loaded.to_dict(), ensure_ascii=False, indent=2))
        return
    _print(loaded, lang)
    if len(loaded.quarantine):
        how = "more" if rejected_out is None else "written"
        click.echo(label(f"check_files.rejected_{how}", lang, **_name(rejected_out)))


def _counted(read: "Callable[[], Loaded]", kind: str | None) -> "Loaded":
    """Read counts; where nobody said that these are counts, an error names the other kind too."""
    try:
        return read()
    except InputError as error:
        if kind is None:
            error.mend += "; if the files hold one row a request, add --kind requests"
        raise


def _name(path: Path | None) -> dict[str, str]:
    return {} if path is None else {"file": str(path)}


def _print(loaded: "Loaded", language: "Language") -> None:
    from rich.console import Console

    from switchstats.labels import label

    console = Console(highlight=False)
    for table in loaded.understood:
        _print_understood(console.print, table, language)
    not_read = cast("list[str]", loaded.provenance.config["not_read"])
    if not_read:
        words = label("check_files.not_read", language, files=", ".join(not_read))
        console.print(words, markup=False)
    account = loaded.account
    excluded = "".join(
        f"\n    {label(f'excluded.{name}', language)}: {count:,}"
        for name, count in account.excluded.items()
    )
    console.print(
        label(
            "check_files.account",
            language,
            read=f"{account.read:,}",
            counted=f"{account.counted:,}",
            excluded=f"{sum(account.excluded.values()):,}",
            quarantined=f"{account.quarantined:,}",
        )
        + excluded,
        markup=False,
    )
    console.print(_totals(loaded.counts, language), markup=False)
    if len(loaded.quarantine):
        console.print(_rejected(loaded, language))


def _totals(counts: "Counts", language: "Language") -> str:
    """Return what the counts add up to."""
    from switchstats.labels import label
    from switchstats.periods import Period, format_period

    if not len(counts):
        return label("check_files.nothing", language)
    periods = counts.periods
    span = Period(periods[0].start, max(period.end for period in periods))
    return label(
        "check_files.totals",
        language,
        requests=f"{counts.requests:,}",
        errors=f"{counts.errors:,}",
        retailers=counts.frame["retailer"].nunique(),
        span=format_period(span, language),
        n=len(periods),
    )


def _print_understood(
    say: "Callable[..., None]", table: "Understood", language: "Language"
) -> None:
    from switchstats.labels import label

    place = table.file if table.sheet is None else f"{table.file} [{table.sheet}]"
    details = [
        label("check_files.rows", language, rows=f"{table.rows:,}"),
        *([] if table.encoding is None else [table.encoding]),
        *(
            []
            if table.header_line is None
            else [label("check_files.header", language, line=table.header_line)]
        ),
    ]
    say(f"{place}: {', '.join(details)}", markup=False, style="bold")
    for name, header in table.columns.items():
        say(f"    {name} ← {header}", markup=False)
    if table.ignored:
        ignored = ", ".join(table.ignored)
        say(f"    {label('check_files.ignored', language)}: {ignored}", markup=False)
    for remark in table.remarks:
        say(f"    {remark[language]}", markup=False)


def _rejected(loaded: "Loaded", language: "Language") -> "Table":
    """Return how many rows each reason rejected, with the first of them."""
    from rich.table import Table
    from rich.text import Text

    from switchstats.labels import label

    table = Table(title=label("check_files.rejected", language), title_justify="left")
    for name in ("reason", "rows", "first", "value", "note"):
        table.add_column(label(f"check_files.column_{name}", language), overflow="fold")
    rows = zip(loaded.quarantine.to_records(), loaded.quarantine.notes(language), strict=True)
    firsts = {str(row["code"]): (row, note) for row, note in reversed(list(rows))}
    for code, count in loaded.quarantine.by_code().items():
        row, note = firsts[code]
        line = label("check_files.line", language, line=str(row["line"])) if row["line"] else None
        place = [row["file"], row["sheet"], line, row["field"]]
        cells = (
            label(f"quarantine.{code}", language),
            f"{count:,}",
            ", ".join(str(part) for part in place if part),
            str(row["raw"] if row["raw"] is not None else ""),
            note,
        )
        table.add_row(*(Text(cell) for cell in cells))
    return table
