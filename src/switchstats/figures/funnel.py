"""Each retailer's rate against its number of requests, with limits of chance."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from switchstats.errors import UsageError
from switchstats.figures.frame import foot_lines, plain_axes, titled
from switchstats.figures.letters import drawn_name
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, marker, new_figure
from switchstats.labels import Language, group_name, label
from switchstats.values import Finding, Standing

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["funnel", "funnel_data"]

# More names than this would lie over each other.
_MOST_NAMED = 12


def funnel_data(finding: Finding, language: Language = "en") -> "pd.DataFrame":
    """Return exactly what `funnel` draws, one retailer a row.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``name``, ``requests``, ``rate_pct``, the limits ``low_95_pct``,
        ``high_95_pct``, ``low_998_pct``, ``high_998_pct`` at its number of requests, and
        ``outside`` (``""``, ``"95"`` or ``"99.8"``).
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "group": each.retailer.group,
                "name": each.retailer.name[language],
                "requests": each.requests,
                "rate_pct": 100 * each.rate,
                "low_95_pct": 100 * each.limits[0][0],
                "high_95_pct": 100 * each.limits[0][1],
                "low_998_pct": 100 * each.limits[1][0],
                "high_998_pct": 100 * each.limits[1][1],
                "outside": "99.8" if each.outside[1] else "95" if each.outside[0] else "",
            }
            for each in finding.league
        ]
    )


def funnel(finding: Finding, *, language: Language = "en", size: Size = "slide") -> HouseFigure:
    """Draw each retailer's rate at its number of requests, one panel a group.

    The limits are those of the study (95 % and 99.8 %), around the group's mean; they allow for
    the draws of requests and for how much retailers differ beyond that. The twelve retailers of a
    panel that lie farthest outside are named.

    Parameters
    ----------
    finding
        Of a study of single retailers.
    language, size
        As in every figure.

    Raises
    ------
    UsageError
        When the finding holds no league.

    Notes
    -----
    Of many retailers some lie outside by chance: 5 and 0.2 % of them, if all is as the limits
    assume.
    """
    if not finding.league:
        raise UsageError("this finding does not look at single retailers: nothing to draw")
    figure = new_figure(size)
    groups = tuple(dict.fromkeys(each.retailer.group for each in finding.league))
    grid = figure.add_gridspec(1, len(groups))
    shared: Axes | None = None
    for place, group in enumerate(groups):
        axes = figure.add_subplot(grid[0, place], sharey=shared)
        shared = shared or axes
        members = sorted(
            (each for each in finding.league if each.retailer.group == group),
            key=lambda each: each.requests,
        )
        _panel(axes, members, place, language)
        axes.set_ylim(0, 1.25 * max(100 * each.rate for each in finding.league))
        axes.set_title(
            drawn_name(group_name(group).heading[language]), fontproperties=font(13), loc="left"
        )
    notes = [label("figure.funnel_note", language)]
    titled(figure, label("figure.funnel_title", language), foot_lines(notes, None, language))
    return figure


def _panel(axes: Axes, members: list[Standing], place: int, language: Language) -> None:
    requests = [each.requests for each in members]
    for which, style in ((0, "--"), (1, ":")):
        for side in (0, 1):
            axes.plot(
                requests,
                [100 * each.limits[which][side] for each in members],
                color=GREY,
                linestyle=style,
                linewidth=1.1,
                label=label(f"figure.funnel_limits_{which}", language) if side == 0 else None,
            )
    for outside in (False, True):
        chosen = [each for each in members if each.outside[0] == outside]
        axes.plot(
            [each.requests for each in chosen],
            [100 * each.rate for each in chosen],
            marker=marker(place),
            markersize=7,
            markerfacecolor=colour(place) if outside else "white",
            markeredgecolor=colour(place),
            linestyle="none",
            zorder=3,
        )
    _named(axes, members, language)
    axes.set_xscale("log")
    axes.set_xlabel(label("figure.funnel_requests", language), fontproperties=font(11))
    axes.set_ylabel(label("figure.axis_error_rate", language), fontproperties=font(11))
    axes.legend(loc="upper right", framealpha=1, edgecolor="white", prop=font(10))
    plain_axes(axes, grid="y")


def _named(axes: Axes, members: list[Standing], language: Language) -> None:
    """Name what lies outside, farthest first, the names kept apart from each other."""
    outside = [each for each in members if each.outside[0]]
    outside.sort(key=lambda each: -_beyond(each))
    chosen = sorted(outside[:_MOST_NAMED], key=lambda each: each.rate)
    for each in chosen:
        axes.annotate(
            drawn_name(each.retailer.name[language]),
            (each.requests, 100 * each.rate),
            xytext=(6, 4),
            textcoords="offset points",
            fontproperties=font(9),
        )


def _beyond(each: Standing) -> float:
    low, high = each.limits[0]
    return max(low - each.rate, each.rate - high)
