"""`switchstats diff`: what moved between two runs, and why."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand

if TYPE_CHECKING:
    from switchstats.labels import Language

__all__ = ["diff"]


@click.command(cls=SpokenCommand)
@click.argument("run_a", type=click.Path(path_type=Path))
@click.argument("run_b", type=click.Path(path_type=Path))
@language_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def diff(run_a: Path, run_b: Path, lang: "Language", as_json: bool) -> None:
    """Say what moved from RUN_A to RUN_B: new data, revised data, settings or code.

    \b
    Examples:
      switchstats diff runs/0001 runs/0002
      switchstats diff runs/0001 runs/latest --lang ja
    """  # noqa: D301 -- click reads the escape
    from switchstats.cli.lines import say
    from switchstats.runs.difference import diff_runs

    found = diff_runs(run_a, run_b)
    if as_json:
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
        return
    say(sentence[lang] for sentence in found.sentences)
