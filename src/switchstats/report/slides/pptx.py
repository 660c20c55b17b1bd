"""Renders a deck as a PowerPoint file: native text, tables and charts, pictures at 300 dpi."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from switchstats.errors import UsageError
from switchstats.figures.style import colour
from switchstats.labels import Language, label
from switchstats.report.document import Picture, Table
from switchstats.report.slides.charts import add_chart, largest
from switchstats.report.slides.deck import Charts, Deck, Slide
from switchstats.report.slides.layout import (
    largest_points,
    lines_height,
    paged_lines,
    plan_table,
)
from switchstats.report.slides.package import LONG_AGO, plain, repacked
from switchstats.report.slides.tables import add_table
from switchstats.report.slides.words import FACES, fill, paragraph, text_box, write

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide as NativeSlide

__all__ = ["render_slides"]

_WIDTH, _HEIGHT = 13.333, 7.5
_LEFT, _BODY_WIDTH = 0.45, 12.43
_TITLE_TOP, _TITLE_HEIGHT = 0.3, 0.8
_TOP, _BOTTOM = 1.3, 7.0
_TITLE_ONLY = 5
_NOTE_POINTS, _CAPTION_POINTS = 10.0, 14.0
_TITLE_POINTS, _SAID_POINTS = (26.0, 22.0, 18.0, 16.0), (18.0, 16.0, 15.0, 14.0, 13.0, 12.0)
_GAP = 0.08


def render_slides(deck: Deck, pictures: Mapping[str, bytes], language: Language) -> bytes:
    """Return the presentation, the same bytes for the same deck.

    Parameters
    ----------
    deck
        What to show.
    pictures
        PNG bytes of each `Picture`, by name.
    language
        ``"ja"`` or ``"en"``.

    Raises
    ------
    UsageError
        When a picture of the deck is not given.
    """
    import pptx
    from pptx.util import Inches

    made = pptx.Presentation()
    made.slide_width, made.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    drawing = _Drawing(made, pictures, language)
    for slide in deck.slides:
        drawing.add(slide)
    drawing.number()
    properties = made.core_properties
    # the format allows no longer title
    properties.title, properties.author = plain(deck.title[language])[:255], "switchstats"
    properties.language = language
    properties.created = properties.modified = datetime(*LONG_AGO)  # noqa: DTZ001 - no time at all
    buffer = io.BytesIO()
    made.save(buffer)
    return repacked(buffer.getvalue())


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A presentation being drawn."""

    made: "Presentation"
    pictures: Mapping[str, bytes]
    language: Language

    def add(self, slide: Slide) -> None:
        """Draw one slide, or as many as what it shows needs."""
        said = [sentence[self.language] for sentence in slide.lead]
        if isinstance(slide.body, Table):
            self._tables(slide, slide.body)
        elif isinstance(slide.body, Charts):
            self._charts(slide, slide.body)
        elif isinstance(slide.body, Picture):
            self._picture(slide, slide.body)
        else:
            space = _BOTTOM - _TOP
            points = largest_points(said, _SAID_POINTS, _BODY_WIDTH, space)
            pages = paged_lines(said, points, _BODY_WIDTH, space)
            for place, page in enumerate(pages):
                native = self._new(slide, place, len(pages))
                self._sentences(native, page, points, first=place == 0)

    def number(self) -> None:
        """Write each slide's number, now that there are no more."""
        slides = list(self.made.slides)
        for place, native in enumerate(slides, start=1):
            corner = text_box(native, (_WIDTH - 1.6, _HEIGHT - 0.4, 1.2, 0.3))
            write(corner, [f"{place} / {len(slides)}"], _NOTE_POINTS, align="right")

    def _new(self, slide: Slide, place: int = 0, of: int = 1) -> "NativeSlide":
        from pptx.enum.shapes import MSO_SHAPE
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Inches

        native = self.made.slides.add_slide(self.made.slide_layouts[_TITLE_ONLY])
        title: Any = native.shapes.title
        words = slide.title[self.language]
        words = (
            words
            if of == 1
            else label("slides.page", self.language, title=words, place=place + 1, of=of)
        )
        title.left, title.top = Inches(_LEFT), Inches(_TITLE_TOP)
        title.width, title.height = Inches(_BODY_WIDTH), Inches(_TITLE_HEIGHT)
        title.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        points = next(
            (
                each
                for each in (26.0, 22.0, 18.0)
                if lines_height(words, each, _BODY_WIDTH) <= _TITLE_HEIGHT
            ),
            16.0,
        )
        write(title.text_frame, [words], points, bold=True)
        rule: Any = native.shapes.add_shape(
            MSO_SHAPE.RECTANGLE,
            *(Inches(each) for each in (_LEFT, _TITLE_TOP + _TITLE_HEIGHT, _BODY_WIDTH, 0.04)),
        )
        rule.name, rule.shadow.inherit = "rule", False
        fill(rule, colour(0).lstrip("#"))
        rule.line.fill.background()
        notes: Any = native.notes_slide.notes_text_frame
        notes.text = plain("\n".join(words[self.language] for words in slide.speaker))
        return native

    def _sentences(
        self, native: "NativeSlide", said: Sequence[str], points: float, *, first: bool
    ) -> None:
        frame = text_box(native, (_LEFT, _TOP, _BODY_WIDTH, _BOTTOM - _TOP))
        for place, words in enumerate(said):
            strong = first and place == 0
            paragraph(frame, place, f"{'' if strong else '・'}{words}", points, bold=strong)

    def _notes(self, native: "NativeSlide", words: Sequence[str]) -> float:
        """Write ※ and 出典 at the bottom; return how far down the body may reach."""
        if not words:
            return _BOTTOM
        height = sum(lines_height(each, _NOTE_POINTS, _BODY_WIDTH - 0.2) for each in words) + 0.1
        top = _BOTTOM + 0.1 - height
        frame = text_box(native, (_LEFT, top, _BODY_WIDTH, height))
        write(frame, words, _NOTE_POINTS)
        return top - _GAP

    def _caption(self, native: "NativeSlide", words: str, left: float, width: float) -> float:
        height = lines_height(words, _CAPTION_POINTS, width) + 0.1
        write(text_box(native, (left, _TOP, width, height)), [words], _CAPTION_POINTS, bold=True)
        return _TOP + height

    def _tables(self, slide: Slide, table: Table) -> None:
        name = table.title[self.language]
        notes = [note[self.language] for note in table.notes]
        header = [plain(cell[self.language]) for cell in table.header]
        rows = [[plain(cell[self.language]) for cell in row] for row in table.rows]
        below = sum(lines_height(each, _NOTE_POINTS, _BODY_WIDTH - 0.2) for each in notes)
        space = _BOTTOM - _TOP - below - 2 * _GAP
        plan = plan_table(header, rows, _BODY_WIDTH, space)
        for place, page in enumerate(plan.pages):
            native = self._new(slide, place, len(plan.pages))
            self._notes(native, notes)
            shown = [(rows[at], plan.heights[at], _is_total(table, at)) for at in page]
            add_table(native, header, shown, plan, table, (_LEFT, _TOP), name)

    def _charts(self, slide: Slide, charts: Charts) -> None:
        native = self._new(slide)
        bottom = self._notes(native, [note[self.language] for note in charts.notes])
        width = _BODY_WIDTH / len(charts.charts)
        top = 1.12 * largest(charts.charts)
        for place, chart in enumerate(charts.charts):
            left = _LEFT + place * width
            below = self._caption(native, chart.title[self.language], left, width)
            box = (left, below, width, bottom - below)
            add_chart(native, chart, box, top, self.language, FACES["ea"])

    def _picture(self, slide: Slide, picture: Picture) -> None:
        from pptx.util import Inches

        if picture.name not in self.pictures:
            raise UsageError(f"the picture {picture.name!r} of the slides is missing")
        native = self._new(slide)
        shape: Any = native.shapes.add_picture(
            io.BytesIO(self.pictures[picture.name]), Inches(0), Inches(0)
        )
        space = (_BODY_WIDTH, _BOTTOM + 0.05 - _TOP)
        scale = min(Inches(space[0]) / shape.width, Inches(space[1]) / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        shape.left, shape.top = int((Inches(_WIDTH) - shape.width) / 2), Inches(_TOP)
        shape.name = picture.name
        shape._element.nvPicPr.cNvPr.set("descr", plain(picture.alternative[self.language]))


def _is_total(table: Table, row: int) -> bool:
    return row >= len(table.rows) - table.n_totals
