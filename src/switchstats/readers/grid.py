"""Cuts CSV or tab-separated text into cells that know their line."""

import csv
import io

from switchstats.readers.places import Cell, Place

__all__ = ["Grid", "grid_of"]

Grid = list[list[Cell]]


def grid_of(text: str, file: str) -> Grid:
    r"""Return the rows of `text` that hold anything, cut at tabs or commas, whichever is commoner.

    A row stands at its first line, also where a quoted cell holds line breaks.

    Raises
    ------
    InputError
        When the quotes do not match.

    Examples
    --------
    >>> grid_of("a,b\n\nc,1.5\n", "t.csv")[1][0]
    Cell(text='c', place=Place(file='t.csv', line=3, page=None))
    """
    delimiter = "\t" if text.count("\t") > text.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    grid: Grid = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                grid.append([Cell(cell, Place(file, line)) for cell in row])
            line = reader.line_num + 1
    except csv.Error as error:
        problem = f"a row of the CSV that cannot be cut into cells ({error})"
        raise Place(file, line).error(problem, "check the quotes, or save the CSV again") from None
    return grid
