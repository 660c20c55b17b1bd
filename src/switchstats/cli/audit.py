"""`switchstats audit`: whether a printed table is possible, and what its digits pin down."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import JustifyMethod
    from rich.table import Table

    from switchstats.bounds import Audit, AuditSummary, Ordering, Share, Volume
    from switchstats.labels import Language, Text
    from switchstats.periods import Period
    from switchstats.readers import Implausible
    from switchstats.runs import Known
    from switchstats.values import PublishedTable, RoundingRule

__all__ = ["audit"]

_FAULT = 1
_FILE = click.Path(path_type=Path)


def _width(words: str | None) -> float | None:
    """Return the width after --disclose, ``None`` without one."""
    if not words:
        return None
    try:
        return float(words)
    except ValueError:
        raise click.UsageError(
            f"--disclose takes a fraction such as 0.05, not {words!r}; "
            "put the table before a --disclose without a width"
        ) from None


@click.command(cls=SpokenCommand)
@click.argument("table", default="egc-083")
@click.option(
    "--rounding",
    type=click.Choice(["half_up", "half_even", "truncation", "unknown"]),
    help="How the digits were rounded.  [default: half_up]",
)
@click.option(
    "--disclose",
    is_flag=False,
    flag_value="",
    metavar="[WIDTH]",
    help="Before printing: how closely each retailer is pinned down. With a width (0.05 is 5 "
    "points of a share), who is exposed and what to withhold.",
)
@click.option(
    "--small-cell",
    type=int,
    metavar="N",
    help="With --disclose: cells that could come from fewer than N requests expose.",
)
@click.option(
    "--total", type=int, metavar="N", help="Requests of everybody in the longest period, if known."
)
@click.option(
    "--known", type=_FILE, help="TOML: volumes, shares and orders that are known besides."
)
@click.option(
    "--registry", type=_FILE, help="CSV of your own retailers: retailer, name, group, area."
)
@language_option()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
def audit(
    table: str,
    rounding: "RoundingRule | None",
    disclose: str | None,
    small_cell: int | None,
    total: int | None,
    known: Path | None,
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
      switchstats audit table.csv --known known.toml --total 120000
      switchstats audit draft.csv --disclose
      switchstats audit draft.csv --disclose 0.05 --small-cell 10 --lang ja

    \b
    Exit codes:
      0  the table is possible, and exposes nobody if that was asked
      1  it is impossible, or exposes somebody
      2  it cannot be read, or the command is wrong
    """  # noqa: D301 -- click reads the escape
    from switchstats.bounds import AuditSummary, summarise_audit
    from switchstats.bounds import audit as audit_table
    from switchstats.bounds import disclose as disclose_table
    from switchstats.cli.disclosed import print_disclosure
    from switchstats.cli.tables import inspected_table, registry_of

    if small_cell is not None and disclose is None:
        raise click.UsageError("--small-cell goes with --disclose")
    width = _width(disclose)
    read = inspected_table(table, registry_of(registry))
    besides = _besides(known, total, read.table)
    found = audit_table(read.table, _constraints(besides, read.table), rounding)
    possible = found.consistent is not False and not read.implausible
    summary = (
        _with_naive(summarise_audit(found), besides) if possible else AuditSummary(audit=found)
    )
    given_away = None
    if possible and disclose is not None:
        given_away = disclose_table(found, width, small_cell=small_cell, total=besides.total)
    if as_json:
        content = summary.to_dict() | {
            "implausible": [each.to_dict() for each in read.implausible],
            "disclosure": None if given_away is None else given_away.to_dict(),
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        _print(summary, read.implausible, lang)
        if given_away is not None:
            print_disclosure(given_away, read.table, lang)
    if not possible or (given_away is not None and given_away.exposed):
        click.get_current_context().exit(_FAULT)


def _besides(path: Path | None, total: int | None, table: "PublishedTable") -> "Known":
    from switchstats.runs import Known, read_known

    if total is not None and total < 1:
        raise click.UsageError("--total is a number of requests above 0")
    known = Known() if path is None else read_known(path, table)
    if total is not None and known.total not in (None, total):
        raise click.UsageError(f"--total {total} disagrees with total = {known.total} in {path}")
    return Known(known.constraints, total if known.total is None else known.total)


def _constraints(
    besides: "Known", table: "PublishedTable"
) -> "tuple[Volume | Share | Ordering, ...]":
    """Return what ties the table's requests together; a total does so only beside other volumes."""
    from switchstats.bounds import Volume

    total = besides.total
    if total is None or not any(isinstance(each, Volume) for each in besides.constraints):
        return besides.constraints
    whole = Volume(low=total, high=total, period=table.widest_period)
    return (*besides.constraints, whole)


def _with_naive(summary: "AuditSummary", besides: "Known") -> "AuditSummary":
    """Add the naive test wherever the number of all requests is known."""
    from dataclasses import replace

    from switchstats.bounds.naive_test import naive_tests

    tests = naive_tests(summary.audit, _totals(besides, summary.audit))
    return replace(summary, others=(*summary.others, *tests))


def _totals(besides: "Known", found: "Audit") -> "Mapping[Period, int]":
    from switchstats.bounds import Volume

    totals = {} if besides.total is None else {found.table.widest_period: besides.total}
    for each in besides.constraints:
        if not isinstance(each, Volume) or each.period is None or each.low != each.high:
            continue
        if each.retailer is None and each.group is None:
            totals.setdefault(each.period, int(each.low or 0))
    return {period: total for period, total in totals.items() if total > 0}


def _print(
    summary: "AuditSummary", implausible: "tuple[Implausible, ...]", language: "Language"
) -> None:
    from rich.console import Console

    from switchstats.cli.lines import say
    from switchstats.labels import label

    console = Console(highlight=False)
    if implausible:
        say([label("cli_audit.implausible", language)])
    say((_fault(each, language) for each in implausible), "- ")
    say(sentence[language] for sentence in summary.sentences)
    if not summary.shares:
        return
    say([label("audit.not_confidence", language)])
    console.print(_shares(summary, language))
    say([label("audit.least_note", language)])
    say((f"{each.quantity[language]}: {each.words[language]}" for each in summary.others), "- ")


def _fault(found: "Implausible", language: "Language") -> str:
    from switchstats.labels import label

    place = found.place
    where = found.field
    if place is not None and place.line is not None:
        where = label("cli_audit.line", language, n=place.line)
    elif place is not None and place.page is not None:
        where = label("cli_audit.page", language, n=place.page)
    problem = found.problem[language]
    return label(
        "cli_audit.implausible_one", language, place=where, value=found.value, problem=problem
    )


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


def _plain(words: "Text", language: "Language") -> str:
    from rich.markup import escape

    return escape(words[language])
