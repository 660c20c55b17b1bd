"""What printed digits pin down: each retailer's share of the later period, and the changes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from switchstats.errors import UsageError
from switchstats.figures.frame import foot_lines, hundredfold, plain_axes, titled
from switchstats.figures.letters import drawable, drawn_name
from switchstats.figures.style import (
    GREY,
    HouseFigure,
    Size,
    colour,
    font,
    marker,
    new_figure,
)
from switchstats.labels import Language, Text, group_name, label, percent, text
from switchstats.values import IdentifiedQuantity, Rates, Source

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["identified_shares", "identified_shares_data"]

_MIXES = ("before", "after")


def identified_shares_data(
    identified: Sequence[IdentifiedQuantity], rates: Rates, language: Language = "en"
) -> "pd.DataFrame":
    """Return exactly what `identified_shares` draws, one bar a row.

    Parameters
    ----------
    identified
        As in a finding.
    rates
        For the printed words of the periods.
    language
        ``"ja"`` or ``"en"``.

    Returns
    -------
    pandas.DataFrame
        ``panel`` (a group, or ``"change"``), ``bar`` (name of a retailer, of a group or of a
        change), ``kind`` (``"retailer"``, ``"group"``, ``"change"`` or ``"difference"``), ``low``
        and ``high`` (percent of requests, or points), ``reference`` (percent of the days).
    """
    import pandas as pd

    shares = _shares(identified)
    rows = [
        {
            "panel": each.group,
            "bar": _name(each)[language],
            "kind": "group" if each.retailer is None else "retailer",
            "low": hundredfold(each.interval.low),
            "high": hundredfold(each.interval.high),
            "reference": hundredfold(each.reference),
        }
        for each in shares
    ]
    rows += [
        {
            "panel": "change",
            "bar": _name_of_change(each, rates, mix)[language],
            "kind": "difference" if each.group is None else "change",
            "low": hundredfold(each.interval.low),
            "high": hundredfold(each.interval.high),
            "reference": None,
        }
        for mix, each in _changes(identified)
    ]
    return pd.DataFrame(rows)


def identified_shares(
    identified: Sequence[IdentifiedQuantity],
    rates: Rates,
    *,
    source: Source | None = None,
    language: Language = "en",
    size: Size = "slide",
) -> HouseFigure:
    """Draw the identified range of each share, of each change, and of the changes' difference.

    A bar is a range: every value that the printed digits allow, and not a confidence interval. The
    dashed line is what the share would be if requests were spread evenly over the days. The lowest
    panel holds the changes of the groups' averages with the mix of retailers held fixed.

    Parameters
    ----------
    identified
        As in a finding; of several later periods the first is drawn.
    rates
        For the printed words of the periods.
    source
        For the 出典 line below.
    language
        ``"ja"`` or ``"en"``.
    size
        ``"slide"`` (16:9), ``"a4"`` (landscape) or ``"notebook"``.

    Raises
    ------
    UsageError
        When no share of a period is identified, as in a table of one period.
    """
    shares = _shares(identified)
    if not shares or shares[0].period is None:
        raise UsageError("no share of a period is identified, so there is nothing to draw")
    period = rates.label(shares[0].period)
    figure = new_figure(size)
    groups = tuple(dict.fromkeys(each.group or "" for each in shares))
    changes = _changes(identified)
    tallest = max(sum(each.group == group for each in shares) for group in groups)
    heights = (2, max(tallest, 6), len(changes) + 2) if changes else (2, max(tallest, 6))
    grid = figure.add_gridspec(len(heights), len(groups), height_ratios=heights)
    head = figure.add_subplot(grid[0, :])
    head.set_axis_off()
    highest = 100 * max(each.interval.high or 0.0 for each in shares)
    limit = min(100.0, 5 * (highest // 5 + 1))
    days = percent(shares[0].reference or 0.0)
    legend = head.legend(
        handles=_legend(days, language), loc="center left", ncols=3, frameon=False, prop=font(11)
    )
    legend.set_in_layout(False)
    for place, group in enumerate(groups):
        axes = figure.add_subplot(grid[1, place])
        _share_panel(axes, [each for each in shares if each.group == group], place, language)
        axes.set_xlim(0, limit)
        axes.set_title(
            drawn_name(group_name(group).heading[language]), fontproperties=font(13), loc="left"
        )
        words = label("figure.identified_axis", language, period=period)
        axes.set_xlabel(words, fontproperties=font(11))
    if changes:
        axes = figure.add_subplot(grid[2, :])
        _change_panel(axes, changes, rates, groups, language)
    title = label("figure.identified_title", language, period=period)
    foot = [label("figure.identified_foot", language), *foot_lines((), source, language)]
    titled(figure, title, foot)
    return figure


def _shares(identified: Sequence[IdentifiedQuantity]) -> list[IdentifiedQuantity]:
    """Return the shares of the first later period."""
    shares = [each for each in identified if each.name == "share_of_period"]
    return [each for each in shares if each.period == shares[0].period]


def _changes(identified: Sequence[IdentifiedQuantity]) -> list[tuple[str, IdentifiedQuantity]]:
    names = {f"fixed_mix_{kind}_{mix}": mix for kind in ("change", "difference") for mix in _MIXES}
    return [(names[each.name], each) for each in identified if each.name in names]


def _share_panel(
    axes: Axes, shares: Sequence[IdentifiedQuantity], place: int, language: Language
) -> None:
    for height, each in enumerate(reversed(shares)):
        _bar(axes, each, height, place, whole=each.retailer is None)
    reference = hundredfold(shares[0].reference)
    if reference is not None:
        axes.axvline(reference, color=GREY, linestyle="--", linewidth=1.2, clip_on=False, zorder=1)
    names = [drawn_name(_name(each)[language]) for each in reversed(shares)]
    _ticks(axes, names)


def _change_panel(
    axes: Axes,
    changes: Sequence[tuple[str, IdentifiedQuantity]],
    rates: Rates,
    groups: Sequence[str],
    language: Language,
) -> None:
    for height, (_, each) in enumerate(reversed(changes)):
        place = None if each.group is None else groups.index(each.group)
        _bar(axes, each, height, place, whole=False)
    axes.axvline(0, color="black", linewidth=0.8, clip_on=False, zorder=1)
    names = [_name_of_change(each, rates, mix)[language] for mix, each in reversed(changes)]
    _ticks(axes, list(map(drawable, names)))
    words = label("figure.identified_changes", language)
    axes.set_title(words, fontproperties=font(13), loc="left")


def _bar(
    axes: Axes, each: IdentifiedQuantity, height: int, place: int | None, *, whole: bool
) -> None:
    low, high = 100 * (each.interval.low or 0.0), 100 * (each.interval.high or 0.0)
    ink = "black" if place is None else colour(place)
    axes.plot(
        [low, high],
        [height, height],
        color=ink,
        linewidth=7 if whole else 4,
        alpha=0.85,
        marker="|" if place is None else marker(place),
        markersize=5,
        solid_capstyle="butt",
        clip_on=False,
        zorder=3,
    )


def _ticks(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), labels=list(names), fontproperties=font(10))
    axes.set_ylim(-0.7, len(names) - 0.3)
    plain_axes(axes)
    axes.tick_params(axis="y", length=0, pad=7)


def _legend(days: str, language: Language) -> list[Line2D]:
    range_of_one = label("figure.identified_share", language)
    return [
        Line2D([], [], color=GREY, linewidth=4, label=range_of_one),
        Line2D([], [], color=GREY, linewidth=7, label=label("figure.identified_group", language)),
        Line2D(
            [],
            [],
            color=GREY,
            linestyle="--",
            label=label("figure.identified_by_days", language, days=days),
        ),
    ]


def _name(each: IdentifiedQuantity) -> Text:
    if each.retailer is not None:
        return each.retailer.name
    return group_name(each.group or "").heading


def _name_of_change(each: IdentifiedQuantity, rates: Rates, mix: str) -> Text:
    held = each.baseline if mix == "before" else each.period
    if each.group is None:
        name = text("figure.identified_difference")
    else:
        name = group_name(each.group).heading
    return name if held is None else text("figure.identified_mix", name=name, mix=rates.label(held))
