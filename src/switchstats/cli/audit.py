"""`switchstats audit`: whether a printed table is possible, and what its digits pin down."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod
    from rich.table import Table

    from switchstats.bounds import Audit, AuditSummary, Disclosure
    from switchstats.labels import Language, Text
    from switchstats.values import RoundingRule

__all__ = ["audit"]


@click.command()
@click.argument("table", default="egc-083")
@click.option(
    "--rounding",
    type=click.Choice(["half_up", "half_even", "truncation", "unknown"]),
    help="How the digits were rounded.  [default: half_up]",
)
@click.option(
    "--disclose",
    type=float,
    metavar="WIDTH",
    help="Before printing: advise how every range keeps this width (0.05 is 5 points of a share).",
)
@click.option(
    "--registry",
    type=click.Path(path_type=Path),
    help="CSV of your own retailers: retailer, name, group, area.",
)
@click.option("--lang", type=click.Choice(["ja", "en"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def audit(
    table: str,
    rounding: "RoundingRule | None",
    disclose: float | None,
    registry: Path | None,
    lang: "Language",
    as_json: bool,
) -> None:
    """Say whether a printed table is possible, and what its digits give away.

    TABLE is the name of a bundled table (egc-083, the committee's table of March 2023) or a file
    with such a table: CSV, text or PDF.

    \b
    Examples:
      switchstats audit
      switchstats audit table.csv --registry retailers.csv --rounding unknown
      switchstats audit draft.csv --disclose 0.05 --lang ja
    """  # noqa: D301 -- click reads the escape
    from switchstats.bounds import audit as audit_table
    from switchstats.bounds import summarise_audit
    from switchstats.cli.tables import table_of

    found = audit_table(table_of(table, registry), rounding=rounding)
    summary = summarise_audit(found)
    possible = found.consistent is not False
    given_away = found.disclosure(disclose) if disclose is not None and possible else None
    if as_json:
        content = summary.to_dict() | {
            "disclosure": None if given_away is None else given_away.to_dict()
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    _print(summary, given_away, lang)


def _print(summary: "AuditSummary", given_away: "Disclosure | None", language: "Language") -> None:
    from rich.console import Console

    from switchstats.labels import label

    console = Console(highlight=False)
    for sentence in summary.sentences:
        click.echo(sentence[language])
    if summary.audit.consistent is False:
        return
    click.echo(label("audit.not_confidence", language))
    console.print(_shares(summary, language))
    click.echo(label("audit.least_note", language))
    for each in summary.others:
        click.echo(f"  {each.quantity[language]}: {each.words[language]}")
    if given_away is not None:
        _print_disclosure(console, summary.audit, given_away, language)


def _shares(summary: "AuditSummary", language: "Language") -> "Table":
    """Return a row a group and a retailer: what is known of its shares and its volume."""
    from rich.table import Table

    from switchstats.labels import label

    table = Table(title=label("audit.shares_title", language), title_justify="left")
    for place, name in enumerate(summary.header):
        justify: JustifyMethod = "right" if place else "left"
        table.add_column(name[language], justify=justify, overflow="fold")
    for row in summary.rows:
        table.add_row(*(_plain(cell, language) for cell in row))
    return table


def _print_disclosure(
    console: "Console", found: "Audit", given_away: "Disclosure", language: "Language"
) -> None:
    from rich.table import Table

    from switchstats.labels import label, percent

    width = percent(given_away.least_width)
    title = label("audit.disclosure_title", language, width=width)
    table = Table(title=title, title_justify="left")
    for name in ("retailer", "narrowest", "exposed"):
        table.add_column(label(f"audit.{name}", language))
    names = {each.retailer: each.name[language] for each in found.table.retailers}
    for each in given_away.retailers:
        exposed = each.retailer in given_away.exposed
        result = label("audit.too_narrow" if exposed else "audit.wide_enough", language)
        narrowest = label("display.points", language, value=percent(each.narrowest, 2))
        table.add_row(names[each.retailer], narrowest, result)
    console.print(table)
    if not given_away.revisions:
        click.echo(label("audit.nothing_to_change", language))
        return
    key = "audit.advice" if given_away.sufficient else "audit.advice_falls_short"
    click.echo(label(key, language))
    for revision in given_away.revisions:
        click.echo(f"  - {revision.message(found.table)[language]}")


def _plain(words: "Text", language: "Language") -> str:
    from rich.markup import escape

    return escape(words[language])
