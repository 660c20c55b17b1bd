"""The effect month by month around the end of access, with what it was before."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from switchstats.errors import UsageError
from switchstats.figures.frame import foot_lines, hundredfold, interval_line, plain_axes, titled
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, marker, new_figure
from switchstats.labels import Language, confidence, label
from switchstats.values import Finding

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["event_study", "event_study_data"]


def event_study_data(finding: Finding) -> "pd.DataFrame":
    """Return exactly what `event_study` draws, one month a row.

    Returns
    -------
    pandas.DataFrame
        ``offset`` (months from the month in which access ended), ``estimate_pp``, ``low_pp``,
        ``high_pp`` (confidence interval in points; absent where too few retailers have the month),
        ``n_units``.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "offset": each.offset,
                "estimate_pp": 100 * each.estimate,
                "low_pp": hundredfold(each.interval and each.interval.low),
                "high_pp": hundredfold(each.interval and each.interval.high),
                "n_units": each.n_units,
            }
            for each in sorted(finding.path, key=lambda each: each.offset)
        ]
    )


def event_study(
    finding: Finding, *, language: Language = "en", size: Size = "slide"
) -> HouseFigure:
    """Draw the effect of each month against the study's reference months.

    Months before the end of access stand left of the line and should scatter around a common
    level: a slope there says that the exposed retailers were on another course already. If access
    helped, the months after its end lie higher.

    Parameters
    ----------
    finding
        Of a study around the end of access.
    language, size
        As in every figure.

    Raises
    ------
    UsageError
        When the finding holds no path of months.
    """
    if not finding.path:
        raise UsageError("this finding holds no effects by month, so there is nothing to draw")
    data = event_study_data(finding)
    figure = new_figure(size)
    axes = figure.add_subplot()
    offsets = data["offset"].tolist()
    limits = data[["estimate_pp", "low_pp", "high_pp"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(limits)), float(np.nanmax(limits))
    pad = 0.08 * max(high - low, 0.5)
    axes.set_ylim(min(low, 0) - pad, max(high, 0) + pad)
    axes.set_xlim(min(offsets) - 0.7, max(offsets) + 0.7)
    axes.axvspan(min(offsets) - 0.7, 0.5, color="#EEF3F7", zorder=0)
    axes.axvline(0.5, color=GREY, linestyle="--", linewidth=1.4, zorder=1)
    axes.axhline(0, color="black", linewidth=0.9, zorder=1)
    for offset, (_, *ends) in zip(offsets, limits.tolist(), strict=True):
        if not np.isnan(ends).any():
            interval_line(axes, offset, (ends[0], ends[1]), ink=colour(0), upright=True)
    axes.plot(
        offsets,
        data["estimate_pp"],
        marker=marker(0),
        markersize=8,
        color=colour(0),
        linestyle="none",
        zorder=3,
    )
    top = axes.get_ylim()[1]
    for x, side, key in ((0.4, "right", "before"), (0.6, "left", "after")):
        words = label(f"figure.event_{key}", language)
        axes.text(x, top, words, fontproperties=font(11), color=GREY, ha=side, va="top")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(label("figure.event_offset", language), fontproperties=font(11))
    axes.set_ylabel(label("figure.event_axis", language), fontproperties=font(11))
    plain_axes(axes, grid="y", points=11)
    level = next((each.interval.level for each in finding.path if each.interval), None)
    notes = [label("figure.event_note", language)]
    if level is not None:
        notes.insert(0, label("figure.event_interval", language, level=confidence(level)))
    titled(figure, label("figure.event_title", language), foot_lines(notes, None, language))
    return figure
