"""The permutation test of the difference of equal-weight means, and its inverted interval."""

import math

import numpy as np

from switchstats.inference.permuted_rounding import permutation_p_range
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats, Rates, Samples, read_samples
from switchstats.inference.splits import MAX_SPLITS, N_DRAWS, Exchange, Splits, plan_splits
from switchstats.labels import Text, text
from switchstats.values import Interval, RoundingRule, TestResult

__all__ = ["permutation", "permute_means"]


def permutation(  # noqa: PLR0913 -- the questions to be asked and the draw, each by its own name
    first: Rates,
    second: Rates,
    /,
    *,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
    rounding: RoundingRule = "half_up",
    max_splits: int = MAX_SPLITS,
    n_draws: int = N_DRAWS,
    seed: int | None = None,
) -> TestResult:
    r"""Test the difference of mean rates by splitting the retailers in every other way.

    Estimates the mean of the first group minus the mean of the second, every retailer counting
    once, and asks how many splits of all retailers into groups of the same sizes show a difference
    at least as extreme as the observed one.

    Parameters
    ----------
    first, second
        One rate a retailer, as fractions or as `PrintedRate`.
    alternative
        ``"less"``: the first group's rates are lower; ``"greater"``: higher; ``"two-sided"``: the
        absolute difference is at least as large.
    null
        Difference under the null hypothesis, a fraction; it is taken off the first group's rates.
    level
        Confidence of the interval.
    rounding
        How the printed digits are read; without effect on plain numbers.
    max_splits
        Every split is used when there are at most so many (at most 50 million).
    n_draws, seed
        Otherwise so many random splits are drawn with this seed, and the observed one is counted
        too.

    Returns
    -------
    TestResult
        `statistic` is the difference minus `null`. `p_value` is never below 1 / (number of splits
        counted). `interval` holds exactly the differences that the test does not reject at
        1 - `level`; a side is ``None`` when there are too few splits to bound it. `p_rounding` is
        the range of the p-value over all rates that print the same: exact on the closed rounding
        intervals, except for the two-sided test of groups of unequal size or of random splits,
        where it may be a little too wide (and is never too narrow).

    Raises
    ------
    UsageError
        When an argument is out of its range, or a random draw lacks its seed.
    NotAnswerableError
        When a group is empty.

    Notes
    -----
    Exact when, under the null hypothesis, every retailer could as well have stood in the other
    group after `null` is taken off. The interval assumes that groups differ by a shift. When the
    groups differ in spread as well as in size, the test can reject too often or too seldom;
    `welch` does not assume equal spread.

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

    Sources: E. J. G. Pitman, Supplement to the Journal of the Royal Statistical Society 4 (1937)
    119-130, doi:10.2307/2984124; for the counting of the observed split among random ones,
    B. Phipson and G. K. Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010)
    39, doi:10.2202/1544-6115.1585.

    Examples
    --------
    Four retailers against three that are all lower: 1 of 35 splits is as extreme.

    >>> result = permutation([0.21, 0.19, 0.20, 0.22], [0.15, 0.16, 0.14], alternative="greater")
    >>> result.p_value == 1 / 35
    True
    >>> result.interval
    Interval(low=0.03, high=None, kind='confidence', level=0.95)
    """
    question = Question(alternative, null, level)
    samples = read_samples(first, second, rounding=rounding, test="permutation test")
    splits = plan_splits(samples.n_by_group, max_splits=max_splits, n_draws=n_draws, seed=seed)
    return permute_means(samples, question, splits)


def permute_means(samples: Samples, question: Question, splits: Splits) -> TestResult:
    """Return `permutation` of samples already read, over splits already planned."""
    low, high = _acceptance(samples, question.alternative, splits)
    always = splits.total - low.size
    tolerance = samples.tolerance(question.null)
    as_extreme = always + int(
        np.count_nonzero((low <= question.null + tolerance) & (high >= question.null - tolerance))
    )
    p_value = as_extreme / splits.total
    rank = _most_rejected(question.alpha, splits.total) + 1 - always
    return TestResult(
        method="permutation",
        estimand="equal_weight_difference",
        weighting="equal",
        estimate=samples.difference,
        null=question.null,
        alternative=question.alternative,
        p_value=p_value,
        interval=question.interval(_smallest(low, rank), _largest(high, rank)),
        n_units=samples.n_units,
        n_by_group=samples.n_by_group,
        n_effective=float(samples.n_units),
        statistic=samples.difference - question.null,
        p_rounding=_rounding(samples, question, splits),
        p_std_error=(
            None if splits.n_draws is None else math.sqrt(p_value * (1 - p_value) / splits.total)
        ),
        seed=splits.seed,
        notes=_notes(samples, question.alternative, splits),
    )


def _acceptance(samples: Samples, alternative: Direction, splits: Splits) -> tuple[Floats, Floats]:
    """Return, for each split, the ends of the nulls at which it is as extreme as the observed."""
    centre = np.mean(np.concatenate([samples.first.value, samples.second.value]))
    first, second = samples.first.value - centre, samples.second.value - centre
    observed = float(np.mean(first) - np.mean(second))
    blocks = [
        _block_acceptance(block, observed, alternative, splits)
        for block in splits.exchanges(first[None, :], second[None, :])
    ]
    low, high = zip(*blocks, strict=True)
    return np.concatenate(low), np.concatenate(high)


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


def _most_rejected(alpha: float, total: int) -> int:
    """Return the greatest count whose share of `total` is at most `alpha`."""
    count = math.floor(alpha * total)
    return count + 1 if (count + 1) / total <= alpha else count


def _smallest(ends: Floats, rank: int) -> float | None:
    """Return the `rank`-th smallest end, ``None`` when that is no finite number."""
    if rank < 1 or ends.size == 0:
        return None
    place = min(rank, ends.size) - 1
    end = float(np.partition(ends, place)[place])
    return end if math.isfinite(end) else None


def _largest(ends: Floats, rank: int) -> float | None:
    end = _smallest(-ends, rank)
    return None if end is None else -end


def _rounding(samples: Samples, question: Question, splits: Splits) -> Interval | None:
    if not samples.printed:
        return None
    low, high = permutation_p_range(samples, question, splits)
    return Interval(low, high, "rounding")


def _notes(samples: Samples, alternative: Direction, splits: Splits) -> tuple[Text, ...]:
    notes: list[Text] = []
    if splits.n_draws is not None:
        notes.append(text("inference.random_splits", n_draws=f"{splits.n_draws:,}"))
    exact_range = alternative != "two-sided" or (splits.n == splits.m and splits.n_draws is None)
    if samples.printed and not exact_range:
        notes.append(text("inference.outer_range"))
    return tuple(notes)
