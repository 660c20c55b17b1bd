"""From the contrasts of a few exposed retailers to tests, checks and a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.few_units import few_units, units_mean
from switchstats.inference.power import PlannedTest
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.labels import Text, joined, signed_points, text
from switchstats.periods import Period
from switchstats.rates import most_influential, period_words, summarise_counts
from switchstats.studies.contrast.contrasts import Contrasts
from switchstats.studies.decide import Conclusion, conclude, decide
from switchstats.studies.declaration import Declaration
from switchstats.values import (
    Check,
    Claim,
    Counts,
    Finding,
    Grade,
    Influence,
    Interval,
    Outcome,
    PeriodEffect,
    Provenance,
    Rates,
    Retailer,
    RetailerEffect,
    TestResult,
    Unanswerable,
    Verdict,
)
from switchstats.version import __version__

__all__ = [
    "Judged",
    "Setting",
    "detectable",
    "finding_of",
    "judge",
    "leave_one_out",
    "refusal",
    "units_test",
]

_LEAST_UNITS = 2
_UNDO_ALL = ("compared", "mix", "trend_before", "same_kind", "placebo_after")


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

    @property
    def period(self) -> Period:
        """From the first to the last day of the counts."""
        periods = self.counts.periods
        return Period(periods[0].start, max(period.end for period in periods))

    @property
    def retailers(self) -> dict[str, Retailer]:
        """By identifier."""
        return {one.retailer: one for one in self.counts.retailers}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Contrasts, the pair of one-sided tests that decides, and what follows from their bounds."""

    contrasts: Contrasts
    less: TestResult
    greater: TestResult
    conclusion: Conclusion


def units_test(
    contrasts: Contrasts, setting: Setting, alternative: Direction = "two-sided"
) -> TestResult:
    """Return the primary test of the contrasts: Hartung-Knapp with what they share added."""
    return few_units(
        contrasts.estimates,
        np.sqrt(contrasts.variances),
        common=contrasts.common,
        alternative=alternative,
        level=setting.terms.level,
        estimand=setting.estimand,
        n_controls=contrasts.n_controls,
    )


def judge(contrasts: Contrasts, setting: Setting) -> Judged:
    """Return what the contrasts say by themselves.

    Raises
    ------
    NotAnswerableError
        With fewer than two exposed retailers.
    """
    less = units_test(contrasts, setting, "less")
    greater = units_test(contrasts, setting, "greater")
    return Judged(
        contrasts=contrasts,
        less=less,
        greater=greater,
        conclusion=conclude(less, greater, setting.terms.margin),
    )


def leave_one_out(judged: Judged, setting: Setting) -> tuple[Check, tuple[Influence, ...]]:
    """Return whether the estimate hangs on one exposed retailer, and the estimate without each.

    It hangs on one without which less than half of it is left. That a bound moves past 0 without
    one of few retailers is no sign of that, and is not asked.
    """
    contrasts, held = judged.contrasts, judged.conclusion.claims
    undone: tuple[Claim, ...] = ("advantage",) if "advantage" in held else ()
    size = len(contrasts.ends)
    if size <= _LEAST_UNITS:
        return Check("leave_one_out", None, text("check.leave_one_out_unknown"), undone), ()
    whole = judged.less.estimate
    influences: list[Influence] = []
    for place, end in enumerate(contrasts.ends):
        rest = contrasts.only([at for at in range(size) if at != place])
        estimate = units_mean(rest.estimates, rest.variances)
        influences.append(Influence(setting.retailers[end.retailer], estimate, estimate - whole))
    estimates = [one.estimate for one in influences]
    hangs = [one.retailer.name for one in influences if one.estimate * whole < whole**2 / 2]
    ends = {"low": signed_points(min(estimates)), "high": signed_points(max(estimates))}
    if not hangs:
        words = text("check.leave_one_out_steady", n=size, **ends)
        return Check("leave_one_out", passed=True, text=words), tuple(influences)
    words = text("check.leave_one_out_hangs", n=size, retailers=joined(hangs), **ends)
    return Check("leave_one_out", passed=False, text=words, undoes=undone), tuple(influences)


