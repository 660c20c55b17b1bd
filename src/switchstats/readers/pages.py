"""Takes the lines, the words and the ruled tables off the pages of a PDF."""

import io
import logging
import re
import struct
import warnings
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from switchstats.readers.alignment import Word
from switchstats.readers.grid import Grid
from switchstats.readers.places import Cell, Place

if TYPE_CHECKING:
    from pdfplumber.page import Page

__all__ = ["PdfPage", "pdf_pages"]

_RATES = re.compile(r"[%％‰]|[0-9０-９][.．][0-9０-９]")
# What the PDF library raises on broken files, besides its own exceptions.
_BROKEN = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, OSError),
    *(RecursionError, TypeError, ValueError, struct.error, zlib.error),
)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's lines of text, its words with their boxes, and its tables by ruling lines.

    A page without anything like a rate has lines only.
    """

    place: Place
    lines: tuple[Cell, ...]
    words: tuple[Word, ...] = ()
    ruled: tuple[Grid, ...] = ()


def pdf_pages(content: bytes, file: str) -> list[PdfPage]:
    """Return all pages of a PDF.

    Parameters
    ----------
    content
        All bytes of the file.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        When the file is broken, or opens with a password only.
    """
    import pdfplumber
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    page: Place = Place(file)
    try:
        with _quiet(), pdfplumber.open(io.BytesIO(content)) as pdf:
            pages: list[PdfPage] = []
            for number, each in enumerate(pdf.pages, start=1):
                page = Place(file, page=number)
                pages.append(_page(each, page))
            return pages
    except (PSException, PdfminerException, MalformedPDFException, *_BROKEN) as error:
        if "Password" in repr(error):
            problem, mend = "a PDF with a password", "save a copy without a password"
        else:
            problem, mend = "a PDF that cannot be read", "download it again, or use a CSV"
        raise page.error(problem, mend) from error


def _page(page: "Page", place: Place) -> PdfPage:
    text = page.extract_text()
    lines = tuple(Cell(line, place) for line in text.splitlines() if line.strip())
    if not _RATES.search(text):
        return PdfPage(place, lines)
    words = tuple(
        Word(word["text"], word["x0"], word["x1"], word["top"], word["bottom"])
        for word in page.extract_words()
    )
    return PdfPage(place, lines, words, _grids(page.extract_tables(), place))


def _grids(tables: list[list[list[str | None]]], place: Place) -> tuple[Grid, ...]:
    return tuple([[Cell(text or "", place) for text in row] for row in table] for table in tables)


@contextmanager
def _quiet() -> Generator[None]:
    """Keep the PDF library's remarks on odd fonts and objects off the user's screen."""
    logger = logging.getLogger("pdfminer")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
