"""The groups' rates period by period, above each area's viewing window."""

from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from switchstats.errors import UsageError
from switchstats.facts import areas, windows
from switchstats.figures.frame import foot_lines, hundredfold, plain_axes, row_labels, titled
from switchstats.figures.letters import drawn_name
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, marker, new_figure
from switchstats.labels import Language, confidence, group_name, label
from switchstats.rates import group_rates
from switchstats.values import Counts, Weighting

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["monthly_trend", "monthly_trend_data"]

_LEAST_PERIODS = 2
_WINDOW = "#9DB8CC"


def monthly_trend_data(
    counts: Counts,
    *,
    groups: tuple[str, str] = ("incumbent", "entrant"),
    weighting: Weighting = "requests",
    level: float = 0.95,
) -> "pd.DataFrame":
    """Return exactly what `monthly_trend` draws above the windows, a group's period a row.

    Parameters
    ----------
    counts
        By retailer and period.
    groups
        Their keys.
    weighting
        ``"requests"``: every request counts once; ``"equal"``: every retailer does.
    level
        Confidence of the intervals, retailers as the units.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``start`` and ``end`` (half-open), ``rate_pct``, ``low_pct`` and ``high_pct``
        (absent where they cannot be had), ``n_units``.
    """
    import pandas as pd

    plain = counts.collapse()
    rows: list[dict[str, object]] = []
    for period in plain.periods:
        inside = plain.during(period)
        present = [group for group in groups if inside.group(group).requests]
        found = group_rates(inside, groups=present, weighting=weighting, level=level)
        for group, estimate in found.items():
            interval = estimate.interval
            rows.append(
                {
                    "group": group,
                    "start": pd.Timestamp(period.start),
                    "end": pd.Timestamp(period.end),
                    "rate_pct": 100 * estimate.rate,
                    "low_pct": hundredfold(interval and interval.low),
                    "high_pct": hundredfold(interval and interval.high),
                    "n_units": estimate.n_units,
                }
            )
    return pd.DataFrame(rows)


def monthly_trend(
    counts: Counts,
    *,
    groups: tuple[str, str] = ("incumbent", "entrant"),
    weighting: Weighting = "requests",
    level: float = 0.95,
    basis: str | None = "egc",
    language: Language = "en",
    size: Size = "slide",
) -> HouseFigure:
    """Draw both groups' rates by period, and below them each area's viewing window.

    A window is where views were counted; its end is the area's end of access, its beginning is
    where counting began and not where access did.

    Parameters
    ----------
    counts
        By retailer and period, of two periods or more.
    groups, weighting, level
        As in `monthly_trend_data`.
    basis
        Whose windows, as in `switchstats.facts.windows`; ``None`` draws none, for counts that have
        nothing to do with the incident.
    language, size
        As in every figure.

    Raises
    ------
    UsageError
        When there are fewer than two periods.
    """
    if len(counts.periods) < _LEAST_PERIODS:
        raise UsageError("a trend needs counts of two periods or more")
    data = monthly_trend_data(counts, groups=groups, weighting=weighting, level=level)
    figure = new_figure(size)
    grid = figure.add_gridspec(2 if basis else 1, 1, height_ratios=(5, 2) if basis else (1,))
    axes = figure.add_subplot(grid[0])
    for place, group in enumerate(groups):
        _line(axes, data[data["group"] == group], place, group_name(group).heading[language])
    axes.set_ylim(bottom=0)
    axes.set_ylabel(label("figure.axis_error_rate", language), fontproperties=font(11))
    legend = axes.legend(loc="upper left", ncols=2, frameon=False, prop=font(11))
    legend.set_in_layout(False)
    axes.set_ylim(top=1.12 * axes.get_ylim()[1])
    plain_axes(axes, grid="y", points=11)
    notes = [label(f"figure.trend_note_{weighting}", language, level=confidence(level))]
    if basis:
        below = figure.add_subplot(grid[1], sharex=axes)
        axes.tick_params(axis="x", labelbottom=False)
        _windows(below, basis, (data["start"].min(), data["end"].max()), language)
        notes.append(label("figure.trend_windows", language))
    axes.set_xlim(data["start"].min(), data["end"].max())
    titled(figure, label("figure.trend_title", language), foot_lines(notes, None, language))
    return figure


def _line(axes: Axes, rows: "pd.DataFrame", place: int, name: str) -> None:
    middle = rows["start"] + (rows["end"] - rows["start"]) / 2
    axes.fill_between(
        middle, rows["low_pct"], rows["high_pct"], color=colour(place), alpha=0.15, linewidth=0
    )
    axes.plot(
        middle,
        rows["rate_pct"],
        color=colour(place),
        marker=marker(place),
        linewidth=2,
        label=drawn_name(name),
    )


def _windows(
    axes: Axes, basis: str, span: "tuple[pd.Timestamp, pd.Timestamp]", language: Language
) -> None:
    known = windows(basis).dropna(subset=["end"])
    names = areas().set_index("area")[f"name_{language}"]
    starts, ends = (known[name].to_list() for name in ("start", "end"))
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        first, last = max(start, span[0]), min(end, span[1])
        if first < last:
            axes.hlines(place, first, last, color=_WINDOW, linewidth=6)
        if span[0] <= end <= span[1]:
            axes.plot(end, place, marker="|", color="black", markersize=11, markeredgewidth=2)
    plain_axes(axes, points=10)
    row_labels(axes, [names[area] for area in known["area"]], 9)
    axes.tick_params(axis="x", colors=GREY)
    axes.set_title(
        label("figure.trend_windows_title", language), fontproperties=font(11), loc="left"
    )
