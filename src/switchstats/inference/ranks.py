"""The rank test of two groups with ties handled exactly, and its inverted interval."""

from collections.abc import Callable
from functools import cache

import numpy as np

from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.question import Direction, Question
from switchstats.inference.rank_limits import RankOutcome, rank_limits
from switchstats.inference.rank_null import RankNull, counts_splits, doubled_ranks, rank_null
from switchstats.inference.rank_rounding import rank_p_range
from switchstats.inference.samples import Rates, Samples, read_rates
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.values import Interval, RoundingRule, TestResult

__all__ = ["compare_ranks", "rank_sum"]


def rank_sum(
    *data: "Data | Rates",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
    rounding: RoundingRule = "half_up",
) -> TestResult:
    r"""Test whether the first group's rates are shifted against the second's, by ranks.

    Wilcoxon's rank-sum test, also known as the Mann-Whitney test. Estimates the Hodges-Lehmann
    shift: the median of all differences between a rate of the first group and one of the second.

    Parameters
    ----------
    *data
        Two lists of rates, one a retailer, as fractions or as `PrintedRate`; or counts; or ``e1,
        n1, e0, n0``: errors and requests of the first group, then of the second, one entry a
        retailer.
    groups
        First and second group of counts.
    period
        Only counts inside it; all by default.
    alternative
        ``"less"``: the first group's ranks are low; ``"greater"``: high; ``"two-sided"``: the rank
        sum is at least as far from its mean.
    null
        Shift under the null hypothesis, a fraction; it is taken off the first group's rates.
    level
        Confidence of the interval.
    rounding
        How the printed digits are read; without effect on plain numbers.

    Returns
    -------
    TestResult
        `statistic` is U of the first group: the pairs in which its rate is the higher one, a tie
        counting one half. `interval` holds the shifts that the test does not reject at 1 - `level`;
        a side is ``None`` when there are too few retailers to bound it. (Heavy ties can make the
        two-sided test reject every shift; the interval then holds the least rejected.)
        `p_rounding`: see Notes.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group is empty.

    Notes
    -----
    Tied rates share the mean of their ranks. The p-value is the exact share of all splits of these
    midranks into groups of these sizes, up to 80 against 80 or 10 against 800 retailers; beyond,
    the normal approximation with corrections for ties and continuity, as `notes` then says. Exact
    when every
    retailer could as well have stood in the other group; the interval and the estimate assume that
    groups differ by a shift.

    As the shift :math:`\delta` taken off the first group grows, ranks of the first group fall
    against those of the second in every split alike. So a one-sided p-value is monotone in
    :math:`\delta`, the two-sided one on each side of the point where the rank sum meets its mean.
    It changes only at differences between a rate of the first and one of the second group, where
    the two tie. The limits are found by bisection over these differences and the gaps between.

    Rounding: the numbers before rounding are taken to have no ties. Every order that the rounding
    intervals allow has a U between two ends, and every whole number between them occurs. The range
    of the p-value is that over these, under the distribution without ties, joined with the p-value
    of the printed rates.

    Sources: F. Wilcoxon, Biometrics Bulletin 1 (1945) 80-83, doi:10.2307/3001968; H. B. Mann and
    D. R. Whitney, Annals of Mathematical Statistics 18 (1947) 50-60, doi:10.1214/aoms/1177730491;
    J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 34 (1963) 598-611,
    doi:10.1214/aoms/1177704172.

    Examples
    --------
    >>> result = rank_sum([0.21, 0.19, 0.20, 0.22], [0.15, 0.16, 0.14], alternative="greater")
    >>> result.statistic, result.p_value == 1 / 35, round(result.estimate, 4)
    (12.0, True, 0.055)
    """
    question = Question(alternative, null, level)
    samples = read_rates(
        data, test="rank-sum test", groups=groups, period=period, rounding=rounding
    )
    return compare_ranks(samples, question)


def compare_ranks(samples: Samples, question: Question) -> TestResult:
    """Return `rank_sum` of samples already read."""
    n = samples.first.n
    observed = _outcomes(samples, question)
    doubled_sum, p_value = observed(question.null)
    low, high = rank_limits(samples, question, observed)
    return TestResult(
        method="rank_sum",
        estimand="hodges_lehmann_shift",
        weighting="equal",
        estimate=float(np.median(samples.first.value[:, None] - samples.second.value)),
        null=question.null,
        alternative=question.alternative,
        p_value=p_value,
        interval=question.interval(low, high),
        n_units=samples.n_units,
        n_by_group=samples.n_by_group,
        n_effective=float(samples.n_units),
        statistic=(doubled_sum - n * (n + 1)) / 2,
        p_rounding=(
            Interval(*rank_p_range(samples, question, p_value), "rounding")
            if samples.printed
            else None
        ),
        period=samples.period,
        notes=_notes(samples),
    )


def _notes(samples: Samples) -> tuple[Text, ...]:
    notes = [*samples.notes]
    if not counts_splits(samples.n_units, samples.first.n):
        notes.append(text("inference.normal_ranks"))
    if samples.printed:
        notes.append(text("inference.untied_ranks"))
    return tuple(notes)


def _outcomes(samples: Samples, question: Question) -> Callable[[float], RankOutcome]:
    """Return the function that tests the samples at any shift; it keeps the null distributions."""
    n = samples.first.n
    tolerance = samples.tolerance(question.null)

    @cache
    def null_of(ranks: tuple[int, ...]) -> RankNull:
        return rank_null(np.array(ranks), n)

    def outcome(shift: float) -> RankOutcome:
        pooled = np.concatenate([samples.first.value - shift, samples.second.value])
        ranks = doubled_ranks(pooled, tolerance)
        doubled_sum = int(ranks[:n].sum())
        null = null_of(tuple(np.sort(ranks).tolist()))
        return RankOutcome(doubled_sum, null.p_value(doubled_sum, question.alternative))

    return outcome
