"""The shared look: sizes, two colours and markers, and a font that has every Japanese glyph."""

import importlib.util
import re
import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from matplotlib.figure import Figure

from switchstats.errors import SwitchstatsError, UsageError

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

__all__ = ["GREY", "HouseFigure", "Size", "colour", "font", "marker", "new_figure", "wrapped"]

Size = Literal["slide", "a4", "notebook"]

# Width and height in inches: a 16:9 slide, A4 landscape inside its margins, a notebook cell.
_INCHES: dict[str, tuple[float, float]] = {
    "slide": (13.333, 7.5),
    "a4": (10.9, 7.5),
    "notebook": (10.0, 5.8),
}
# Okabe and Ito's blue and orange: told apart with any colour vision, and dark v light in grey.
_COLOURS = ("#0072B2", "#E69F00")
_MARKERS = ("o", "s")
_POINTS_PER_INCH = 72
# One wide character with the closing marks that may not start a line, or a word with its spaces.
_PIECES = re.compile(r"[\u2e80-\uffff][、。）」』】，．]*|[^\u2e80-\uffff\s]+\s*|\s+")
GREY = "#555555"


class HouseFigure(Figure):
    """A matplotlib figure that shows itself in Jupyter without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        self.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()


def new_figure(size: Size) -> HouseFigure:
    """Return an empty figure of a named size."""
    if size not in _INCHES:
        raise UsageError(f"size is one of {', '.join(_INCHES)}, not {size!r}")
    return HouseFigure(figsize=_INCHES[size], layout="constrained")


def colour(place: int) -> str:
    """Return the colour of the first (0) or second (1) group."""
    return _COLOURS[place % len(_COLOURS)]


def marker(place: int) -> str:
    """Return the marker of the first (0) or second (1) group."""
    return _MARKERS[place % len(_MARKERS)]


def wrapped(words: str, figure: Figure, points: float, share: float = 0.97) -> str:
    """Break lines so that letters of this size stay inside a share of the figure's width.

    Japanese breaks between any two characters, English at spaces; a full-width character is as
    wide as the letters are high, others are taken as 0.55 of that.
    """
    limit = share * float(figure.get_figwidth()) * _POINTS_PER_INCH / points
    return "\n".join(line for part in words.split("\n") for line in _lines(part, limit))


def _lines(words: str, limit: float) -> list[str]:
    lines = [""]
    for piece in _PIECES.findall(words):
        if lines[-1] and _width(lines[-1] + piece.rstrip()) > limit:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def _width(words: str) -> float:
    return sum(1 if unicodedata.east_asian_width(letter) in "WFA" else 0.55 for letter in words)


def font(points: float, *, bold: bool = False) -> "FontProperties":
    """Return IPAex Gothic at a size in points.

    The file ships with matplotlib-fontja; that package is not imported, since its import changes
    matplotlib's settings for the whole process.
    """
    from matplotlib.font_manager import FontProperties

    weight = "bold" if bold else "normal"
    return FontProperties(fname=_font_file(), size=points, weight=weight)


@cache
def _font_file() -> str:
    spec = importlib.util.find_spec("matplotlib_fontja")
    if spec is None or spec.origin is None:
        raise SwitchstatsError("matplotlib-fontja, which carries the font, is not installed")
    return str(Path(spec.origin).parent / "fonts" / "ipaexg.ttf")
