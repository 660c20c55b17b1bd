"""What a study asks of counts, and what its verdict, its rates and its refusal carry alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, group_name, text
from switchstats.periods import Period
from switchstats.rates import most_influential, period_words, summarise_counts
from switchstats.studies.decide import Conclusion, decide
from switchstats.studies.declaration import Declaration
from switchstats.studies.refusal import refused_item
from switchstats.studies.span import inside
from switchstats.values import (
    Check,
    Counts,
    Finding,
    Grade,
    Influence,
    Outcome,
    RateDifference,
    Rates,
    Retailer,
    TestResult,
    Verdict,
)

__all__ = ["Setting", "rates_of", "refusal", "verdict_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a study asks, apart from its numbers.

    Parameters
    ----------
    study
        Name of the design.
    terms
        As declared.
    question
        In words.
    estimand
        Catalogue key below ``estimand.``.
    grade
        Identification grade.
    counts
        Requests and errors.
    config
        What else was declared, plain types.
    """

    study: str
    terms: Declaration
    question: Text
    estimand: str
    grade: Grade
    counts: Counts
    config: dict[str, object]

    @classmethod
    def of(
        cls,
        terms: Declaration,
        study: str,
        *,
        estimand: str,
        grade: Grade,
        counts: Counts,
        config: dict[str, object],
    ) -> "Setting":
        """Return the setting of a study, its question in the words of the catalogue.

        Raises
        ------
        UsageError
            When there are no counts.
        """
        first, second = (group_name(group) for group in terms.groups)
        question = text(f"study.{study}", first=first, second=second)
        return cls(
            study=study,
            terms=terms,
            question=question,
            estimand=estimand,
            grade=grade,
            counts=inside(counts, None),
            config=config,
        )

    @property
    def period(self) -> Period:
        """From the first to the last day of the counts."""
        periods = self.counts.periods
        return Period(periods[0].start, max(period.end for period in periods))

    @property
    def retailers(self) -> dict[str, Retailer]:
        """By identifier."""
        return {one.retailer: one for one in self.counts.retailers}


def verdict_of(  # noqa: PLR0913 -- what a verdict carries comes from all of these
    setting: Setting,
    less: TestResult,
    conclusion: Conclusion,
    checks: Sequence[Check],
    *,
    detectable: float | None,
    influences: Sequence[Influence],
    request_weighted: RateDifference | None = None,
    retailer: Retailer | None = None,
) -> Verdict:
    """Return the verdict that the bounds of the primary test make, less what the checks undo."""
    terms = setting.terms
    outcome, larger_ruled_out, reasons = decide(conclusion, checks, terms.groups)
    undone = {claim for check in checks for claim in check.undoes}
    return Verdict(
        outcome=outcome,
        estimand=setting.estimand,
        groups=terms.groups,
        period=setting.period,
        period_label=period_words(setting.period),
        level=terms.level,
        margin=terms.margin,
        power=terms.power,
        n_by_group=less.n_by_group,
        n_effective=less.n_effective,
        grade=setting.grade,
        reasons=reasons,
        larger_ruled_out=larger_ruled_out,
        disadvantage="disadvantage" in conclusion.claims - undone,
        estimate=less.estimate,
        p_value=less.p_value,
        request_weighted=request_weighted,
        bound=conclusion.interval(terms.level),
        smallest_margin=conclusion.smallest_margin,
        detectable=detectable,
        influential=most_influential(tuple(influences)),
        retailer=retailer,
    )


def refusal(setting: Setting, error: NotAnswerableError) -> Finding:
    """Return the finding of a study that these data cannot run, with the reason and the needs."""
    terms = setting.terms
    item = refused_item(setting.study, error)
    verdict = Verdict(
        outcome=Outcome.NOT_ANSWERABLE,
        estimand=setting.estimand,
        groups=terms.groups,
        period=setting.period,
        period_label=period_words(setting.period),
        level=terms.level,
        margin=terms.margin,
        power=terms.power,
        n_by_group=_filed(setting),
        grade=setting.grade,
        reasons=(item.reason,),
    )
    return Finding(
        study=setting.study,
        question=setting.question,
        rates=rates_of(setting, ()),
        primary=None,
        secondary=(),
        checks=(),
        not_answerable=(item,),
        verdict=verdict,
        provenance=terms.provenance(setting.study, setting.config),
        language=terms.language,
    )


def rates_of(setting: Setting, influences: Sequence[Influence]) -> Rates:
    """Return the rates behind a finding, and what each retailer moves."""
    rates = summarise_counts(setting.counts, setting.terms.groups, setting.terms.level)
    return replace(rates, influences=tuple(influences))


def _filed(setting: Setting) -> tuple[int, int]:
    frame = setting.counts.coded
    filed = frame[frame["requests"] > 0]
    first, second = (
        int(filed[filed["group"] == group]["retailer"].nunique()) for group in setting.terms.groups
    )
    return first, second
