"""Permutation of whole retailers where the statistic is more than a sum: strata, studentised."""

import math
from collections.abc import Iterator

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.permuted.acceptance import Acceptance, acceptance_ends
from switchstats.inference.permuted.differences import Jackknife
from switchstats.inference.permuted.memberships import Memberships
from switchstats.inference.permuted.result import (
    PermutedFrom,
    drawn_note,
    monte_carlo_error,
    permutation_result,
    point_caution,
)
from switchstats.inference.permuted.retailers import PermutedRetailers
from switchstats.inference.permuted.studentised import StudentisedSplits
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.labels import text
from switchstats.values import TestResult

__all__ = ["permute_difference", "permute_studentised"]

# Relative: nulls and standard errors below it are rounding.
_SAME = 1e-12


def permute_difference(
    retailers: PermutedRetailers, question: Question, splits: Memberships
) -> TestResult:
    """Return the permutation test of the difference, within strata or not."""
    difference = retailers.difference
    estimate = difference.estimate
    halved = question.alternative == "two-sided" and splits.paired
    low: list[Floats] = []
    high: list[Floats] = []
    for block in _moved(splits, question.alternative, halved=halved):
        contrast = difference.contrast(block)
        ends = acceptance_ends(
            contrast.away, contrast.above, contrast.below, contrast.slack, question.alternative
        )
        low.append(estimate + ends[0])
        high.append(estimate + ends[1])
    each = 2 if halved else 1
    entries = np.concatenate(low), np.concatenate(high)
    always = splits.total - each * entries[0].size
    return permutation_result(
        Acceptance(*entries, always, each),
        question,
        PermutedFrom(
            estimand=retailers.estimand,
            weighting=retailers.weighting,
            estimate=estimate,
            n_by_group=retailers.n_by_group,
            n_effective=retailers.n_effective,
            n_draws=splits.n_draws,
            seed=splits.seed,
            tolerance=_SAME * max(abs(question.null), abs(estimate)),
            period=retailers.period,
            notes=retailers.notes,
        ),
    )


def permute_studentised(
    retailers: PermutedRetailers, question: Question, splits: Memberships
) -> TestResult:
    """Return the permutation test of the difference over its jackknife standard error."""
    tried = _studentised(retailers, question, splits)
    p_value = tried.p_value(question.null, question.alternative)
    interval, gaps = tried.interval(question)
    notes = (text("inference.gaps_in_interval"),) if gaps else ()
    return TestResult(
        method="permutation_studentised",
        estimand=retailers.estimand,
        weighting=retailers.weighting,
        estimate=tried.estimate,
        null=question.null,
        alternative=question.alternative,
        p_value=p_value,
        interval=interval,
        n_units=sum(retailers.n_by_group),
        n_by_group=retailers.n_by_group,
        n_effective=retailers.n_effective,
        statistic=(tried.estimate - question.null) / tried.std_error,
        std_error=tried.std_error,
        p_std_error=monte_carlo_error(p_value, splits.n_draws),
        seed=splits.seed,
        period=retailers.period,
        cautions=point_caution(interval, _SAME * abs(tried.estimate)),
        notes=(*retailers.notes, *notes, *drawn_note(splits.n_draws)),
    )


def _studentised(
    retailers: PermutedRetailers, question: Question, splits: Memberships
) -> StudentisedSplits:
    difference = retailers.difference
    observed = difference.jackknife(difference.first[:, None].astype(float))
    std_error = math.sqrt(float(observed.square[0]))
    nothing = _SAME * difference.largest
    if not nothing < std_error < math.inf:
        raise NotAnswerableError(
            "studentised permutation test",
            "leaving out one retailer changes nothing, or leaves a group empty",
            "two retailers in each group, with rates that vary within at least one group",
        )
    halved = question.alternative == "two-sided" and splits.paired
    moved = _moved(splits, question.alternative, halved=halved)
    tried = Jackknife.joined(difference.jackknife(block) for block in moved)
    each = 2 if halved else 1
    always = splits.total - each * tried.level.size
    return StudentisedSplits(tried, difference.estimate, std_error, always, each, nothing)


def _moved(splits: Memberships, alternative: Direction, *, halved: bool) -> Iterator[Floats]:
    """Yield the splits but those as extreme at every null.

    They are the observed one and, when either direction counts, it with the groups swapped.
    """
    first = splits.first[:, None].astype(float)
    for block in splits.columns(halved=halved):
        changed = block != first
        kept = changed.any(axis=0)
        if alternative == "two-sided":
            kept &= ~changed.all(axis=0)
        yield block[:, kept]
