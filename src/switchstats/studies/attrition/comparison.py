"""The groups' shares of errors without an event, and the test that the data call for."""

from dataclasses import dataclass, replace

import numpy as np

from switchstats import inference
from switchstats.inference.groups import read_two_groups
from switchstats.inference.question import Direction
from switchstats.inference.recommend import choose, facts_of
from switchstats.inference.recommendation import Choice
from switchstats.labels import group_name
from switchstats.rates import waiting_days
from switchstats.studies.decide import Conclusion, conclude
from switchstats.studies.declaration import Declaration
from switchstats.studies.refusal import refuse
from switchstats.values import Counts, Journeys, Period, TestResult

__all__ = ["Compared", "compared"]

_LEAST_UNITS = 2
_EQUAL, _REQUESTS = "equal_weight_difference", "request_weighted_difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Errors followed to the last day, and how they are compared.

    Parameters
    ----------
    journeys, days
        Errors of both groups, and by which day they are to be resolved.
    terms
        As declared.
    counts
        Followed errors as requests, those not resolved as errors.
    equal, weighted
        The tests that `switchstats.recommend` names for these counts, with each retailer and with
        each error counted once; it looks at spreads and volumes, never at the difference.
    """

    journeys: Journeys
    days: int
    terms: Declaration
    counts: Counts
    equal: Choice
    weighted: Choice | None

    @property
    def period(self) -> Period:
        """Months of the first errors that were followed."""
        periods = self.counts.periods
        return Period(periods[0].start, max(period.end for period in periods))

    def unresolved(self, alternative: Direction, counts: Counts | None = None) -> TestResult:
        """Return the primary test, of other counts where they are given."""
        of = self.counts if counts is None else counts
        return self._tested(of, self.equal, alternative, "unresolved_difference")

    def by_errors(self, alternative: Direction) -> TestResult | None:
        """Return the test with each error counted once, ``None`` where none can be had."""
        if self.weighted is None:
            return None
        return self._tested(
            self.counts, self.weighted, alternative, "unresolved_difference_by_errors"
        )

    def not_retried(self, alternative: Direction) -> TestResult:
        """Return the same test as the primary one, of errors never filed again."""
        counts = self.journeys.lacking("retried", within=self.days)
        return self._tested(counts, self.equal, alternative, "not_retried_difference")

    def waiting(self, alternative: Direction) -> TestResult:
        """Return the t test of the retailers' restricted mean times, as shares of the days.

        They are no errors over requests, which the primary test takes.
        """
        table = waiting_days(self.journeys, self.days)
        first, second = (
            np.asarray(table.loc[table["group"] == group, "days"], dtype=float)
            for group in self.terms.groups
        )
        shares = (first / self.days, second / self.days)
        found = inference.welch(*shares, alternative=alternative, level=self.terms.level)
        means = {"first_days": float(np.mean(first)), "second_days": float(np.mean(second))}
        return replace(
            found,
            estimand="waiting_difference",
            period=self.period,
            quantities={**found.quantities, **means},
            cautions=(*found.cautions, *self.equal.cautions),
        )

    def conclude(self, counts: Counts | None = None) -> Conclusion:
        """Return what the pair of primary one-sided tests says, of other counts where given."""
        less, greater = (self.unresolved(side, counts) for side in ("less", "greater"))
        return conclude(less, greater, self.terms.margin)

    def _tested(
        self, counts: Counts, choice: Choice, alternative: Direction, estimand: str
    ) -> TestResult:
        found: TestResult = getattr(inference, choice.test)(
            counts,
            groups=self.terms.groups,
            alternative=alternative,
            level=self.terms.level,
            **choice.options,
        )
        return replace(found, estimand=estimand, cautions=(*found.cautions, *choice.cautions))


def compared(journeys: Journeys, terms: Declaration, days: int) -> Compared:
    """Return the comparison.

    Raises
    ------
    CannotRunError
        When a group has fewer than two retailers with errors that could be followed.
    """
    counts = journeys.lacking("resolved", within=days)
    frame = counts.frame
    first, second = terms.groups
    n_first, n_second = (
        int(frame.loc[frame["group"] == group, "retailer"].nunique()) for group in terms.groups
    )
    if min(n_first, n_second) < _LEAST_UNITS:
        raise refuse(
            "journeys_followed",
            days=journeys.days,
            first=group_name(first),
            second=group_name(second),
            n_first=n_first,
            n_second=n_second,
        )
    two = read_two_groups((counts,), test="a test of the groups", groups=terms.groups)
    choices = choose(facts_of(two), groups=terms.groups, level=terms.level)
    by_estimand = {choice.estimand: choice for choice in choices}
    if _EQUAL not in by_estimand:
        raise refuse("no_spread")
    return Compared(
        journeys=journeys,
        days=days,
        terms=terms,
        counts=counts,
        equal=by_estimand[_EQUAL],
        weighted=by_estimand.get(_REQUESTS),
    )
