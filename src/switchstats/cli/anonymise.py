"""`switchstats anonymise`: a table with labels in the place of names, or a refusal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand

if TYPE_CHECKING:
    from switchstats.bounds import Anonymised, IdentityLeakError
    from switchstats.facts import Registry
    from switchstats.labels import Language

__all__ = ["anonymise"]

_LEAK = 1
_FILE = click.Path(path_type=Path)


@click.command(cls=SpokenCommand)
@click.argument("draft")
@click.option(
    "--key",
    type=_FILE,
    required=True,
    help="JSON that holds which label stands for whom; made on first use. Never publish it.",
)
@click.option("--out", type=_FILE, required=True, help="CSV to write, in another folder.")
@click.option(
    "--group",
    "groups",
    multiple=True,
    default=("entrant",),
    show_default=True,
    help="Whom to hide; may be given several times.",
)
@click.option(
    "--previous",
    multiple=True,
    metavar="TABLE",
    help="A table that is public already, with names or labels; may be given several times.",
)
@click.option(
    "--registry", type=_FILE, help="CSV of your own retailers: retailer, name, group, area."
)
@language_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def anonymise(
    draft: str,
    key: Path,
    out: Path,
    groups: tuple[str, ...],
    previous: tuple[str, ...],
    registry: Path | None,
    lang: "Language",
    as_json: bool,
) -> None:
    """Put labels (新電力A, 新電力B, …) in the place of the names in a draft table.

    The order of the labels is random under the key's secret; the same retailer keeps its label in
    every table made with the same key. Nothing is written when an identity could be told from the
    words around the table or from the tables named with --previous.

    \b
    Examples:
      switchstats anonymise draft.csv --registry retailers.csv --key keys/labels.json --out public/table.csv
      switchstats anonymise draft.csv --registry retailers.csv --key keys/labels.json --out public/table.csv --previous last-year.csv

    \b
    Exit codes:
      0  written
      1  refused: an identity would leak
      2  something cannot be read or written, or the command is wrong
    """  # noqa: D301, E501 -- click reads the escape, and its examples stand on one line
    from switchstats.bounds import IdentityLeakError
    from switchstats.cli.tables import inspected_table, registry_of
    from switchstats.runs import anonymise as anonymise_table

    known = registry_of(registry)
    read = inspected_table(draft, known)
    for each in read.implausible:
        raise each.error()
    earlier = [inspected_table(name, known).table for name in previous]
    new = not key.exists()
    try:
        made = anonymise_table(
            read.table, key, out, groups=groups, previous=earlier, aliases=_aliases(known)
        )
    except IdentityLeakError as error:
        _print_leaks(error, lang, as_json=as_json)
        click.get_current_context().exit(_LEAK)
    _print(made, key, out, lang, new=new, as_json=as_json)


def _aliases(known: "Registry | None") -> dict[str, list[str]]:
    """Return further names of each retailer, by identifier."""
    found: dict[str, list[str]] = {}
    for name, retailer in () if known is None else known.aliases:
        found.setdefault(retailer, []).append(name)
    return found


def _print_leaks(error: "IdentityLeakError", language: "Language", *, as_json: bool) -> None:
    from switchstats.labels import label

    if as_json:
        leaks = [{"kind": each.kind, "message": each.message.to_dict()} for each in error.leaks]
        click.echo(json.dumps({"written": None, "leaks": leaks}, ensure_ascii=False, indent=2))
        return
    click.echo(label("cli_audit.refused", language), err=True)
    for each in error.leaks:
        click.echo(f"  - {each.message[language]}", err=True)


def _print(
    made: "Anonymised", key: Path, out: Path, language: "Language", *, new: bool, as_json: bool
) -> None:
    """Say where the table stands; never who is who."""
    from switchstats.labels import label

    if as_json:
        content = {
            "written": str(out),
            "key_made": new,
            "labels": [each.name.to_dict() for each in made.table.retailers],
            "cautions": [each.to_dict() for each in made.cautions],
            "leaks": [],
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    click.echo(label("cli_audit.anonymised", language, out=str(out), key=str(key)))
    if new:
        click.echo(label("cli_audit.key_made", language))
    for each in made.cautions:
        click.echo(each[language])
