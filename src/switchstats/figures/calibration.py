"""How often each test rejects in each declared world, as a table of coloured cells."""

from typing import TYPE_CHECKING, Literal

from matplotlib.patches import Rectangle

from switchstats.figures.frame import titled
from switchstats.figures.style import GREY, HouseFigure, Size, colour, font, new_figure
from switchstats.labels import Language, label
from switchstats.values import Calibration, CalibrationRow

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["calibration_table", "calibration_table_data"]

Kind = Literal["size", "power"]

_LETTERS_A_LINE = {"ja": 5, "en": 11}


def calibration_table_data(
    calibration: Calibration, kind: Kind = "size", language: Language = "en"
) -> "pd.DataFrame":
    """Return exactly what `calibration_table` draws, one cell a row.

    Returns
    -------
    pandas.DataFrame
        ``test`` and ``world`` (names), ``rejected_pct``, ``mark`` (``"too often"``, ``"too
        seldom"`` or empty) and ``recommended``.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "test": label(f"calibrated.{row.test}", language),
                "world": label(f"world.{row.world}", language),
                "rejected_pct": 100 * row.rejected,
                "mark": _mark(calibration, row),
                "recommended": row.recommended,
            }
            for row in calibration.rows
            if row.kind == kind
        ]
    )


def calibration_table(
    calibration: Calibration,
    *,
    kind: Kind = "size",
    language: Language = "en",
    size: Size = "slide",
) -> HouseFigure:
    """Draw one cell for each test (rows) in each world (columns) with the percentage rejected.

    For ``"size"`` a cell is orange and carries ▲ where the test rejects more often than its
    nominal size beyond Monte Carlo error, pale blue with ▽ where less than half as often. A frame
    stands around the tests that `recommend` names for a world.

    Parameters
    ----------
    calibration
        The study.
    kind
        ``"size"``: no difference between the groups; ``"power"``: the gap of each world.
    language, size
        As in every figure.
    """
    figure = new_figure(size)
    axes = figure.add_subplot()
    worlds, tests = calibration.worlds, calibration.tests
    for column, world in enumerate(worlds):
        for line, test in enumerate(tests):
            row = calibration.row(world, test, kind)
            if row is not None:
                _cell(axes, calibration, row, column, line)
    axes.set_xlim(-0.5, len(worlds) - 0.5)
    axes.set_ylim(len(tests) - 0.5, -0.5)
    names = [_broken(label(f"world.{world}", language), language) for world in worlds]
    axes.set_xticks(range(len(worlds)), labels=names, fontproperties=font(7.5))
    axes.set_yticks(
        range(len(tests)),
        labels=[label(f"calibrated.{test}", language) for test in tests],
        fontproperties=font(9.5),
    )
    axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    title = label(f"calibration.title_{kind}", language)
    foot = label(
        f"calibration.foot_{kind}",
        language,
        n=f"{max(row.n for row in calibration.rows):,}",
        nominal=f"{100 * calibration.nominal:g}",
    )
    titled(figure, title, [foot], below=9)
    return figure


def _mark(calibration: Calibration, row: CalibrationRow) -> str:
    if calibration.too_often(row):
        return "too often"
    return "too seldom" if calibration.too_seldom(row) else ""


def _cell(
    axes: "Axes", calibration: Calibration, row: CalibrationRow, column: int, line: int
) -> None:
    mark = _mark(calibration, row)
    face = {"too often": colour(1), "too seldom": "#CFE3F1"}.get(mark, "#F4F4F4")
    framed = row.recommended
    axes.add_patch(
        Rectangle(
            (column - 0.47, line - 0.44),
            0.94,
            0.88,
            facecolor=face,
            edgecolor="black" if framed else "none",
            linewidth=1.8 if framed else 0,
        )
    )
    sign = {"too often": "▲", "too seldom": "▽"}.get(mark, "")
    percent = 100 * row.rejected
    number = f"{percent:.1f}" if percent < 99.95 else "100"  # noqa: PLR2004 -- where it rounds
    axes.text(
        column,
        line,
        f"{sign}{number}",
        fontproperties=font(9),
        color="black" if row.kind == "size" else GREY if row.n_undefined == row.n else "black",
        ha="center",
        va="center",
    )


def _broken(name: str, language: Language) -> str:
    """Break a column's name so that it stays above its column."""
    width = _LETTERS_A_LINE[language]
    if language == "ja":
        return "\n".join(name[start : start + width] for start in range(0, len(name), width))
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
