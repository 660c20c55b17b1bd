"""`switchstats facts`: what is known of the incident, each row with its source."""

import json
from typing import TYPE_CHECKING, cast

import click

from switchstats.cli.language import language_option

if TYPE_CHECKING:
    from switchstats.labels import Language

__all__ = ["facts"]

_TABLES = ("exposure", "viewings", "leaked_fields", "ends_of_access", "retailers")


@click.command()
@click.argument("table", type=click.Choice(_TABLES), default="exposure")
@language_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def facts(table: str, lang: "Language", as_json: bool) -> None:
    """Print a TABLE of facts about the incident, with the page that each row is from.

    \b
    Examples:
      switchstats facts
      switchstats facts viewings --json
    """  # noqa: D301 -- click reads the escape
    from rich.console import Console
    from rich.table import Table

    from switchstats import facts as known

    frame = getattr(known, table)()
    if as_json:
        rows = json.loads(frame.to_json(orient="records", date_format="iso", force_ascii=False))
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    shown = Table(title=table, title_justify="left")
    columns = [name for name in frame.columns if not _other_language(str(name), lang)]
    for name in columns:
        shown.add_column(str(name), overflow="fold")
    for row in frame[columns].itertuples(index=False):
        shown.add_row(*(_cell(each) for each in row))
    Console(highlight=False).print(shown)


def _other_language(column: str, language: "Language") -> bool:
    return column.endswith("_en" if language == "ja" else "_ja")


def _cell(item: object) -> str:
    if isinstance(item, tuple):
        return ", ".join(map(str, cast("tuple[object, ...]", item)))
    return "" if item is None else str(item)
