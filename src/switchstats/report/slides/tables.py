"""Native tables, whose cells can be edited."""

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from switchstats.report.document import Table
from switchstats.report.slides.layout import TablePlan
from switchstats.report.slides.package import plain
from switchstats.report.slides.words import fill, write

if TYPE_CHECKING:
    from pptx.slide import Slide as NativeSlide

__all__ = ["add_table"]

_PALE, _TOTAL, _WHITE = "EEF3F7", "F6F6F6", "FFFFFF"


def add_table(
    native: "NativeSlide",
    header: Sequence[str],
    rows: Sequence[tuple[Sequence[str], float, bool]],
    plan: TablePlan,
    table: Table,
    corner: tuple[float, float],
    name: str,
) -> None:
    """Put rows, each with its height and whether it is a total, below the header of a table."""
    from pptx.util import Inches

    size = (sum(plan.widths), plan.header + sum(height for _, height, _ in rows))
    frame: Any = native.shapes.add_table(
        len(rows) + 1, len(header), *(Inches(each) for each in (*corner, *size))
    )
    frame.name = plain(name)
    grid: Any = frame.table
    for column, width in zip(grid.columns, plan.widths, strict=True):
        column.width = Inches(width)
    lines = [(header, plan.header, _PALE, True)]
    lines += [(cells, height, _TOTAL if total else None, total) for cells, height, total in rows]
    made: dict[tuple[object, ...], Any] = {}
    for place, (cells, height, shade, bold) in enumerate(lines):
        grid.rows[place].height = Inches(height)
        for column, words in enumerate(cells):
            cell = grid.cell(place, column)
            align = "right" if column in table.numeric else "left"
            look = (shade, bold, align)
            if look in made:
                _like(made[look], cell, words)
                continue
            _cell(cell, words, plan.points, shade, align=align, bold=bold)
            made[look] = cell._tc


def _cell(
    cell: Any, words: str, points: float, shade: str | None, *, align: str, bold: bool
) -> None:
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches

    cell.margin_left = cell.margin_right = Inches(0.07)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    fill(cell, shade or _WHITE)
    write(cell.text_frame, [words], points, bold=bold, align=align)


def _like(made: Any, cell: Any, words: str) -> None:
    """Give a cell the look of one that was made, which is faster than making it again."""
    from pptx.oxml.ns import qn

    copied = deepcopy(made)
    copied.find(f".//{qn('a:t')}").text = plain(words)
    cell._tc.getparent().replace(cell._tc, copied)
