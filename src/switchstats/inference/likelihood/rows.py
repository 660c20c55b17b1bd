"""Runs of cells that share a row: their sums, and the row's numbers repeated for each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.likelihood.stirling import Floats

__all__ = ["Column", "Rows"]


class Rows:
    """Where each cell's row stands; cells of one row lie together, on the last axis of arrays.

    Parameters
    ----------
    place
        The row of each cell, ascending from 0 without gaps.

    Examples
    --------
    >>> rows = Rows(np.array([0, 0, 1]))
    >>> rows.sum(np.array([1.0, 2.0, 3.0])).tolist(), rows.per_cell(np.array([5.0, 6.0])).tolist()
    ([3.0, 3.0], [5.0, 5.0, 6.0])
    """

    def __init__(self, place: NDArray[np.int64]) -> None:
        self._place = place
        self.sizes = np.bincount(place)
        self._starts = np.cumsum(self.sizes) - self.sizes
        # Cells of each row where all have as many, else 0.
        self._each = int(self.sizes[0]) if np.all(self.sizes == self.sizes[0]) else 0
        self._ones = np.ones(self._each)

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return self.sizes.size

    def sum(self, cells: Floats) -> Floats:
        """Return the sum over the cells of each row."""
        if self._each == 1:
            return cells
        if self._each:
            return cells.reshape(*cells.shape[:-1], -1, self._each) @ self._ones
        return np.add.reduceat(cells, self._starts, axis=-1)

    def per_cell(self, rows: Floats) -> Floats:
        """Return each row's number for each of its cells; a last axis of 1 is left as it is."""
        if self._each == 1 or rows.shape[-1] == 1:
            return rows
        return rows[..., self._place]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of a design, to be summed over the cells of each row.

    Parameters
    ----------
    numbers
        One a cell.
    rows
        Of the cells.
    cells, places
        Where the column is not 0, with the rows of these cells; ``None`` where a row has several.
    """

    numbers: Floats
    rows: Rows
    cells: NDArray[np.int64]
    places: NDArray[np.int64] | None

    @classmethod
    def of(cls, numbers: Floats, place: NDArray[np.int64], rows: Rows) -> "Column":
        """Return the column of these numbers, given the row of each cell.

        Examples
        --------
        >>> place = np.array([0, 0, 1])
        >>> column = Column.of(np.array([0.0, 2.0, 1.0]), place, Rows(place))
        >>> sums = np.zeros(2)
        >>> column.add(sums, np.array([10.0, 20.0, 30.0]))
        >>> sums.tolist()
        [40.0, 30.0]
        """
        cells = np.flatnonzero(numbers)
        places = place[cells]
        alone = cells.size < numbers.size and bool(np.all(np.diff(places) > 0))
        return cls(numbers, rows, cells, places if alone else None)

    def add(self, sums: Floats, cells: Floats) -> None:
        """Add to each row's sum its cells, each times the column."""
        if self.places is None:
            sums += self.rows.sum(cells * self.numbers)
        else:
            sums[..., self.places] += cells[..., self.cells] * self.numbers[self.cells]
