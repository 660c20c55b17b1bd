"""How large words and tables are on a slide, in inches: pure numbers, before anything is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.labels import lines_of, width_of

__all__ = ["TablePlan", "largest_points", "lines_height", "paged_lines", "plan_table"]

# Height of a line in heights of its letters; fonts differ, so that both leave some room.
_LINE, _SLACK = 1.3, 1.06
_POINTS_PER_INCH = 72
# Between a cell's words and its borders, left and right together, and above and below.
_SIDES, _ABOVE = 0.16, 0.09
# Columns that are wide enough stay so in a face that is somewhat wider.
_SPARE = 0.12
_TABLE_POINTS = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0)


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How a table stands on slides.

    Parameters
    ----------
    points
        Size of its letters.
    widths
        Of the columns.
    heights
        Of the header, and of every row.
    pages
        Which rows each slide shows, below the header.
    """

    points: float
    widths: tuple[float, ...]
    header: float
    heights: tuple[float, ...]
    pages: tuple[tuple[int, ...], ...]


def lines_height(words: str, points: float, width: float) -> float:
    """Return how high words stand in a box of a width."""
    return len(_broken(words, points, width)) * points * _LINE / _POINTS_PER_INCH


def largest_points(
    paragraphs: Sequence[str], sizes: Sequence[float], width: float, height: float
) -> float:
    """Return the largest of the sizes, given in falling order, at which all stands on one page."""
    for points in sizes:
        if len(paged_lines(paragraphs, points, width, height)) == 1 and all(
            lines_height(words, points, width) <= height for words in paragraphs
        ):
            return points
    return sizes[-1]


def paged_lines(
    paragraphs: Sequence[str], points: float, width: float, height: float
) -> list[list[str]]:
    """Return paragraphs page by page; none is cut, each page has at least one."""
    pages: list[list[str]] = [[]]
    used = 0.0
    for words in paragraphs:
        needed = lines_height(words, points, width) + points * 0.4 / _POINTS_PER_INCH
        if pages[-1] and used + needed > height:
            pages.append([])
            used = 0.0
        pages[-1].append(words)
        used += needed
    return pages


def plan_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: float, height: float
) -> TablePlan:
    """Return the largest letters at which a table fits a slide, or else how it goes on.

    A row that is higher than a slide stands on a slide of its own.
    """
    for points in _TABLE_POINTS:
        plan = _planned(header, rows, points, width, height)
        if len(plan.pages) == 1:
            return plan
    # what does not fit a slide at all is easier to read in letters that are not the smallest
    return _planned(header, rows, _TABLE_POINTS[-3], width, height)


def _planned(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    points: float,
    width: float,
    height: float,
) -> TablePlan:
    widths = _column_widths([header, *rows], points, width)
    above, *heights = (
        max(
            lines_height(cell, points, column - _SIDES)
            for cell, column in zip(row, widths, strict=True)
        )
        + _ABOVE
        for row in [header, *rows]
    )
    pages: list[list[int]] = [[]]
    used = above
    for place, needed in enumerate(heights):
        if pages[-1] and used + needed > height:
            pages.append([])
            used = above
        pages[-1].append(place)
        used += needed
    return TablePlan(
        points, tuple(widths), above, tuple(heights), tuple(tuple(page) for page in pages)
    )


def _column_widths(rows: Sequence[Sequence[str]], points: float, width: float) -> list[float]:
    """Give every column its longest word, and what is left to those with the longest cells."""
    inch = points * _SLACK / _POINTS_PER_INCH
    columns = list(zip(*rows, strict=True))
    wanted = [
        max(width_of(line) for cell in cells for line in cell.split("\n")) * inch + _SIDES + _SPARE
        for cells in columns
    ]
    if sum(wanted) <= width:
        return wanted
    least = [
        max(width_of(line) for cell in cells for line in lines_of(cell, 4.0)) * inch
        + _SIDES
        + _SPARE
        for cells in columns
    ]
    spare = width - sum(least)
    if spare <= 0:
        return [width * each / sum(least) for each in least]
    more = [want - need for want, need in zip(wanted, least, strict=True)]
    return [need + spare * each / sum(more) for need, each in zip(least, more, strict=True)]


def _broken(words: str, points: float, width: float) -> list[str]:
    limit = width * _POINTS_PER_INCH / points / _SLACK
    lines = lines_of(words, limit)
    # a word longer than its line is broken by the program that shows it
    return [part for line in lines for part in [line] * max(1, -int(-width_of(line) // limit))]
