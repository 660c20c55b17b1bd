"""A linear programme over a system's rows, held by HiGHS, which starts from its last answer."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.system import Form, System
from switchstats.errors import NotAnswerableError, SwitchstatsError

__all__ = [
    "Answer",
    "Impossible",
    "Limits",
    "Solver",
    "SolverError",
    "Unbounded",
]

Floats: TypeAlias = NDArray[np.float64]

_DUAL, _PRIMAL = 1, 4
# Beyond this spread of a row's coefficients, rows and columns are scaled before they are passed.
_SPREAD = 1e5
# A row is scaled until the rays of an atom differ by 1 / _FINE, or its largest one is _LARGEST.
_FINE, _LARGEST = 1e3, 1e6
_TOLERANCE, _LOOSE = 1e-10, 1e-7
_SMALL = 1e-12
_PASSES = 4


class SolverError(SwitchstatsError):
    """HiGHS gave up: neither a solution nor a proof that there is none."""


class Impossible(NotAnswerableError):  # noqa: N818 -- an outcome, not a mistake
    """No requests and errors print as the table."""


class Unbounded(NotAnswerableError):  # noqa: N818 -- an outcome, not a mistake
    """A quantity that nothing known limits."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of rows and columns, all the same: least value of a row, and of a column and most."""

    row: "float | Floats" = 0.0
    low: "float | Floats" = 0.0
    high: float = float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """HiGHS's solution: a point, and multipliers of the rows and of the normaliser."""

    point: Floats
    multipliers: Floats
    normaliser: float


