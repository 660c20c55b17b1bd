"""`switchstats check`: what was understood of files, what was rejected and why, before analysis."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

    from switchstats.labels import Language
    from switchstats.values import Loaded, Understood

__all__ = ["check"]


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--kind",
    type=click.Choice(["counts", "requests"]),
    default="counts",
    show_default=True,
    help="Counts by retailer and month, or one row a request.",
)
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML: our name = your column.")
@click.option(
    "--registry",
    type=click.Path(path_type=Path),
    help="CSV of your own retailers: retailer, name, group, area.",
)
@click.option("--year", type=int, help="Year of bare months, such as 05 (counts only).")
@click.option("--encoding", help="Force an encoding of text, such as cp932 (counts only).")
@click.option("--lang", type=click.Choice(["ja", "en"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def check(
    files: tuple[str, ...],
    kind: Literal["counts", "requests"],
    mapping: Path | None,
    registry: Path | None,
    year: int | None,
    encoding: str | None,
    lang: "Language",
    as_json: bool,
) -> None:
    """Say how FILES were understood, and which rows were rejected and why.

    FILES are files, folders, or patterns such as "2023-*.xlsx".

    \b
    Examples:
      switchstats check 2023-01.xlsx 2023-02.csv
      switchstats check "requests/*.parquet" --kind requests --registry who.csv --json
    """  # noqa: D301 -- click reads the escape
    from switchstats.engines import read_requests
    from switchstats.facts import read_registry
    from switchstats.readers import read_counts

    known = None if registry is None else read_registry(registry)
    sources = list(files)
    if kind == "requests":
        if year is not None or encoding is not None:
            raise click.UsageError("--year and --encoding are for --kind counts")
        loaded = read_requests(sources, mapping=mapping, registry=known)
    else:
        loaded = read_counts(sources, mapping=mapping, registry=known, year=year, encoding=encoding)
    if as_json:
        click.echo(json.dumps(loaded.to_dict(), ensure_ascii=False, indent=2))
    else:
        _print(loaded, lang)


def _print(loaded: "Loaded", language: "Language") -> None:
    from rich.console import Console

    from switchstats.labels import label

    console = Console(highlight=False)
    for table in loaded.understood:
        _print_understood(console.print, table, language)
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
    console.print(repr(loaded.counts), markup=False)
    if len(loaded.quarantine):
        console.print(_rejected(loaded, language))


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
        table.add_column(label(f"check_files.column_{name}", language))
    firsts = {str(row["code"]): row for row in reversed(loaded.quarantine.to_records())}
    for code, count in loaded.quarantine.by_code().items():
        row = firsts[code]
        line = label("check_files.line", language, line=str(row["line"])) if row["line"] else None
        place = [row["file"], row["sheet"], line, row["field"]]
        cells = (
            label(f"quarantine.{code}", language),
            f"{count:,}",
            ", ".join(str(part) for part in place if part),
            str(row["raw"] if row["raw"] is not None else ""),
            str(row["note"] if row["note"] is not None else ""),
        )
        table.add_row(*(Text(cell) for cell in cells))
    return table
