"""What counts say of each retailer and period, to be compared between deliveries and runs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cell", "Rows", "cells_of", "sums_of"]

# retailer, first day, day after the last
Cell: TypeAlias = tuple[str, "pd.Timestamp", "pd.Timestamp"]
Rows: TypeAlias = tuple[tuple[object, ...], ...]

_CELL = ["retailer", "period_start", "period_end"]


def cells_of(table: "pd.DataFrame") -> Mapping[Cell, Rows]:
    """Return every row of each retailer and period, strata and numbers, in a fixed order."""
    others = [name for name in table.columns if name not in (*_CELL, "group")]
    found: dict[Cell, list[tuple[object, ...]]] = {}
    keys = zip(*(table[name].tolist() for name in _CELL), strict=True)
    rows = zip(*(table[name].tolist() for name in others), strict=True)
    for key, row in zip(keys, rows, strict=True):
        found.setdefault(key, []).append(row)
    return {cell: tuple(sorted(rows, key=repr)) for cell, rows in found.items()}


def sums_of(table: "pd.DataFrame") -> Mapping[Cell, tuple[int, int]]:
    """Return requests and errors of each retailer and period; a request of two reasons once."""
    strata = [
        name
        for name in table.columns
        if name not in (*_CELL, "group", "requests", "errors", "reason")
    ]
    errors = table.groupby(_CELL)["errors"].sum()
    once = table.drop_duplicates([*_CELL, *strata]).groupby(_CELL)["requests"].sum()
    return {
        tuple(cell): (int(n), int(e))
        for cell, n, e in zip(once.index.tolist(), once.tolist(), errors.tolist(), strict=True)
    }
