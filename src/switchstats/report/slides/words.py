"""Writes words into shapes, in faces that have Japanese letters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from switchstats.report.slides.package import plain

if TYPE_CHECKING:
    from pptx.slide import Slide as NativeSlide

__all__ = ["FACES", "fill", "paragraph", "text_box", "write"]

FACES = {"latin": "Arial", "ea": "Yu Gothic"}
_INK = "1A1A1A"


def text_box(native: "NativeSlide", place: tuple[float, float, float, float]) -> Any:
    """Return the frame of a new box: left, top, width and height in inches."""
    from pptx.util import Inches

    frame: Any = native.shapes.add_textbox(*(Inches(each) for each in place)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(0.03)
    frame.margin_top = frame.margin_bottom = Inches(0.02)
    return frame


def write(
    frame: Any, lines: Sequence[str], points: float, *, bold: bool = False, align: str = "left"
) -> None:
    """Write one paragraph a line into a frame that has none yet."""
    frame.word_wrap = True
    for place, words in enumerate(lines):
        paragraph(frame, place, words, points, bold=bold, align=align, after=0.0)


def paragraph(
    frame: Any,
    place: int,
    words: str,
    points: float,
    *,
    bold: bool,
    align: str = "left",
    after: float = 0.4,
) -> None:
    """Write the paragraph of a place, counted from 0, with `after` of its letters' height below."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    lines = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
    lines.alignment = PP_ALIGN.RIGHT if align == "right" else PP_ALIGN.LEFT
    lines.space_after = Pt(after * points)
    run = lines.add_run()
    run.text = plain(words)
    run.font.size, run.font.bold = Pt(points), bold
    run.font.color.rgb = RGBColor.from_string(_INK)
    run.font.name = FACES["latin"]
    _east_asian(run)


def _east_asian(run: Any) -> None:
    """Name the face of Japanese letters, which the library leaves to the theme."""
    from pptx.oxml.ns import qn

    properties = run._r.get_or_add_rPr()
    face = properties.makeelement(qn("a:ea"), {"typeface": FACES["ea"]})
    properties.find(qn("a:latin")).addnext(face)


def fill(shape: Any, rgb: str) -> None:
    """Fill a shape or cell with one colour."""
    from pptx.dml.color import RGBColor

    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(rgb)
