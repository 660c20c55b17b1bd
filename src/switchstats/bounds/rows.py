"""Rows of a system kept, dropped or given a further column."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from switchstats.bounds.system import Form, System

__all__ = [
    "deepened",
    "loosened",
    "only_retailer",
    "rows_within",
    "without_columns",
    "without_rows",
]


def without_rows(system: System, dropped: Collection[int]) -> System:
    """Return the system without some rows."""
    kept = np.array([row not in dropped for row in range(len(system.origins))])
    lengths = np.diff(system.starts)
    entries = np.repeat(kept, lengths)
    return replace(
        system,
        starts=np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64),
        columns=system.columns[entries],
        coefficients=system.coefficients[entries],
        origins=tuple(each for each, keep in zip(system.origins, kept, strict=True) if keep),
    )


def rows_within(system: System, columns: Collection[int]) -> System:
    """Return the rows that speak of no other columns."""
    inside = np.isin(system.columns, list(columns))
    whole = np.logical_and.reduceat(inside, system.starts[:-1])
    return without_rows(system, set(np.flatnonzero(~whole).tolist()))


def without_columns(system: System, columns: Collection[int]) -> System:
    """Return the system with some columns at 0; rows that speak of nothing else are left out."""
    kept = ~np.isin(system.columns, list(columns))
    lengths = np.add.reduceat(kept.astype(np.int64), system.starts[:-1])
    return replace(
        system,
        starts=np.concatenate([[0], np.cumsum(lengths[lengths > 0])]).astype(np.int64),
        columns=system.columns[kept],
        coefficients=system.coefficients[kept],
        origins=tuple(each for each, length in zip(system.origins, lengths, strict=True) if length),
    )


def only_retailer(system: System, retailer: str) -> System:
    """Return the rows of one retailer as a system of its own columns."""
    requests = system.requests(retailer=retailer)
    first = min(requests)
    n_columns = 2 * len(requests)
    own = rows_within(system, range(first, first + n_columns))
    return replace(
        own,
        groups=(dict(system.retailers)[retailer],),
        retailers=((retailer, dict(system.retailers)[retailer]),),
        columns=own.columns - first,
        n_columns=n_columns,
        volume_unit=None,
    )


def deepened(system: System, flat: Collection[int] = ()) -> tuple[System, int]:
    """Let every row be satisfied by at least one further column; return its place too.

    That column, the depth, is counted in units of the row's largest coefficient. Rows in `flat`,
    which hold with equality, are left as they are.
    """
    n_rows = len(system.origins)
    deep_rows = np.array([row not in flat for row in range(n_rows)])
    ends = system.starts[1:][deep_rows]
    deep = replace(
        system,
        starts=system.starts + np.concatenate([[0], np.cumsum(deep_rows)]),
        columns=np.insert(system.columns, ends, system.n_columns),
        coefficients=np.insert(system.coefficients, ends, -_sizes(system)[deep_rows]),
        n_columns=system.n_columns + 1,
    )
    return deep, system.n_columns


def loosened(system: System) -> tuple[System, Form]:
    """Give every row a slack column of its own; return the sum of the slacks too."""
    n_rows = len(system.origins)
    loose = replace(
        system,
        starts=system.starts + np.arange(n_rows + 1),
        columns=np.insert(system.columns, system.starts[1:], system.n_columns + np.arange(n_rows)),
        coefficients=np.insert(system.coefficients, system.starts[1:], _sizes(system)),
        n_columns=system.n_columns + n_rows,
    )
    return loose, dict.fromkeys(range(system.n_columns, loose.n_columns), 1)


def _sizes(system: System) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.maximum.reduceat(np.abs(system.coefficients), system.starts[:-1])
