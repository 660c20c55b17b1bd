"""What a table would give away, as the fragment of HTML that Jupyter shows."""

from html import escape
from typing import TYPE_CHECKING

from switchstats.labels import Language, label
from switchstats.values.html import html_table

if TYPE_CHECKING:
    from switchstats.bounds.disclosure import Disclosure

__all__ = ["given_away_html"]


def given_away_html(given_away: "Disclosure", language: Language) -> str:
    """Return a row a retailer with what is pinned most closely, and then the advice."""
    table = given_away.revised
    names = {each.retailer: each.name[language] for each in table.retailers}
    rows: list[tuple[str, ...]] = []
    for each in given_away.retailers:
        one = each.narrowest
        result = "exposed" if each.retailer in given_away.exposed else "covered"
        what = "" if one is None else one.secret.words(table)[language]
        ends = "" if one is None else one.ends[language]
        rows.append((names[each.retailer], what, ends, label(f"disclosure.is_{result}", language)))
    columns = ("retailer", "narrowest", "range", "result")
    if given_away.least_width is None and given_away.small_cell is None:
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    head = [label(f"disclosure.column_{name}", language) for name in columns]
    return html_table(head, rows) + _advice(given_away, language)


def _advice(given_away: "Disclosure", language: Language) -> str:
    if given_away.least_width is None:
        return f"<p>{escape(label('disclosure.no_width', language))}</p>"
    if not given_away.revisions:
        said = "" if given_away.exposed else label("disclosure.nothing_to_change", language)
        return f"<p>{escape(said)}</p>"
    enough = "advice" if given_away.sufficient else "advice_falls_short"
    table = given_away.revised
    items = "".join(
        f"<li>{escape(each.message(table)[language])}</li>" for each in given_away.revisions
    )
    proof = escape(label(f"disclosure.proof_{given_away.proof}", language))
    first = escape(label(f"disclosure.{enough}", language))
    return f"<p>{first}</p><ul>{items}</ul><p>{proof}</p>"
