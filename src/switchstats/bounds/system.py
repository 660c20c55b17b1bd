"""The cone of hidden requests and errors that a printed table allows, in whole numbers.

Columns are, for every retailer and every atom of time, its requests and its errors; one more, the
reciprocal of scale, when volumes are known. Every printed cell is two homogeneous inequalities
``row @ x >= 0`` with whole coefficients, so that exact arithmetic stays cheap.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.constraints import Constraint, Ordering, Share, Volume, exact
from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.values import PublishedTable, RoundingRule

__all__ = ["Form", "Origin", "System", "build_system"]

# column -> whole coefficient
Form: TypeAlias = dict[int, int]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an inequality comes from.

    Parameters
    ----------
    retailer, group, period
        The printed cell; a cell without retailer is the group's average. Without period: a rule of
        arithmetic (errors are at most the requests).
    constraint
        What the user knows besides.
    """

    retailer: str | None = None
    group: str | None = None
    period: Period | None = None
    constraint: Constraint | None = None

    @property
    def is_cell(self) -> bool:
        """Whether it is a printed cell."""
        return self.period is not None and self.constraint is None


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Homogeneous inequalities ``coefficients @ x >= 0`` with ``x >= 0``.

    Parameters
    ----------
    groups, retailers
        Groups and retailers in it, in printed order.
    atoms
        The shortest periods that the printed ones are made of.
    starts, columns, coefficients
        Compressed sparse rows of whole numbers.
    origins
        One a row.
    n_columns
        Number of columns.
    volume_unit
        With volumes known, the last column is 1 / scale, in so many requests.
    """

    groups: tuple[str, ...]
    retailers: tuple[tuple[str, str], ...]
    atoms: tuple[Period, ...]
    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    coefficients: NDArray[np.int64]
    origins: tuple[Origin, ...]
    n_columns: int
    volume_unit: Fraction | None = None

    def requests(
        self,
        *,
        retailer: str | None = None,
        group: str | None = None,
        period: Period | None = None,
    ) -> Form:
        """Return the sum of requests of a retailer, a group or all, in a period or overall."""
        return self._sum(0, retailer, group, period)

    def errors(
        self,
        *,
        retailer: str | None = None,
        group: str | None = None,
        period: Period | None = None,
    ) -> Form:
        """Return the same sum of errors."""
        return self._sum(1, retailer, group, period)

    def _sum(
        self, which: int, retailer: str | None, group: str | None, period: Period | None
    ) -> Form:
        atoms = [
            place
            for place, atom in enumerate(self.atoms)
            if period is None or period.contains(atom)
        ]
        return {
            2 * (unit * len(self.atoms) + atom) + which: 1
            for unit, (name, its_group) in enumerate(self.retailers)
            if (retailer is None or name == retailer) and (group is None or its_group == group)
            for atom in atoms
        }


def build_system(
    table: PublishedTable,
    groups: Sequence[str],
    constraints: Sequence[Constraint] = (),
    rounding: RoundingRule | None = None,
) -> System:
    """Return the cone for these groups of a table.

    Parameters
    ----------
    table
        The printed table.
    groups
        Groups to hold; their rows and averages.
    constraints
        What is known besides; all must concern these groups.
    rounding
        The table's own rule by default.

    Examples
    --------
    >>> import switchstats as ss
    >>> system = build_system(ss.load_published("egc-083"), ["incumbent"])
    >>> len(system.atoms), system.n_columns, len(system.origins)
    (2, 40, 86)
    """
    rule = rounding or table.rounding
    retailers = tuple(
        (row.retailer.retailer, row.group)
        for row in table.rows
        if row.group in groups and row.retailer is not None
    )
    atoms = _atoms([column.period for column in table.periods])
    bare = System(
        groups=tuple(groups),
        retailers=retailers,
        atoms=atoms,
        starts=np.zeros(1, dtype=np.int64),
        columns=np.empty(0, dtype=np.int64),
        coefficients=np.empty(0, dtype=np.int64),
        origins=(),
        n_columns=2 * len(retailers) * len(atoms),
    )
    rows = [*_arithmetic(bare), *_cells(bare, table, rule)]
    bare = replace(bare, volume_unit=_volume_unit(constraints))
    for constraint in constraints:
        rows += [(form, Origin(constraint=constraint)) for form in _known(bare, constraint, table)]
    return _packed(bare, rows)


def _atoms(periods: Iterable[Period]) -> tuple[Period, ...]:
    printed = list(periods)
    edges = sorted({edge for period in printed for edge in (period.start, period.end)})
    pieces = [Period(start, end) for start, end in pairwise(edges)]
    return tuple(piece for piece in pieces if any(each.contains(piece) for each in printed))


def _arithmetic(system: System) -> list[tuple[Form, Origin]]:
    """Errors are at most the requests."""
    return [
        ({2 * cell: 1, 2 * cell + 1: -1}, Origin())
        for cell in range(len(system.retailers) * len(system.atoms))
    ]


def _cells(system: System, table: PublishedTable, rule: RoundingRule) -> list[tuple[Form, Origin]]:
    rows: list[tuple[Form, Origin]] = []
    for row in (*table.rows, *table.averages):
        if row.group not in system.groups:
            continue
        name = None if row.retailer is None else row.retailer.retailer
        whose = {"group": row.group} if name is None else {"retailer": name}
        for column, cell in zip(table.periods, row.cells, strict=True):
            if cell is None:
                continue
            low, high = cell.bounds(rule)
            requests = system.requests(**whose, period=column.period)
            errors = system.errors(**whose, period=column.period)
            origin = Origin(name, row.group, column.period)
            rows.append((_combined((errors, Fraction(1)), (requests, -low)), origin))
            rows.append((_combined((errors, Fraction(-1)), (requests, high)), origin))
    return rows


def _volume_unit(constraints: Sequence[Constraint]) -> Fraction | None:
    ends = [
        exact(end)
        for one in constraints
        if isinstance(one, Volume)
        for end in (one.low, one.high)
        if end is not None
    ]
    return max(ends) or Fraction(1) if ends else None


def _known(system: System, constraint: Constraint, table: PublishedTable) -> list[Form]:
    if constraint.period is not None:
        table.column(constraint.period)
    named = constraint.retailers if isinstance(constraint, Ordering) else (constraint.retailer,)
    known = {name for name, _ in system.retailers}
    for name in named:
        if name is not None and name not in known:
            raise UsageError(f"a constraint names the retailer {name!r}, whom the table lacks")
    if isinstance(constraint, Ordering):
        sums = [
            system.requests(retailer=name, period=constraint.period)
            for name in constraint.retailers
        ]
        return [
            _combined((larger, Fraction(1)), (smaller, Fraction(-1)))
            for larger, smaller in pairwise(sums)
        ]
    if constraint.group is not None and constraint.group not in system.groups:
        raise UsageError(f"a constraint names the group {constraint.group!r}, which is not there")
    part = system.requests(
        retailer=constraint.retailer, group=constraint.group, period=constraint.period
    )
    whole, unit = _whole(system, constraint)
    forms: list[Form] = []
    if constraint.low is not None:
        forms.append(_combined((part, Fraction(1)), (whole, -exact(constraint.low) / unit)))
    if constraint.high is not None:
        forms.append(_combined((part, Fraction(-1)), (whole, exact(constraint.high) / unit)))
    return forms


def _whole(system: System, constraint: Share | Volume) -> tuple[Form, Fraction]:
    """Return what a share is a share of, or a volume's unit."""
    if isinstance(constraint, Volume):
        return {system.n_columns: 1}, system.volume_unit or Fraction(1)
    if constraint.retailer is None:
        return system.requests(period=constraint.period), Fraction(1)
    group = dict(system.retailers)[constraint.retailer]
    return system.requests(group=group, period=constraint.period), Fraction(1)


def _combined(*parts: tuple[Mapping[int, int], Fraction]) -> Form:
    """Return a sum of forms times a positive number that makes all coefficients whole."""
    total: dict[int, Fraction] = {}
    for form, factor in parts:
        for column, coefficient in form.items():
            total[column] = total.get(column, Fraction(0)) + coefficient * factor
    multiple = lcm(*(value.denominator for value in total.values()))
    return {column: int(value * multiple) for column, value in total.items() if value}


def _packed(system: System, rows: Sequence[tuple[Form, Origin]]) -> System:
    lengths = [len(form) for form, _ in rows]
    return replace(
        system,
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        columns=np.array([column for form, _ in rows for column in form], dtype=np.int64),
        coefficients=np.array([each for form, _ in rows for each in form.values()], dtype=np.int64),
        origins=tuple(origin for _, origin in rows),
        n_columns=system.n_columns + (system.volume_unit is not None),
    )
