"""What a permutation test says, whichever difference was permuted."""

import math
from dataclasses import dataclass

from switchstats.inference.permuted.acceptance import Acceptance
from switchstats.inference.question import Question
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.values import Caution, Interval, TestResult
from switchstats.values.result import Weighting

__all__ = ["PermutedFrom", "drawn_note", "monte_carlo_error", "permutation_result", "point_caution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PermutedFrom:
    """What was permuted and how, for the result.

    As in `TestResult`; besides, the number of draws (``None``: every split) and the distance below
    which two nulls are the same.
    """

    estimand: str
    weighting: Weighting
    estimate: float
    n_by_group: tuple[int, int]
    n_effective: float
    n_draws: int | None
    seed: int | None
    tolerance: float
    period: Period | None
    notes: tuple[Text, ...]


def permutation_result(
    acceptance: Acceptance, question: Question, source: PermutedFrom
) -> TestResult:
    """Return the result of the splits' intervals of nulls."""
    p_value = acceptance.p_value(question.null, source.tolerance)
    interval = acceptance.interval(question)
    return TestResult(
        method="permutation",
        estimand=source.estimand,
        weighting=source.weighting,
        estimate=source.estimate,
        null=question.null,
        alternative=question.alternative,
        p_value=p_value,
        interval=interval,
        n_units=sum(source.n_by_group),
        n_by_group=source.n_by_group,
        n_effective=source.n_effective,
        statistic=source.estimate - question.null,
        p_std_error=monte_carlo_error(p_value, source.n_draws),
        seed=source.seed,
        period=source.period,
        cautions=point_caution(interval, source.tolerance),
        notes=(*source.notes, *drawn_note(source.n_draws)),
    )


def point_caution(interval: Interval, tolerance: float) -> tuple[Caution, ...]:
    """Return a caution when the interval is one point, because no group varies."""
    low, high = interval.low, interval.high
    if low is None or high is None or high - low > tolerance:
        return ()
    return (Caution.of("no_spread"),)


def monte_carlo_error(p_value: float, n_draws: int | None) -> float | None:
    """Return the Monte Carlo standard error of a p-value; ``None`` when every split was tried."""
    return None if n_draws is None else math.sqrt(p_value * (1 - p_value) / (n_draws + 1))


def drawn_note(n_draws: int | None) -> tuple[Text, ...]:
    """Return the note on random splits, none when every split was tried."""
    return () if n_draws is None else (text("inference.random_splits", n_draws=f"{n_draws:,}"),)
