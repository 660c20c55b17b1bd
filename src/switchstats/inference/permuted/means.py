"""The permutation test of the difference of equal-weight means, and its inverted interval."""

from dataclasses import replace

import numpy as np

from switchstats.inference.permuted.acceptance import Acceptance
from switchstats.inference.permuted.means_rounding import permutation_p_range
from switchstats.inference.permuted.result import PermutedFrom, permutation_result
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats, Samples
from switchstats.inference.splits import Exchange, Splits
from switchstats.labels import Text, text
from switchstats.values import Interval, TestResult

__all__ = ["permute_means"]


def permute_means(samples: Samples, question: Question, splits: Splits) -> TestResult:
    r"""Return `permutation` of samples already read, over splits already planned.

    Write d for the observed difference and consider a split in which r retailers leave the first
    group and r enter it, with h = 1/n + 1/m. With the shift :math:`\delta` taken off the first
    group, its difference is

    .. math:: D_\delta = d_\delta - r h (a - \delta), \qquad d_\delta = d - \delta,

    where a is the mean of those who leave minus the mean of those who enter. So
    :math:`D_\delta \le d_\delta` exactly when :math:`\delta \le a`, and
    :math:`|D_\delta| \ge |d_\delta|` exactly when :math:`\delta` lies between a and
    :math:`d - (a - d) \rho` with :math:`\rho = r h / (2 - r h)`: an interval that contains d. (When
    the groups are exchanged whole, r = n = m, it is the whole line.) The p-value at
    :math:`\delta` is the share of these intervals that contain it, so it falls on both sides of d,
    and the confidence limits are order statistics of the interval ends.
    """
    result = permutation_result(
        _acceptance(samples, question.alternative, splits),
        question,
        PermutedFrom(
            estimand="equal_weight_difference",
            weighting="equal",
            estimate=samples.difference,
            n_by_group=samples.n_by_group,
            n_effective=float(samples.n_units),
            n_draws=splits.n_draws,
            seed=splits.seed,
            tolerance=samples.tolerance(question.null),
            period=samples.period,
            notes=samples.notes,
        ),
    )
    if not samples.printed:
        return result
    low, high = permutation_p_range(samples, question, splits)
    return replace(
        result,
        p_rounding=Interval(low, high, "rounding"),
        notes=(*result.notes, *_outer_note(question.alternative, splits)),
    )


def _acceptance(samples: Samples, alternative: Direction, splits: Splits) -> Acceptance:
    """Return, for each split, the ends of the nulls at which it is as extreme as the observed."""
    centre = np.mean(np.concatenate([samples.first.value, samples.second.value]))
    first, second = samples.first.value - centre, samples.second.value - centre
    observed = float(np.mean(first) - np.mean(second))
    blocks = [
        _block_acceptance(block, observed, alternative, splits)
        for block in splits.exchanges(first[None, :], second[None, :])
    ]
    low, high = (np.concatenate(ends) for ends in zip(*blocks, strict=True))
    return Acceptance(low, high, splits.total - low.size)


def _block_acceptance(
    block: Exchange, observed: float, alternative: Direction, splits: Splits
) -> tuple[Floats, Floats]:
    shift = ((block.leaving[0] - block.entering[0]) / block.size).ravel()
    if alternative == "less":
        return np.full_like(shift, -np.inf), shift
    if alternative == "greater":
        return shift, np.full_like(shift, np.inf)
    exchanged = block.size * (splits.n + splits.m)
    kept = 2 * splits.n * splits.m - exchanged
    ratio = exchanged / np.maximum(kept, 1)
    beyond = shift - observed
    mirrored = -beyond * ratio
    low = observed + np.minimum(beyond, mirrored)
    high = observed + np.maximum(beyond, mirrored)
    whole = np.broadcast_to(kept == 0, shift.shape)
    return np.where(whole, -np.inf, low), np.where(whole, np.inf, high)


def _outer_note(alternative: Direction, splits: Splits) -> tuple[Text, ...]:
    exact = alternative != "two-sided" or (splits.n == splits.m and splits.n_draws is None)
    return () if exact else (text("inference.outer_range"),)
