"""Turns multipliers in floating point into a bound that is exactly true.

With multipliers ``y >= 0`` of the rows, every point satisfies ``form @ x >= r @ x`` for
``r = form - y @ rows``. Where the normaliser ``g`` is 1 that is at least the least ``r / g`` among
its columns, whatever `y` is: the multipliers are rounded to whole numbers and the rest is exact.
Columns that the normaliser does not speak of cost what is negative of them times their proved
greatest sum (A. Neumaier and O. Shcherbina, Mathematical Programming 99 (2004) 283-296).
"""

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.exact import solve_near
from switchstats.bounds.solver import Answer
from switchstats.bounds.system import Form, System, Wholes
from switchstats.bounds.wholes import columns_times

__all__ = ["Prover", "exact_multipliers", "rounded_multipliers"]

_BITS = 50
_MANY_BITS = 120
_LEAST_BITS = 30
_WORD = 62


class Prover:
    """Proves lower bounds of forms over one system where one normaliser is 1.

    Parameters
    ----------
    system, normaliser
        The cone.
    floor
        A proved least value of the normaliser where all columns that it does not speak of sum to 1,
        1 / scale left out; ``None``: they may grow without limit.
    """

    def __init__(self, system: System, normaliser: Form, floor: Fraction | None) -> None:
        self._system = system
        self._normaliser = normaliser
        self._floor = floor
        self._inside = [column for column, value in normaliser.items() if value > 0]
        self._plain = all(normaliser[column] == 1 for column in self._inside)
        self._negative = [column for column, value in normaliser.items() if value < 0]
        outside = np.ones(system.n_columns, dtype=np.bool_)
        outside[self._inside] = False
        self._outside = np.flatnonzero(outside)

    def rounded(self, form: Form, answer: Answer) -> Fraction | None:
        """Return the bound that HiGHS's multipliers prove, rounded, negative ones left out."""
        weights = np.maximum(answer.multipliers, 0.0)
        largest = max(float(weights.max(initial=0.0)), 1.0)
        most = max(map(abs, form.values()), default=1).bit_length()
        bits = min(self._system.room - math.frexp(largest)[1] - 1, _WORD - most - 1, _BITS)
        if bits >= _LEAST_BITS:
            return self.bound(form, np.rint(np.ldexp(weights, bits)).astype(np.int64), 2**bits)
        many = [round(Fraction(float(each)) * 2**_MANY_BITS) for each in weights]
        return self.bound(form, np.array(many, dtype=object), 2**_MANY_BITS)

    def exact(
        self,
        form: Form,
        answer: Answer,
        basis: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    ) -> Fraction | None:
        """Return the bound that the multipliers of the basis prove, solved in fractions."""
        found = exact_multipliers(self._system, form, self._normaliser, answer, basis)
        return None if found is None else self.bound(form, *found)

    def bound(self, form: Form, multipliers: Wholes, unit: int) -> Fraction | None:
        """Return a lower bound of a form, proved by any multipliers of the rows, times `unit`.

        ``None`` when these multipliers prove nothing.
        """
        if not self._inside:
            return None
        system = self._system
        multipliers = _limited(system, multipliers, self._normaliser)
        left = columns_times(system, multipliers)
        if left.dtype != object and not _fits(form, unit):
            left = left.astype(object)
        rest = -left
        for column, value in form.items():
            rest[column] += value * unit
        if self._plain:
            least = Fraction(int(rest[self._inside].min()))
        else:
            least = min(Fraction(int(rest[c]), self._normaliser[c]) for c in self._inside)
        lost = Fraction(0)
        if self._outside.size:
            others = rest[self._outside]
            if self._negative:
                rest = rest.astype(object)
                for column in self._negative:
                    rest[column] -= least * self._normaliser[column]
                others = rest[self._outside]
            lost = min(
                lost, Fraction(others.min()) if self._negative else Fraction(int(others.min()))
            )
        if lost == 0:
            return least / unit
        scale = system.scale
        if not self._floor or (scale is not None and scale in self._outside and rest[scale] < 0):
            return None
        return (least + lost / self._floor) / unit


def _fits(form: Form, unit: int) -> bool:
    most = max(map(abs, form.values()), default=1)
    return (most * unit).bit_length() <= _WORD


def _limited(system: System, multipliers: Wholes, normaliser: Form) -> Wholes:
    """Lower multipliers of rows that add to 1 / scale until they are no more than the others take.

    Nothing limits that column from above, so that it must not be left over.
    """
    scale = system.scale
    if scale is None or scale in normaliser:
        return multipliers
    spoken = np.flatnonzero(system.columns == scale)
    rows = np.searchsorted(system.starts, spoken, side="right") - 1
    parts = system.coefficients[spoken].astype(object) * multipliers[rows].astype(object)
    added, taken = (sum(int(each) for each in parts if sign * each > 0) for sign in (1, -1))
    if added <= -taken:
        return multipliers
    limited = multipliers.astype(object)
    for row, part in zip(rows, parts, strict=True):
        if part > 0:
            limited[row] = int(limited[row]) * -taken // added
    return limited


def rounded_multipliers(answer: Answer) -> tuple[Wholes, int]:
    """Return HiGHS's multipliers as whole numbers of 1 / unit, negative ones left out, and unit."""
    weights = [max(Fraction(float(each)), Fraction(0)) for each in answer.multipliers]
    many = [round(each * 2**_MANY_BITS) for each in weights]
    return np.array(many, dtype=object), 2**_MANY_BITS


def exact_multipliers(
    system: System,
    form: Form,
    normaliser: Form,
    answer: Answer,
    basis: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> tuple[Wholes, int] | None:
    """Return the multipliers that leave nothing over in any basic column, solved exactly.

    Parameters
    ----------
    system, form, normaliser
        The programme.
    answer
        Its solution in floating point.
    basis
        Which columns and which rows are basic.
    """
    columns, rows = basis
    normal = len(system.rows)
    equations: dict[int, tuple[dict[int, int], int]] = {
        column: (
            {normal: normaliser[column]} if column in normaliser else {},
            form.get(column, 0),
        )
        for column in map(int, np.flatnonzero(columns))
    }
    for row in np.flatnonzero(~rows):
        for column, value in system.rows[row].form.items():
            if column in equations:
                equations[column][0][int(row)] = value
    guess = {int(row): Fraction(float(answer.multipliers[row])) for row in np.flatnonzero(~rows)}
    guess[normal] = Fraction(answer.normaliser)
    found = solve_near(list(equations.values()), guess)
    if found is None:
        return None
    weights = [max(found.get(row, Fraction(0)), Fraction(0)) for row in range(normal)]
    unit = (
        int(np.lcm.reduce([each.denominator for each in weights], dtype=object)) if weights else 1
    )
    return np.array([int(each * unit) for each in weights], dtype=object), unit
