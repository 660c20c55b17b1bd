"""Solves linear programmes over a system with HiGHS, and proves every bound in whole numbers.

HiGHS works in floating point. Its dual solution, rounded to whole numbers, proves a bound exactly
(all variables are bounded, A. Neumaier and O. Shcherbina, Mathematical Programming 99 (2004)
283-296); its primal solution, moved a little towards an interior point, is a point that satisfies
every inequality exactly. The truth of a bound lies between the two.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.equalities import equalities_of, met
from switchstats.bounds.system import Form, System
from switchstats.errors import SwitchstatsError

__all__ = ["Bound", "Infeasible", "Programme", "SolverError", "row_signs", "satisfies"]

_POINT_BITS = 50
# The greatest whole number that products are allowed to reach in 64 bits.
_ROOM_BITS = 61


class SolverError(SwitchstatsError):
    """HiGHS gave up: neither a solution nor a proof that there is none."""


class Infeasible(SwitchstatsError):  # noqa: N818 -- an outcome, not a mistake
    """No requests and errors satisfy the system."""


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
    point: "tuple[int, ...] | None" = None


class Programme:
    """Linear programmes over one system and one normaliser; holds HiGHS, which starts warm.

    Parameters
    ----------
    system
        The cone.
    normaliser
        A form that is 1, so that ratios to it are linear.
    upper
        Upper limit of every column where the normaliser is 1, proved elsewhere.
    interior
        A point in the cone's interior, for attained bounds.
    """

    def __init__(
        self,
        system: System,
        normaliser: Form,
        upper: Fraction = Fraction(1),
        interior: "NDArray[np.int64] | None" = None,
    ) -> None:
        self._system = system
        self._normaliser = normaliser
        self._upper = upper
        self._interior = interior
        # each row by its largest coefficient, so that HiGHS's tolerance means the same everywhere
        self._sizes = np.maximum.reduceat(np.abs(system.coefficients), system.starts[:-1])
        self._highs = _model(system, normaliser, upper, self._sizes)
        self._cost = np.zeros(system.n_columns)
        self._equalities = equalities_of(system)
        self.n_solved = 0

    def least(self, form: Form) -> Bound:
        """Return the least value of a form over the normalised cone.

        Raises
        ------
        Infeasible
            When the cone is empty.
        SolverError
            When HiGHS fails.
        """
        value, dual = self._solve(form)
        proved = self._proved(form, dual)
        point = self._exact_point(value)
        attained = None if point is None else _ratio(form, self._normaliser, point)
        return Bound(proved, attained, None if point is None else tuple(point))

    def most(self, form: Form) -> Bound:
        """Return the greatest value, as `least` of the negative."""
        least = self.least({column: -coefficient for column, coefficient in form.items()})
        attained = None if least.attained is None else -least.attained
        return Bound(-least.proved, attained, least.point)

    def point(self, form: Form) -> NDArray[np.float64]:
        """Return HiGHS's point at the least value of a form, true to its tolerance only."""
        return self._solve(form)[0]

    def multipliers(self, form: Form) -> NDArray[np.float64]:
        """Return the multipliers of the rows at the least value of a form."""
        return np.maximum(self._solve(form)[1][:-1], 0.0)

    def _solve(self, form: Form) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        cost = np.zeros(self._system.n_columns)
        size = float(max(map(abs, form.values()), default=1)) or 1.0
        cost[list(form)] = [coefficient / size for coefficient in form.values()]
        changed = np.flatnonzero(cost != self._cost).astype(np.int32)
        if changed.size:
            self._highs.changeColsCost(changed.size, changed, cost[changed])
        self._cost = cost
        self._highs.run()
        self.n_solved += 1
        status = self._highs.modelStatusToString(self._highs.getModelStatus())
        if status == "Infeasible":
            raise Infeasible("no requests and errors print as this table")
        if status != "Optimal":
            raise SolverError(f"the linear solver stopped without an answer: {status}")
        solution = self._highs.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual) * size

    def _proved(self, form: Form, dual: NDArray[np.float64]) -> Fraction:
        """Return the exact lower bound that rounded multipliers prove.

        With multipliers y >= 0 of the rows and any multiplier m of the normaliser, every
        normalised point x between 0 and u satisfies form @ x >= m + sum(min(0, r)) u, where
        r = form - y @ rows - m normaliser.
        """
        weights = np.maximum(dual[:-1], 0.0) / self._sizes
        bits = self._bits(float(weights.max(initial=0.0)))
        whole = np.rint(np.ldexp(weights, bits)).astype(np.int64)
        left = np.zeros(self._system.n_columns, dtype=np.int64)
        lengths = np.diff(self._system.starts)
        np.add.at(left, self._system.columns, self._system.coefficients * np.repeat(whole, lengths))
        residual = [-int(each) for each in left]
        for column, coefficient in form.items():
            residual[column] += coefficient << bits if bits >= 0 else coefficient >> -bits
        multiplier = round(Fraction(float(dual[-1])) * 2**bits)
        for column, coefficient in self._normaliser.items():
            residual[column] -= multiplier * coefficient
        lost = sum(each for each in residual if each < 0)
        return (multiplier + lost * self._upper) / Fraction(2) ** bits

    def _bits(self, largest: float) -> int:
        """Return how many binary digits the multipliers may keep without leaving 64 bits."""
        widest = int(np.abs(self._system.coefficients).max(initial=1))
        per_column = int(np.bincount(self._system.columns).max(initial=1))
        room = _ROOM_BITS - int(widest * per_column).bit_length()
        return max(0, room - int(np.ceil(np.log2(max(largest, 1.0)))) - 1)

    def _exact_point(self, value: NDArray[np.float64]) -> "list[int] | None":
        """Move a nearly feasible point to the interior point until every row holds exactly."""
        if self._interior is None:
            return None
        scale = 2.0**_POINT_BITS
        inside = self._interior.astype(float)
        inside *= scale / max(sum(inside[c] * k for c, k in self._normaliser.items()), 1.0)
        for step in (0.0, 1e-9, 1e-7, 1e-5, 1e-3):
            moved = (1 - step) * np.maximum(value, 0.0) * scale + step * inside
            point = met(self._system, self._equalities, np.rint(moved).astype(np.int64))
            if satisfies(self._system, point):
                return [int(each) for each in point]
        return None


