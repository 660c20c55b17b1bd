"""What becomes of errors over the days: resolved, withdrawn, still open, by group."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from switchstats.figures.frame import foot_lines, plain_axes, titled
from switchstats.figures.letters import drawn_name
from switchstats.figures.style import HouseFigure, Size, colour, font, new_figure
from switchstats.labels import Language, group_name, label, percent
from switchstats.rates import resolution
from switchstats.values import Journeys

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["attrition_flow", "attrition_flow_data"]

_ENDS = ("resolved", "open", "withdrawn")
_FACES = {"resolved": "#56B4E9", "open": "#E8E8E8", "withdrawn": "#8C8C8C"}


def attrition_flow_data(journeys: Journeys) -> "pd.DataFrame":
    """Return exactly what `attrition_flow` draws, a group's day a row.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``day``, ``resolved_pct``, ``withdrawn_pct`` and ``open_pct`` (Aalen and
        Johansen's estimates, all errors of a group together), ``at_risk`` (errors under
        observation and open before that day).
    """
    import pandas as pd

    parts = [
        pd.DataFrame(
            {
                "group": group,
                "day": range(found.at_risk.size),
                "resolved_pct": 100 * found.resolved,
                "withdrawn_pct": 100 * found.withdrawn,
                "open_pct": 100 * found.open,
                "at_risk": found.at_risk,
            }
        )
        for group, found in resolution(journeys).items()
    ]
    return pd.concat(parts, ignore_index=True)


def attrition_flow(
    journeys: Journeys, *, language: Language = "en", size: Size = "slide"
) -> HouseFigure:
    """Draw the share of errors that were resolved, withdrawn or still open by each day since.

    Parameters
    ----------
    journeys
        Errors and what became of them.
    language, size
        As in every figure.

    Raises
    ------
    NotAnswerableError
        When there are no errors.

    Notes
    -----
    All errors of a group count alike here, so that large retailers decide what is seen; tests of
    `Attrition` take retailers as the units.
    """
    data = attrition_flow_data(journeys)
    figure = new_figure(size)
    groups: list[str] = data["group"].drop_duplicates().to_list()
    grid = figure.add_gridspec(1, len(groups))
    first: Axes | None = None
    for place, group in enumerate(groups):
        axes = figure.add_subplot(grid[0, place], sharey=first)
        first = first or axes
        rows = data[data["group"] == group]
        _panel(axes, rows, language)
        axes.set_title(
            drawn_name(group_name(group).heading[language]),
            fontproperties=font(13),
            loc="left",
            color=colour(place) if place == 0 else "#8A5F00",
        )
    names = [label(f"figure.attrition_{end}", language) for end in _ENDS]
    patches = [
        Patch(facecolor=_FACES[end], label=name) for end, name in zip(_ENDS, names, strict=True)
    ]
    figure.legend(handles=patches, loc="outside upper right", ncols=3, frameon=False, prop=font(11))
    notes = [label("figure.attrition_note", language)]
    titled(figure, label("figure.attrition_title", language), foot_lines(notes, None, language))
    return figure


def _panel(axes: Axes, rows: "pd.DataFrame", language: Language) -> None:
    heights = [rows[f"{end}_pct"] for end in _ENDS]
    axes.stackplot(rows["day"], *heights, colors=[_FACES[end] for end in _ENDS])
    last = rows.dropna().iloc[-1]
    bottom = 0.0
    for end in _ENDS:
        share = float(last[f"{end}_pct"])
        axes.annotate(
            f"{percent(share / 100, 1)} %",
            (float(last["day"]), bottom + share / 2),
            xytext=(5, 0),
            textcoords="offset points",
            fontproperties=font(11),
            va="center",
            annotation_clip=False,
        )
        bottom += share
    axes.set_xlim(0, float(rows["day"].max()))
    axes.set_ylim(0, 100)
    axes.set_xlabel(label("figure.attrition_days", language), fontproperties=font(11))
    axes.set_ylabel(label("figure.attrition_axis", language), fontproperties=font(11))
    plain_axes(axes, grid="y", points=11)
