"""How likely a true advantage of each size would have been found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.figures.frame import foot_lines, plain_axes, titled
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, new_figure
from switchstats.labels import Language, Text, confidence, label, percent, points
from switchstats.values import PowerCurve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["power_curve", "power_curve_data"]

_STYLES = ("-", "--", "-.", ":")


def power_curve_data(
    curves: PowerCurve | Mapping[Text, PowerCurve], language: Language = "en"
) -> "pd.DataFrame":
    """Return exactly what `power_curve` draws, one point of a curve a row.

    Returns
    -------
    pandas.DataFrame
        ``curve`` (in words), ``effect_pp``, ``power_pct``.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "curve": name[language],
                "effect_pp": 100 * effect,
                "power_pct": 100 * power,
            }
            for name, curve in _named(curves).items()
            for effect, power in zip(curve.effects, curve.power, strict=True)
        ]
    )


def power_curve(
    curves: PowerCurve | Mapping[Text, PowerCurve],
    *,
    language: Language = "en",
    size: Size = "slide",
) -> HouseFigure:
    """Draw power against the true difference, the smallest detectable effect marked.

    Parameters
    ----------
    curves
        One curve, or up to four by name, all with the same wanted power and level.
    language, size
        As in every figure.

    Raises
    ------
    UsageError
        When there is no curve, more than four, or they want different things.
    """
    named = _named(curves)
    if not 1 <= len(named) <= len(_STYLES):
        raise UsageError(f"from one to {len(_STYLES)} curves can be told apart, not {len(named)}")
    if len({(each.wanted, each.level, each.alternative) for each in named.values()}) > 1:
        raise UsageError("curves in one picture have one wanted power, level and alternative")
    figure = new_figure(size)
    axes = figure.add_subplot()
    first = next(iter(named.values()))
    axes.axhline(100 * first.wanted, color=GREY, linewidth=1, linestyle=":")
    for place, (name, curve) in enumerate(named.items()):
        found = label("figure.power_found", language, effect=points(curve.detectable))
        words = f"{name[language]}{'：' if language == 'ja' else ': '}{found}"
        axes.plot(
            [100 * effect for effect in curve.effects],
            [100 * power for power in curve.power],
            color=colour(place),
            linestyle=_STYLES[place],
            linewidth=2.5,
            label=words if len(named) > 1 else found,
        )
        axes.plot([100 * curve.detectable], [100 * curve.wanted], "o", color="black", markersize=7)
    axes.set_ylim(0, 100)
    axes.set_xlim(left=0)
    axes.set_xlabel(label("figure.power_effect", language), fontproperties=font(11))
    axes.set_ylabel(label("figure.power_axis", language), fontproperties=font(11))
    axes.legend(loc="lower right", framealpha=1, edgecolor="white", prop=font(11))
    plain_axes(axes, grid="y")
    titled(figure, label("figure.power_title", language), _foot(first, language))
    return figure


def _named(curves: PowerCurve | Mapping[Text, PowerCurve]) -> Mapping[Text, PowerCurve]:
    return {Text("", ""): curves} if isinstance(curves, PowerCurve) else curves


def _foot(curve: PowerCurve, language: Language) -> list[str]:
    side = "two_sided" if curve.alternative == "two-sided" else "one_sided"
    notes = [
        label(
            f"figure.power_{side}",
            language,
            level=confidence(curve.level),
            wanted=percent(curve.wanted, 0),
        ),
        label("figure.power_note", language),
    ]
    return foot_lines(notes, None, language)
