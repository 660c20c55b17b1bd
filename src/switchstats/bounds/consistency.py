"""Whether any requests and errors print as a table, proved either way.

The table is possible if some point satisfies every row, the strict ones strictly, and gives every
printed cell requests. By T. S. Motzkin's transposition theorem it is impossible exactly when
multipliers exist under which all rows together say that something is below 0 that must be above.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.programme import Point, exact_corner, on_equalities
from switchstats.bounds.proof import exact_multipliers, rounded_multipliers
from switchstats.bounds.solver import Answer, Impossible, Limits, Solver, SolverError, Unbounded
from switchstats.bounds.system import Form, Row, System, Wholes
from switchstats.bounds.wholes import columns_times, holds, row_values, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Consistency", "check_consistency", "dispensable", "interior_point", "is_dispensable"]

_LEAST_SCALE = 1e-2
# A point that is not quite inside is corrected by solutions this many times finer.
_REFINED = (1.0, 2.0**20, 2.0**40)
_POINT_BITS = 80
# No column is corrected by more of these finer units.
_FARTHEST = 1e9
_ABOVE = 1e-7


@dataclass(frozen=True, slots=True)
class _Depth:
    """How far inside a point is asked to lie.

    Parameters
    ----------
    requests
        Of every ray.
    rows
        In a retailer's own row, in units of what its digits leave open of one request.
    many
        In averages and shares: they hold even if so many requests were counted wrong; ``None``: as
        in a retailer's own row.
    """

    requests: float
    rows: float
    many: float | None

    def limits(self, system: System) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the least value of every row, and of every column."""
        equal = {row for pair in system.equal_rows for row in pair}
        least = [0.0 if place in equal else self._of(row) for place, row in enumerate(system.rows)]
        low = np.full(system.n_columns, self.requests)
        if system.scale is not None:
            low[system.scale] = _LEAST_SCALE
        return np.array(least), low

    def _of(self, row: Row) -> float:
        own = row.origin.retailer is not None and row.gap > 0
        if self.many is None or own:
            return self.rows * _size(row)
        return self.many * row.largest


_DEEP = _Depth(requests=10.0, rows=1.0, many=200.0)
_SHALLOW = _Depth(requests=1.0, rows=1e-2, many=None)


@dataclass(frozen=True, slots=True, eq=False)
class Consistency:
    """Whether a system has a point that prints as its table.

    Parameters
    ----------
    consistent
        ``None`` when neither a point nor a proof was found.
    point
        Such a point, in whole numbers, checked exactly.
    multipliers
        Of the rows, proving that there is none, checked exactly.
    """

    consistent: bool | None
    point: "Point | None" = None
    multipliers: "Wholes | None" = None


def check_consistency(system: System) -> Consistency:
    """Return a point of a system or a proof that there is none."""
    point = interior_point(system)
    if point is not None:
        return Consistency(consistent=True, point=point)
    return _on_the_edge(system)


def interior_point(system: System) -> "Point | None":
    """Return an exact point that satisfies all rows strictly but those that hold with equality."""
    for depth in (_DEEP, _SHALLOW):
        least, low = depth.limits(system)
        for point in _refined(system, system.requests(), least, low):
            if _is_strict(system, point):
                return point
    return None


def is_dispensable(system: System, retailer: str) -> bool:
    """Whether a point without a retailer strictly satisfies all rows that others have part in."""
    own = system.requests(retailer=retailer)
    least, low = _DEEP.limits(system)
    for place, row in enumerate(system.rows):
        if row.origin.retailer == retailer:
            least[place] = 0.0
    low[list(own)] = 0.0
    return any(
        retailer in dispensable(system, point) for point in _refined(system, own, least, low)
    )


def _refined(
    system: System, small: Form, least: NDArray[np.float64], low: NDArray[np.float64]
) -> "Iterator[Point]":
    """Yield exact points with ever more exactly so much of every row and column, if there are any.

    Of a form there is as little as can be.
    """
    value: Point = np.zeros(system.n_columns, dtype=object)
    for times in _REFINED:
        rest = [float(each) / 2**_POINT_BITS for each in row_values(system, value)]
        reached = np.array([float(each) / 2**_POINT_BITS for each in value])
        limits = Limits(
            row=(least - rest) * times, low=np.maximum((low - reached) * times, -_FARTHEST)
        )
        wanted = small if times == 1 else {}
        try:
            answer = Solver(system, None, limits, primal=False).least(wanted)
        except (Impossible, Unbounded, SolverError):  # impossible by a hair can end in any of them
            return
        more = np.ldexp(answer.point, _POINT_BITS) / times
        value = value + np.array([int(each) for each in more], dtype=object)
        point = on_equalities(system, np.maximum(value, 0))
        if holds(system, point):
            yield point


