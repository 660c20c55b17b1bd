"""Prints what a table would give away, and what to withhold."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from switchstats.bounds import Disclosed, Disclosure, Pinned, Secret
    from switchstats.labels import Language
    from switchstats.values import PublishedTable

__all__ = ["print_disclosure"]


def print_disclosure(
    given_away: "Disclosure", printed: "PublishedTable", language: "Language"
) -> None:
    """Print a row a retailer, and then the advice."""
    from rich.console import Console

    from switchstats.cli.lines import say
    from switchstats.labels import label

    Console(highlight=False).print(_ranges(given_away, printed, language))
    if given_away.least_width is None:
        say([label("disclosure.no_width", language)])
        return
    if given_away.beyond_help:
        names = _named(given_away.beyond_help, printed, language)
        say([label("disclosure.beyond_help", language, secrets=names)])
    if not given_away.revisions:
        if not given_away.exposed:
            say([label("disclosure.nothing_to_change", language)])
        return
    enough = "advice" if given_away.sufficient else "advice_falls_short"
    say([label(f"disclosure.{enough}", language)])
    say((revision.message(printed)[language] for revision in given_away.revisions), "- ")
    say([label(f"disclosure.proof_{given_away.proof}", language)])


def _ranges(given_away: "Disclosure", printed: "PublishedTable", language: "Language") -> "Table":
    from rich.table import Table
    from rich.text import Text

    from switchstats.labels import label, percent

    width = given_away.least_width
    judged = width is not None or given_away.small_cell is not None
    title = label("disclosure.title", language)
    if width is not None:
        title = label("disclosure.title_width", language, width=percent(width))
    table = Table(title=title, title_justify="left")
    with_volume = any(each.volume for each in given_away.retailers)
    columns = ["retailer", "narrowest" if width is None else "exposed", "range", "width"]
    columns += ["volume"] if with_volume else []
    columns += ["small"] if any(each.small_cells for each in given_away.retailers) else []
    columns += ["result"] if judged else []
    for name in columns:
        right = name in ("range", "width", "volume")
        heading = label(f"disclosure.column_{name}", language)
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    names = {each.retailer: each.name[language] for each in printed.retailers}
    for each in given_away.retailers:
        result = "exposed" if each.retailer in given_away.exposed else "covered"
        about = {
            "retailer": [names[each.retailer]],
            "volume": [o.ends[language] for o in each.ranges if o.secret.kind == "volume"],
            "small": [_small(each, column, printed, language) for column in each.small_cells],
            "result": [label(f"disclosure.is_{result}", language)],
        }
        shown = _shown(each, width)
        for line in range(max(1, len(shown), len(each.small_cells))):
            cells = {name: words[line] for name, words in about.items() if line < len(words)}
            if line < len(shown):
                what = shown[line].secret.words(printed)[language]
                cells |= {"narrowest": what, "exposed": what}
                cells |= {
                    "range": shown[line].ends[language],
                    "width": _open(shown[line], language),
                }
            table.add_row(*(Text(cells.get(name, "")) for name in columns))
    return table


def _shown(each: "Disclosed", width: float | None) -> "tuple[Pinned, ...]":
    """Return the ranges that are too narrow, else the narrowest."""
    narrow = () if width is None else each.narrower_than(width)
    if narrow or each.narrowest is None:
        return narrow
    return (each.narrowest,)


def _open(one: "Pinned", language: "Language") -> str:
    from switchstats.labels import label, percent

    unit = "of_high" if one.secret.kind == "volume" else "points"
    return label(f"disclosure.{unit}", language, value=percent(one.width, 2))


def _small(each: "Disclosed", column: int, printed: "PublishedTable", language: "Language") -> str:
    from switchstats.labels import label

    period = printed.periods[column].label
    return label("disclosure.small", language, period=period, n=each.least_requests[column] or 0)


def _named(secrets: "tuple[Secret, ...]", printed: "PublishedTable", language: "Language") -> str:
    from switchstats.labels import Text, joined

    names = {each.retailer: each.name for each in printed.retailers}
    return joined(
        Text(
            f"{names[each.retailer].ja}の{each.words(printed).ja}",
            f"{names[each.retailer].en} ({each.words(printed).en})",
        )
        for each in secrets
    )[language]
