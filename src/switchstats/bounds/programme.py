"""Bounds of forms over a system, each proved from outside and attained from inside.

HiGHS works in floating point. Its multipliers, rounded to whole numbers, prove a bound exactly;
its point, moved a little towards an interior point, satisfies every inequality exactly. The truth
lies between the two. Where they are not close, the basis is solved in exact fractions.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.exact import in_whole_numbers, solve_near
from switchstats.bounds.proof import Prover
from switchstats.bounds.solver import Answer, Limits, Solver, Unbounded
from switchstats.bounds.system import Form, System, Wholes
from switchstats.bounds.wholes import holds, value_at

__all__ = ["Bound", "Point", "Programme", "exact_vertex", "on_equalities", "whole_point"]

# Ends that are proved and attained to this much of their size are not sharpened, in a system of up
# to so many columns; in a larger one to more, since solving its basis takes long.
_CLOSE, _SMALL = 1e-9, 100
_LEAST_STEP = 1e-15
# Doubles are wrong by so much of what they add up.
_ROUNDED = 4e-16
_POINT_BITS = 80

Point: TypeAlias = Wholes


@dataclass(frozen=True, slots=True)
class Bound:
    """A proved bound of a quantity.

    Parameters
    ----------
    proved
        No point of the system goes beyond it, exactly.
    attained
        A point of the system reaches it, exactly; ``None`` when no interior point is known.
    point
        That point, in whole numbers.
    """

    proved: Fraction
    attained: Fraction | None
    point: "Point | None" = None

    @property
    def negative(self) -> "Bound":
        """The same bound of the negative quantity."""
        return Bound(-self.proved, None if self.attained is None else -self.attained, self.point)


class Programme:
    """Linear programmes over one system and one normaliser.

    Parameters
    ----------
    system
        The cone.
    normaliser
        A form that is 1, so that ratios to it are linear.
    floor
        A proved least value of the normaliser where all columns that it does not speak of sum to 1.
    interior
        A point in the cone's interior, for attained bounds.
    """

    def __init__(
        self, system: System, normaliser: Form, floor: Fraction | None, interior: Point | None
    ) -> None:
        self._system = system
        self._normaliser = normaliser
        self._prover = Prover(system, normaliser, floor)
        self._solver = Solver(system, normaliser, Limits())
        self._coefficients = system.coefficients.astype(np.float64)
        self._inside = None
        if interior is not None and (total := value_at(normaliser, interior)) > 0:
            self._inside = np.array([int(each) / total for each in interior])
            self._depth, _ = self._rows_at(self._inside)

    @property
    def n_solved(self) -> int:
        """How many linear programmes were solved."""
        return self._solver.n_solved

    def least(self, form: Form) -> Bound:
        """Return the least value of a form over the normalised cone.

        Raises
        ------
        Impossible, Unbounded, SolverError
            As HiGHS ends; `Unbounded` also when no limit could be proved.
        """
        answer = self._solver.least(form)
        proved = self._prover.rounded(form, answer)
        point = self._moved_inside(answer.point)
        attained = None if point is None else self._ratio(form, point)
        if proved is not None and (attained is None or self._close(proved, attained)):
            return Bound(proved, attained, point)
        first = None if proved is None else Bound(proved, attained, point)
        return self._sharpened(form, answer, first)

    def most(self, form: Form) -> Bound:
        """Return the greatest value, as `least` of the negative."""
        return self.least({column: -value for column, value in form.items()}).negative

    def _ratio(self, form: Form, point: Point) -> Fraction:
        return Fraction(value_at(form, point), value_at(self._normaliser, point))

    def _moved_inside(self, value: NDArray[np.float64]) -> "Point | None":
        """Move a nearly feasible point to the interior point until every row holds exactly."""
        if self._inside is None:
            return None
        value = np.maximum(value, 0.0)
        rows, sizes = self._rows_at(value)
        short = np.maximum(_ROUNDED * sizes - rows, 0.0)
        deep = self._depth > 0
        step = float((short[deep] / self._depth[deep]).max(initial=0.0))
        for times in (1.0, 100.0):
            moved = min(max(times * step, _LEAST_STEP), 0.5)
            point = whole_point(self._system, (1 - moved) * value + moved * self._inside)
            if point is not None:
                return point
        return None

    def _rows_at(
        self, value: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return every row at a point, and the sum of the sizes of what it adds up."""
        if not self._system.rows:
            return np.zeros(0), np.zeros(0)
        products = self._coefficients * value[self._system.columns]
        starts = self._system.starts[:-1]
        return np.add.reduceat(products, starts), np.add.reduceat(np.abs(products), starts)

    def _close(self, proved: Fraction, attained: Fraction) -> bool:
        near = _CLOSE * max(1.0, self._system.n_columns / _SMALL)
        return float(attained - proved) <= near * max(1.0, abs(float(proved)))

    def _sharpened(self, form: Form, answer: Answer, first: Bound | None) -> Bound:
        """Solve the basis in fractions, for both ends."""
        basis = self._solver.basis()
        proved = self._prover.exact(form, answer, basis)
        if first is not None:
            proved = first.proved if proved is None else max(proved, first.proved)
        if proved is None:
            raise Unbounded("a bound", "no limit of it could be proved", "a volume or a share")
        attained, point = (None, None) if first is None else (first.attained, first.point)
        vertex = exact_vertex(self._system, self._normaliser, answer, basis)
        if vertex is not None and (attained is None or self._ratio(form, vertex) < attained):
            attained, point = self._ratio(form, vertex), vertex
        return Bound(proved, attained, point)


def whole_point(system: System, value: NDArray[np.float64]) -> "Point | None":
    """Return a point in whole numbers near one in floating point, if it satisfies every row."""
    largest = float(value.max(initial=0.0))
    if not largest > 0:
        return None
    bits = _POINT_BITS - int(np.ceil(np.log2(largest)))
    point = np.array([int(each) for each in np.ldexp(value, bits)], dtype=object)
    point = on_equalities(system, point)
    return point if holds(system, point) else None


def on_equalities(system: System, point: Point) -> Point:
    """Move a point by a little so that every equality holds exactly."""
    pairs = system.equal_rows
    if not pairs:
        return point
    forms = [system.rows[first].form for first, _ in pairs]
    spoken = {column for form in forms for column in form}
    kept = {column for column in spoken if point[column] > 0}
    equations = [({c: v for c, v in form.items() if c in kept}, 0) for form in forms]
    found = solve_near(equations, {column: Fraction(int(point[column])) for column in kept})
    if found is None:
        return point
    moved = [found.get(place, Fraction(int(each))) for place, each in enumerate(point)]
    return np.array(in_whole_numbers(moved), dtype=object)


def exact_vertex(
    system: System,
    normaliser: Form,
    answer: Answer,
    basis: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> "Point | None":
    """Return the point of a basis, solved exactly; ``None`` where it breaks a row."""
    columns, rows = basis
    basic = [int(column) for column in np.flatnonzero(columns)]
    kept = set(basic)
    equations = [
        ({c: v for c, v in system.rows[row].form.items() if c in kept}, 0)
        for row in np.flatnonzero(~rows)
    ]
    unit = sum(normaliser.values()) or 1
    equations.append(({c: v for c, v in normaliser.items() if c in kept}, unit))
    guess = {column: Fraction(float(answer.point[column])) * unit for column in basic}
    found = solve_near(equations, guess)
    if found is None:
        return None
    values = [found.get(column, Fraction(0)) for column in range(system.n_columns)]
    point = np.array(in_whole_numbers(values), dtype=object)
    return point if holds(system, point) and value_at(normaliser, point) > 0 else None
