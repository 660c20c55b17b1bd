"""Native bar charts, whose data can be edited, and the workbook that holds these data."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from switchstats.figures.style import colour
from switchstats.labels import Language
from switchstats.report.slides.deck import Chart
from switchstats.report.slides.package import LONG_AGO, plain

if TYPE_CHECKING:
    from pptx.slide import Slide as NativeSlide

__all__ = ["Box", "add_chart", "largest"]

# Left, top, width and height, in inches.
Box = tuple[float, float, float, float]
_LABEL_POINTS, _AXIS_POINTS = 8, 10
_LIGHTEST = 0.6


def largest(charts: Sequence[Chart]) -> float:
    """Return the highest rate of all, in %."""
    values = (value for chart in charts for series in chart.series for value in series.values)
    return 100 * max((value for value in values if value is not None), default=1.0)


def add_chart(
    slide: "NativeSlide", chart: Chart, box: Box, top: float, language: Language, face: str
) -> None:
    """Put a chart on a slide, its axis from 0 to `top` %."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    data = CategoryChartData(number_format="0.0")
    data.categories = [plain(name[language]) for name in chart.categories]
    for series in chart.series:
        data.add_series(plain(series.name[language]), [_percent(value) for value in series.values])
    left, high, width, height = (Inches(each) for each in box)
    shapes: Any = slide.shapes
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, left, high, width, height, data)
    frame.name = plain(chart.title[language])
    frame._element.nvGraphicFramePr.cNvPr.set("descr", frame.name)
    native: Any = frame.chart
    native.part.chart_workbook.update_from_xlsx_blob(_workbook(chart, language))
    _style(native, chart, top, face)


def _percent(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 10)


def _style(native: Any, chart: Chart, top: float, face: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    native.font.size, native.font.name = Pt(_AXIS_POINTS), face
    native.has_title = False
    native.has_legend = len(chart.series) > 1
    if native.has_legend:
        native.legend.position = XL_LEGEND_POSITION.BOTTOM
        native.legend.include_in_layout = False
    categories, values = native.category_axis, native.value_axis
    categories.reverse_order = True
    categories.major_tick_mark = XL_TICK_MARK.NONE
    _name_every_category(categories)
    values.minimum_scale, values.maximum_scale = 0, top
    values.has_major_gridlines, values.visible = False, False
    plot: Any = native.plots[0]
    plot.gap_width, plot.overlap = 45, -5
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = "0.0", False
    labels.font.size = Pt(_LABEL_POINTS)
    n = len(chart.series)
    for place, series in enumerate(plot.series):
        share = _LIGHTEST * (n - 1 - place) / max(n - 1, 1)
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(_lighter(chart.group, share))


def _name_every_category(axis: Any) -> None:
    """Keep programs from leaving out every other name."""
    from pptx.oxml.ns import qn

    skip = axis._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})
    behind = axis._element.find(qn("c:noMultiLvlLbl"))
    behind.addprevious(skip)


def _lighter(group: int, share: float) -> str:
    """Return the colour of a group, mixed with a share of white."""
    plain = colour(group).lstrip("#")
    parts = [int(plain[at : at + 2], 16) for at in (0, 2, 4)]
    return "".join(f"{round(part + (255 - part) * share):02X}" for part in parts)


def _workbook(chart: Chart, language: Language) -> bytes:
    """Return the data as the chart's references expect them; no name becomes a formula."""
    from xlsxwriter import Workbook

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book: Any = Workbook(buffer, options)
    book.set_properties({"created": datetime(*LONG_AGO)})  # noqa: DTZ001 - no time at all
    sheet = book.add_worksheet()
    one_decimal = book.add_format({"num_format": "0.0"})
    sheet.write_column(1, 0, [plain(name[language]) for name in chart.categories])
    for column, series in enumerate(chart.series, start=1):
        sheet.write_string(0, column, plain(series.name[language]))
        for row, value in enumerate(series.values, start=1):
            if value is not None:
                sheet.write_number(row, column, _percent(value), one_decimal)
    book.close()
    return buffer.getvalue()
