"""Opens a file that should hold a table and finds the table, whichever of five kinds it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from switchstats.errors import InputError
from switchstats.inputs.encodings import decode
from switchstats.inputs.masks import refuse_supply_point
from switchstats.inputs.paths import refuse_pipe
from switchstats.readers.grid import Grid, grid_of
from switchstats.readers.layout import Layout, RetailerLookup, find_retailer
from switchstats.readers.pasted import pasted_layout
from switchstats.readers.pdf import pdf_table
from switchstats.readers.places import Cell, Place
from switchstats.readers.printed_sheets import grids_of, refuse_bare_numbers
from switchstats.readers.tidy import tidy_layout
from switchstats.readers.wide import wide_layout

__all__ = ["FoundTable", "bytes_of", "table_in_bytes", "table_in_text"]

_CUT_INTO_CELLS = (".csv", ".tsv")
_ZIP, _OLD_SHEET, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-"
_NO_TABLE = (
    "no table of retailers: looked for a header with retailer, period and rate_pct, and for a head "
    "such as みなし小売電気事業者 or 新電力 followed by periods, above rows of rates"
)
_ELSEWHERE = (
    "choose the file that holds the table; counts and request rows are studied by a study file, "
    "which `switchstats init` writes"
)
# Some writers put other bytes before the PDF's own first ones.
_PDF_WITHIN = 1024


@dataclass(frozen=True, slots=True)
class FoundTable:
    """Blocks of rates, the lines they stand among, and the page of a PDF."""

    layout: Layout
    lines: Sequence[Cell]
    page: int | None = None


def bytes_of(path: Path) -> bytes:
    """Return the content of a file.

    Raises
    ------
    InputError
        When there is no such file, it is a folder, or it cannot be opened.
    """
    file = str(path)
    refuse_pipe(path)
    refuse_supply_point(path.name, "file")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no such file", "check its name and folder", file) from None
    except OSError as error:
        problem = f"the file cannot be opened ({error.strerror})"
        raise InputError(problem, "check that you may read it", file) from None
    return content


def table_in_bytes(content: bytes, path: Path, registry: RetailerLookup) -> FoundTable:
    """Return the table in a file's bytes: a PDF, a workbook, or text in one of three layouts.

    Raises
    ------
    InputError
        When the bytes are no PDF, workbook or text, or something in the table's layout cannot be
        read.
    """
    if content.startswith((_ZIP, _OLD_SHEET)):
        return _table_in_workbook(content, str(path), registry)
    if _PDF in content[:_PDF_WITHIN]:
        found = pdf_table(content, str(path), registry)
        return FoundTable(found.layout, found.lines, found.page)
    if path.suffix.casefold() == ".pdf":
        raise InputError(
            "the file is named .pdf but is no PDF", "download it again, or use a CSV", str(path)
        )
    text = decode(content, str(path))
    cut = path.suffix.casefold() in _CUT_INTO_CELLS
    return table_in_text(text, str(path), registry, must_be_cells=cut)


def _table_in_workbook(content: bytes, file: str, registry: RetailerLookup) -> FoundTable:
    """Return the blocks of all sheets, and the lines of the first sheet that has some."""
    grids = grids_of(content, file)
    layouts = [tidy_layout(grid) or wide_layout(grid) for grid in grids]
    blocks = tuple(block for layout in layouts for block in layout.blocks)
    strays = tuple(cell for layout in layouts for cell in layout.strays)
    if not blocks and not any(find_retailer(cell.text, registry) for cell in strays):
        raise InputError(_NO_TABLE, _ELSEWHERE, file)
    refuse_bare_numbers(blocks)
    first = next((at for at, layout in enumerate(layouts) if layout.blocks), 0)
    lines = [Cell(" ".join(cell.text for cell in row), row[0].place) for row in grids[first]]
    return FoundTable(Layout(blocks, strays), lines)


def table_in_text(
    text: str, file: str, registry: RetailerLookup, *, must_be_cells: bool = False
) -> FoundTable:
    """Return the table in a text: tidy, wide, or as pasted from a PDF viewer.

    Parameters
    ----------
    text
        All of the text.
    file
        Its name, for messages.
    registry
        Tells rows of retailers from others.
    must_be_cells
        Whether odd quotes are an error (a CSV) or a sign of running text.

    Raises
    ------
    InputError
        When the text is empty or has no table, or something in the layout cannot be read.
    """
    if not text.strip():
        raise InputError("an empty text", "paste the table, its head included", file)
    lines = [Cell(line, Place(file, number)) for number, line in enumerate(_lines(text), start=1)]
    grid: Grid = []
    try:
        grid = grid_of(text, file)
    except InputError:
        if must_be_cells:
            raise
    layout = tidy_layout(grid) or wide_layout(grid)
    if not layout.blocks:
        pasted = pasted_layout(lines, registry)
        layout = pasted if pasted.blocks else Layout((), layout.strays + pasted.strays)
    if not layout.blocks and not any(find_retailer(cell.text, registry) for cell in layout.strays):
        raise InputError(_NO_TABLE, _ELSEWHERE, file)
    return FoundTable(layout, lines)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
