"""Writes a figure to a file, the same bytes each time, and refuses a missing glyph."""

import warnings
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from switchstats.errors import SwitchstatsError, UsageError

__all__ = ["save_figure"]

_SLIDE_DPI = 300
_UNDATED: dict[str, dict[str, str | None]] = {
    ".png": {"Software": "switchstats"},
    ".svg": {"Date": None, "Creator": "switchstats"},
    ".pdf": {"CreationDate": None, "Creator": "switchstats", "Producer": "switchstats"},
}


def save_figure(figure: Figure, path: Path) -> None:
    """Write `figure` as PNG (300 dpi), SVG or PDF, chosen by the suffix of `path`.

    Text in SVG becomes outlines, so that it looks the same without the font; PDF embeds the
    glyphs used.

    Raises
    ------
    SwitchstatsError
        When a character has no glyph in the font.
    UsageError
        When the suffix is another one.
    """
    if path.suffix not in _UNDATED:
        raise UsageError(f"a figure is written as .png, .svg or .pdf, not {path.suffix!r}")
    with (
        mpl.rc_context({"svg.hashsalt": "switchstats", "svg.fonttype": "path", "pdf.fonttype": 42}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("error", message="Glyph .* missing")
        try:
            figure.savefig(path, dpi=_SLIDE_DPI, metadata=_UNDATED[path.suffix])
        except UserWarning as warning:
            raise SwitchstatsError(
                f"the font lacks a character of this figure: {warning}"
            ) from None
