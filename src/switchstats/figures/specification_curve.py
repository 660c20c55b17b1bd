"""The estimate under every declared specification, from the smallest to the largest."""

from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import UsageError
from switchstats.figures.frame import (
    foot_lines,
    hundredfold,
    interval_line,
    plain_axes,
    row_labels,
    titled,
)
from switchstats.figures.style import (
    HouseFigure,
    Size,
    colour,
    font,
    marker,
    new_figure,
    wrapped,
)
from switchstats.labels import Language, confidence, label, p_value
from switchstats.values import Finding, TestResult

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["specification_curve", "specification_curve_data"]

_NAMES_SHARE = 0.42


def specification_curve_data(finding: Finding, language: Language = "en") -> "pd.DataFrame":
    """Return exactly what `specification_curve` draws, one specification a row.

    Returns
    -------
    pandas.DataFrame
        ``specification`` (in words), ``primary``, ``estimate_pp``, ``high_pp`` (one-sided upper
        bound in points, absent where there is none), ``p_value`` and ``p_adjusted`` (of sign
        flips, by itself and for the whole family; of other studies by their own tests, behind the
        family).
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "specification": "" if test.variant is None else test.variant[language],
                "primary": test is finding.primary,
                "estimate_pp": 100 * test.estimate,
                "high_pp": hundredfold(test.interval and test.interval.high),
                "p_value": test.quantities.get("p_flips", test.p_value),
                "p_adjusted": test.quantities["p_adjusted"],
            }
            for test in _family(finding)
        ]
    )


def specification_curve(
    finding: Finding, *, language: Language = "en", size: Size = "slide"
) -> HouseFigure:
    """Draw one row a specification: its estimate, its bound, and its p-values.

    Parameters
    ----------
    finding
        Of a study that runs a family of specifications.
    language, size
        As in every figure.

    Raises
    ------
    UsageError
        When the finding holds no family.

    Notes
    -----
    All rows rest on the same requests. That many of them point one way is no evidence beyond that
    of the adjusted p-values.
    """
    data = specification_curve_data(finding, language)
    if data.empty:
        raise UsageError("this finding holds no family of specifications: nothing to draw")
    figure = new_figure(size)
    axes = figure.add_subplot()
    estimates, highs = (data[name].to_numpy(dtype=float) for name in ("estimate_pp", "high_pp"))
    least, most = min(0.0, np.nanmin(estimates)), max(0.0, np.nanmax(estimates), np.nanmax(highs))
    spread = max(most - least, 0.5)
    axes.set_xlim(least - 0.25 * spread, most + 0.05 * spread)
    axes.axvline(0, color="black", linewidth=0.9, zorder=1)
    primaries = data["primary"].to_list()
    adjusted = zip(data["p_value"].to_list(), data["p_adjusted"].to_list(), strict=True)
    for row, (p, family) in enumerate(adjusted):
        high = None if np.isnan(highs[row]) else float(highs[row])
        interval_line(axes, row, (None, high), ink=colour(0))
        words = {"p": p_value(p), "adjusted": p_value(family)}
        _dot(axes, row, float(estimates[row]), primary=bool(primaries[row]))
        _at_right(axes, row, label("figure.specification_p", language, **words))
    axes.set_xlabel(label("figure.specification_axis", language), fontproperties=font(11))
    plain_axes(axes, points=11)
    names = [wrapped(name, figure, 9.5, _NAMES_SHARE) for name in data["specification"]]
    row_labels(axes, names, 9.5)
    level = finding.verdict.level
    notes = [label("figure.specification_bound", language, level=confidence(level))]
    notes.append(label("figure.forest_note", language))
    titled(figure, label("figure.specification_title", language), foot_lines(notes, None, language))
    return figure


def _family(finding: Finding) -> list[TestResult]:
    tests = [test for test in finding.tests if "p_adjusted" in test.quantities]
    return sorted(tests, key=lambda test: test.estimate)


def _dot(axes: "Axes", row: int, estimate: float, *, primary: bool) -> None:
    axes.plot(
        estimate,
        row,
        marker="D" if primary else marker(0),
        markersize=10 if primary else 7,
        color="black" if primary else colour(0),
        linestyle="none",
        zorder=3,
    )


def _at_right(axes: "Axes", row: int, words: str) -> None:
    axes.annotate(
        words,
        (1, row),
        xycoords=("axes fraction", "data"),
        xytext=(8, 0),
        textcoords="offset points",
        fontproperties=font(9.5),
        va="center",
    )
