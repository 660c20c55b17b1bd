"""A part of a table that hangs together, and ranges of ratios over it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from switchstats.bounds.consistency import deepest_point
from switchstats.bounds.constraints import Constraint, Ordering, Share, Volume
from switchstats.bounds.programme import Bound, Programme, row_signs
from switchstats.bounds.rows import only_retailer, rows_within, without_columns
from switchstats.bounds.system import Form, System
from switchstats.bounds.views import View
from switchstats.errors import NotAnswerableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from switchstats.values import PublishedTable

__all__ = ["Component", "Range", "linked_groups"]


@dataclass(frozen=True, slots=True)
class Range:
    """Proved ends of a quantity, and how near to them points of the table come."""

    low: Bound
    high: Bound


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """A cone, with a point inside it where one is known.

    Parameters
    ----------
    system
        The cone.
    interior
        A point of whole numbers that satisfies every row exactly and strictly where possible;
        ``None``: proved bounds only.
    """

    system: System
    interior: "NDArray[np.int64] | None"
    _programmes: dict[frozenset[tuple[int, int]], Programme | None] = field(
        default_factory=dict[frozenset[tuple[int, int]], Programme | None]
    )
    _alone: "dict[str, Component]" = field(default_factory=dict[str, "Component"])

    def ratio(self, above: Form, below: Form, quantity: str) -> Range:
        """Return the range of a ratio of forms over the cone.

        Where the denominator can vanish beside everything else, the rows that speak of nothing else
        are used alone: fewer rows can only widen a range.

        Raises
        ------
        NotAnswerableError
            When no row keeps the denominator from vanishing.
        """
        programme = self.programme(below)
        if programme is None:
            columns = {2 * (c // 2) + which for c in {*below, *above} for which in (0, 1)}
            own = Component(rows_within(self.system, columns), None)
            programme = own.programme(below, frozenset(columns))
        if programme is None:
            raise NotAnswerableError(
                quantity, "the table allows its denominator to be 0", "volumes of some requests"
            )
        return Range(programme.least(above), programme.most(above))

    def programme(self, below: Form, among: frozenset[int] | None = None) -> Programme | None:
        """Return a programme normalised by a form, with limits of all columns proved.

        ``None`` where the form can vanish beside all columns, or beside those named.
        """
        key = frozenset(below.items())
        if key not in self._programmes:
            floor = self._floor(below, among)
            self._programmes[key] = (
                None if floor <= 0 else Programme(self.system, below, 1 / floor, self.interior)
            )
        return self._programmes[key]

    def alone(self, retailer: str) -> "Component":
        """Return the component that decides about one retailer's own ratios, often its own rows.

        Where the others satisfy every row strictly without the retailer, it can be as small as
        nothing beside them, so that nothing but its own rows binds it.
        """
        if retailer not in self._alone:
            self._alone[retailer] = self._reduced(retailer)
        return self._alone[retailer]

    def _reduced(self, retailer: str) -> "Component":
        requests = self.system.requests(retailer=retailer)
        columns = {column + which for column in requests for which in (0, 1)}
        if self.interior is None or len(self.system.retailers) == 1:
            return self
        if not _strict_without(self.system, self.interior, columns):
            others = {column: 1 for column in self.system.requests() if column not in columns}
            point = deepest_point(View(without_columns(self.system, columns), others))
            if point is None or not _strict_without(self.system, point, columns):
                return self
        order = sorted(columns)
        return Component(only_retailer(self.system, retailer), self.interior[order])

    def _floor(self, below: Form, among: frozenset[int] | None) -> Fraction:
        """Return a proved lower limit of a form where all columns sum to 1."""
        system = self.system
        if (
            among is None
            and system.volume_unit is None
            and all(below.get(column, 0) >= 1 for column in system.requests())
        ):
            return Fraction(1, 2)  # errors are at most the requests
        total = dict.fromkeys(sorted(among or range(system.n_columns)), 1)
        key = frozenset(total.items())
        if key not in self._programmes:
            self._programmes[key] = Programme(system, total)
        whole = self._programmes[key]
        return Fraction(0) if whole is None else whole.least(below).proved


def linked_groups(
    table: "PublishedTable", constraints: Sequence[Constraint]
) -> list[tuple[tuple[str, ...], tuple[Constraint, ...]]]:
    """Return groups that constraints tie together, each with its constraints."""
    joint = any(
        isinstance(one, Volume)
        or (isinstance(one, Share) and one.group is not None)
        or (isinstance(one, Ordering) and len(_groups_of(table, one.retailers)) > 1)
        for one in constraints
    )
    if joint:
        return [(table.groups, tuple(constraints))]
    return [
        (
            (group,),
            tuple(
                one
                for one in constraints
                if group in _groups_of(table, _named(one)) or not _groups_of(table, _named(one))
            ),
        )
        for group in table.groups
    ]


def _strict_without(system: System, point: "NDArray[np.int64]", columns: set[int]) -> bool:
    """Whether rows that speak of columns and of others too hold strictly with the columns at 0."""
    import numpy as np

    spoken = np.isin(system.columns, list(columns))
    some = np.logical_or.reduceat(spoken, system.starts[:-1])
    every = np.logical_and.reduceat(spoken, system.starts[:-1])
    without = point.copy()
    without[list(columns)] = 0
    return bool((row_signs(system, without)[some & ~every] > 0).all())


def _named(constraint: Constraint) -> tuple[str, ...]:
    if isinstance(constraint, Ordering):
        return constraint.retailers
    return () if constraint.retailer is None else (constraint.retailer,)


def _groups_of(table: "PublishedTable", names: Sequence[str]) -> set[str]:
    return {row.group for row in table.rows if row.retailer and row.retailer.retailer in names}
