"""A difference of request-weighted rates, taken apart into mix and rates, step by step."""

from typing import TYPE_CHECKING

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
    names = {0: second[language], len(data) - 1: first[language]}
    for place, row in enumerate(data.itertuples()):
        low, high = sorted((float(row.bottom_pct), float(row.top_pct)))
        whole = place in names
        ink = GREY if whole else colour(0 if float(row.change_pp) < 0 else 1)
        if whole:
            axes.plot([place - 0.31, place + 0.31], [high, high], color=ink, linewidth=5, zorder=2)
        else:
            axes.bar(place, high - low, bottom=low, color=ink, width=0.62, zorder=2)
        words = (
            percent(float(row.top_pct) / 100, 1) + " %"
            if whole
            else signed_points(float(row.change_pp) / 100)
        )
        axes.annotate(
            words,
            (place, high),
            xytext=(0, 5),
            textcoords="offset points",
            fontproperties=font(12),
            ha="center",
        )
        if place < len(data) - 1:
            axes.plot(
                [place + 0.31, place + 0.69], [float(row.top_pct)] * 2, color=GREY, linewidth=0.9
            )
    bars = [names.get(place, str(row.bar)) for place, row in enumerate(data.itertuples())]
    room = 0.8 / len(data)
    axes.set_xticks(range(len(data)), labels=[wrapped(name, figure, 12, room) for name in bars])
    axes.set_ylabel(label("figure.waterfall_axis", language), fontproperties=font(11))
    plain_axes(axes, grid="y", points=12)
    levels = data["top_pct"]
    spread = max(float(levels.max() - levels.min()), 0.1)
    axes.set_ylim(float(levels.min()) - 0.15 * spread, float(levels.max()) + 0.2 * spread)
    low, high = (percent(share, 1) for share in parts.unmatched)
    notes = [
        label("figure.waterfall_note", language, first=first, second=second, low=low, high=high)
    ]
    titled(figure, label("figure.waterfall_title", language), foot_lines(notes, None, language))
    return figure


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