def finding_of(
    judged: Judged,
    setting: Setting,
    *,
    secondary: Sequence[TestResult],
    checks: Sequence[Check],
    influences: Sequence[Influence],
    not_answerable: Sequence[Unanswerable] = (),
    path: Sequence[PeriodEffect] = (),
) -> Finding:
    """Return the finding of a design whose primary test is the mean of the contrasts."""
    terms, less, conclusion = setting.terms, judged.less, judged.conclusion
    outcome, larger_ruled_out, reasons = decide(conclusion, checks, terms.groups)
    undone = {claim for check in checks for claim in check.undoes}
    verdict = Verdict(
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
        bound=conclusion.interval(terms.level),
        smallest_margin=None if _doubtful(checks) else conclusion.smallest_margin,
        detectable=detectable(less, terms),
        influential=most_influential(tuple(influences)),
    )
    return Finding(
        study=setting.study,
        question=setting.question,
        rates=_rates(setting, influences),
        primary=less,
        secondary=(judged.greater, *secondary),
        checks=tuple(checks),
        not_answerable=tuple(not_answerable),
        verdict=verdict,
        provenance=_provenance(setting),
        effects=_effects(judged, setting),
        path=tuple(path),
        language=terms.language,
    )


def refusal(setting: Setting, error: NotAnswerableError) -> Finding:
    """Return the finding of a study that these data cannot run, with the reason and the needs."""
    from switchstats.studies.refusal import CannotRunError

    terms = setting.terms
    item = error.item if isinstance(error, CannotRunError) else None
    if item is None:
        words = [Text(*[part] * 2) for part in (error.quantity, error.reason, error.needs)]
        item = Unanswerable(setting.study, *words)
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
        rates=_rates(setting, ()),
        primary=None,
        secondary=(),
        checks=(),
        not_answerable=(item,),
        verdict=verdict,
        provenance=_provenance(setting),
        language=terms.language,
    )


def _doubtful(checks: Sequence[Check]) -> bool:
    """Say whether a check fails that would undo any claim, so that no margin is ruled out."""
    return any(check.passed is False and check.name in _UNDO_ALL for check in checks)


def detectable(less: TestResult, terms: Declaration) -> float | None:
    """Return the true advantage that a t test with this error would find, a positive fraction."""
    if less.std_error is None or less.df is None:
        return None
    return PlannedTest(terms.power, "less", terms.level).shift(less.df) * less.std_error


def _effects(judged: Judged, setting: Setting) -> tuple[RetailerEffect, ...]:
    contrasts = judged.contrasts
    weights = _weights(judged)
    # both sides of the level of each one-sided bound
    question = Question("two-sided", 0.0, 2 * setting.terms.level - 1)
    from scipy.special import ndtri

    reach = -float(ndtri(question.alpha / 2)) * np.sqrt(contrasts.variances)
    return tuple(
        RetailerEffect(
            retailer=setting.retailers[end.retailer],
            estimate=float(estimate),
            interval=Interval(
                float(estimate - half), float(estimate + half), "confidence", question.level
            ),
            weight=float(weight),
            requests=requests,
            covered=float(covered),
        )
        for end, estimate, half, weight, requests, covered in zip(
            contrasts.ends,
            contrasts.estimates,
            reach,
            weights,
            contrasts.requests,
            contrasts.covered,
            strict=True,
        )
    )


def _weights(judged: Judged) -> Floats:
    tau = judged.less.quantities.get("tau", 0.0)
    weights = 1 / (judged.contrasts.variances + tau**2)
    return weights / weights.sum()


def _rates(setting: Setting, influences: Sequence[Influence]) -> Rates:
    from dataclasses import replace

    rates = summarise_counts(setting.counts, setting.terms.groups)
    return replace(rates, influences=tuple(influences))


def _filed(setting: Setting) -> tuple[int, int]:
    frame = setting.counts.frame
    filed = frame[frame["requests"] > 0]
    first, second = (
        int(filed[filed["group"] == group]["retailer"].nunique()) for group in setting.terms.groups
    )
    return first, second


def _provenance(setting: Setting) -> Provenance:
    config = {"study": setting.study, **setting.terms.terms(), **setting.config}
    return Provenance(inputs=(), config=config, version=__version__, seed=None)
