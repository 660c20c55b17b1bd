"""Whether any requests and errors print as a table, proved either way."""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from switchstats.bounds.equalities import equalities_of, met
from switchstats.bounds.programme import Infeasible, Programme, satisfies
from switchstats.bounds.rows import deepened, loosened
from switchstats.bounds.system import Form, System
from switchstats.bounds.views import View, views

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Consistency",
    "check_consistency",
    "conflicting_rows",
    "deepest_point",
    "is_empty",
]

_POINT_BITS = 45
# Multipliers below this take no part in a proof; the proof is checked without them.
_NO_WEIGHT = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Consistency:
    """Whether a system has a point in which every printed cell stands for some requests.

    Parameters
    ----------
    consistent
        ``None`` when neither a point nor a proof was found: the table stands on the very edge of
        what rounding allows.
    point
        A point of whole numbers inside the whole system, checked exactly.
    empty
        The smallest view that was proved empty.
    """

    consistent: bool | None
    point: "NDArray[np.int64] | None" = None
    empty: View | None = None


def check_consistency(system: System) -> Consistency:
    """Look for a point in every view as deep inside as possible, or prove that there is none."""
    point: NDArray[np.int64] | None = None
    undecided = False
    for view in views(system):
        point = deepest_point(view)
        if point is None:
            if is_empty(view):
                return Consistency(consistent=False, empty=view)
            undecided = True
    return Consistency(consistent=None if undecided else True, point=point)


def deepest_point(view: View) -> "NDArray[np.int64] | None":
    """Return an exact point of a view as far from every row as possible, if one is found."""
    equalities = equalities_of(view.system)
    deep, depth = deepened(view.system, {row for each in equalities for row in each.rows})
    try:
        value = Programme(deep, view.requests).point({depth: -1})
    except Infeasible:
        return None
    whole = np.rint(np.ldexp(np.maximum(value[:depth], 0.0), _POINT_BITS)).astype(np.int64)
    whole = met(view.system, equalities, whole)
    return whole if satisfies(view.system, whole) and whole.any() else None


def is_empty(view: View) -> bool:
    """Whether exact multipliers prove that no point satisfies a view."""
    programme, slacks = _loosened(view)
    return programme.least(slacks).proved > 0


def conflicting_rows(view: View) -> list[int]:
    """Return rows that together prove a view empty, as the linear solver finds them."""
    programme, slacks = _loosened(view)
    return [int(row) for row in np.flatnonzero(programme.multipliers(slacks) > _NO_WEIGHT)]


def _loosened(view: View) -> tuple[Programme, Form]:
    loose, slacks = loosened(view.system)
    return Programme(loose, view.requests, Fraction(loose.n_columns)), slacks
