"""Puts the words of a page without ruling lines into a grid, by where rates stand under heads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from switchstats.readers.cells import holds_digit, is_average, is_rate_like
from switchstats.readers.grid import Grid
from switchstats.readers.layout import RetailerLookup, find_retailer
from switchstats.readers.places import Cell, Place

__all__ = ["Word", "aligned_grids"]

# Lines above the first row that may hold the head, in which cells of two lines interleave.
_HEAD_LINES = 4
# Words stand on one line when their middles differ by less, in heights of a word.
_SAME_LINE = 0.35


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page and its box, in points from the upper left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Height of its middle."""
        return (self.top + self.bottom) / 2


_Line = list[Word]


def aligned_grids(words: Sequence[Word], place: Place, registry: RetailerLookup) -> list[Grid]:
    """Return a grid for each run of lines in which rates follow the names of known retailers.

    The rates of those lines, with the names before them, mark the columns; the words of the run
    and of the lines above it go to the column in which their middle lies.

    Parameters
    ----------
    words
        All words of the page.
    place
        The page.
    registry
        Who the retailers are.
    """
    lines = _lines(words)
    grids: list[Grid] = []
    free_from = 0
    for first, last in _runs([_is_anchor(line, registry) for line in lines], lines):
        run = lines[first : last + 1]
        edges = _column_edges([line for line in run if _is_anchor(line, registry)])
        above = lines[max(free_from, first - _HEAD_LINES) : first]
        grids.append([_row(line, edges, place) for line in above + run])
        free_from = last + 1
    return grids


def _lines(words: Sequence[Word]) -> list[_Line]:
    lines: list[_Line] = []
    for word in sorted(words, key=lambda word: word.middle):
        reach = _SAME_LINE * (word.bottom - word.top)
        if lines and word.middle - lines[-1][0].middle < reach:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def _names_before_rates(line: _Line) -> Iterator[str]:
    name: list[str] = []
    for word in line:
        if not is_rate_like(word.text):
            name.append(word.text)
        elif name:
            yield " ".join(name)
            name = []


def _is_anchor(line: _Line, registry: RetailerLookup) -> bool:
    return any(
        is_average(name) or find_retailer(name, registry) is not None
        for name in _names_before_rates(line)
    )


def _runs(anchors: Sequence[bool], lines: Sequence[_Line]) -> Iterator[tuple[int, int]]:
    """Yield first and last line of each run; at most one other line stands between two anchors."""
    first = last = -1
    for index, anchor in enumerate(anchors):
        if not anchor:
            continue
        if last >= 0 and (index - last > 2 or _ends_with_average(lines[last])):  # noqa: PLR2004
            yield first, last
            first = index
        first = index if first < 0 else first
        last = index
    if last >= 0:
        yield first, last


def _ends_with_average(line: _Line) -> bool:
    return any(is_average(name) for name in _names_before_rates(line))


def _column_edges(lines: Sequence[_Line]) -> list[float]:
    """Return where one column ends and the next begins, names and rates alike."""
    rates = _merged(
        (word.left, word.right)
        for line in lines
        for word in line
        if is_rate_like(word.text) and holds_digit(word.text)
    )
    names: dict[int, tuple[float, float]] = {}
    for word in (word for line in lines for word in line if not is_rate_like(word.text)):
        zone = sum(right < word.left for _, right in rates)
        left, right = names.get(zone, (word.left, word.right))
        names[zone] = (min(left, word.left), max(right, word.right))
    spans = sorted([*rates, *names.values()])
    return [(one[1] + other[0]) / 2 for one, other in pairwise(spans)]


def _merged(spans: Iterator[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def _row(line: _Line, edges: Sequence[float], place: Place) -> list[Cell]:
    texts: list[list[str]] = [[] for _ in range(len(edges) + 1)]
    for word in line:
        middle = (word.left + word.right) / 2
        texts[sum(edge < middle for edge in edges)].append(word.text)
    return [Cell(" ".join(words), place) for words in texts]
