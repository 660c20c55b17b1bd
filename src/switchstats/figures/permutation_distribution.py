"""Where the actual difference stands among those of all other ways to form the two groups."""

from typing import TYPE_CHECKING

from switchstats.figures.frame import foot_lines, plain_axes, titled
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, new_figure, wrapped
from switchstats.labels import Language, group_name, label, p_value, signed_points
from switchstats.values import SplitDistribution

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["permutation_distribution", "permutation_distribution_data"]


def permutation_distribution_data(shown: SplitDistribution) -> "pd.DataFrame":
    """Return exactly what `permutation_distribution` draws, one bar a row.

    Returns
    -------
    pandas.DataFrame
        ``low_pp`` and ``high_pp`` (ends of the bar in points), ``splits``.
    """
    import pandas as pd

    edges = [100 * edge for edge in shown.edges]
    return pd.DataFrame({"low_pp": edges[:-1], "high_pp": edges[1:], "splits": shown.counts})


def permutation_distribution(
    shown: SplitDistribution, *, language: Language = "en", size: Size = "slide"
) -> HouseFigure:
    """Draw the differences of all splits as bars, and the observed one as a line.

    Bars that lie wholly at or below the observed difference are filled: with the part of the bar
    that holds the line they are the one-sided p-value.

    Parameters
    ----------
    shown
        What `inference.permutation_distribution` counted.
    language, size
        As in every figure.
    """
    figure = new_figure(size)
    axes = figure.add_subplot()
    bars = permutation_distribution_data(shown)
    observed = 100 * shown.observed
    low = bars["high_pp"] <= observed
    for chosen, ink in ((low, colour(0)), (~low, "#BBBBBB")):
        part = bars[chosen]
        axes.bar(
            part["low_pp"],
            part["splits"],
            width=part["high_pp"] - part["low_pp"],
            align="edge",
            color=ink,
            edgecolor="white",
            linewidth=0.4,
        )
    # room for the words above the bars
    axes.set_ylim(0, 1.12 * max(shown.counts))
    axes.axvline(observed, color="black", linewidth=2)
    axes.axvline(0, color=GREY, linewidth=0.9, linestyle=":")
    words = label(
        "figure.splits_observed",
        language,
        difference=signed_points(shown.observed),
        p=p_value(shown.p_value),
    )
    _beside_line(axes, observed, words)
    first, second = (group_name(group) for group in shown.groups)
    words = label("figure.splits_axis", language, first=first, second=second)
    axes.set_xlabel(wrapped(words, figure, 11), fontproperties=font(11))
    axes.set_ylabel(label("figure.splits_count", language), fontproperties=font(11))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    plain_axes(axes, grid="y")
    titled(figure, label("figure.splits_title", language), _foot(shown, language))
    return figure


def _beside_line(axes: "Axes", observed: float, words: str) -> None:
    left = observed > 0
    axes.annotate(
        words,
        (observed, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(-6 if left else 6, -4),
        textcoords="offset points",
        ha="right" if left else "left",
        va="top",
        fontproperties=font(12),
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85},
    )


def _foot(shown: SplitDistribution, language: Language) -> list[str]:
    first, second = (str(n) for n in shown.n_by_group)
    sizes = {"n": f"{shown.n_splits:,}", "first": first, "second": second}
    if shown.exact:
        which = label("figure.splits_exact", language, **sizes)
    else:
        which = label("figure.splits_drawn", language, **sizes, seed=str(shown.seed))
    notes = [which, label(f"figure.splits_{shown.weighting}", language)]
    return foot_lines(notes, None, language)
