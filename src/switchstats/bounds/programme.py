"""Bounds of forms over a system, each proved from outside and attained from inside.

HiGHS works in floating point. Its multipliers, rounded to whole numbers, prove a bound exactly;
its point, moved a little towards an interior point, satisfies every inequality exactly. The truth
lies between the two. Where they are not close, the basis is solved in exact fractions.
"""

from collections.abc import Collection, Mapping, Sequence
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

__all__ = [
    "Bound",
    "Point",
    "Programme",
    "exact_corner",
    "exact_vertex",
    "on_equalities",
    "whole_point",
]

# Ends that are proved and attained to this much of their size are not sharpened, in a system of up
# to so many columns; in a larger one to more, since solving its basis takes long.
_CLOSE, _SMALL = 1e-9, 100
_LEAST_STEP, _MOST_STEP = 1e-15, 1e-4
# Doubles are wrong by so much of what they add up.
_ROUNDED = 4e-16
_POINT_BITS = 140

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
        self._interior = None
        if interior is not None and (total := value_at(normaliser, interior)) > 0:
            self._interior = interior
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
        enough = self._interior is None if attained is None else self._close(proved, attained)
        if proved is not None and enough:
            return Bound(proved, attained, point)
        return self._sharpened(form, answer, proved, point)

    def most(self, form: Form) -> Bound:
        """Return the greatest value, as `least` of the negative."""
        return self.least({column: -value for column, value in form.items()}).negative

    def point_of_most(self, form: Form) -> "Point | None":
        """Return a point at which a form is about as great as it can be, without a proof."""
        answer = self._solver.least({column: -value for column, value in form.items()})
        point = self._moved_inside(answer.point)
        if point is not None:
            return point
        vertex = exact_vertex(self._system, self._normaliser, answer, self._solver.basis())
        return self._interior if vertex is None else vertex

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
            moved = max(times * step, _LEAST_STEP)
            if moved > _MOST_STEP:
                return None
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

    def _close(self, proved: Fraction | None, attained: Fraction) -> bool:
        if proved is None:
            return False
        near = _CLOSE * max(1.0, self._system.n_columns / _SMALL)
        return float(attained - proved) <= near * max(1.0, abs(float(proved)))

    def _sharpened(
        self, form: Form, answer: Answer, proved: Fraction | None, point: "Point | None"
    ) -> Bound:
        """Solve the basis in fractions, for both ends."""
        basis = self._solver.basis()
        exact = self._prover.exact(form, answer, basis)
        limits = [each for each in (proved, exact) if each is not None]
        if not limits:
            raise Unbounded("a bound", "no limit of it could be proved", "a volume or a share")
        vertex = exact_vertex(self._system, self._normaliser, answer, basis)
        found = (point, vertex, self._interior)
        reached = [(self._ratio(form, each), each) for each in found if each is not None]
        if not reached:
            return Bound(max(limits), None)
        attained, best = min(reached, key=lambda each: each[0])
        return Bound(max(limits), attained, best)


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
    unit = sum(normaliser.values()) or 1
    guess = {
        int(column): Fraction(float(answer.point[column])) * unit
        for column in np.flatnonzero(basis[0])
    }
    last = {column: value for column, value in normaliser.items() if column in guess}
    point = _solved([*_equations(system, basis, guess), (last, unit)], guess, system.n_columns)
    valid = point is not None and holds(system, point) and value_at(normaliser, point) > 0
    return point if valid else None


def exact_corner(
    system: System, answer: Answer, basis: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> "Point | None":
    """Return the point of a basis of columns of at most 1, as `exact_vertex` does of a normaliser.

    Columns that are not in the basis are 0 or 1.
    """
    guess = {
        int(column): Fraction(float(answer.point[column])) for column in np.flatnonzero(basis[0])
    }
    ones = {int(each) for each in np.flatnonzero(~basis[0] & (answer.point > 1 / 2))}
    point = _solved(_equations(system, basis, guess, ones), guess, system.n_columns, ones)
    return point if point is not None and holds(system, point) else None


def _equations(
    system: System,
    basis: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    guess: Mapping[int, Fraction],
    ones: Collection[int] = (),
) -> list[tuple[Form, int]]:
    """Return that the rows outside a basis are 0, about the columns in it."""
    forms = [system.rows[row].form for row in np.flatnonzero(~basis[1])]
    return [
        (
            {column: value for column, value in form.items() if column in guess},
            -sum(value for column, value in form.items() if column in ones),
        )
        for form in forms
    ]


def _solved(
    equations: Sequence[tuple[Form, int]],
    guess: Mapping[int, Fraction],
    n_columns: int,
    ones: Collection[int] = (),
) -> "Point | None":
    found = solve_near(equations, guess)
    if found is None:
        return None
    values = [found.get(column, Fraction(column in ones)) for column in range(n_columns)]
    return np.array(in_whole_numbers(values), dtype=object)
