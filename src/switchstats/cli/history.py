"""`switchstats history`: a study's runs, one below the other."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand

if TYPE_CHECKING:
    from switchstats.labels import Language
    from switchstats.values import HistoryRow, Interval

__all__ = ["history"]

_COLUMNS = (
    *("run", "created", "last_day", "requests", "look", "study", "outcome", "estimate", "bound"),
    *("changed", "new_periods", "revised"),
)
# where nobody looks at a terminal
_WIDTH = 180


@click.command(cls=SpokenCommand)
@click.argument("study", type=click.Path(path_type=Path))
@language_option()
@click.option(
    "--figure",
    type=click.Path(path_type=Path),
    help="Draw the headline over the runs into this file: .png, .svg or .pdf.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def history(study: Path, lang: "Language", figure: Path | None, as_json: bool) -> None:
    """List the runs of STUDY, a study file or the folder of its runs, with each headline.

    \b
    Examples:
      switchstats history study.toml
      switchstats history runs --json
      switchstats history study.toml --figure track.png --lang ja
    """  # noqa: D301 -- click reads the escape
    from rich.console import Console
    from rich.table import Table

    from switchstats.labels import label
    from switchstats.report.track_record import change_notes
    from switchstats.runs.study_file import read_study
    from switchstats.runs.track_record import history as of_folder

    found = of_folder(read_study(study).out if study.suffix == ".toml" else study)
    if figure is not None:
        from switchstats.figures import save_figure, track_record

        save_figure(track_record(found, language=lang), figure)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        return
    table = Table(title=label("history.title", lang), title_justify="left")
    for name in _COLUMNS:
        table.add_column(label(f"history.{name}", lang), overflow="fold")
    for row, changed in zip(found.rows, found.changes, strict=True):
        table.add_row(*_cells(row, changed, lang))
    width = None if sys.stdout.isatty() else _WIDTH
    Console(highlight=False, width=width).print(table)
    for note in change_notes(found):
        click.echo(note[lang])
    for each in found.damaged:
        click.echo(f"switchstats: {each[lang]}", err=True)


def _cells(row: "HistoryRow", changed: tuple[str, ...], language: "Language") -> tuple[str, ...]:
    from switchstats.labels import label, signed_points
    from switchstats.values import changed_words

    blank = label("display.blank", language)
    return (
        f"{row.number:04d}",
        row.created[:16].replace("T", " "),
        row.last_day or blank,
        blank if row.requests is None else f"{row.requests:,}",
        row.look_words[language],
        row.study_words[language],
        label(f"outcome.{row.outcome}", language),
        blank if row.estimate is None else signed_points(row.estimate),
        blank if row.bound is None else _ends(row.bound, language),
        changed_words(changed)[language],
        str(row.n_new),
        str(row.n_revised),
    )


def _ends(bound: "Interval", language: "Language") -> str:
    from switchstats.labels import confidence, label, signed_points

    blank = label("display.blank", language)
    low, high = (blank if end is None else signed_points(end) for end in (bound.low, bound.high))
    # the two bounds make an interval of twice the level of each, less one
    level = confidence((1 + (bound.level or 0.0)) / 2)
    return label("history.bound_at", language, low=low, high=high, level=level)
