"""Which fields could be seen in which area, and how many contracts were viewed there."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from switchstats.facts import areas, leaked_fields, sources, viewings
from switchstats.figures.frame import titled
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, new_figure
from switchstats.labels import Language, label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["leaked_fields_by_area", "leaked_fields_by_area_data"]


def leaked_fields_by_area_data(basis: str = "egc", language: Language = "en") -> "pd.DataFrame":
    """Return exactly what `leaked_fields_by_area` draws, one field of one area a row.

    Parameters
    ----------
    basis
        Whose count of viewings, as in `switchstats.facts.viewings`.
    language
        ``"ja"`` or ``"en"``.

    Returns
    -------
    pandas.DataFrame
        ``field`` and ``area`` (names), ``class`` (of the field), ``leaked``, and the area's
        ``contracts_viewed`` (absent where none are reported).

    Examples
    --------
    >>> data = leaked_fields_by_area_data()
    >>> int(data.groupby("area")["leaked"].sum()["Hokkaido"])
    0
    """
    fields = leaked_fields()
    seen = viewings(basis)[["area", "contracts_viewed"]]
    named = areas()[["area", f"name_{language}"]].rename(columns={f"name_{language}": "name"})
    found = fields.merge(named, on="area").merge(seen, on="area", how="left")
    return found.assign(field=found[f"name_{language}"], area=found["name"])[
        ["field", "class", "area", "leaked", "contracts_viewed"]
    ].reset_index(drop=True)


def leaked_fields_by_area(
    *, basis: str = "egc", language: Language = "en", size: Size = "slide"
) -> HouseFigure:
    """Draw a cell for each field of the records (rows) in each area (columns), filled if it leaked.

    Below each area stands how many contracts of other retailers' customers were viewed there,
    as reported on the chosen basis.

    Parameters
    ----------
    basis
        Whose count of viewings, as in `switchstats.facts.viewings`.
    language, size
        As in every figure.

    Notes
    -----
    A filled cell says that the field could be seen, not that it was looked at or used.
    """
    data = leaked_fields_by_area_data(basis, language)
    figure = new_figure(size)
    axes = figure.add_subplot()
    fields, places = list(dict.fromkeys(data["field"])), list(dict.fromkeys(data["area"]))
    for row in data.itertuples():
        _cell(axes, places.index(row.area), fields.index(row.field), leaked=bool(row.leaked))
    viewed = data.drop_duplicates("area").set_index("area")["contracts_viewed"]
    for column, place in enumerate(places):
        number = viewed[place]
        words = "–" if number is None or number != number else f"{int(number):,}"  # noqa: PLR0124 -- NaN
        axes.text(
            column, len(fields) + 0.05, words, fontproperties=font(11), ha="center", va="center"
        )
    axes.set_xlim(-0.5, len(places) - 0.5)
    axes.set_ylim(len(fields) + 0.5, -0.5)
    axes.set_xticks(range(len(places)), labels=places, fontproperties=font(12))
    rows = [*fields, label("figure.leaked_viewed", language)]
    axes.set_yticks(range(len(rows)), labels=rows, fontproperties=font(11))
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    foot = [
        label("figure.note", language, note=label("figure.leaked_note", language)),
        label("figure.credit", language, credit=_credit(basis, language)),
    ]
    titled(figure, label("figure.leaked_title", language), foot)
    return figure


def _cell(axes: Axes, column: int, row: int, *, leaked: bool) -> None:
    axes.add_patch(
        Rectangle(
            (column - 0.46, row - 0.42),
            0.92,
            0.84,
            facecolor=colour(0) if leaked else "#F4F4F4",
            edgecolor="#CCCCCC",
            linewidth=0.6,
        )
    )
    ink = "white" if leaked else GREY
    axes.text(
        column,
        row,
        "●" if leaked else "–",
        fontproperties=font(10),
        color=ink,
        ha="center",
        va="center",
    )


def _credit(basis: str, language: Language) -> str:
    """Return the document and the pages that the facts stand on."""
    fields, seen = leaked_fields(), viewings(basis)
    document = fields["source"].iloc[0]
    title = str(sources().set_index("source").loc[document, f"title_{language}"])
    pages = sorted({*fields["page"], *seen.loc[seen["source"] == document, "page"]})
    return label(
        "figure.credit_pages",
        language,
        title=title,
        pages="、".join(map(str, pages)) if language == "ja" else ", ".join(map(str, pages)),
    )
