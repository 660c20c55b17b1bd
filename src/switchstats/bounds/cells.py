"""Printed cells of a table, and tables with some of them left blank."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from switchstats.values import PrintedRate, PublishedTable, Shown, TableRow

__all__ = ["Cell", "cells_of", "only_cells", "replaced"]


@dataclass(frozen=True, slots=True)
class Cell(Shown):
    """A printed cell: a retailer's, or without retailer its group's average."""

    group: str
    retailer: str | None
    column: int

    def printed(self, table: PublishedTable) -> PrintedRate | None:
        """Return what a table prints there."""
        for row in (*table.rows, *table.averages):
            if (row.group, _name(row)) == (self.group, self.retailer):
                return row.cells[self.column]
        return None

    def to_dict(self, table: PublishedTable) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        rate = self.printed(table)
        return {
            "group": self.group,
            "retailer": self.retailer,
            "period": table.periods[self.column].period.to_dict(),
            "printed": "" if rate is None else rate.text,
        }


def cells_of(table: PublishedTable, groups: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells of some groups that are not blank, retailers' before averages."""
    return tuple(
        Cell(row.group, _name(row), column)
        for row in (*table.rows, *table.averages)
        if row.group in groups and table.members(row.group)
        for column, cell in enumerate(row.cells)
        if cell is not None
    )


def only_cells(
    table: PublishedTable, cells: Collection[Cell], *, keep_rows: bool = False
) -> PublishedTable:
    """Return a table with all other cells blank.

    Rows without a cell are left out, unless an average of their group is kept, whose members they
    are, or all rows are wanted.
    """
    kept = set(cells)
    averaged = {cell.group for cell in kept if cell.retailer is None}
    rows, averages = (
        tuple(_blanked(row, kept) for row in some) for some in (table.rows, table.averages)
    )
    if not keep_rows:
        rows = tuple(row for row in rows if row.group in averaged or any(row.cells))
    return replace(table, rows=rows, averages=averages) if rows else table


def replaced(table: PublishedTable, cell: Cell, rate: PrintedRate) -> PublishedTable:
    """Return a table with another rate in one cell."""
    rows, averages = (
        tuple(
            replace(row, cells=(*row.cells[: cell.column], rate, *row.cells[cell.column + 1 :]))
            if (row.group, _name(row)) == (cell.group, cell.retailer)
            else row
            for row in some
        )
        for some in (table.rows, table.averages)
    )
    return replace(table, rows=rows, averages=averages)


def _blanked(row: TableRow, kept: Collection[Cell]) -> TableRow:
    cells = tuple(
        cell if Cell(row.group, _name(row), column) in kept else None
        for column, cell in enumerate(row.cells)
    )
    return replace(row, cells=cells)


def _name(row: TableRow) -> str | None:
    return None if row.retailer is None else row.retailer.retailer
