"""The cone of hidden requests and errors that a printed table allows, in whole numbers.

A retailer's requests and errors in a shortest period (an atom) with a printed rate between `low`
and `high` are a sum of two rays: requests of which the share `low` are errors, and requests of
which `high` are. So every such cell is two columns that are at least 0, and no row. What is left
are a few rows ``coefficients @ x >= 0``: rates of longer periods, averages, and what else is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.constraints import Constraint
from switchstats.periods import Period

__all__ = ["Form", "Origin", "Row", "System", "Wholes"]

# column -> whole coefficient
Form: TypeAlias = dict[int, int]
# whole numbers: of 64 bits where they fit, else Python's
Wholes: TypeAlias = NDArray[np.int64] | NDArray[np.object_]

# Coefficients may sum up to so many binary digits and leave room for multipliers.
_MOST_BITS = 24
_ROOM = 61


@dataclass(frozen=True, slots=True)
class Origin:
    """What an inequality says.

    Parameters
    ----------
    retailer, group, period
        The printed cell; a cell without retailer is the group's average.
    constraint
        What the user knows besides.
    """

    retailer: str | None = None
    group: str | None = None
    period: Period | None = None
    constraint: Constraint | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """``form @ x >= 0``, or ``> 0`` where strict."""

    form: Form
    origin: Origin
    strict: bool = False

    @property
    def gap(self) -> int:
        """The least difference of the two rays of an atom; 0 where none differ."""
        form = self.form
        gaps = {abs(value - form.get(column ^ 1, 0)) for column, value in form.items()}
        return min(gaps - {0}, default=0)

    @property
    def largest(self) -> int:
        """The largest coefficient."""
        return max(map(abs, self.form.values()))


@dataclass(frozen=True, eq=False)
class System:
    """Homogeneous inequalities ``coefficients @ x >= 0`` with ``x >= 0``.

    Parameters
    ----------
    groups, retailers
        Groups and retailers in it, in printed order.
    atoms
        The shortest periods that the printed ones are made of.
    rates
        By column, the errors of one request, in units of 1 / `error_unit`.
    error_unit
        A common denominator of all ends of printed intervals.
    rows
        The inequalities.
    positive
        What must be above 0 besides the strict rows: cells that print a rate have requests.
    volume_unit
        With volumes known, the last column is 1 / scale, in so many requests.
    """

    groups: tuple[str, ...]
    retailers: tuple[tuple[str, str], ...]
    atoms: tuple[Period, ...]
    rates: tuple[int, ...]
    error_unit: int
    rows: tuple[Row, ...] = ()
    positive: tuple[Row, ...] = ()
    volume_unit: Fraction | None = None
    _sums: dict[tuple[str | None, str | None, Period | None], Form] = field(
        default_factory=dict[tuple[str | None, str | None, Period | None], Form], repr=False
    )

    @property
    def scale(self) -> int | None:
        """The column of 1 / scale, where volumes are known."""
        return None if self.volume_unit is None else len(self.rates)

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.rates) + (self.volume_unit is not None)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each row starts among `columns` and `coefficients`."""
        return np.cumsum([0, *(len(row.form) for row in self.rows)]).astype(np.int64)

    @cached_property
    def columns(self) -> NDArray[np.int64]:
        """Columns of the coefficients, row by row."""
        return np.array([column for row in self.rows for column in row.form], dtype=np.int64)

    @cached_property
    def row_of(self) -> NDArray[np.int64]:
        """The row of each coefficient."""
        return np.repeat(np.arange(len(self.rows)), np.diff(self.starts))

    @cached_property
    def coefficients(self) -> Wholes:
        """The coefficients, row by row."""
        values = [each for row in self.rows for each in row.form.values()]
        most = max((sum(map(abs, row.form.values())) for row in self.rows), default=1)
        widest = max(map(abs, values), default=1) * len(self.rows)
        small = max(most, widest).bit_length() <= _MOST_BITS
        return np.array(values, dtype=np.int64 if small else object)

    @cached_property
    def gaps(self) -> NDArray[np.float64]:
        """The least difference of two rays of an atom by row, infinite where there is none."""
        return np.array([float(row.gap) if row.gap else np.inf for row in self.rows])

    @cached_property
    def room(self) -> int:
        """Binary digits that a point or a multiplier may have in 64 bits; 0: too little."""
        if self.coefficients.dtype == object:
            return 0
        per_row = np.add.reduceat(np.abs(self.coefficients), self.starts[:-1]) if self.rows else [1]
        per_column = np.zeros(self.n_columns, dtype=np.int64)
        np.add.at(per_column, self.columns, np.abs(self.coefficients))
        return _ROOM - int(max(np.max(per_row), per_column.max())).bit_length()

    @cached_property
    def equal_rows(self) -> tuple[tuple[int, int], ...]:
        """Pairs of rows that say that a form is 0, such as a volume known exactly."""
        seen: dict[frozenset[tuple[int, int]], int] = {}
        pairs: list[tuple[int, int]] = []
        for place, row in enumerate(self.rows):
            if row.origin.constraint is None:
                continue
            other = seen.get(frozenset((column, -value) for column, value in row.form.items()))
            if other is not None:
                pairs.append((other, place))
            seen[frozenset(row.form.items())] = place
        return tuple(pairs)

    def requests(
        self,
        *,
        retailer: str | None = None,
        group: str | None = None,
        period: Period | None = None,
    ) -> Form:
        """Return the sum of requests of a retailer, a group or all, in a period or overall."""
        key = (retailer, group, period)
        if key not in self._sums:
            self._sums[key] = dict.fromkeys(self._columns_of(*key), 1)
        return self._sums[key]

    def errors(
        self,
        *,
        retailer: str | None = None,
        group: str | None = None,
        period: Period | None = None,
    ) -> Form:
        """Return the same sum of errors, in units of 1 / `error_unit`."""
        requests = self.requests(retailer=retailer, group=group, period=period)
        return {column: self.rates[column] for column in requests if self.rates[column]}

    def _columns_of(
        self, retailer: str | None, group: str | None, period: Period | None
    ) -> Sequence[int]:
        inside = [
            place
            for place, atom in enumerate(self.atoms)
            if period is None or period.contains(atom)
        ]
        n_atoms = len(self.atoms)
        return [
            2 * (unit * n_atoms + atom) + ray
            for unit, (name, its_group) in enumerate(self.retailers)
            if (retailer is None or name == retailer) and (group is None or its_group == group)
            for atom in inside
            for ray in (0, 1)
        ]