class Solver:
    """Minimises forms over ``rows >= limit``, with a normaliser at 1 if there is one.

    Parameters
    ----------
    system
        The rows.
    normaliser
        A form that is 1; ``None``: none.
    limits
        Of rows and of columns.
    primal
        Whether only costs change from one answer to the next.
    """

    def __init__(
        self, system: System, normaliser: Form | None, limits: Limits, *, primal: bool = True
    ) -> None:
        self._system = system
        self._normaliser = normaliser
        self._across, self._down = _scales(system, normaliser or {})
        self._size = float(max(map(abs, normaliser.values()))) if normaliser else 1.0
        self._strategy = _PRIMAL if primal else _DUAL
        self._highs = self._model(limits)
        self._set(_TOLERANCE, self._strategy, presolve="off")
        self._all = np.arange(system.n_columns, dtype=np.int32)
        self.n_solved = 0

    def least(self, form: Form) -> Answer:
        """Return the point at which a form is least.

        Raises
        ------
        Impossible, Unbounded
            When there is no point, and when there is no least value.
        SolverError
            When HiGHS stops for any other reason.
        """
        size = float(max(map(abs, form.values()), default=1))
        cost = np.zeros(self._system.n_columns)
        cost[list(form)] = [value / size for value in form.values()]
        self._highs.changeColsCost(cost.size, self._all, cost * self._down)
        self._highs.run()
        self.n_solved += 1
        if self._gave_up():
            self._run_afresh()
        self._refuse(self._highs.getModelStatus())
        solution = self._highs.getSolution()
        n_rows = len(self._system.rows)
        dual = np.array(solution.row_dual)
        return Answer(
            np.array(solution.col_value) * self._down / self._size,
            dual[:n_rows] * (size / self._across),
            float(dual[n_rows]) * size / self._size if self._normaliser else 0.0,
        )

    def basis(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which columns and which rows are basic at the last answer."""
        import highspy

        basis = self._highs.getBasis()
        basic: Any = highspy.HighsBasisStatus.kBasic
        columns = np.array([each == basic for each in basis.col_status])
        rows = np.array([each == basic for each in basis.row_status])
        return columns, rows[: len(self._system.rows)]

    def _gave_up(self) -> bool:
        import highspy

        ends = highspy.HighsModelStatus
        return self._highs.getModelStatus() not in (
            ends.kOptimal,
            ends.kInfeasible,
            ends.kUnbounded,
        )

    def _run_afresh(self) -> None:
        """Run once more from the start, presolved and with HiGHS's own tolerances."""
        self._highs.clearSolver()
        for tolerance, strategy in ((_TOLERANCE, _DUAL), (_LOOSE, _DUAL), (_LOOSE, _PRIMAL)):
            self._set(tolerance, strategy, presolve="on")
            self._highs.run()
            self.n_solved += 1
            if not self._gave_up():
                break
        self._set(_TOLERANCE, self._strategy, presolve="off")

    def _set(self, tolerance: float, strategy: int, *, presolve: str) -> None:
        for name, value in {
            "presolve": presolve,
            "simplex_strategy": strategy,
            "primal_feasibility_tolerance": tolerance,
            "dual_feasibility_tolerance": tolerance,
        }.items():
            self._highs.setOptionValue(name, value)

    def _refuse(self, status: Any) -> None:
        import highspy

        if status == highspy.HighsModelStatus.kOptimal:
            return
        if status == highspy.HighsModelStatus.kInfeasible:
            raise Impossible(
                "a bound", "no requests and errors print as this table", "a possible table"
            )
        if status == highspy.HighsModelStatus.kUnbounded:
            raise Unbounded("a bound", "nothing that is known limits it", "a volume or a share")
        words = self._highs.modelStatusToString(status)
        raise SolverError(f"the linear solver stopped without an answer: {words}")

    def _model(self, limits: Limits) -> Any:
        import highspy

        system, last = self._system, self._normaliser or {}
        n_rows, n_more = len(system.rows), 1 if last else 0
        highs: Any = highspy.Highs()
        highs.silent()
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("small_matrix_value", _SMALL)
        highs.setOptionValue("simplex_scale_strategy", 0)  # scaled already
        model: Any = highspy.HighsLp()
        model.num_col_, model.num_row_ = system.n_columns, n_rows + n_more
        model.col_cost_ = np.zeros(system.n_columns)
        model.col_lower_ = np.broadcast_to(limits.low, system.n_columns) / self._down
        model.col_upper_ = np.full(system.n_columns, limits.high) / self._down
        model.row_lower_ = np.append(limits.row / self._across, [1.0] * n_more)
        model.row_upper_ = np.append(np.full(n_rows, highspy.kHighsInf), [1.0] * n_more)
        matrix: Any = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        ends = [system.starts[-1] + len(last)] * n_more
        matrix.start_ = np.append(system.starts, np.array(ends, dtype=np.int64))
        columns = np.array(list(last), dtype=np.int64)
        matrix.index_ = np.append(system.columns, columns)
        values = _as_floats(system) / np.repeat(self._across, np.diff(system.starts))
        more = np.array([each / self._size for each in last.values()])
        matrix.value_ = np.append(
            values * self._down[system.columns], more * self._down[columns] if last else []
        )
        highs.passModel(model)
        return highs


def _as_floats(system: System) -> Floats:
    return system.coefficients.astype(np.float64)


def _scales(system: System, normaliser: Form) -> tuple[Floats, Floats]:
    """Return by how much each row is divided and each column multiplied.

    Rows by their largest coefficient, or by less where the rays of an atom differ by so little that
    HiGHS would not tell them apart. Where coefficients of very different size meet, such as a small
    volume beside a large one, rows and columns in turn by their geometric means.
    """
    n_rows = len(system.rows)
    down = np.ones(system.n_columns)
    normal = np.array([abs(value) for value in normaliser.values()], dtype=np.float64)
    if normal.size and normal.max() / normal.min() > _SPREAD:
        down[list(normaliser)] = np.exp2(np.rint(np.log2(normal.max() / normal)))
    if not n_rows:
        return np.ones(0), down
    sizes = np.abs(_as_floats(system)) * down[system.columns]
    starts = system.starts[:-1]
    most = np.maximum.reduceat(sizes, starts)
    fine = np.minimum(most, np.maximum(_FINE * system.gaps, most / _LARGEST))
    if (most / np.minimum.reduceat(sizes, starts)).max() <= _SPREAD:
        return fine, down
    lengths = np.diff(system.starts)
    logs = np.log2(sizes)
    columns = np.zeros(system.n_columns)
    counts = np.maximum(np.bincount(system.columns, minlength=system.n_columns), 1)
    for _ in range(_PASSES):
        left = logs + columns[system.columns]
        across = np.add.reduceat(left, starts) / lengths
        left = logs - np.repeat(across, lengths)
        columns = -np.bincount(system.columns, left, system.n_columns) / counts
    more = np.exp2(np.rint(columns))
    return np.maximum.reduceat(sizes * more[system.columns], starts) * fine / most, down * more
