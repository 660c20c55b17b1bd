"""The size and power tables of a calibration as text for the docs, and as CSV."""

from typing import Literal

from switchstats.labels import Language, label
from switchstats.values import Calibration, CalibrationRow

__all__ = ["calibration_csv", "calibration_markdown"]


def calibration_csv(calibration: Calibration) -> str:
    """Return every row with its Monte Carlo error, as CSV."""
    frame = calibration.to_frame()
    return str(frame.to_csv(index=False, float_format="%.5f", lineterminator="\n"))


def calibration_markdown(calibration: Calibration, language: Language = "en") -> str:
    """Return the size table and the power table as Markdown.

    ``▲``: rejects more often than its nominal size beyond three Monte Carlo standard errors;
    ``▽``: less than half as often; bold: recommended in that world.
    """
    parts: list[str] = []
    for kind in ("size", "power"):
        parts += [
            f"## {label(f'calibration.title_{kind}', language)}",
            "",
            *_table(calibration, kind, language),
            "",
            label(
                f"calibration.foot_{kind}",
                language,
                n=f"{max(row.n for row in calibration.rows):,}",
                nominal=f"{100 * calibration.nominal:g}",
            ),
            "",
        ]
    return "\n".join(parts)


def _table(
    calibration: Calibration, kind: Literal["size", "power"], language: Language
) -> list[str]:
    worlds = [label(f"world.{name}", language) for name in calibration.worlds]
    lines = ["| | " + " | ".join(worlds) + " |", "|---" * (len(worlds) + 1) + "|"]
    for test in calibration.tests:
        cells = [
            _cell(calibration, calibration.row(world, test, kind)) for world in calibration.worlds
        ]
        lines.append(f"| {label(f'calibrated.{test}', language)} | " + " | ".join(cells) + " |")
    return lines


def _cell(calibration: Calibration, row: CalibrationRow | None) -> str:
    if row is None:
        return "–"
    mark = "▲" if calibration.too_often(row) else "▽" if calibration.too_seldom(row) else ""
    words = f"{mark}{100 * row.rejected:.1f}"
    return f"**{words}**" if row.recommended else words
