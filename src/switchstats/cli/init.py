"""`switchstats init`: a commented study file from the data at hand."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand

if TYPE_CHECKING:
    from switchstats.labels import Language

__all__ = ["init"]


@click.command(cls=SpokenCommand)
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--registry",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your own retailers.",
)
@click.option("--kind", type=click.Choice(["counts", "requests", "published"]), help="[found out]")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("study.toml"),
    show_default=True,
    help="The study file to write; one that is there is left alone.",
)
@language_option()
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def init(
    files: tuple[str, ...],
    registry: Path | None,
    kind: str | None,
    out: Path,
    lang: "Language",
    as_json: bool,
) -> None:
    """Write a commented study file for FILES: what they hold, and which studies that allows.

    All of FILES are read. The file says in its comments, and the command prints, how many rows were
    accepted and rejected, which periods and retailers there are, and which studies are possible, or
    why not.

    \b
    Examples:
      switchstats init "data/*.csv" --registry retailers.csv
      switchstats init requests --kind requests --out monthly.toml
    """  # noqa: D301 -- click reads the escape
    from switchstats.cli.lines import say
    from switchstats.labels import label
    from switchstats.runs.study_file.template import write_template

    made = write_template(files, out, registry=registry, kind=kind, language=lang)
    if as_json:
        found = None if made.found is None else made.found.to_dict()
        plain = {"file": str(out), "kind": made.kind, "found": found}
        plain["problem"] = None if made.problem is None else str(made.problem)
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    say((each[lang] for each in made.sentences), "- ")
    click.echo()
    name = label(f"data_kind.{made.kind}", lang)
    say(
        [
            label("cli.study_written", lang, file=str(out), kind=name),
            label("cli.study_next", lang, file=str(out)),
        ]
    )
