"""The study of a printed table of rates: what it supports, and what it cannot."""

from dataclasses import dataclass, replace

from switchstats.bounds import Audit, audit
from switchstats.labels import Text, group_name, text
from switchstats.periods import Period, parse_period
from switchstats.rates import influence, most_influential, summarise
from switchstats.studies.decide import conclude, decide
from switchstats.studies.declaration import Declaration
from switchstats.studies.published_only.checks import published_checks
from switchstats.studies.published_only.comparison import Comparison
from switchstats.studies.published_only.identified import (
    arithmetic_check,
    contradiction,
    identified_quantities,
)
from switchstats.studies.published_only.secondary import detectable_effect, secondary_tests
from switchstats.studies.unanswerable import unanswerable
from switchstats.values import (
    Check,
    Finding,
    Grade,
    InputFile,
    Outcome,
    Provenance,
    PublishedTable,
    Rates,
    TestResult,
    Verdict,
)
from switchstats.version import __version__

__all__ = ["PublishedOnly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOnly(Declaration):
    """Compare two groups of retailers when only a table of rounded rates was published.

    The primary test, named here and not chosen after looking: the exact permutation test of the
    equal-weight difference of mean rates, one-sided (first group lower), in one period. Retailers
    are the units. All other periods, methods and directions are secondary and never decide.

    Parameters
    ----------
    period
        Period of the primary test: a `Period`, or its printed label. By default the longest
        printed period.
    margin, groups, level, power, seed, language
        As of every study: `Declaration`. Without a margin no advantage can be ruled out.

    Raises
    ------
    UsageError
        When an argument is out of its range or the table does not print the period.

    Notes
    -----
    The design is a cross-section between companies: a gap can come from who their customers are,
    and no gap does not mean that the leak had no effect. Request-weighted and pooled tests need
    volumes and are refused by name in the finding. What the digits pin down without volumes stands
    there as ranges: shares of periods, and the change at a fixed mix where the longest period has
    two printed parts. A table that no requests and errors could print shows its tests, but nothing
    is concluded from it: the check of its arithmetic undoes every claim.

    Examples
    --------
    >>> import switchstats as ss
    >>> finding = ss.PublishedOnly(margin=0.02).run(ss.load_published("egc-083"))
    >>> finding.verdict.outcome.value
    'inconclusive'
    >>> round(finding.primary.p_value, 5)
    0.69124
    """

    period: Period | str | None = None

    def run(self, table: PublishedTable) -> Finding:
        """Run every test that the table allows and conclude from the primary one.

        Parameters
        ----------
        table
            The printed table.

        Returns
        -------
        Finding
            Its verdict is ``not_answerable`` when a group is missing or too small for the level.
        """
        period = self._period(table)
        found = audit(table)
        rates = summarise(table, [group for group in self.groups if table.members(group)])
        comparison = self._comparison(table, period)
        obstacle = comparison.obstacle
        if obstacle is not None:
            refusal = self._refusal(rates, comparison, (*contradiction(found), obstacle))
            return self._finding(found, rates, refusal)

        less, greater = comparison.permutation("less"), comparison.permutation("greater")
        rates = replace(rates, influences=influence(table, groups=self.groups, period=period))
        conclusion = conclude(less, greater, self.margin)
        arithmetic = arithmetic_check(found, conclusion)
        checks = (arithmetic, *published_checks(table, comparison, conclusion))
        outcome, larger_ruled_out, reasons = decide(conclusion, checks, self.groups)
        undone = {claim for check in checks for claim in check.undoes}
        verdict = Verdict(
            outcome=outcome,
            estimand=less.estimand,
            groups=self.groups,
            period=period,
            period_label=rates.label(period),
            level=self.level,
            margin=self.margin,
            power=self.power,
            n_by_group=less.n_by_group,
            n_effective=less.n_effective,
            grade=Grade.CROSS_SECTION,
            reasons=(*contradiction(found), *reasons),
            larger_ruled_out=larger_ruled_out,
            disadvantage="disadvantage" in conclusion.claims - undone,
            estimate=less.estimate,
            p_value=less.p_value,
            request_weighted=rates.difference(period, "requests"),
            bound=conclusion.interval(self.level),
            smallest_margin=None if found.consistent is False else conclusion.smallest_margin,
            detectable=detectable_effect(comparison, self.power),
            influential=most_influential(rates.influences),
        )
        tests = (less, greater, *secondary_tests(table, comparison))
        return self._finding(found, rates, verdict, tests, checks)

    def _comparison(self, table: PublishedTable, period: Period) -> Comparison:
        return Comparison(
            groups=self.groups,
            period=period,
            first=table.rates(self.groups[0], period),
            second=table.rates(self.groups[1], period),
            rounding=table.rounding,
            level=self.level,
            margin=self.margin,
            seed=self.seed,
        )

    def _period(self, table: PublishedTable) -> Period:
        if self.period is None:
            return table.widest_period
        if isinstance(self.period, Period):
            table.column(self.period)
            return self.period
        for column in table.periods:
            if self.period in (column.label.ja, column.label.en):
                return column.period
        period = parse_period(self.period)
        table.column(period)
        return period

    def _refusal(self, rates: Rates, comparison: Comparison, reasons: tuple[Text, ...]) -> Verdict:
        return Verdict(
            outcome=Outcome.NOT_ANSWERABLE,
            estimand="equal_weight_difference",
            groups=self.groups,
            period=comparison.period,
            period_label=rates.label(comparison.period),
            level=self.level,
            margin=self.margin,
            power=self.power,
            n_by_group=(len(comparison.first), len(comparison.second)),
            grade=Grade.CROSS_SECTION,
            reasons=reasons,
        )

    def _finding(
        self,
        found: Audit,
        rates: Rates,
        verdict: Verdict,
        tests: tuple[TestResult, ...] = (),
        checks: tuple[Check, ...] = (),
    ) -> Finding:
        first, second = (group_name(group) for group in self.groups)
        source = found.table.source
        identified = identified_quantities(found, self.groups, tests)
        inputs = () if source.sha256 is None else (InputFile(source.file or "", source.sha256),)
        seeds = {test.seed for test in tests if test.seed is not None}
        return Finding(
            study="published_only",
            question=text("study.published_only", first=first, second=second),
            rates=rates,
            primary=tests[0] if tests else None,
            secondary=tests[1:],
            checks=checks,
            not_answerable=unanswerable(identified),
            verdict=verdict,
            provenance=Provenance(
                inputs=inputs,
                config=self._config(verdict.period),
                version=__version__,
                seed=self.seed if seeds else None,
            ),
            source=source,
            identified=identified,
            language=self.language,
        )

    def _config(self, period: Period) -> dict[str, object]:
        return {"study": "published_only", "period": period.to_dict(), **self.terms()}
