"""The audit of a printed table: whether it is possible, and what its digits pin down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, get_args

from switchstats.bounds.component import Range
from switchstats.bounds.conflicts import Conflict
from switchstats.bounds.constraints import Constraint, Number, exact
from switchstats.bounds.functional import Functional
from switchstats.bounds.identified import Identified, difference_range, identified_range
from switchstats.bounds.naive_over_volumes import naive_test
from switchstats.bounds.ranges import (
    RangedTest,
    TestRange,
    hull_of_tests,
    rounding_range,
)
from switchstats.bounds.readings import Readings
from switchstats.bounds.under_rule import UnderRule
from switchstats.bounds.volumes import LeastVolume, least_volume
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import Interval, PublishedTable, RoundingRule, Shown

if TYPE_CHECKING:
    from switchstats.bounds.disclosure import Disclosure

__all__ = ["Audit", "audit"]

_BEFORE_AND_AFTER = 2


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
        How the digits are read; the table's own rule by default. ``"unknown"``: half up, half to
        even or truncation, one of them for the whole table. It is possible if it is so under any
        of them, and a range covers what each of them that is possible allows.

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
    Requests and errors are taken as real numbers, not as whole ones, and at least 0; a cell that
    prints a rate has requests. With the volumes of real retailers the difference is nil, and
    `least_volume` looks at whole numbers. Whether an end of a rounding interval prints as the cell
    is up to the rule: a table that is possible only where it does not is impossible. Ranges are
    closed: their ends are reached or come as near as one likes. A group's average is read as that
    of exactly the retailers printed in the group; one of a group without retailers says nothing.

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
    rule = rounding or table.rounding
    if rule not in get_args(RoundingRule):
        raise UsageError(f"unknown rounding rule: {rule!r}")
    readings = Readings.of(table, tuple(constraints), rule)
    return Audit(table=table, constraints=tuple(constraints), rounding=rule, _readings=readings)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Audit(Shown):
    """A table with the cone of requests and errors behind it; made by `audit`.

    Parameters
    ----------
    table, constraints, rounding
        What was audited.
    """

    table: PublishedTable
    constraints: tuple[Constraint, ...]
    rounding: RoundingRule
    _readings: Readings

    def __repr__(self) -> str:
        possible = {True: "possible", False: "impossible", None: "neither proved"}[self.consistent]
        return f"Audit of {self.table.name!r}: {possible} (rounding: {self.rounding})"

    def _said(self) -> tuple[Text, ...]:
        from switchstats.bounds.summary import AuditSummary

        return AuditSummary(audit=self).sentences

    @property
    def consistent(self) -> bool | None:
        """Whether the table is possible; ``None`` where neither was proved."""
        return self._readings.consistent

    @property
    def rules(self) -> tuple[RoundingRule, ...]:
        """The rules under which the table is not proved impossible."""
        return self._readings.rules

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Printed cells that cannot all be right; none for a table that is possible.

        Of an impossible part, conflicts that share no cell, until what is left is possible. Under
        an unknown rule, those under the first rule.
        """
        return self._readings.conflicts

    @property
    def slack(self) -> Interval | None:
        """How tight the table is, or how far from possible, in printed last digits.

        The greatest number of last digits by which both ends of every printed interval can move
        inward at once: near .5 nothing binds, near 0 the table is barely possible. Below 0: at
        least so far must the cell that moves most move. Both ends of the interval are proved.
        ``None`` when moving cells does not help, since what is known besides contradicts itself.
        """
        return self._readings.slack

    def unit_share(self, retailer: str, period: Period | None = None) -> Identified:
        """Return a retailer's share of its group's requests, in a printed period or overall."""
        self._check(period)
        return self._range(lambda reading: reading.unit_share(retailer, period))

    def period_share(self, unit: str, period: Period) -> Identified:
        """Return the share of a retailer's or a group's requests that fell in a printed period."""
        self._check(period)
        return self._range(lambda reading: reading.period_share(unit, period))

    def rate(self, unit: str, period: Period | None = None) -> Identified:
        """Return the rate of a retailer or group in a period, as far as all cells pin it down.

        Often narrower than the rounding of its own cell; for a period that is not printed but is
        part of a printed one, all that is known.
        """
        return self._range(lambda reading: reading.rate(unit, period))

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
            `Unbounded` when the table allows the denominator to be 0 or negative.
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
        self._check(*(period for _, period, _ in (*above, *below)))
        return self._range(lambda reading: reading.ratio_of(above, below), None)

    def total_of(self, functional: Functional) -> Identified:
        """Return the range of a linear functional in requests or errors, where volumes are known.

        Parameters
        ----------
        functional
            Coefficients as for `ratio_of`.

        Raises
        ------
        NotAnswerableError
            `Unbounded` when no volume is known, or those known do not limit it on both sides.

        Examples
        --------
        >>> import switchstats as ss
        >>> from switchstats.bounds import Volume
        >>> table = ss.load_published("egc-083")
        >>> known = audit(table, [Volume(group="incumbent", low=100_000, high=100_000)])
        >>> errors = known.total_of({("kansai", table.periods[0].period, "errors"): 1})
        >>> errors.interval.low, round(errors.interval.high, 2)
        (0.0, 10048.91)
        """
        if not functional:
            raise UsageError("a functional needs a coefficient")
        self._check(*(period for _, period, _ in functional))
        return self._range(lambda reading: reading.total_of(functional), None)

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
        weighted = {key: weight / total for key, weight in shares.items()}
        return self._range(lambda reading: reading.reweighted(weighted))

    def rate_at_mix(self, group: str, period: Period, mix: Period) -> Identified:
        """Return a group's rate in one printed period at the mix of retailers of another."""
        self._check(period, mix)
        return self._range(lambda reading: reading.rate_at_mix(group, period, mix))

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
        return self._range(
            lambda reading: reading.change_at_mix(group, before, after, held), (-1, 1)
        )

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
        possible = self._readings.possible
        apart = len(possible) == 1 and not possible[0].ties(groups)
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
            For ``"pooled_z"`` without a total, with one that contradicts the volumes that are
            known, or where the table prints no average; for ``"request_weighted"`` always: no
            certified range of it over unknown volumes is computed.
        """
        self._check(period)
        if test == "request_weighted":
            raise NotAnswerableError(
                "the request-weighted permutation test",
                "each retailer's unknown volume moves every split",
                "volumes of the retailers",
            )
        if test == "pooled_z":
            return naive_test(self._readings.possible, groups, period, total)
        first, second = (self.table.rates(group, period) for group in groups)
        rules = self.rules or self._readings.rounding
        return hull_of_tests([rounding_range(test, first, second, rule, seed) for rule in rules])

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
        SolverError
            When the solver of whole numbers stops without an answer.

        Notes
        -----
        What else is known of volumes plays no part. Every smaller number is tried or ruled out in
        whole numbers, the printed table of the committee in seconds. Where that is too much work,
        for many retailers or periods, a solver of whole numbers answers, and may be slow: what it
        finds is checked exactly, that nothing is less is its word (`LeastVolume.proof`), and
        `LeastVolume.at_least` is what is proved.
        """
        return least_volume(self.table, self.rounding, unit)

    def disclosure(
        self,
        least_width: float | None = None,
        *,
        small_cell: int | None = None,
        total: int | None = None,
    ) -> "Disclosure":
        """Say what the table gives away, and which cells to print otherwise; see `disclose`."""
        from switchstats.bounds.disclosure import disclose

        return disclose(self, least_width, small_cell=small_cell, total=total)

    def _range(
        self, asked: Callable[[UnderRule], Range], limits: tuple[int, int] | None = (0, 1)
    ) -> Identified:
        return identified_range(self._readings.hull(asked), limits)

    def _two_periods(self, periods: tuple[Period, Period] | None) -> tuple[Period, Period]:
        parts = periods or self.table.parts(self.table.widest_period)
        if len(parts) != _BEFORE_AND_AFTER:
            raise NotAnswerableError(
                "a change", "the longest printed period has not two parts", "periods=(…, …)"
            )
        self._check(*parts)
        return parts[0], parts[1]

    def _check(self, *periods: Period | None) -> None:
        for period in periods:
            if period is not None:
                self.table.column(period)
