"""Turns multipliers in floating point into a bound that is exactly true.

With multipliers ``y >= 0`` of the rows, every point satisfies ``form @ x >= r @ x`` for
``r = form - y @ rows``. Where the normaliser ``g`` is 1 that is at least the least ``r / g`` among
its columns, whatever `y` is: the multipliers are rounded to whole numbers and the rest is exact.
Columns that the normaliser does not speak of cost what is negative of them times their proved
greatest sum (A. Neumaier and O. Shcherbina, Mathematical Programming 99 (2004) 283-296).
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.exact import solve_near
from switchstats.bounds.solver import Answer
from switchstats.bounds.system import Form, System, Wholes
from switchstats.bounds.wholes import columns_times, dense

__all__ = ["exact_multipliers", "lower_bound", "rounded_multipliers"]

_BITS = 50
_MANY_BITS = 120


def lower_bound(
    system: System,
    form: Form,
    normaliser: Form,
    multipliers: Wholes,
    unit: int,
    floor: Fraction | None,
) -> Fraction | None:
    """Return a lower bound of a form where the normaliser is 1, proved by any multipliers >= 0.

    Parameters
    ----------
    system, form, normaliser
        What is bounded.
    multipliers
        Of the rows, times `unit`.
    unit
        A positive whole number.
    floor
        A proved least value of the normaliser where all columns that it does not speak of sum to 1,
        1 / scale left out; ``None`` or 0: they may grow without limit.

    Returns
    -------
    Fraction or None
        ``None`` when these multipliers prove nothing.
    """
    multipliers = _limited(system, multipliers, normaliser)
    left = columns_times(system, multipliers).astype(object)
    rest = dense(form, system.n_columns).astype(object) * unit - left
    inside = [column for column, value in normaliser.items() if value > 0]
    if not inside:
        return None
    least = min(
        Fraction(int(rest[column])) if normaliser[column] == 1
        else Fraction(int(rest[column]), normaliser[column])
        for column in inside
    )
    outside = np.ones(system.n_columns, dtype=np.bool_)
    outside[inside] = False
    for column, value in normaliser.items():
        if value < 0:
            rest[column] -= least * value
    lost = min((each for each in rest[outside]), default=0)
    if lost >= 0:
        return least / unit
    scale = system.scale
    if not floor or (scale is not None and outside[scale] and rest[scale] < 0):
        return None
    return (least + lost / floor) / unit


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


def rounded_multipliers(system: System, answer: Answer) -> tuple[Wholes, int]:
    """Return HiGHS's multipliers as whole numbers of 1 / unit, negative ones left out, and unit."""
    weights = np.maximum(answer.multipliers, 0.0)
    largest = max(float(weights.max(initial=0.0)), 1.0)
    bits = min(system.room - int(np.ceil(np.log2(largest))) - 1, _BITS)
    if bits >= 30:  # noqa: PLR2004
        return np.rint(np.ldexp(weights, bits)).astype(np.int64), 2**bits
    many = [round(Fraction(float(each)) * 2**_MANY_BITS) for each in weights]
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
        int(column): ({normal: normaliser[column]} if column in normaliser else {}, form.get(int(column), 0))
        for column in np.flatnonzero(columns)
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
    unit = int(np.lcm.reduce([each.denominator for each in weights], dtype=object)) if weights else 1
    return np.array([int(each * unit) for each in weights], dtype=object), unit
