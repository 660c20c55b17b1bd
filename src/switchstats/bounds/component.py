"""A part of a table that hangs together, and ranges of ratios over it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from switchstats.bounds.build import build_system, named_retailers
from switchstats.bounds.consistency import (
    Consistency,
    check_consistency,
    dispensable,
    interior_point,
)
from switchstats.bounds.constraints import Constraint, Ordering, Share, Volume
from switchstats.bounds.own_row import Hull, OwnRow, own_row
from switchstats.bounds.programme import Bound, Programme
from switchstats.bounds.solver import Impossible, Unbounded
from switchstats.bounds.system import Form, System
from switchstats.periods import Period
from switchstats.values import PublishedTable, RoundingRule, TableRow

__all__ = ["Component", "Range", "linked_groups"]

_KEPT = 3

Key: TypeAlias = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Range:
    """Proved ends of a quantity, and how near to them points of the table come."""

    low: Bound
    high: Bound

    @property
    def negative(self) -> "Range":
        """The range of the negative quantity."""
        return Range(self.high.negative, self.low.negative)

    def times(self, factor: Fraction) -> "Range":
        """Return the range times a positive number."""
        return Range(*(_times(end, factor) for end in (self.low, self.high)))


@dataclass(frozen=True, eq=False)
class Component:
    """The cone of some groups of a table under one rule of rounding.

    Parameters
    ----------
    table, groups, constraints, rounding
        What is in it; all constraints concern these groups.
    """

    table: PublishedTable
    groups: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    rounding: RoundingRule
    # the models used last: each holds a factorised basis, so that not all are kept
    _programmes: dict[Key, tuple[Programme, bool]] = field(
        default_factory=dict[Key, tuple[Programme, bool]], repr=False
    )
    _alone: dict[str, bool] = field(default_factory=dict[str, bool], repr=False)
    _own_rows: dict[str, OwnRow | None] = field(
        default_factory=dict[str, OwnRow | None], repr=False
    )

    @cached_property
    def system(self) -> System:
        """Its inequalities."""
        return build_system(self.table, self.groups, self.constraints, self.rounding)

    @cached_property
    def checked(self) -> Consistency:
        """Whether it is possible, with a point in its interior where it has one."""
        return check_consistency(self.system)

    def ratio(self, above: Form, below: Form, quantity: str) -> Range:
        """Return the range of a ratio of forms over the cone.

        Raises
        ------
        NotAnswerableError
            `Impossible` when the cone is empty; `Unbounded` when nothing limits the ratio, as where
            the denominator can be 0.
        """
        self._refuse_impossible(quantity)
        try:
            programme = self.programme(below, quantity)
            return Range(programme.least(above), programme.most(above))
        except Unbounded:
            return self._ratio_of_fewer(above, below, quantity)

    def most(self, above: Form, below: Form, quantity: str) -> Bound:
        """Return the greatest value of a ratio, as `ratio` does."""
        self._refuse_impossible(quantity)
        try:
            return self.programme(below, quantity).most(above)
        except Unbounded:
            return self._ratio_of_fewer(above, below, quantity).high

    def _refuse_impossible(self, quantity: str) -> None:
        if self.checked.consistent is False:
            raise Impossible(
                quantity, "no requests and errors print as this table", "a possible table"
            )

    def _ratio_of_fewer(self, above: Form, below: Form, quantity: str) -> Range:
        """Return the range by the rows of those alone who stand in a ratio: never too narrow."""
        width = 2 * len(self.system.atoms)
        units = {column // width for column in {*above, *below} if column != self.system.scale}
        names = [name for place, (name, _) in enumerate(self.system.retailers) if place in units]
        fewer = Component(
            replace(self.table, rows=tuple(map(self._row, names)), averages=()),
            self.groups,
            (),
            self.rounding,
        )
        if self.system.scale in below or len(fewer.system.rows) == len(self.system.rows):
            raise _unbounded(quantity)
        place = {unit: number for number, unit in enumerate(sorted(units))}
        forms = [
            {
                place[column // width] * width + column % width: value
                for column, value in form.items()
            }
            for form in (above, below)
        ]
        try:
            programme = fewer.programme(forms[1], quantity)
            found = programme.least(forms[0]), programme.most(forms[0])
        except Unbounded:
            raise _unbounded(quantity) from None
        return Range(*(Bound(end.proved, None) for end in found))

    def programme(self, below: Form, quantity: str) -> Programme:
        """Return a programme normalised by a form."""
        key = frozenset(below.items())
        if key not in self._programmes:
            if len(self._programmes) >= _KEPT:
                self._programmes.pop(next(iter(self._programmes)))
            floor = self._floor(below)
            signs = min(below.values(), default=0) >= 0
            programme = Programme(self.system, below, floor, self.checked.point)
            self._programmes[key] = (programme, signs or bool(floor))
        programme, positive = self._programmes[key]
        if not positive:
            raise _unbounded(quantity)
        return programme

    def _floor(self, below: Form) -> Fraction | None:
        """Return a proved lower limit of a form where all requests sum to 1, if it is above 0."""
        total = self.system.requests()
        if all(below.get(column, 0) >= 1 for column in total):
            return Fraction(1)
        if set(below) - set(total):
            return None
        size = min(below.values())
        if size > 0:  # whatever the coefficients, all that matters is who has any
            below = dict.fromkeys(below, 1)
        try:
            floor = Programme(self.system, total, Fraction(1), None).least(below).proved
        except Unbounded:
            return None
        return floor * max(size, 1) if floor > 0 else None

    def own_share(self, retailer: str, period: Period) -> Range | None:
        """Return the share of a period in a retailer's requests by its own row, if it decides."""
        row = self._deciding_row(retailer)
        return None if row is None else _as_range(row.share(self._places(period)))

    def own_rate(self, retailer: str, period: Period | None) -> Range | None:
        """Return the rate of a retailer in a period by its own row, if that decides."""
        row = self._deciding_row(retailer)
        return None if row is None else _as_range(row.rate(self._places(period)))

    def own_rates(self, retailer: str, period: Period) -> Range:
        """Return the range of a retailer's rate in a period."""
        found = self.own_rate(retailer, period)
        if found is not None:
            return found
        own = self.alone(retailer)
        errors = own.system.errors(retailer=retailer, period=period)
        requests = own.system.requests(retailer=retailer, period=period)
        ranged = own.ratio(errors, requests, f"the rate of {retailer}")
        return ranged.times(Fraction(1, own.system.error_unit))

    def alone(self, retailer: str) -> "Component":
        """Return the component that decides about one retailer's own ratios, often its own row."""
        if len(self.system.retailers) == 1 or not self.is_alone(retailer):
            return self
        table = replace(self.table, rows=(self._row(retailer),), averages=())
        return Component(table, (self._row(retailer).group,), (), self.rounding)

    def is_alone(self, retailer: str) -> bool:
        """Whether nothing but its own row binds a retailer's own shares and rates.

        Where the others satisfy every row strictly without the retailer, it can be as small as
        nothing beside them.
        """
        if retailer not in self._alone:
            names = [name for each in self.constraints for name in named_retailers(each)]
            self._alone[retailer] = retailer not in names and (
                retailer in self._dispensable or self._possible_without(retailer)
            )
        return self._alone[retailer]

    @cached_property
    def _dispensable(self) -> frozenset[str]:
        """Retailers without whom the interior point still satisfies all rows of the others."""
        point = self.checked.point
        return frozenset() if point is None else dispensable(self.system, point)

    def _possible_without(self, retailer: str) -> bool:
        """Whether another point does so: one in which the retailer is as small as can be."""
        system = self.system
        point = interior_point(system, system.requests(retailer=retailer))
        return point is not None and retailer in dispensable(system, point)

    def _deciding_row(self, retailer: str) -> OwnRow | None:
        """Return a retailer's row, if it decides about its own ratios and is of a plain kind."""
        if retailer not in self._own_rows:
            lone = len(self.system.retailers) == 1
            bound = bool(self.constraints or self.table.averages) if lone else False
            decides = not bound if lone else self.is_alone(retailer)
            periods = [column.period for column in self.table.periods]
            cells = zip(periods, self._row(retailer).cells, strict=True)
            self._own_rows[retailer] = (
                own_row(list(cells), self.system.atoms, self.rounding) if decides else None
            )
        return self._own_rows[retailer]

    def _places(self, period: Period | None) -> list[int]:
        return [
            place
            for place, atom in enumerate(self.system.atoms)
            if period is None or period.contains(atom)
        ]

    def _row(self, retailer: str) -> TableRow:
        return next(r for r in self.table.rows if r.retailer and r.retailer.retailer == retailer)