def satisfies(system: System, point: NDArray[np.int64]) -> bool:
    """Whether a point of whole numbers satisfies every row, exactly."""
    return not (point < 0).any() and bool((row_signs(system, point) >= 0).all())


def row_signs(system: System, point: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the exact sign of every row at a point of whole numbers."""
    high, low = np.divmod(point, 2**25)
    parts = [
        np.add.reduceat(system.coefficients * each[system.columns], system.starts[:-1])
        for each in (high, low)
    ]
    carried, rest = np.divmod(parts[1], 2**25)
    above = parts[0] + carried
    return np.sign(np.where(above == 0, rest, above))


def _ratio(form: Form, normaliser: Form, point: "list[int]") -> Fraction:
    above = sum(coefficient * point[column] for column, coefficient in form.items())
    below = sum(coefficient * point[column] for column, coefficient in normaliser.items())
    return Fraction(above, below)


def _model(system: System, normaliser: Form, upper: Fraction, sizes: NDArray[np.int64]) -> Any:
    import highspy

    highs: Any = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    model: Any = highspy.HighsLp()
    n_rows = len(system.origins) + 1
    model.num_col_, model.num_row_ = system.n_columns, n_rows
    model.col_cost_ = np.zeros(system.n_columns)
    model.col_lower_ = np.zeros(system.n_columns)
    model.col_upper_ = np.full(system.n_columns, float(upper) * (1 + 1e-9))
    model.row_lower_ = np.append(np.zeros(n_rows - 1), 1.0)
    model.row_upper_ = np.append(np.full(n_rows - 1, highspy.kHighsInf), 1.0)
    matrix: Any = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.append(system.starts, system.starts[-1] + len(normaliser))
    matrix.index_ = np.append(system.columns, list(normaliser))
    matrix.value_ = np.append(
        system.coefficients / np.repeat(sizes, np.diff(system.starts)),
        list(normaliser.values()),
    )
    highs.passModel(model)
    return highs
