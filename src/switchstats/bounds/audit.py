"""The audit of a printed table: whether it is possible, and what its digits pin down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from switchstats.bounds.component import Component, Range, linked_groups
from switchstats.bounds.conflicts import Conflict, find_conflict
from switchstats.bounds.consistency import Consistency, check_consistency
from switchstats.bounds.constraints import Constraint, Number, exact
from switchstats.bounds.functional import Functional, scaled, weighted_sum, whole_form
from switchstats.bounds.identified import Identified, difference_range, identified_range
from switchstats.bounds.mix import change_at_mix, rate_at_mix
from switchstats.bounds.naive import Box
from switchstats.bounds.ranges import RangedTest, TestRange, naive_range, rounding_range
from switchstats.bounds.system import Form, build_system
from switchstats.bounds.volumes import LeastVolume, least_of_all, least_row, least_table
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.periods import Period
from switchstats.values import Interval, PublishedTable, RoundingRule, TableRow

if TYPE_CHECKING:
    from switchstats.bounds.disclosure import Disclosure

__all__ = ["Audit", "audit"]


def audit(
    table: PublishedTable,
    constraints: Sequence[Constraint] = (),
    rounding: RoundingRule | None = None,
) -> "Audit":
    """Ask whether any requests and errors print as a table, and open it for bounds.

    Parameters
    ----------
    table
        The printed table: retailers by periods, with request-weighted averages of the groups.
        Periods may contain one another or overlap; blank cells are unknown.
    constraints
        What is known besides: `Volume`, `Share`, `Ordering`.
    rounding
        How the digits are read; the table's own rule by default, ``"unknown"``: any of them.

    Returns
    -------
    Audit
        `consistent` is proved either way in exact arithmetic; its methods give proved bounds.

    Raises
    ------
    UsageError
        When a constraint names a retailer, group or period that the table lacks.

    Notes
    -----
    Requests and errors are taken as real numbers, not as whole ones, and at least 0: with the
    volumes of real retailers this makes no difference, and `least_volume` looks at whole numbers.
    Rounding intervals are closed; a table that is possible only on their edge counts as possible.
    A group's average is read as that of exactly the retailers printed in the group.

    Examples
    --------
    >>> import switchstats as ss
    >>> table = ss.load_published("egc-083")
    >>> found = audit(table)
    >>> found.consistent
    True
    >>> months = table.periods[2].period
    >>> share = found.period_share("kansai", months)
    >>> round(share.interval.low, 4), round(share.interval.high, 4)
    (0.2558, 0.3023)
    """
    parts = tuple(
        build_system(table, groups, known, rounding)
        for groups, known in linked_groups(table, constraints)
    )
    checked = tuple(check_consistency(system) for system in parts)
    return Audit(
        table=table,
        constraints=tuple(constraints),
        rounding=rounding or table.rounding,
        _parts=tuple(
            (Component(system, each.point), each)
            for system, each in zip(parts, checked, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Audit:
    """A table with the cone of requests and errors behind it; made by `audit`.

    Parameters
    ----------
    table, constraints, rounding
        What was audited.
    """

    table: PublishedTable
    constraints: tuple[Constraint, ...]
    rounding: RoundingRule
    _parts: tuple[tuple[Component, Consistency], ...] = field()

    @property
    def consistent(self) -> bool | None:
        """Whether the table is possible; ``None`` on the very edge, where neither is proved."""
        answers = [each.consistent for _, each in self._parts]
        if False in answers:
            return False
        return None if None in answers else True

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """For each part that is impossible, printed cells that cannot all be right."""
        return tuple(
            find_conflict(component.system, each.empty, self.table)
            for component, each in self._parts
            if each.empty is not None
        )

    def unit_share(self, retailer: str, period: Period | None = None) -> Identified:
        """Return a retailer's share of its group's requests, in a printed period or overall."""
        group = self._group(retailer)
        component = self._component(group)
        self._check(period)
        part = component.system.requests(retailer=retailer, period=period)
        whole = component.system.requests(group=group, period=period)
        return self._ratio(component, part, whole, f"the share of {retailer}")

    def period_share(self, unit: str, period: Period) -> Identified:
        """Return the share of a retailer's or a group's requests that fell in a printed period."""
        component, retailer, its_group = self._whose(unit)
        self._check(period)
        part = component.system.requests(retailer=retailer, group=its_group, period=period)
        whole = component.system.requests(retailer=retailer, group=its_group)
        return self._ratio(component, part, whole, f"the share of {unit} in the period")

    def rate(self, unit: str, period: Period | None = None) -> Identified:
        """Return the rate of a retailer or group in a period, as far as all cells pin it down.

        Often narrower than the rounding of its own cell; for a period that is not printed but is
        part of a printed one, all that is known.
        """
        return identified_range(self._rate(unit, period))

    def _rate(self, unit: str, period: Period | None) -> Range:
        component, retailer, its_group = self._whose(unit)
        errors = component.system.errors(retailer=retailer, group=its_group, period=period)
        requests = component.system.requests(retailer=retailer, group=its_group, period=period)
        return component.ratio(errors, requests, f"the rate of {unit}")

    def ratio_of(self, above: Functional, below: Functional) -> Identified:
        """Return the range of any ratio of two linear functionals of requests and errors.

        Parameters
        ----------
        above, below
            Coefficients by retailer, printed period and ``"requests"`` or ``"errors"``; that of a
            whole number or decimal is read exactly.

        Raises
        ------
        NotAnswerableError
            When the table allows the denominator to be 0 or negative.
        UsageError
            When a functional is empty, or names a retailer or period that the table lacks.

        Examples
        --------
        >>> import switchstats as ss
        >>> table = ss.load_published("egc-083")
        >>> year, _, months = (column.period for column in table.periods)
        >>> own = {("kansai", months, "requests"): 1}
        >>> share = audit(table).ratio_of(own, {("kansai", year, "requests"): 1})
        >>> round(share.interval.low, 4)
        0.2558
        """
        if not above or not below:
            raise UsageError("a ratio needs a coefficient above and one below")
        for _, period, _ in (*above, *below):
            self._check(period)
        component = self._joint({retailer for retailer, _, _ in (*above, *below)})
        (upper, times), (lower, divided) = (
            whole_form(component.system, each) for each in (above, below)
        )
        found = component.ratio(upper, lower, "the ratio")
        return identified_range(scaled(found, Fraction(divided, times)), None)

    def reweighted_rate(self, weights: Mapping[tuple[str, Period], Number]) -> Identified:
        """Return a mean of rates by weights of your own, such as equal ones or a common mix.

        Parameters
        ----------
        weights
            By retailer or group and printed period, at least 0; they are divided by their sum.
            Equal weights for the retailers of a group re-weight it equally; the same weights of two
            periods for both groups give both a common mix of periods.

        Returns
        -------
        Identified
            Proved by the end of each rate alone, which can be wider than what is possible together;
            no attained values are given.
        """
        shares = {key: exact(weight) for key, weight in weights.items()}
        total = sum(shares.values(), Fraction(0))
        if not shares or min(shares.values()) < 0 or total == 0:
            raise UsageError("weights are at least 0, and not all 0")
        parts = [(self._rate(unit, period), w / total) for (unit, period), w in shares.items()]
        return identified_range(weighted_sum(parts))

    def rate_at_mix(self, group: str, period: Period, mix: Period) -> Identified:
        """Return a group's rate in one printed period at the mix of retailers of another."""
        self._check(period)
        self._check(mix)
        return identified_range(rate_at_mix(self._component(group), group, period, mix))

    def fixed_mix_change(
        self,
        group: str,
        mix: Literal["before", "after"] = "before",
        periods: tuple[Period, Period] | None = None,
    ) -> Identified:
        """Return the change of a group's rate that is not a change of who files.

        Parameters
        ----------
        group
            Whose.
        mix
            Whether the retailers' shares are held as in the earlier or the later period.
        periods
            Earlier and later printed period; by default the two that the longest one consists of.

        Raises
        ------
        NotAnswerableError
            When no two printed periods make up the longest one, and none are named.
        """
        before, after = self._two_periods(periods)
        held = before if mix == "before" else after
        component = self._component(group)
        return identified_range(change_at_mix(component, group, before, after, held), (-1, 1))

    def fixed_mix_difference(
        self,
        groups: tuple[str, str] = ("incumbent", "entrant"),
        mix: Literal["before", "after"] = "before",
        periods: tuple[Period, Period] | None = None,
    ) -> Identified:
        """Return the first group's change at a fixed mix minus the second's.

        Where nothing that is known ties the groups together, as in a table alone, every pair of
        changes is possible; otherwise no attained values are given.
        """
        first, second = (self.fixed_mix_change(group, mix, periods) for group in groups)
        apart = self._component(groups[0]) is not self._component(groups[1])
        return difference_range(first, second, apart=apart)

    def test_range(
        self,
        test: RangedTest,
        period: Period,
        *,
        groups: tuple[str, str] = ("incumbent", "entrant"),
        total: int | None = None,
        seed: int = 0,
    ) -> TestRange:
        """Return what a test could have said over everything that the digits leave open.

        Parameters
        ----------
        test
            ``"permutation"``, ``"welch"``, ``"rank_sum"`` (equal weights: only rounding matters) or
            ``"pooled_z"`` (naive, requests as units: the volumes matter too).
        period
            A printed period.
        groups
            First and second group.
        total
            Requests of both groups in the period, for ``"pooled_z"``.
        seed
            For a permutation test of more retailers than can be split in every way.

        Raises
        ------
        NotAnswerableError
            For ``"pooled_z"`` without a total, or where the table prints no average.
        """
        self._check(period)
        if test != "pooled_z":
            first, second = (self.table.rates(group, period) for group in groups)
            return rounding_range(test, first, second, self.rounding, seed)
        ends: list[tuple[float, float]] = []
        for group in groups:
            if self.table.average(group, period) is None:
                raise NotAnswerableError(
                    "the naive test", f"no average of {group} is printed", "the group's rate"
                )
            ends.append(_ends(self.rate(group, period).interval))
        return naive_range(Box(ends[0], ends[1], self._share_of_first(groups, period)), total)

    def _share_of_first(self, groups: tuple[str, str], period: Period) -> tuple[float, float]:
        """Return the range of the first group's share of both groups' requests."""
        component = self._component(groups[0])
        if groups[1] not in component.system.groups:
            return 0.0, 1.0
        first, second = (component.system.requests(group=g, period=period) for g in groups)
        share = component.ratio(first, {**first, **second}, "the share of the groups")
        return _ends(identified_range(share).interval)

    def least_volume(self, unit: str | None = None) -> LeastVolume:
        """Return the least whole number of requests that prints as a retailer's row.

        Parameters
        ----------
        unit
            A retailer: its row alone; a group: all rows and averages of the group together; none:
            the whole table.

        Raises
        ------
        NotAnswerableError
            When no whole numbers print so.

        Notes
        -----
        What else is known of volumes plays no part. A row with one or two shortest periods is
        tried number by number; everything else goes to a solver of whole numbers, and may be slow
        for many retailers.
        """
        if unit is None:
            return least_of_all([self.least_volume(group) for group in self.table.groups])
        if unit in self.table.groups:
            system = build_system(self.table, [unit], (), self.rounding)
            return least_table(system, self.table, self.rounding)
        row = next(each for each in self.table.rows if _is(each, self._known(unit)))
        alone = replace(self.table, rows=(row,), averages=())
        system = build_system(alone, [row.group], (), self.rounding)
        cells = [
            (column.period, cell)
            for column, cell in zip(self.table.periods, row.cells, strict=True)
            if cell is not None
        ]
        tried = least_row(cells, system.atoms, self.rounding, unit)
        return tried or least_table(system, alone, self.rounding)

    def disclosure(self, least_width: float) -> "Disclosure":
        """Say what the table gives away, and which cells to print otherwise; see `disclose`."""
        from switchstats.bounds.disclosure import disclose

        return disclose(self, least_width)

    def _known(self, retailer: str) -> str:
        self._group(retailer)
        return retailer

    def _two_periods(self, periods: tuple[Period, Period] | None) -> tuple[Period, Period]:
        parts = periods or self.table.parts(self.table.widest_period)
        if len(parts) != 2:  # noqa: PLR2004 -- before and after
            raise NotAnswerableError(
                "a change", "the longest printed period has not two parts", "periods=(…, …)"
            )
        for period in parts:
            self._check(period)
        return parts[0], parts[1]

    def _ratio(self, component: Component, above: Form, below: Form, quantity: str) -> Identified:
        return identified_range(component.ratio(above, below, quantity))

    def _component(self, group: str) -> Component:
        for component, each in self._parts:
            if group in component.system.groups:
                if each.consistent is False:
                    raise NotAnswerableError(
                        "a bound", "no requests and errors print as this table", "a possible table"
                    )
                return component
        raise UsageError(f"the table has no group {group!r}")

    def _joint(self, retailers: set[str]) -> Component:
        """Return the cone of several retailers, put together where nothing tied their groups."""
        groups = dict.fromkeys(self._group(retailer) for retailer in sorted(retailers))
        parts = list({id(part): part for part in map(self._component, groups)}.values())
        if len(parts) == 1:
            return parts[0].alone(*retailers) if len(retailers) == 1 else parts[0]
        together = [group for part in parts for group in part.system.groups]
        known = [
            one
            for groups_of_part, known_of_part in linked_groups(self.table, self.constraints)
            if set(groups_of_part) <= set(together)
            for one in known_of_part
        ]
        system = build_system(self.table, together, list(dict.fromkeys(known)), self.rounding)
        return Component(system, check_consistency(system).point)

    def _group(self, retailer: str) -> str:
        for row in self.table.rows:
            if row.retailer is not None and row.retailer.retailer == retailer:
                return row.group
        raise UsageError(f"the table has no retailer {retailer!r}")

    def _whose(self, unit: str) -> tuple[Component, str | None, str | None]:
        """Return where to look, and the retailer or the group that is meant."""
        if unit in self.table.groups:
            return self._component(unit), None, unit
        return self._component(self._group(unit)).alone(unit), unit, None

    def _check(self, period: Period | None) -> None:
        if period is not None:
            self.table.column(period)


def _ends(interval: Interval) -> tuple[float, float]:
    return interval.low or 0.0, 1.0 if interval.high is None else interval.high


def _is(row: TableRow, retailer: str) -> bool:
    return row.retailer is not None and row.retailer.retailer == retailer
