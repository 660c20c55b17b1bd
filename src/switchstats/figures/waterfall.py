"""A difference of request-weighted rates, taken apart into mix and rates, step by step."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from switchstats.figures.frame import foot_lines, plain_axes, titled
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, new_figure, wrapped
from switchstats.labels import Language, Text, label, percent, signed_points, text
from switchstats.rates import Decomposition

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["waterfall", "waterfall_data"]


def waterfall_data(parts: Decomposition, language: Language = "en") -> "pd.DataFrame":
    """Return exactly what `waterfall` draws, one bar a row.

    Returns
    -------
    pandas.DataFrame
        ``bar`` (in words), ``bottom_pct`` and ``top_pct``, ``change_pp`` (absent for the two rates
        at either end).
    """
    import pandas as pd

    at = parts.second_rate
    rows: list[dict[str, object]] = [_bar("second", at, at, None, language)]
    for name, size in parts.parts.items():
        rows.append(_bar(name, at, at + size, size, language))
        at += size
    rows.append(_bar("first", parts.first_rate, parts.first_rate, None, language))
    return pd.DataFrame(rows)


def waterfall(
    parts: Decomposition,
    *,
    first: Text,
    second: Text,
    language: Language = "en",
    size: Size = "slide",
) -> HouseFigure:
    """Draw the second rate, each part that is added to it, and the first rate.

    Rates are lines and parts are bars, so that the axis need not begin at zero.

    Parameters
    ----------
    parts
        From `switchstats.rates.decompose`.
    first, second
        What the two rates are of, in words.
    language, size
        As in every figure.

    Notes
    -----
    The parts add up exactly. Of requests in cells that one side lacks the split says little; their
    share stands below the figure.
    """
    data = waterfall_data(parts, language)
    figure = new_figure(size)
    axes = figure.add_subplot()
    bottoms, tops = (data[name].to_numpy(dtype=float) for name in ("bottom_pct", "top_pct"))
    names = [second[language], *data["bar"].to_list()[1:-1], first[language]]
    for place, (bottom, top) in enumerate(zip(bottoms.tolist(), tops.tolist(), strict=True)):
        words = _step(axes, place, bottom, top, whole=place in (0, len(names) - 1))
        axes.annotate(
            words,
            (place, max(bottom, top)),
            xytext=(0, 5),
            textcoords="offset points",
            fontproperties=font(12),
            ha="center",
        )
        if place < len(names) - 1:
            axes.plot([place + 0.31, place + 0.69], [top, top], color=GREY, linewidth=0.9)
    room = 0.8 / len(data)
    axes.set_xticks(range(len(data)), labels=[wrapped(name, figure, 12, room) for name in names])
    axes.set_ylabel(label("figure.waterfall_axis", language), fontproperties=font(11))
    plain_axes(axes, grid="y", points=12)
    spread = max(float(np.ptp(tops)), 0.1)
    axes.set_ylim(float(tops.min()) - 0.15 * spread, float(tops.max()) + 0.2 * spread)
    low, high = (percent(share, 1) for share in parts.unmatched)
    notes = [
        label("figure.waterfall_note", language, first=first, second=second, low=low, high=high)
    ]
    titled(figure, label("figure.waterfall_title", language), foot_lines(notes, None, language))
    return figure


def _step(axes: Axes, place: int, bottom: float, top: float, *, whole: bool) -> str:
    """Draw a rate or a part, and return the words above it."""
    if whole:
        axes.plot([place - 0.31, place + 0.31], [top, top], color=GREY, linewidth=5, zorder=2)
        return f"{percent(top / 100, 1)} %"
    ink = colour(0 if top < bottom else 1)
    axes.bar(place, abs(top - bottom), bottom=min(bottom, top), color=ink, width=0.62, zorder=2)
    return signed_points((top - bottom) / 100)


def _bar(
    name: str, bottom: float, top: float, change: float | None, language: Language
) -> dict[str, object]:
    return {
        "bar": _words(name, language),
        "bottom_pct": 100 * bottom,
        "top_pct": 100 * top,
        "change_pp": None if change is None else 100 * change,
    }


def _words(part: str, language: Language) -> str:
    if part in ("first", "second"):
        return ""
    if part == "rate":
        return label("figure.part_rate", language)
    return label("figure.part_mix", language, name=text(f"stratum.{part.removesuffix('_mix')}"))
