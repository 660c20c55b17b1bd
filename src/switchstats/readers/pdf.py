"""Finds the table in a PDF: by its ruling lines, else by its alignment, else in the text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from switchstats.errors import InputError
from switchstats.readers.alignment import aligned_grids
from switchstats.readers.cells import is_rate_like
from switchstats.readers.grid import Grid
from switchstats.readers.layout import Block, Layout, RetailerLookup, find_retailer, is_ours
from switchstats.readers.pages import PdfPage, pdf_pages
from switchstats.readers.pasted import pasted_layout
from switchstats.readers.places import Cell
from switchstats.readers.wide import wide_layout

__all__ = ["PdfTable", "pdf_table"]


@dataclass(frozen=True, slots=True)
class PdfTable:
    """The blocks of a PDF, the page of the first one, and the text lines of that page."""

    layout: Layout
    page: int
    lines: tuple[Cell, ...]


def pdf_table(content: bytes, file: str, registry: RetailerLookup) -> PdfTable:
    """Return every block of retailers in a PDF.

    Each page that prints rates is read in three ways, in the order of this module's first line;
    the first of those that find most rates of known retailers counts.

    Parameters
    ----------
    content
        All bytes of the file.
    file
        Its name, for messages.
    registry
        Tells the table of retailers from others.

    Raises
    ------
    InputError
        When the file cannot be opened as a PDF, has no text, or has no table of retailers.
    """
    pages = pdf_pages(content, file)
    if not any(page.lines for page in pages):
        raise InputError(
            f"a PDF without text ({len(pages)} pages): it may hold scanned pictures only",
            "run text recognition on it, or type the table into a CSV",
            file,
        )
    readings = [_read_page(page, registry) for page in pages]
    found = [number for number, reading in enumerate(readings) if reading.blocks]
    # Where some page has the table, what other pages print of retailers is another table.
    for number in found or range(len(pages)):
        _refuse_lost(readings[number])
    if not found:
        raise InputError(
            "no table of retailers in this PDF: looked for a head such as みなし小売電気事業者 or "
            f"新電力 followed by periods, above rows of rates, on {len(pages)} page(s)",
            "choose the document with the table, or copy the table into a CSV",
            file,
        )
    blocks = tuple(block for reading in readings for block in reading.blocks)
    return PdfTable(Layout(blocks), found[0] + 1, pages[found[0]].lines)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page's blocks of retailers, lines of retailers not among them, and what went wrong."""

    blocks: tuple[Block, ...]
    lost: tuple[Cell, ...]
    failure: InputError | None


def _read_page(page: PdfPage, registry: RetailerLookup) -> _Reading:
    ways: tuple[Callable[[], Sequence[Block]], ...] = (
        lambda: _blocks(page.ruled),
        lambda: _blocks(aligned_grids(page.words, page.place, registry)),
        lambda: pasted_layout(page.lines, registry).blocks,
    )
    best: tuple[Block, ...] = ()
    failure: InputError | None = None
    for way in ways:
        try:
            blocks = tuple(block for block in way() if is_ours(block, registry))
        except InputError as error:
            failure = failure or error
            continue
        if len(_retailers(blocks, registry)) > len(_retailers(best, registry)):
            best = blocks
    read = _retailers(best, registry)
    named = ((line, _leading_retailer(line, registry)) for line in page.lines)
    lost = tuple(line for line, retailer in named if retailer and retailer not in read)
    return _Reading(best, lost, failure)


def _blocks(grids: Sequence[Grid]) -> list[Block]:
    return [block for grid in grids for block in wide_layout(grid).blocks]


def _refuse_lost(reading: _Reading) -> None:
    """Refuse a page on which a retailer's rates stand that no way of reading could place."""
    if reading.lost and reading.failure:
        raise reading.failure
    if reading.lost:
        raise reading.lost[0].error(
            "a retailer's rates stand outside a table that can be read",
            "copy the table into a CSV",
            field="retailer",
        )


def _retailers(blocks: Sequence[Block], registry: RetailerLookup) -> set[str]:
    found = (find_retailer(row.name.text, registry) for block in blocks for row in block.rows)
    return {retailer.retailer for retailer in found if retailer is not None}


def _leading_retailer(line: Cell, registry: RetailerLookup) -> str | None:
    """Return the retailer whose name is all that stands before the first rate of a line."""
    words = line.text.split()
    first = next((index for index, word in enumerate(words) if is_rate_like(word)), 0)
    retailer = find_retailer("".join(words[:first]), registry) if first else None
    return None if retailer is None else retailer.retailer