def _times(end: Bound, factor: Fraction) -> Bound:
    attained = None if end.attained is None else end.attained * factor
    return Bound(end.proved * factor, attained, end.point)


def _as_range(hull: Hull | None) -> Range | None:
    if hull is None:
        return None
    low, high = hull
    return Range(Bound(low, low), Bound(high, high))


def _unbounded(quantity: str) -> Unbounded:
    return Unbounded(
        quantity, "the table allows its denominator to be 0", "volumes of some requests"
    )


def linked_groups(
    table: PublishedTable, constraints: Sequence[Constraint]
) -> list[tuple[tuple[str, ...], tuple[Constraint, ...]]]:
    """Return groups that constraints tie together, each with its constraints."""
    group_of = {each.retailer: each.group for each in table.retailers}

    def groups(one: Constraint) -> set[str]:
        return {group_of[name] for name in named_retailers(one) if name in group_of}

    joint = any(
        isinstance(one, Volume)
        or (isinstance(one, Share) and one.group is not None)
        or (isinstance(one, Ordering) and len(groups(one)) > 1)
        for one in constraints
    )
    if joint:
        return [(table.groups, tuple(constraints))]
    return [
        ((group,), tuple(one for one in constraints if group in groups(one) or not groups(one)))
        for group in table.groups
    ]
