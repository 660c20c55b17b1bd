"""The study of what becomes of errors: filed again and resolved, or left until one gives up."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference import minimal_detectable_effect, pooled_z
from switchstats.labels import Text, group_name, text
from switchstats.rates import influence, most_influential, period_words, summarise_counts
from switchstats.studies.attrition.checks import attrition_checks
from switchstats.studies.attrition.comparison import Compared, compared
from switchstats.studies.decide import conclude, decide
from switchstats.studies.declaration import Declaration
from switchstats.studies.refusal import refuse, refused_item
from switchstats.values import (
    Check,
    Finding,
    Grade,
    Influence,
    Journeys,
    Outcome,
    Period,
    RateDifference,
    Rates,
    TestResult,
    Unanswerable,
    Verdict,
)

__all__ = ["Attrition"]

_ESTIMAND = "unresolved_difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attrition(Declaration):
    """Compare how the groups' errors end: an unresolved one may make the customer give up.

    Estimates the first group's mean share of errors that are not resolved within `days` minus the
    second's, each retailer counted once; below 0 is an advantage. Only errors that the data follow
    for all of their days count, so that recent ones do not pass for unresolved; withdrawn ones
    count as not resolved. The primary test, named here and not chosen after looking, is the one
    that `switchstats.recommend` names for an equal-weight difference: it looks at the spreads and
    numbers of the retailers, never at the difference.

    Secondary, never decisive: the two-sided test; each error counted once; the share never filed
    again; the restricted mean time to resolution; and the naive pooled test, labelled so.

    Parameters
    ----------
    days
        By which day since the error it is to be resolved; by default the last one of the journeys.

    Raises
    ------
    UsageError
        When an argument is out of its range.

    Notes
    -----
    A cross-section between companies, and among errors only. Where access prevented the easy
    errors, those that are left are hard to resolve, so that an advantage can look like none here:
    `read_requests` with ``estimand="cases"`` counts what is lost of all requests. A customer who
    gave up cannot be told from one still waiting; both are not resolved.

    Examples
    --------
    >>> import switchstats as ss
    >>> world = ss.simulate.World(n_retailers=20, retailer_sd_pp=1)
    >>> import pyarrow as pa
    >>> rows = pa.Table.from_batches(ss.simulate.simulate_requests(world, 5_000, seed=1))
    >>> loaded = ss.read_journeys(rows, registry=ss.simulate.world_registry(world))
    >>> ss.Attrition(margin=0.2).run(loaded.journeys).verdict.outcome.value
    'advantage_larger_than_margin_ruled_out'
    """

    days: int | None = None

    def __post_init__(self) -> None:
        Declaration.__post_init__(self)
        if self.days is not None and self.days < 1:
            raise UsageError(f"days must be at least 1, not {self.days}")

    def run(self, journeys: Journeys) -> Finding:
        """Run the study.

        Parameters
        ----------
        journeys
            From `read_journeys`.

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` when a group has fewer than two retailers with errors
            that could be followed.

        Raises
        ------
        UsageError
            When the journeys do not tell as many days apart.
        NotAnswerableError
            When there are no errors at all.
        """
        days = journeys.days if self.days is None else self.days
        if days > journeys.days:
            raise UsageError(f"these journeys tell {journeys.days} days apart, not {days}")
        if not journeys.entered:
            raise NotAnswerableError("the resolution of errors", "there are no errors", "errors")
        try:
            return self._found(compared(journeys, self, days))
        except NotAnswerableError as error:
            return self._refused(journeys, days, error)

    def _found(self, chosen: Compared) -> Finding:
        less, greater = chosen.unresolved("less"), chosen.unresolved("greater")
        conclusion = conclude(less, greater, self.margin)
        weighted = chosen.by_errors("two-sided")
        influences = influence(chosen.counts, groups=self.groups)
        checks = attrition_checks(chosen, less, weighted, influences, conclusion)
        outcome, larger_ruled_out, reasons = decide(conclusion, checks, self.groups)
        undone = {claim for check in checks for claim in check.undoes}
        period = chosen.period
        verdict = replace(
            self._verdict(outcome, period, chosen.days, less.n_by_group, reasons, larger_ruled_out),
            disadvantage="disadvantage" in conclusion.claims - undone,
            estimate=less.estimate,
            p_value=less.p_value,
            n_effective=less.n_effective,
            request_weighted=_weighted_gap(weighted, self.groups, period),
            bound=conclusion.interval(self.level),
            smallest_margin=conclusion.smallest_margin,
            detectable=self._detectable(chosen),
            influential=most_influential(influences),
        )
        tests = (less, greater, *self._secondary(chosen, weighted))
        return self._finding(
            verdict, self._rates(chosen, influences), tests, checks, (refuse("lost_of_all").item,)
        )

    def _secondary(self, chosen: Compared, weighted: TestResult | None) -> list[TestResult]:
        tests = [chosen.unresolved("two-sided"), *(() if weighted is None else (weighted,))]
        for test in (chosen.not_retried, chosen.waiting):
            # undefined where no retailer differs from the others
            with suppress(NotAnswerableError):
                tests.append(test("less"))
        with suppress(NotAnswerableError):
            naive = pooled_z(
                chosen.counts, groups=self.groups, alternative="less", level=self.level
            )
            tests.append(replace(naive, estimand="unresolved_difference_by_errors"))
        return tests

    def _detectable(self, chosen: Compared) -> float | None:
        try:
            return minimal_detectable_effect(
                chosen.counts,
                power=self.power,
                alternative="less",
                level=self.level,
                groups=self.groups,
            ).effect
        except NotAnswerableError:
            return None

    def _rates(self, chosen: Compared, influences: Sequence[Influence]) -> Rates:
        rates = summarise_counts(chosen.counts, self.groups, self.level)
        return replace(rates, influences=tuple(influences), of="unresolved_share")

    def _refused(self, journeys: Journeys, days: int, error: NotAnswerableError) -> Finding:
        item = refused_item("attrition", error)
        periods = journeys.periods
        period = Period(periods[0].start, max(one.end for one in periods))
        frame = journeys.frame
        n_by_group = [
            int(frame.loc[frame["group"] == group, "retailer"].nunique()) for group in self.groups
        ]
        verdict = self._verdict(
            Outcome.NOT_ANSWERABLE, period, days, (n_by_group[0], n_by_group[1]), (item.reason,)
        )
        open_ones = journeys.lacking("resolved", within=days)
        rates = summarise_counts(open_ones, self.groups, self.level)
        return self._finding(verdict, replace(rates, of="unresolved_share"), (), (), (item,))

    def _verdict(
        self,
        outcome: Outcome,
        period: Period,
        days: int,
        n_by_group: tuple[int, int],
        reasons: tuple[Text, ...],
        larger_ruled_out: bool = False,  # noqa: FBT001, FBT002 -- as Verdict has it
    ) -> Verdict:
        return Verdict(
            outcome=outcome,
            estimand=_ESTIMAND,
            groups=self.groups,
            period=period,
            period_label=text("study.attrition_period", period=period_words(period), days=days),
            level=self.level,
            margin=self.margin,
            power=self.power,
            n_by_group=n_by_group,
            grade=Grade.CROSS_SECTION,
            reasons=reasons,
            larger_ruled_out=larger_ruled_out,
        )

    def _finding(
        self,
        verdict: Verdict,
        rates: Rates,
        tests: Sequence[TestResult],
        checks: tuple[Check, ...],
        refused: tuple[Unanswerable, ...],
    ) -> Finding:
        first, second = (group_name(group) for group in self.groups)
        return Finding(
            study="attrition",
            question=text("study.attrition", first=first, second=second),
            rates=rates,
            primary=tests[0] if tests else None,
            secondary=tuple(tests[1:]),
            checks=checks,
            not_answerable=refused,
            verdict=verdict,
            provenance=self.provenance("attrition", {"days": self.days}),
            language=self.language,
        )


def _weighted_gap(
    test: TestResult | None, groups: tuple[str, str], period: Period
) -> RateDifference | None:
    if test is None:
        return None
    return RateDifference(*groups, period, "requests", test.estimate, test.interval)
