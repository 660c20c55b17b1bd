"""How a few tests fare across the declared worlds: size on the left, power on the right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.figures.frame import plain_axes, row_labels, titled
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, new_figure
from switchstats.labels import Language, label
from switchstats.values import Calibration, CalibrationRow

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["calibration_profile", "calibration_profile_data"]

_MARKERS = ("o", "s", "^", "D")
_LEAST_PCT, _MOST_PCT = 0.5, 100.0


def calibration_profile_data(
    calibration: Calibration, tests: Sequence[str], language: Language = "en"
) -> "pd.DataFrame":
    """Return exactly what `calibration_profile` draws, one mark a row.

    Returns
    -------
    pandas.DataFrame
        ``kind``, ``world``, ``test`` (names), ``rejected_pct``, ``holds`` (whether the test
        rejects at most as often as it says in this world, beyond Monte Carlo error).
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "kind": row.kind,
                "world": _world(row.world, language),
                "test": label(f"calibrated.{row.test}", language),
                "rejected_pct": 100 * row.rejected,
                "holds": _holds(calibration, row),
            }
            for row in calibration.rows
            if row.test in tests
        ]
    )


def calibration_profile(
    calibration: Calibration,
    tests: Sequence[str],
    *,
    language: Language = "en",
    size: Size = "slide",
) -> HouseFigure:
    """Draw one row a world, and in it a mark for each test.

    A mark is hollow where the test rejects too often in that world: there its power means nothing.

    Parameters
    ----------
    calibration
        The study.
    tests
        One to four names below ``calibrated.`` in the catalogue.
    language, size
        As in every figure.

    Raises
    ------
    UsageError
        When the study lacks a test, or there are more than can be told apart.
    """
    if not 1 <= len(tests) <= len(_MARKERS):
        raise UsageError(f"from one to {len(_MARKERS)} tests can be told apart, not {len(tests)}")
    missing = [name for name in tests if name not in calibration.tests]
    if missing:
        raise UsageError(f"the study has no test {missing[0]!r}")
    figure = new_figure(size)
    left, right = figure.subplots(1, 2, sharey=True)
    _panel(left, calibration, tests, "size", language)
    _panel(right, calibration, tests, "power", language)
    left.set_xscale("log")
    left.set_xlim(_LEAST_PCT * 0.9, _MOST_PCT * 1.1)
    ticks = (0.5, 1, 2, 5, 10, 20, 50, 100)
    left.set_xticks(ticks, labels=[f"{tick:g}" for tick in ticks])
    left.minorticks_off()
    left.axvline(100 * calibration.nominal, color=GREY, linewidth=1.2, linestyle="--", zorder=1)
    right.set_xlim(-2, 102)
    row_labels(left, [_world(name, language) for name in calibration.worlds], 9)
    right.tick_params(axis="y", length=0)
    for axes in (left, right):
        plain_axes(axes, points=9)
    handles, names = left.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside upper right", ncols=2, prop=font(9), frameon=False)
    note = label(
        "calibration.foot_profile",
        language,
        nominal=f"{100 * calibration.nominal:g}",
        n=f"{max(row.n for row in calibration.rows):,}",
    )
    titled(figure, label("calibration.title_profile", language), [note], points=13, below=9)
    return figure


def _panel(
    axes: "Axes", calibration: Calibration, tests: Sequence[str], kind: str, language: Language
) -> None:
    spread = 0.18
    for place, test in enumerate(tests):
        ink = (colour(0), colour(1), "#000000", GREY)[place]
        offset = spread * (place - (len(tests) - 1) / 2)
        name = label(f"calibrated.{test}", language)
        for line, world in enumerate(calibration.worlds):
            row = calibration.row(world, test, "size" if kind == "size" else "power")
            if row is None:
                continue
            axes.plot(
                [max(100 * row.rejected, _LEAST_PCT if kind == "size" else 0.0)],
                [line + offset],
                _MARKERS[place],
                color=ink,
                markerfacecolor=ink if _holds(calibration, row) else "white",
                markersize=6,
                linestyle="none",
                label=name,
                clip_on=False,
            )
            name = "_"
    title = label(f"calibration.axis_{kind}", language)
    axes.set_xlabel(title, fontproperties=font(10))


def _holds(calibration: Calibration, row: CalibrationRow) -> bool:
    null = calibration.row(row.world, row.test, "size")
    return null is not None and not calibration.too_often(null)


def _world(name: str, language: Language) -> str:
    # the names in the table are hyphenated for its narrow columns
    return label(f"world.{name}", language).replace("- ", "")
