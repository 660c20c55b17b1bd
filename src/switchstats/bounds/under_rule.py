"""A table read under one rule of rounding: its parts, and ranges of what is asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from switchstats.bounds.component import Component, Range, linked_groups
from switchstats.bounds.conflicts import Conflict, find_conflicts
from switchstats.bounds.constraints import Constraint, Volume
from switchstats.bounds.functional import Functional, weighted_sum, whole_form
from switchstats.bounds.mix import change_at_mix, rate_at_mix
from switchstats.bounds.naive import UnitRange, range_at_points, range_over_box
from switchstats.bounds.programme import Bound
from switchstats.bounds.slack import common_slack
from switchstats.bounds.solver import Unbounded
from switchstats.bounds.spread import attained_box, climbed_z, proved_box
from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.values import PublishedTable, RoundingRule

__all__ = ["UnderRule"]


@dataclass(frozen=True, eq=False)
class UnderRule:
    """A table, what is known besides, and how every one of its digits is read.

    Parameters
    ----------
    table, constraints
        What is audited.
    rounding
        One rule.
    """

    table: PublishedTable
    constraints: tuple[Constraint, ...]
    rounding: RoundingRule
    _changes: dict[tuple[str, Period, Period, Period], Range] = field(
        default_factory=dict[tuple[str, Period, Period, Period], Range], repr=False
    )
    _joined: dict[tuple[str, ...], Component] = field(
        default_factory=dict[tuple[str, ...], Component], repr=False
    )

    @cached_property
    def parts(self) -> tuple[Component, ...]:
        """Groups that nothing ties together."""
        return tuple(
            Component(self.table, groups, known, self.rounding)
            for groups, known in linked_groups(self.table, self.constraints)
        )

    @property
    def consistent(self) -> bool | None:
        """Whether the table is possible; ``None`` where neither was proved."""
        answers = [part.checked.consistent for part in self.parts]
        if False in answers:
            return False
        return None if None in answers else True

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Conflicts of all parts."""
        return tuple(
            conflict
            for part in self.parts
            if part.checked.consistent is False
            for conflict in find_conflicts(part)
        )

    @cached_property
    def slack(self) -> tuple[Fraction, Fraction] | None:
        """Limits of the common slack of all parts."""
        ends = [common_slack(part) for part in self.parts]
        known = [each for each in ends if each is not None]
        if len(known) < len(ends):
            return None
        return min(low for low, _ in known), min(high for _, high in known)

    def unit_share(self, retailer: str, period: Period | None) -> Range:
        """Return a retailer's share of its group's requests."""
        group = self.group_of(retailer)
        part = self.part_of(group)
        own = part.system.requests(retailer=retailer, period=period)
        whole = part.system.requests(group=group, period=period)
        quantity = f"the share of {retailer}"
        if len(whole) > len(own) and part.is_alone(retailer):
            # beside the others it can be as small as nothing
            return Range(Bound(Fraction(0), Fraction(0)), part.most(own, whole, quantity))
        return part.ratio(own, whole, quantity)

    def period_share(self, unit: str, period: Period) -> Range:
        """Return the share of a period in a retailer's or a group's requests."""
        quantity = f"the share of {unit} in the period"
        if unit in self.table.groups:
            part = self.part_of(unit)
            own = part.system.requests(group=unit, period=period)
            return part.ratio(own, part.system.requests(group=unit), quantity)
        part = self.part_of(self.group_of(unit))
        found = part.own_share(unit, period)
        if found is not None:
            return found
        alone = part.alone(unit)
        own = alone.system.requests(retailer=unit, period=period)
        return alone.ratio(own, alone.system.requests(retailer=unit), quantity)

    def rate(self, unit: str, period: Period | None) -> Range:
        """Return the rate of a retailer or a group."""
        if unit in self.table.groups:
            part = self.part_of(unit)
            errors = part.system.errors(group=unit, period=period)
            requests = part.system.requests(group=unit, period=period)
        else:
            whole = self.part_of(self.group_of(unit))
            found = whole.own_rate(unit, period)
            if found is not None:
                return found
            part = whole.alone(unit)
            errors = part.system.errors(retailer=unit, period=period)
            requests = part.system.requests(retailer=unit, period=period)
        found = part.ratio(errors, requests, f"the rate of {unit}")
        return found.times(Fraction(1, part.system.error_unit))

    def ratio_of(self, above: Functional, below: Functional) -> Range:
        """Return a ratio of two functionals."""
        part = self._joint({retailer for retailer, _, _ in (*above, *below)})
        (upper, times), (lower, divided) = (
            whole_form(part.system, each) for each in (above, below)
        )
        if not lower:
            raise UsageError("the denominator of a ratio has only coefficients that cancel")
        return part.ratio(upper, lower, "the ratio").times(Fraction(divided, times))

    def total_of(self, functional: Functional) -> Range:
        """Return a functional in requests or errors, where volumes are known."""
        part = self._joint({retailer for retailer, _, _ in functional})
        scale = part.system.scale
        if scale is None or part.system.volume_unit is None:
            raise Unbounded("a number of requests", "no volume is known", "a volume")
        form, times = whole_form(part.system, functional)
        try:
            found = part.ratio(form, {scale: 1}, "a number of requests")
        except Unbounded:
            raise Unbounded(
                "a number of requests", "no known volume limits it", "further volumes"
            ) from None
        return found.times(part.system.volume_unit / times)

    def reweighted(self, weights: Mapping[tuple[str, Period], Fraction]) -> Range:
        """Return a mean of rates by weights that sum to 1."""
        return weighted_sum([(self.rate(*key), weight) for key, weight in weights.items()])

    def rate_at_mix(self, group: str, period: Period, mix: Period) -> Range:
        """Return a group's rate at the mix of retailers of another period."""
        return rate_at_mix(self.part_of(group), group, period, mix)

    def change_at_mix(self, group: str, before: Period, after: Period, mix: Period) -> Range:
        """Return the change of a group's rate at a mix."""
        key = (group, before, after, mix)
        if key not in self._changes:
            self._changes[key] = change_at_mix(self.part_of(group), *key)
        return self._changes[key]

    def naive(self, groups: tuple[str, str], period: Period) -> tuple[UnitRange, UnitRange | None]:
        """Return the proved and the attained range of the naive z for one request in all.

        Where nothing ties the groups together, both rates and the share are free of each other.
        Otherwise each has its own proved range, and what is attained is seen at points.
        """
        first, second = (self.rate(group, period) for group in groups)
        if not self.ties(groups):
            inner = attained_box(first, second)
            outer = proved_box(first, second)
            return range_over_box(outer), None if inner is None else range_over_box(inner)
        part = self.part_of(groups[0])
        sums = [part.system.requests(group=group, period=period) for group in groups]
        share = part.ratio(sums[0], {**sums[0], **sums[1]}, "the share of the groups")
        seen = [end.point for each in (first, second, share) for end in (each.low, each.high)]
        points = climbed_z(part, groups, period, [each for each in seen if each is not None])
        outer = range_over_box(proved_box(first, second, share))
        return outer, range_at_points(points) if points else None

    def ties(self, groups: tuple[str, str]) -> bool:
        """Whether anything known ties two groups together."""
        return self.part_of(groups[0]) is self.part_of(groups[1])

    @property
    def knows_volumes(self) -> bool:
        """Whether any volume is known."""
        return any(isinstance(each, Volume) for each in self.constraints)

    def group_of(self, retailer: str) -> str:
        """Return a retailer's group."""
        for each in self.table.retailers:
            if each.retailer == retailer:
                return each.group
        raise UsageError(f"the table has no retailer {retailer!r}")

    def part_of(self, group: str) -> Component:
        """Return the part that holds a group."""
        for part in self.parts:
            if group in part.groups:
                return part
        raise UsageError(f"the table has no group {group!r}")

    def _joint(self, retailers: set[str]) -> Component:
        """Return the cone of several retailers, put together where nothing tied their groups."""
        groups = dict.fromkeys(self.group_of(retailer) for retailer in sorted(retailers))
        parts = list({id(part): part for part in map(self.part_of, groups)}.values())
        if len(parts) == 1:
            known = self.knows_volumes or len(retailers) > 1
            return parts[0] if known else parts[0].alone(*retailers)
        together = tuple(group for part in parts for group in part.groups)
        if together not in self._joined:
            known = dict.fromkeys(one for part in parts for one in part.constraints)
            self._joined[together] = Component(self.table, together, tuple(known), self.rounding)
        return self._joined[together]
