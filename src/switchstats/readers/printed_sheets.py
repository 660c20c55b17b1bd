"""Takes printed rates off the sheets of a workbook, with the decimals that they show there."""

from collections.abc import Iterable
from dataclasses import dataclass

from switchstats.inputs import LIMITS, shown
from switchstats.inputs.workbook import workbook_sheets
from switchstats.readers.grid import Grid
from switchstats.readers.layout import Block
from switchstats.readers.places import Cell, Place

__all__ = ["grids_of", "refuse_bare_numbers"]


@dataclass(frozen=True, slots=True)
class _BareNumber(Cell):
    """A number of which the workbook does not tell how it is printed."""


def grids_of(content: bytes, file: str) -> list[Grid]:
    """Return the rows of every sheet; a number stands as its format prints it, if that is fixed.

    Parameters
    ----------
    content
        All bytes of an xlsx, xls or ods workbook.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        When the workbook cannot be opened, or is too large.
    """
    sheets = workbook_sheets(content, file, LIMITS, printed=True)
    grids: list[Grid] = []
    for sheet in sheets:
        where = file if len(sheets) == 1 else f"{file} [{sheet.name}]"
        grids.append(
            [
                [
                    (_BareNumber if isinstance(raw, int | float) else Cell)(
                        shown(raw), Place(where, line.number)
                    )
                    for raw in line.cells
                ]
                for line in sheet.lines
            ]
        )
    return grids


def refuse_bare_numbers(blocks: Iterable[Block]) -> None:
    """Raise for a rate whose decimals are not to be seen: 18.0 is stored as 18.

    Raises
    ------
    InputError
        With the place of the first one.
    """
    for block in blocks:
        for row in block.rows:
            for cell in row.rates:
                if isinstance(cell, _BareNumber):
                    raise cell.error(
                        "a number of which the workbook does not tell its printed decimals",
                        "give the cells a format with fixed decimals, such as 0.0 or 0.0%, and "
                        "save as xlsx; or write the rates as text",
                    )
