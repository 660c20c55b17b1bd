"""The permutation test of the request-weighted difference, and its inverted interval."""

import numpy as np

from switchstats.inference.groups import TwoGroups
from switchstats.inference.permuted.acceptance import Acceptance, acceptance_ends
from switchstats.inference.permuted.result import PermutedFrom, permutation_result
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.inference.splits import Splits
from switchstats.values import TestResult

__all__ = ["permute_ratios"]

# Relative to the errors that a split exchanges: statistics closer than this tie.
_SAME = 1e-12


def permute_ratios(two: TwoGroups, question: Question, splits: Splits) -> TestResult:
    """Return the permutation test of the difference of the groups' sums of errors over requests.

    With the null taken off the first group's rates, a retailer there has errors minus null times
    requests. A split's difference is linear in the null, so that `acceptance_ends` applies with

    w: errors minus rate times requests (each retailer against the rate of its own group), summed
    over those who enter minus those who leave, times N,
    q - b: B (N - n) + L n, q + b: A (N - n) + (M - B) n, where L requests leave the first group's
    N - M, A stay, B of the second group's M enter, and n = A + B are the split's.
    """
    difference = _difference(two)
    return permutation_result(
        _acceptance(two, difference, question.alternative, splits),
        question,
        PermutedFrom(
            estimand="request_weighted_difference",
            weighting="requests",
            estimate=difference,
            n_by_group=two.n_by_group,
            n_effective=two.n_effective,
            n_draws=splits.n_draws,
            seed=splits.seed,
            tolerance=_SAME * max(abs(question.null), abs(difference)),
            period=two.period,
            notes=two.notes,
        ),
    )


def _difference(two: TwoGroups) -> float:
    e1, n1, e0, n0 = two.totals
    return e1 / n1 - e0 / n0


def _acceptance(
    two: TwoGroups, difference: float, alternative: Direction, splits: Splits
) -> Acceptance:
    n = splits.n
    paired = alternative == "two-sided" and splits.n_draws is None and 1 < n == splits.m
    away = two.requests.sum() * _residuals(two)
    vectors = np.stack([two.requests.astype(float), away, _SAME * np.abs(away)])
    of_first, of_second = (float(part.sum()) for part in (two.requests[:n], two.requests[n:]))
    low: list[Floats] = []
    high: list[Floats] = []
    for block in splits.exchanges(vectors[:, :n], vectors[:, n:], paired=paired):
        leaving, entering = block.leaving, block.entering
        staying = of_first - leaving[0]
        inside = staying + entering[0]
        outside = of_first + of_second - inside
        ends = acceptance_ends(
            entering[1] - leaving[1],
            staying * outside + (of_second - entering[0]) * inside,
            entering[0] * outside + leaving[0] * inside,
            entering[2] + leaving[2],
            alternative,
        )
        low.append(ends[0].ravel())
        high.append(ends[1].ravel())
    each = 2 if paired else 1
    entries = np.concatenate(low, dtype=float), np.concatenate(high, dtype=float)
    always = splits.total - each * entries[0].size
    return Acceptance(difference + entries[0], difference + entries[1], always, each)


def _residuals(two: TwoGroups) -> Floats:
    """Return errors beyond the group's rate times requests, exact before the last division."""
    n = two.n_by_group[0]
    parts: list[Floats] = []
    for group in (slice(None, n), slice(n, None)):
        errors, requests = two.errors[group].astype(object), two.requests[group].astype(object)
        of_all = requests.sum()
        parts.append((errors * of_all - errors.sum() * requests).astype(float) / float(of_all))
    return np.concatenate(parts)
