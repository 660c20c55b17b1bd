"""The study of two groups of retailers over a span of counts."""

from dataclasses import dataclass, replace
from typing import ClassVar

from switchstats.errors import NotAnswerableError
from switchstats.inference import minimal_detectable_effect, recommend
from switchstats.inference.groups import read_two_groups
from switchstats.inference.recommendation import Recommendation
from switchstats.periods import Period
from switchstats.rates import influence, period_words, summarise_counts
from switchstats.studies.declaration import Declaration
from switchstats.studies.group_comparison.checks import (
    count_checks,
    leave_one_out,
    periods_check,
)
from switchstats.studies.group_comparison.comparison import Comparison
from switchstats.studies.group_comparison.secondary import (
    Others,
    by_period,
    chosen,
    other_tests,
)
from switchstats.studies.refusal import refuse
from switchstats.studies.setting import Setting, refusal, verdict_of
from switchstats.studies.span import check_span, inside
from switchstats.values import (
    Counts,
    Finding,
    Grade,
    Influence,
    Rates,
    Unanswerable,
)

__all__ = ["GroupComparison"]

_ESTIMAND = "equal_weight_difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupComparison(Declaration):
    """Compares the error rates of two groups of retailers over the whole span of the counts.

    Estimates the mean rate of the first group minus that of the second, every retailer counting
    once. Primary, named beforehand: the test that `switchstats.recommend` names for this difference
    from the numbers of retailers, their volumes and the spread of their rates, never from the
    difference itself; both one-sided tests of it give the bounds. Secondary: the request-weighted
    difference, random effects, the beta-binomial model where errors are few, ranks, the difference
    within strata (period, area, losing retailer, as far as the counts tell them) with retailers as
    the units, the naive pooled z, and each period by itself.

    Parameters
    ----------
    period
        Only counts inside it; all by default.

    Notes
    -----
    A comparison of different companies: a gap can come from who their customers are, and no gap
    does not mean no effect of the leak. The checks say how much of the request-weighted gap lies in
    what was filed (Kitagawa's and Das Gupta's split); an advantage of which the mix alone accounts
    for all is not called shown, nor is one that hangs on one retailer. Retailers count as
    independent: where both groups take customers from the same bad losing retailers they are not,
    and only the difference within strata allows for that. Single periods and all other tests are
    not adjusted for their number.

    Examples
    --------
    >>> from switchstats.simulate import World, simulate_counts
    >>> counts = simulate_counts(World(n_retailers=40), 20_000, 1, strata=("area",))
    >>> finding = GroupComparison(margin=0.02).run(counts)
    >>> finding.primary.method, finding.verdict.grade.key
    ('cluster_robust', 'cross_section')
    """

    study: ClassVar[str] = "group_comparison"

    period: Period | None = None

    def run(self, counts: Counts) -> Finding:
        """Run the study.

        Parameters
        ----------
        counts
            By retailer and period, best also by ``area`` and ``losing``.

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` where a group is missing or too small for the level,
            or the periods overlap, so that requests would count twice.

        Raises
        ------
        UsageError
            When there are no counts inside the period.
        """
        setting = self._setting(inside(counts, self.period))
        try:
            check_span(setting.counts, self.groups)
            return self._found(setting.counts, setting)
        except NotAnswerableError as error:
            return refusal(setting, error)

    def _found(self, counts: Counts, setting: Setting) -> Finding:
        advice, comparison = self._comparison(counts)
        try:
            judged = comparison.judge()
        except NotAnswerableError:
            raise refuse("variation") from None
        others = other_tests(comparison, counts, advice)
        periods = by_period(comparison, counts)
        influences = influence(counts, groups=self.groups)
        labels = [period_words(test.period or setting.period) for test in periods]
        checks = (
            leave_one_out(comparison, judged, influences),
            *count_checks(comparison, judged, counts, advice, others),
            periods_check(periods, judged, self.level, labels),
        )
        tests = (judged.less, judged.greater, *others.tests, *periods)
        verdict = verdict_of(
            setting,
            judged.less,
            judged.conclusion,
            checks,
            detectable=self._detectable(counts),
            influences=influences,
            request_weighted=others.request_weighted,
        )
        if not comparison.choice.holds:  # no margin is ruled out by a test of unknown size
            verdict = replace(verdict, smallest_margin=None)
        return Finding(
            study=self.study,
            question=setting.question,
            rates=_rates(counts, others, influences, self),
            primary=tests[0],
            secondary=tests[1:],
            checks=checks,
            not_answerable=_refused(advice),
            verdict=verdict,
            provenance=self.provenance(self.study, setting.config),
            language=self.language,
        )

    def _comparison(self, counts: Counts) -> tuple[Recommendation, Comparison]:
        """Return the test that the rules name, and what it is run on."""
        advice = recommend(counts, groups=self.groups, level=self.level)
        choice = chosen(advice.choices, _ESTIMAND)
        if choice is None:
            raise refuse("two_retailers", n=min(advice.facts.n_by_group))
        two = read_two_groups((counts,), test=self.study, groups=self.groups)
        return advice, Comparison(two=two, choice=choice, terms=self)

    def _detectable(self, counts: Counts) -> float | None:
        """Return the true advantage that Welch's test, near enough to the primary one, finds."""
        try:
            return minimal_detectable_effect(
                counts.collapse(),
                power=self.power,
                level=self.level,
                method="welch",
                groups=self.groups,
            ).effect
        except NotAnswerableError:
            return None

    def _setting(self, counts: Counts) -> Setting:
        return Setting.of(
            self,
            self.study,
            estimand=_ESTIMAND,
            grade=Grade.CROSS_SECTION,
            counts=counts,
            config={"period": None if self.period is None else self.period.to_dict()},
        )


def _rates(
    counts: Counts, others: Others, influences: tuple[Influence, ...], terms: Declaration
) -> Rates:
    """Return the rates, with the interval of the weighted difference that the verdict shows."""
    rates = summarise_counts(counts, terms.groups, terms.level)
    shown = others.request_weighted
    gaps = tuple(
        shown
        if shown is not None and (gap.period, gap.weighting) == (shown.period, shown.weighting)
        else gap
        for gap in rates.differences
    )
    return replace(rates, differences=gaps, influences=influences)


def _refused(advice: Recommendation) -> tuple[Unanswerable, ...]:
    """Return what these counts cannot give, with the column that would."""
    items = list(advice.not_computable)
    if not {"losing", "losing_group"} & set(advice.facts.strata):
        items.append(refuse("by_losing").item)
    return tuple(items)
