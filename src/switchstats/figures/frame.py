"""What every picture shares: title, lines below, plain axes, a value with its interval."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from switchstats.figures.style import GREY, HouseFigure, font, wrapped
from switchstats.labels import Language, label
from switchstats.values import Source

__all__ = ["foot_lines", "hundredfold", "interval_line", "plain_axes", "row_labels", "titled"]

_GRID = "#DDDDDD"


def hundredfold(value: float | None) -> float | None:
    """Return a fraction in percent, or a difference of fractions in points; nothing of nothing."""
    return None if value is None else 100 * value


def titled(
    figure: HouseFigure, title: str, foot: Sequence[str], *, points: float = 15, below: float = 10
) -> None:
    """Put the title above and the ※ and 出典 lines below, broken so that they fit."""
    figure.suptitle(wrapped(title, figure, points), fontproperties=font(points), x=0.01, ha="left")
    words = wrapped("\n".join(foot), figure, below)
    figure.supxlabel(words, fontproperties=font(below), x=0.01, ha="left")


def foot_lines(notes: Sequence[str], source: Source | None, language: Language) -> list[str]:
    """Return the ※ lines and, for a printed source, its 出典 line."""
    lines = [label("figure.note", language, note=note) for note in notes]
    if source is not None:
        lines.append(label("figure.credit", language, credit=source.credit))
    return lines


def plain_axes(axes: Axes, *, grid: str = "x", points: float = 10) -> None:
    """Give axes the house font, a faint grid along one direction and no box.

    The grid is not clipped: clip paths are named by the last digits of a layout that the solver
    does not repeat exactly, and the same figure would have other bytes.
    """
    for tick in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        tick.set_fontproperties(font(points))
    axes.grid(axis="x" if grid == "x" else "y", color=_GRID, linewidth=0.6, clip_on=False)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left" if grid == "x" else "bottom"]].set_visible(False)


def row_labels(axes: Axes, names: Sequence[str], points: float = 11) -> None:
    """Name the rows 0, 1, … from the top down."""
    axes.set_yticks(range(len(names)), labels=list(names), fontproperties=font(points))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, pad=8)


def interval_line(
    axes: Axes,
    place: float,
    ends: tuple[float | None, float | None],
    *,
    ink: str = GREY,
    upright: bool = False,
    width: float = 2.5,
) -> None:
    """Draw an interval; a side without a limit runs on as a dotted line to the edge."""
    low, high = ends
    along = axes.get_ylim() if upright else axes.get_xlim()
    least, most = min(along), max(along)
    solid = (least if low is None else low, most if high is None else high)
    _line(axes, solid, place, ink=ink, upright=upright, width=width)
    for end, edge in ((low, least), (high, most)):
        if end is None:
            spot = (place, edge) if upright else (edge, place)
            shape = {(False, least): "<", (False, most): ">", (True, least): "v"}
            axes.plot(
                *([part] for part in spot),
                marker=shape.get((upright, edge), "^"),
                color=ink,
                markersize=7,
                clip_on=False,
            )


def _line(
    axes: Axes, ends: tuple[float, float], place: float, *, ink: str, upright: bool, width: float
) -> None:
    both = [place, place]
    across, along = (both, list(ends)) if upright else (list(ends), both)
    axes.plot(across, along, color=ink, linewidth=width, solid_capstyle="butt", zorder=2)
