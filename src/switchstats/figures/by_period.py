"""The rates of every retailer by period, one panel a group, with its weighted average."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from switchstats.figures.frame import foot_lines, titled
from switchstats.figures.letters import drawn_name
from switchstats.figures.style import (
    GREY,
    HouseFigure,
    Size,
    colour,
    font,
    marker,
    new_figure,
)
from switchstats.labels import Language, group_name, label, percent
from switchstats.values import Period, Rates, Source

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["rates_by_period", "rates_by_period_data"]

# More rows have no room for names; and points of letter height an inch of figure, rows one by one.
_MOST_NAMED = 60
_LETTERS_HEIGHT = 44.0
# With more marks a row than an early and a late one nobody can tell which is which.
_MOST_PARTS = 2


def rates_by_period_data(rates: Rates, language: Language = "en") -> "pd.DataFrame":
    """Return exactly what `rates_by_period` draws, one mark a row.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``name`` (of the retailer, or empty for an average), ``mark`` (``"rate"`` or
        ``"average"``), ``period`` (label), ``rate_pct``.

    Examples
    --------
    >>> import switchstats as ss
    >>> finding = ss.PublishedOnly().run(ss.load_published("egc-083"))
    >>> data = rates_by_period_data(finding.rates)
    >>> int((data["mark"] == "rate").sum()), int((data["mark"] == "average").sum())
    (60, 6)
    """
    import pandas as pd

    whole, parts = _whole_and_parts(rates)
    shown = {whole, *parts}
    marks = [
        {
            "group": item.retailer.group,
            "name": item.retailer.name[language],
            "mark": "rate",
            "period": rates.label(item.period)[language],
            "rate_pct": 100 * item.rate,
        }
        for item in rates.retailers
        if item.period in shown
    ]
    averages = [
        {
            "group": row.group,
            "name": "",
            "mark": "average",
            "period": rates.label(row.period)[language],
            "rate_pct": 100 * row.rate,
        }
        for row in rates.groups
        if row.weighting == "requests" and row.period in shown
    ]
    return pd.DataFrame(marks + averages)


def rates_by_period(
    rates: Rates,
    *,
    source: Source | None = None,
    language: Language = "en",
    size: Size = "slide",
) -> HouseFigure:
    """Draw a dumbbell a retailer: its rate in each printed period.

    The period that contains all others is a tick, its parts are a hollow mark (earlier) and a
    filled one (later) joined by a line; of more than two parts none is drawn. A vertical line is
    the group's request-weighted average over the longest period, printed or counted.

    Parameters
    ----------
    rates
        Rates of two groups or more; each gets a panel on the same scale.
    source
        For the title, 出典 and ※ lines below.
    language
        ``"ja"`` or ``"en"``.
    size
        ``"slide"`` (16:9), ``"a4"`` (landscape) or ``"notebook"``.

    Notes
    -----
    The marks carry no interval: the rounding of a printed tenth is thinner than a mark, and a
    printed rate without its volume has no sampling interval. A long way between two marks may be
    a small retailer.
    """
    figure = new_figure(size)
    groups = tuple(dict.fromkeys(item.retailer.group for item in rates.retailers))
    grid = figure.add_gridspec(2, len(groups), height_ratios=(2, 16))
    head = figure.add_subplot(grid[0, :])
    head.set_axis_off()
    legend = head.legend(
        handles=_legend(rates, language),
        loc="center left",
        ncols=2,
        frameon=False,
        prop=font(11),
    )
    legend.set_in_layout(False)
    averages = [row.rate for row in rates.groups if row.weighting == "requests"]
    limit = _upper_limit(100 * max([item.rate for item in rates.retailers] + averages))
    for place, group in enumerate(groups):
        axes = figure.add_subplot(grid[1, place])
        _panel(figure, axes, rates, group, place, language)
        axes.set_xlim(0, limit)
    if source is None:
        period = rates.label(_whole_and_parts(rates)[0])[language]
        title = label(f"figure.title_{rates.of}", language, period=period)
    else:
        title = source.title[language]
    notes = () if source is None else [note[language] for note in source.notes]
    titled(figure, title, foot_lines(notes, source, language), points=16)
    return figure


def _whole_and_parts(rates: Rates) -> tuple[Period, list[Period]]:
    """Return the longest period and those inside it, as far as a row has room for them."""
    periods = [column.period for column in rates.periods]
    whole = max(periods, key=lambda period: period.n_days)
    parts = sorted(period for period in periods if period != whole)
    return whole, parts if len(parts) <= _MOST_PARTS else []


def _panel(
    figure: HouseFigure, axes: Axes, rates: Rates, group: str, place: int, language: Language
) -> None:
    rows = [item for item in rates.retailers if item.retailer.group == group]
    names = {item.retailer.retailer: item.retailer.name[language] for item in rows}
    heights = {retailer: height for height, retailer in enumerate(reversed(names))}
    whole, parts = _whole_and_parts(rates)
    marks = {
        period: {
            heights[item.retailer.retailer]: 100 * item.rate
            for item in rows
            if item.period == period
        }
        for period in (whole, *parts)
    }
    _dumbbells(axes, marks, whole, place)
    average = rates.group(group, whole, "mean", "requests")
    if average is not None:
        axes.axvline(
            100 * average.rate, color=colour(place), linestyle="--", linewidth=1.2, zorder=1
        )
        axes.text(
            100 * average.rate + 0.4,
            len(names) - 0.35,
            label("figure.average", language, rate=percent(average.rate)),
            fontproperties=font(10),
            color=GREY,
            ha="left",
            va="bottom",
        )
    _name_rows(axes, list(reversed(names.values())), figure.get_figheight(), language)
    heading = drawn_name(group_name(group).heading[language])
    axes.set_title(heading, fontproperties=font(14), loc="left", color="black")
    axes.set_xlabel(label(f"figure.axis_{rates.of}", language), fontproperties=font(11))
    for tick in axes.get_xticklabels():
        tick.set_fontproperties(font(11))
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, pad=9)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _name_rows(axes: Axes, names: list[str], inches: float, language: Language) -> None:
    """Name the rows from the bottom up in letters that fit; of very many say only how many."""
    n = len(names)
    axes.set_ylim(-0.6, n - 0.9 + max(1, n / 20))
    if n > _MOST_NAMED:
        axes.set_yticks([])
        words = label("figure.retailers_unnamed", language, n=n)
        axes.set_ylabel(words, fontproperties=font(11))
        return
    points = min(12.0, _LETTERS_HEIGHT * inches / n)
    axes.set_yticks(range(n), labels=list(map(drawn_name, names)), fontproperties=font(points))


def _dumbbells(
    axes: Axes, marks: dict[Period, dict[int, float]], whole: Period, place: int
) -> None:
    """Draw the rates in percent by period and row; one call a period, however many rows."""
    parts = [period for period in marks if period != whole]
    scale = min(1.0, _MOST_NAMED / max(len(marks[whole]), 1)) ** 0.5
    ends: dict[int, list[float]] = {}
    for part in parts:
        for row, rate in marks[part].items():
            ends.setdefault(row, []).append(rate)
        axes.plot(
            list(marks[part].values()),
            list(marks[part]),
            marker=marker(place),
            markersize=8 * scale,
            markerfacecolor=colour(place) if part == parts[-1] else "white",
            markeredgewidth=1.6 * scale,
            color=colour(place),
            linestyle="none",
            clip_on=False,
            zorder=3,
        )
    low, high = ([end(both) for both in ends.values()] for end in (min, max))
    axes.hlines(list(ends), low, high, color=colour(place), linewidth=2 * scale, alpha=0.5)
    axes.plot(
        list(marks[whole].values()),
        list(marks[whole]),
        marker="|" if parts else marker(place),
        markersize=(14 if parts else 8) * scale,
        markeredgewidth=1.8 * scale,
        color="black" if parts else colour(place),
        linestyle="none",
        clip_on=False,
        zorder=4,
    )


def _legend(rates: Rates, language: Language) -> list[Line2D]:
    whole, parts = _whole_and_parts(rates)
    handles = [
        _handle(
            rates.label(part)[language],
            marker="o",
            markerfacecolor=GREY if part == parts[-1] else "white",
            markeredgecolor=GREY,
        )
        for part in parts
    ]
    shape = "|" if parts else "o"
    handles.append(_handle(rates.label(whole)[language], marker=shape, markeredgecolor="black"))
    printed = any(row.printed is not None for row in rates.groups)
    key = "figure.average_line" if printed else "figure.average_line_counted"
    dashes = Line2D([], [], color=GREY, linestyle="--", label=label(key, language))
    return [*handles, dashes]


def _handle(
    words: str, *, marker: str, markeredgecolor: str, markerfacecolor: str = GREY
) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        markersize=9,
        markeredgewidth=1.6,
        markerfacecolor=markerfacecolor,
        markeredgecolor=markeredgecolor,
        label=words,
    )


def _upper_limit(largest_pct: float) -> float:
    step = 5.0
    return min(100.0, step * (largest_pct // step + 1))
