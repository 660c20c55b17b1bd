"""Which printed cells cannot all be right, where to look, and how far they are from possible."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.bounds.consistency import check_consistency, conflicting_rows, is_empty
from switchstats.bounds.rows import without_rows
from switchstats.bounds.system import Origin, System
from switchstats.bounds.views import View
from switchstats.labels import Text, group_name, joined, text
from switchstats.values import PublishedTable

__all__ = ["Cell", "Conflict", "find_conflict"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: a retailer's, or without retailer its group's average."""

    group: str
    retailer: str | None
    column: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Printed cells that cannot all be right.

    Parameters
    ----------
    cells
        They contradict each other, and without any one of them the others do not.
    suspects
        Cells of the whole table of which any one alone, if wrong, explains everything.
    message
        The same in words.
    """

    cells: tuple[Cell, ...]
    suspects: tuple[Cell, ...]
    message: Text

    def to_dict(self, table: PublishedTable) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "message": self.message.to_dict(),
            "cells": [_cell_to_dict(cell, table) for cell in self.cells],
            "suspects": [_cell_to_dict(cell, table) for cell in self.suspects],
        }


def find_conflict(system: System, empty: View, table: PublishedTable) -> Conflict:
    """Return an irreducible set of contradicting cells of a view that is proved empty.

    Cells are dropped one after the other, single retailers' before averages and in both
    directions, and stay dropped while the rest is still proved empty; the smaller of the two sets
    is returned. A smaller one of another shape may exist.
    """
    rows = _rows_of_cells(empty.system)
    proof = {empty.system.origins[row] for row in conflicting_rows(empty)}
    start = _without(empty, [origin for origin in rows if origin not in proof])
    if not is_empty(start):
        start, proof = empty, set(rows)
    single = [origin for origin in rows if origin in proof and origin.retailer is not None]
    averages = [origin for origin in rows if origin in proof and origin.retailer is None]
    forward = _irreducible(start, [*single, *averages])
    backward = _irreducible(start, [*reversed(single), *reversed(averages)])
    cells = min(forward, backward, key=len)
    everywhere = _rows_of_cells(system)
    suspects = [
        origin
        for origin in cells
        if check_consistency(without_rows(system, set(everywhere[origin]))).consistent
    ]
    found = tuple(_cell(origin, table) for origin in cells)
    doubted = tuple(_cell(origin, table) for origin in suspects)
    return Conflict(found, doubted, _message(found, doubted, table))


def _irreducible(view: View, order: Sequence[Origin]) -> list[Origin]:
    kept = list(order)
    for origin in order:
        smaller = _without(view, [origin])
        if is_empty(smaller):
            view = smaller
            kept.remove(origin)
    return kept


def _without(view: View, dropped: Sequence[Origin]) -> View:
    rows = _rows_of_cells(view.system)
    places = {place for origin in dropped for place in rows[origin]}
    return View(without_rows(view.system, places), view.requests)


def _rows_of_cells(system: System) -> dict[Origin, list[int]]:
    rows: dict[Origin, list[int]] = {}
    for row, origin in enumerate(system.origins):
        if origin.is_cell:
            rows.setdefault(origin, []).append(row)
    return rows


def _cell(origin: Origin, table: PublishedTable) -> Cell:
    column = 0 if origin.period is None else table.column(origin.period)
    return Cell(origin.group or "", origin.retailer, column)


def _cell_to_dict(cell: Cell, table: PublishedTable) -> dict[str, object]:
    return {
        "group": cell.group,
        "retailer": cell.retailer,
        "period": table.periods[cell.column].period.to_dict(),
        "printed": _printed(cell, table),
    }


def _message(cells: Sequence[Cell], suspects: Sequence[Cell], table: PublishedTable) -> Text:
    averages = [cell for cell in cells if cell.retailer is None]
    others = [cell for cell in cells if cell.retailer is not None]
    one_column = len({cell.column for cell in cells}) == 1
    if len(averages) == 1 and one_column:
        words = text(
            "bounds.average_conflict",
            group=group_name(averages[0].group),
            period=table.periods[averages[0].column].label,
            rate=_printed(averages[0], table),
            n=len(others),
        )
    elif not averages and len({cell.retailer for cell in others}) == 1:
        words = text(
            "bounds.row_conflict",
            name=_name(others[0], table),
            rates=joined([_named_cell(cell, table, with_name=False) for cell in others]),
        )
    else:
        words = text(
            "bounds.cells_conflict", cells=joined([_named_cell(cell, table) for cell in cells])
        )
    if not suspects:
        return words
    look = text("bounds.look_at", cells=joined([_named_cell(cell, table) for cell in suspects]))
    return Text(ja=words.ja + look.ja, en=f"{words.en} {look.en}")


def _named_cell(cell: Cell, table: PublishedTable, *, with_name: bool = True) -> Text:
    fields = {"period": table.periods[cell.column].label, "rate": _printed(cell, table)}
    if not with_name:
        return text("bounds.cell", **fields)
    return text("bounds.cell_of", name=_name(cell, table), **fields)


def _name(cell: Cell, table: PublishedTable) -> Text:
    if cell.retailer is None:
        return text("bounds.average_of", group=group_name(cell.group))
    return next(each.name for each in table.retailers if each.retailer == cell.retailer)


def _printed(cell: Cell, table: PublishedTable) -> str:
    rows = table.averages if cell.retailer is None else table.rows
    for row in rows:
        name = None if row.retailer is None else row.retailer.retailer
        if (row.group, name) == (cell.group, cell.retailer):
            rate = row.cells[cell.column]
            return "" if rate is None else rate.text
    return ""
