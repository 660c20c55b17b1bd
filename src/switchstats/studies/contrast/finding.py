"""From the contrasts of a few exposed retailers to tests, checks and a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from switchstats.inference.few_units import few_units, units_mean
from switchstats.inference.power import PlannedTest
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.labels import joined, signed_points, text
from switchstats.studies.contrast.contrasts import Contrasts
from switchstats.studies.decide import Conclusion, conclude
from switchstats.studies.declaration import Declaration
from switchstats.studies.left_out import left_out
from switchstats.studies.setting import Setting, rates_of, verdict_of
from switchstats.values import (
    Check,
    Finding,
    Influence,
    Interval,
    PeriodEffect,
    RetailerEffect,
    TestResult,
    Unanswerable,
)

__all__ = [
    "Judged",
    "detectable",
    "finding_of",
    "judge",
    "leave_one_out",
    "units_test",
]

_LEAST_UNITS = 2


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
    one of few retailers is no sign of that, and is not asked. With two retailers nobody can tell,
    and how two happen to agree says little of what a third would show: nothing is claimed.
    """
    contrasts, held = judged.contrasts, judged.conclusion.claims
    size = len(contrasts.ends)
    if size <= _LEAST_UNITS:
        every = tuple(sorted(held))
        return left_out(text("check.leave_one_out_unknown"), passed=None, undoes=every), ()
    undone = tuple(sorted(held - {"ruled_out"}))
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
        return left_out(words, passed=True), tuple(influences)
    words = text("check.leave_one_out_hangs", n=size, retailers=joined(hangs), **ends)
    return left_out(words, passed=False, undoes=undone), tuple(influences)


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
    verdict = verdict_of(
        setting,
        less,
        conclusion,
        checks,
        detectable=detectable(less, terms),
        influences=influences,
    )
    if _doubtful(checks):
        verdict = replace(verdict, smallest_margin=None)
    return Finding(
        study=setting.study,
        question=setting.question,
        rates=rates_of(setting, influences),
        primary=less,
        secondary=(judged.greater, *secondary),
        checks=tuple(checks),
        not_answerable=tuple(not_answerable),
        verdict=verdict,
        provenance=terms.provenance(setting.study, setting.config),
        effects=_effects(judged, setting),
        path=tuple(path),
        language=terms.language,
    )


def _doubtful(checks: Sequence[Check]) -> bool:
    """Say whether a check fails that voids the bounds, so that no margin is ruled out."""
    return any(check.passed is False and check.voids for check in checks)


def detectable(less: TestResult, terms: Declaration) -> float | None:
    """Return the true advantage that a t test with this error would find, a positive fraction.

    None where the test has no upper bound: so few retailers that no effect could be shown.
    """
    unbounded = less.interval is None or less.interval.high is None
    if unbounded or less.std_error is None or less.df is None:
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
