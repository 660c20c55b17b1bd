"""Reads a table out of running text, as a PDF viewer or a text extractor gives it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from switchstats.periods import half_width
from switchstats.readers.cells import (
    holds_digit,
    is_average,
    is_period,
    is_rate_like,
    printed_period,
)
from switchstats.readers.layout import (
    Block,
    Head,
    Layout,
    RetailerLookup,
    Row,
    find_retailer,
    is_ours,
)
from switchstats.readers.places import Cell

__all__ = ["pasted_layout"]

# The head of the slide's table breaks over two lines; one more is tolerated.
_HEAD_LINES = 3
# Rates of retailers so close to a block are part of the table; farther off, of another one.
_NEAR = 10
_FOOTNOTES = r"(?:\s?(?:[※*][0-9]*|\((?:[注※*][0-9]*)\)|[†‡⁰¹²³⁴-⁹①-⑳]))*"
_MISSING = r"(?:-|[‐‑‒–—―−ー]|…|\.{2,3}|x|X|\*{3})"
# A rate may touch what stands before it only when its mark tells it from a name.
_TOKEN = re.compile(
    rf"(?:(?<=\s)|(?<=[%‰])|(?<=[^0-9.,])(?=[0-9.,]+\s?[%‰]))"
    rf"(?:[0-9][0-9.,・]*(?:\s?[%‰])?|{_MISSING}|[○〇◯]){_FOOTNOTES}(?=\s|$|[0-9]|{_MISSING})"
)
_YEAR_BEGINS = re.compile(r"(?<![0-9])(?=[0-9]{4})|(?=令和|平成|昭和|FY[0-9])|\s+(?=\S)")
_NO_GROUP = re.compile(r"[年月～~〜(（]|[0-9]{4}|[-–—./]\s*$|\.\.")


def pasted_layout(lines: Sequence[Cell], registry: RetailerLookup) -> Layout:
    """Return the blocks of retailers in running text; other tables and all prose are passed over.

    A block is one to three lines that read, joined, as a group and periods, and right below them
    lines that end in as many rates; names may hold spaces. It ends with its weighted average or at
    the first line that is no such row.

    Parameters
    ----------
    lines
        The text, a line a cell.
    registry
        Tells the rows of retailers from those of other tables.

    Raises
    ------
    InputError
        When a retailer's row in a block has fewer rates than its head has periods.
    """
    filled = [line for line in lines if line.text.strip()]
    blocks: list[Block] = []
    strays: list[Cell] = []
    index = 0
    while index < len(filled):
        tokens = _rates_at_end(filled[index])
        block = _block_at(filled, index, len(tokens), registry) if tokens else None
        if block is not None and is_ours(block, registry):
            blocks.append(block)
            index += len(block.rows)
            continue
        strays.extend(_leading_names(filled[index]))
        index += 1
    return Layout(tuple(blocks), tuple(_near(strays, blocks)))


def _leading_names(line: Cell) -> Iterator[Cell]:
    """Yield what stands before the first rate of a line, if the line has both."""
    words = line.text.split()
    rates = [place for place, word in enumerate(words) if is_rate_like(word)]
    if rates and rates[0] > 0 and any(holds_digit(words[place]) for place in rates):
        yield Cell(" ".join(words[: rates[0]]), line.place)


def _near(strays: Sequence[Cell], blocks: Sequence[Block]) -> Iterator[Cell]:
    """Yield the names that may belong to a block whose head could not be read."""
    lines = [row.name.place.line or 0 for block in blocks for row in block.rows]
    for stray in strays:
        line = stray.place.line or 0
        if not blocks or any(abs(line - other) <= _NEAR for other in lines):
            yield stray


def _block_at(
    lines: Sequence[Cell], first: int, most: int, registry: RetailerLookup
) -> Block | None:
    """Return the block whose first row is line `first`, with as many periods as can be read."""
    for n_periods in range(most, 0, -1):
        for height in range(1, min(_HEAD_LINES, first) + 1):
            window = lines[first - height : first]
            head = _head(window, n_periods)
            if head is not None:
                return Block(head[0], head[1], tuple(_rows(lines, first, n_periods, registry)))
    return None


def _rows(
    lines: Sequence[Cell], first: int, n_periods: int, registry: RetailerLookup
) -> Iterator[Row]:
    for line in lines[first:]:
        n_rates = len(_rates_at_end(line))
        if n_rates < n_periods:
            name, _ = _name_and_rates(line, n_rates)
            if n_rates and find_retailer(name.text, registry):
                problem = f"a row has {n_rates} rates for the {n_periods} periods of its head"
                raise line.error(problem, "write － where there is no rate")
            return
        name, rates = _name_and_rates(line, n_periods)
        # Names may end in a number; one that is a retailer's without it hides a rate too many.
        if find_retailer(name.text, registry) is None and n_rates > n_periods:
            _refuse_more(line, n_rates, n_periods, registry)
        average = is_average(name.text)
        yield Row(name, rates, average)
        if average:
            return


def _refuse_more(line: Cell, n_rates: int, n_periods: int, registry: RetailerLookup) -> None:
    if find_retailer(_name_and_rates(line, n_rates)[0].text, registry):
        raise line.error(
            f"a row has {n_rates} rates for the {n_periods} periods that its head names",
            "check the lines of the head just above the rows: one period may be missing",
        )


def _head(window: Sequence[Cell], n_periods: int) -> tuple[Cell, tuple[Head, ...]] | None:
    """Read the joined lines as a group's word followed by exactly `n_periods` periods."""
    joined = half_width("\n".join(line.text.strip() for line in window))
    for words in _cuts(joined, n_periods):
        group = words[0].strip()
        if group and not _NO_GROUP.search(group) and not is_rate_like(group):
            place = window[0].place
            heads = tuple(
                Head(printed_period(Cell(word, place), field="period"), "".join(word.split()))
                for word in words[1:]
            )
            return Cell(group, place), heads
    return None


def _cuts(text: str, n_periods: int) -> Iterator[list[str]]:
    """Yield each way to read `text` as some words followed by `n_periods` periods."""
    if n_periods == 0:
        yield [text]
        return
    for match in reversed(list(_YEAR_BEGINS.finditer(text))):
        last = text[match.start() :].strip()
        if is_period(last):
            for words in _cuts(text[: match.start()], n_periods - 1):
                yield [*words, last]


def _rates_at_end(line: Cell) -> list[int]:
    """Return where the rates at the end of a line begin, none when no digit is among them."""
    text = half_width(line.text).rstrip()
    starts: list[int] = []
    end = len(text)
    for match in reversed(list(_TOKEN.finditer(text))):
        if text[match.end() : end].strip():
            break
        starts.insert(0, match.start())
        end = match.start()
    if not starts or not text[: starts[0]].strip():
        return []
    return starts if holds_digit(text[starts[0] :]) else []


def _name_and_rates(line: Cell, n_rates: int) -> tuple[Cell, tuple[Cell, ...]]:
    text = half_width(line.text).rstrip()
    starts = _rates_at_end(line)[-n_rates:] if n_rates else []
    edges = [*starts, len(text)]
    name = text[: edges[0]].strip()
    rates = (text[start:end].strip() for start, end in pairwise(edges))
    return Cell(name, line.place), tuple(Cell(rate, line.place) for rate in rates)
