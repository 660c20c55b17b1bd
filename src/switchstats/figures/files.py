"""Writes a figure to a file, the same bytes each time, and refuses what would come out wrong."""

import warnings
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from switchstats.errors import SwitchstatsError, UsageError
from switchstats.whole_file import whole_file

__all__ = ["figure_bytes", "save_figure"]

_SLIDE_DPI = 300
_UNDATED: dict[str, dict[str, str | None]] = {
    ".png": {"Software": "switchstats"},
    ".svg": {"Date": None, "Creator": "switchstats"},
    ".pdf": {"CreationDate": None, "Creator": "switchstats", "Producer": "switchstats"},
}


def figure_bytes(figure: Figure, suffix: str) -> bytes:
    """Return `figure` as ``".png"`` (300 dpi), ``".svg"`` or ``".pdf"``.

    Text in SVG becomes outlines, so that it looks the same without the font; PDF embeds the
    glyphs used.

    Raises
    ------
    SwitchstatsError
        When the parts do not fit the size.
    UsageError
        When the suffix is another one.
    """
    if suffix not in _UNDATED:
        raise UsageError(f"a figure is written as .png, .svg or .pdf, not {suffix!r}")
    buffer = BytesIO()
    with (
        mpl.rc_context({"svg.hashsalt": "switchstats", "svg.fonttype": "path", "pdf.fonttype": 42}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("error", category=UserWarning)
        try:
            figure.savefig(buffer, format=suffix[1:], dpi=_SLIDE_DPI, metadata=_UNDATED[suffix])
        except UserWarning as warning:
            raise SwitchstatsError(f"the figure cannot be drawn as it is: {warning}") from None
    return buffer.getvalue()


def save_figure(figure: Figure, path: str | Path) -> None:
    """Write `figure_bytes` to `path`, in the format that its suffix names."""
    file = Path(path)
    content = figure_bytes(figure, file.suffix)
    with whole_file(file) as part:
        part.write_bytes(content)
