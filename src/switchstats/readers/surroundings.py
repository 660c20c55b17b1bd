"""Finds what stands around a table: its title, its credit line and its notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.readers.layout import Layout
from switchstats.readers.places import Cell

__all__ = ["Surroundings", "surroundings"]

# Lines above and below the table that may belong to it.
_NEAR = 5
_TITLE = re.compile("【(?P<words>[^【】]+)】")
_CREDIT = re.compile(r"(?:[（(]?出典[）)]?|\bSource)\s*[:：]?\s*(?P<words>[^【】]+)")
_NOTE = re.compile(r"^\s*※\s*[0-9０-９]*\s*[:：]?\s*(?P<words>.+)")
# Text layers put spaces between Japanese and other letters.
_STRAY_SPACE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Words around a table, as printed; ``None`` where there are none."""

    title: str | None
    credit: str | None
    notes: tuple[str, ...]


def surroundings(lines: Sequence[Cell], layout: Layout) -> Surroundings:
    """Return the first title in 【】, the first credit after 出典 and all lines after ※.

    Parameters
    ----------
    lines
        The lines of the file, text or page; those far from the table are left out where lines
        are numbered.
    layout
        Where the table is.
    """
    near = [line.text for line in lines if _is_near(line, layout)]
    return Surroundings(
        title=_first(_TITLE, near),
        credit=_first(_CREDIT, near),
        notes=tuple(_clean(match["words"]) for line in near if (match := _NOTE.search(line))),
    )


def _is_near(line: Cell, layout: Layout) -> bool:
    cells = [row.name for block in layout.blocks for row in block.rows]
    cells += [block.group for block in layout.blocks]
    numbers = [cell.place.line for cell in cells if cell.place.line is not None]
    if line.place.line is None or not numbers:
        return True
    return min(numbers) - _NEAR <= line.place.line <= max(numbers) + _NEAR


def _first(pattern: re.Pattern[str], lines: Sequence[str]) -> str | None:
    found = (_clean(match["words"]) for line in lines if (match := pattern.search(line)))
    return next(found, None)


def _clean(words: str) -> str:
    return _STRAY_SPACE.sub("", words.strip())
