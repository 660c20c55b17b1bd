"""Equalities among the rows of a system, and whole numbers that meet them exactly."""

from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.system import System

__all__ = ["Equality", "equalities_of", "met"]


@dataclass(frozen=True, slots=True)
class Equality:
    """Two rows that hold with equality, and the columns that no other equality speaks of."""

    rows: tuple[int, int]
    form: dict[int, int]
    own: tuple[int, ...]


def equalities_of(system: System) -> tuple[Equality, ...]:
    """Return the rows whose negatives are rows too, such as a volume known exactly."""
    seen: dict[frozenset[tuple[int, int]], int] = {}
    pairs: list[tuple[tuple[int, int], dict[int, int]]] = []
    for row, origin in enumerate(system.origins):
        if origin.constraint is None:
            continue
        entries = slice(int(system.starts[row]), int(system.starts[row + 1]))
        columns, values = system.columns[entries].tolist(), system.coefficients[entries].tolist()
        form = dict(zip(columns, values, strict=True))
        other = seen.get(frozenset((column, -value) for column, value in form.items()))
        if other is not None:
            pairs.append(((other, row), form))
        seen[frozenset(form.items())] = row
    scale = system.n_columns - 1 if system.volume_unit is not None else -1
    shared = [column for _, form in pairs for column in form]
    return tuple(
        Equality(
            rows,
            form,
            tuple(column for column in form if column != scale and shared.count(column) == 1),
        )
        for rows, form in pairs
    )


def met(
    system: System, equalities: tuple[Equality, ...], point: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return a point moved by a few units so that every equality holds exactly, where it can."""
    if not equalities:
        return point
    moved = point.copy()
    if system.volume_unit is not None:
        multiple = lcm(*(value for each in equalities for value in each.form.values()))
        moved[-1] -= moved[-1] % multiple
    for each in equalities:
        if not each.own:
            continue
        column = max(each.own, key=lambda place: int(moved[place]))
        value = sum(k * int(moved[place]) for place, k in each.form.items())
        moved[column] -= value // each.form[column]
    return moved
