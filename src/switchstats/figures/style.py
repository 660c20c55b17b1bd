"""The shared look: sizes, two colours and markers, and a font that has every Japanese glyph."""

from io import BytesIO
from typing import TYPE_CHECKING, Literal

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from switchstats.errors import UsageError
from switchstats.figures.letters import drawable, font_file
from switchstats.labels import lines_of

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
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
GREY = "#555555"


class HouseFigure(Figure):
    """A matplotlib figure that shows itself in Jupyter without pyplot."""

    def draw(self, renderer: "RendererBase") -> None:
        """Draw; the first of the two times that a file is saved, only lay out.

        That time matplotlib discards all but the layout, and then draws with it switched off.
        """
        engine = self.get_layout_engine()
        if self.canvas.is_saving() and isinstance(engine, ConstrainedLayoutEngine):
            engine.execute(self)
        else:
            super().draw(renderer)

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

    They break and measure as in `labels.lines_of`.
    """
    limit = share * float(figure.get_figwidth()) * _POINTS_PER_INCH / points
    return "\n".join(lines_of(drawable(words), limit))


def font(points: float, *, bold: bool = False) -> "FontProperties":
    """Return IPAex Gothic at a size in points.

    The file ships with matplotlib-fontja; that package is not imported, since its import changes
    matplotlib's settings for the whole process.
    """
    from matplotlib.font_manager import FontProperties

    weight = "bold" if bold else "normal"
    return FontProperties(fname=font_file(), size=points, weight=weight)