def dispensable(system: System, point: Point) -> frozenset[str]:
    """Return retailers without whom a point strictly satisfies all rows that others share."""
    names = [name for name, _ in system.retailers]
    width = 2 * len(system.atoms)
    right = np.ones(len(names), dtype=np.bool_)
    for row in system.rows:
        columns = np.fromiter(row.form, dtype=np.int64, count=len(row.form))
        # 1 / scale stands after everybody's columns
        units = np.minimum(columns // width, len(names))
        if units[0] == units[-1]:
            continue
        parts = np.zeros(len(names) + 1, dtype=object)
        values = np.array(list(row.form.values()), dtype=object) * point[columns]
        np.add.at(parts, units, values)
        touched = np.zeros(len(names) + 1, dtype=np.bool_)
        touched[units] = True
        right &= ~touched[:-1] | np.array(parts.sum() - parts[:-1] > 0, dtype=np.bool_)
    return frozenset(name for name, is_right in zip(names, right, strict=True) if is_right)


def _is_strict(system: System, point: Point) -> bool:
    values = row_values(system, point)
    return all(value_at(row.form, point) > 0 for row in system.positive) and all(
        value > 0 for row, value in zip(system.rows, values, strict=True) if row.strict
    )


def _on_the_edge(system: System) -> Consistency:
    """Make as much as possible of what must be above 0, until all is or the rest cannot be."""
    waiting = [*system.positive, *(row for row in system.rows if row.strict)]
    solver = Solver(system, None, Limits(high=1.0))
    total: Point = np.zeros(system.n_columns, dtype=object)
    exact = True
    while waiting:
        sizes = [_size(row) for row in waiting]
        wanted = _sum_of([row.form for row in waiting], sizes)
        answer = solver.least({column: -value for column, value in wanted.items()})
        reached = [
            row
            for row, size in zip(waiting, sizes, strict=True)
            if _at(row.form, answer.point) > _ABOVE * size
        ]
        if not reached:
            proof = _proof(system, wanted, answer, solver)
            return Consistency(consistent=None if proof is None else False, multipliers=proof)
        vertex = exact_corner(system, answer, solver.basis())
        exact = exact and vertex is not None
        if vertex is not None:
            total = total + vertex
        waiting = [row for row in waiting if row not in reached]
    if exact and holds(system, total) and _is_strict(system, total):
        return Consistency(consistent=True, point=total)
    return Consistency(consistent=None)


def _size(row: Row) -> int:
    """Return what counts as much in a row: of rates, what the digits leave open."""
    return row.largest if row.origin.constraint is not None else row.gap or row.largest


def _sum_of(forms: list[Form], sizes: list[int]) -> Form:
    """Return a sum of forms, each counted about as much as the others, in whole numbers."""
    largest = max(sizes)
    total: Form = {}
    for form, size in zip(forms, sizes, strict=True):
        for column, value in form.items():
            total[column] = total.get(column, 0) + value * (largest // size)
    return {column: value for column, value in total.items() if value}


def _at(form: Form, point: NDArray[np.float64]) -> float:
    return sum(value * float(point[column]) for column, value in form.items())


def _proof(system: System, wanted: Form, answer: Answer, solver: Solver) -> "Wholes | None":
    """Return multipliers under which the rows say that what must be above 0 is not."""
    multipliers, unit = rounded_multipliers(answer)
    if _proves(system, wanted, multipliers, unit):
        return multipliers
    found = exact_multipliers(
        system, {column: -value for column, value in wanted.items()}, {}, answer, solver.basis()
    )
    if found is not None and _proves(system, wanted, *found):
        return found[0]
    return None


def _proves(system: System, wanted: Form, multipliers: Wholes, unit: int) -> bool:
    total = columns_times(system, multipliers).astype(object)
    for column, value in wanted.items():
        total[column] += value * unit
    if not (total > 0).any():
        return True
    # a little less of what is wanted is as good a proof, as long as some of it is left
    scaled = columns_times(system, multipliers).astype(object) * 2
    for column, value in wanted.items():
        scaled[column] += value * unit
    return not (scaled > 0).any()
