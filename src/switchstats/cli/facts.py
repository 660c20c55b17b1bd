"""`switchstats facts`: what is known of the incident, each row with its source."""

import json
import math
from typing import TYPE_CHECKING, cast

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from switchstats.labels import Language

__all__ = ["facts"]

_NOTE = "note"
_TABLES = ("exposure", "viewings", "leaked_fields", "ends_of_access", "retailers")


@click.command(cls=SpokenCommand)
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
    from switchstats import facts as known

    frame = getattr(known, table)()
    if as_json:
        rows = json.loads(frame.to_json(orient="records", date_format="iso", force_ascii=False))
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    names = [str(name) for name in frame.columns if not _other_language(str(name), lang)]
    cells = [[_cell(each, lang) for each in row] for row in frame[names].itertuples(index=False)]
    _print(table, names, cells, lang)


def _print(
    title: str, names: "Sequence[str]", rows: "Sequence[Sequence[str]]", language: "Language"
) -> None:
    """Print a table where it fits the terminal, else a paragraph a row.

    What is the same in every row, and notes on single rows, stand below.
    """
    from switchstats.cli.lines import columns_of_terminal, say
    from switchstats.labels import label

    columns = list(zip(*rows, strict=True))
    same = [at for at, cells in enumerate(columns) if len(set(cells)) == 1]
    kept = [at for at in range(len(names)) if at not in same and names[at] != _NOTE]
    heads = [names[at].replace("_", " ") for at in kept]
    columns_of = [(head, *columns[at]) for head, at in zip(heads, kept, strict=True)]
    if widths := _widths(columns_of, columns_of_terminal()):
        _print_table(title, widths, heads, [[row[at] for at in kept] for row in rows])
    else:
        say([title])
        for row in rows:
            first, *more = (at for at in kept if row[at])
            said = ", ".join(f"{names[at]} {row[at]}" for at in more)
            say([f"{row[first]}: {said}"], "- ")
    if _NOTE in names:
        at = names.index(_NOTE)
        say((f"{row[kept[0]]}: {row[at]}" for row in rows if row[at] and at not in same), "* ")
    everywhere = ", ".join(f"{names[at]} {rows[0][at]}" for at in same if rows[0][at])
    if everywhere:
        say([label("facts.everywhere", language, cells=everywhere)])


def _print_table(
    title: str, widths: "Sequence[int]", heads: "Sequence[str]", rows: "Sequence[Sequence[str]]"
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, title_justify="left")
    for head, width in zip(heads, widths, strict=True):
        shown.add_column(head, overflow="fold", width=width)
    for row in rows:
        shown.add_row(*map(Text, row))
    Console(highlight=False).print(shown)


def _widths(columns: "Sequence[Sequence[str]]", most: int) -> list[int] | None:
    """Return how wide each column is, so that no word breaks; ``None`` where they do not fit."""
    from rich.cells import cell_len

    least = [max(map(_longest, column)) for column in columns]
    # a rule and two spaces beside each column, and the last rule
    spare = most - sum(least) - 3 * len(columns) - 1
    if spare < 0:
        return None
    widths: list[int] = []
    for width, column in zip(least, columns, strict=True):
        more = min(spare, max(map(cell_len, column)) - width)
        widths.append(width + more)
        spare -= more
    return widths


def _longest(words: str) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, words.split()), default=0)


def _other_language(column: str, language: "Language") -> bool:
    return column.endswith("_en" if language == "ja" else "_ja")


def _cell(item: object, language: "Language") -> str:
    import numpy as np
    import pandas as pd

    from switchstats.labels import label

    match item:
        case tuple():
            return ", ".join(map(str, cast("tuple[object, ...]", item)))
        case bool() | np.bool():
            return label("facts.yes" if item else "facts.no", language)
        case pd.Timestamp():
            return item.date().isoformat()
        case float():
            return "" if math.isnan(item) else f"{item:g}"
        case _:
            return "" if item is None or item is pd.NA or item is pd.NaT else str(item)
