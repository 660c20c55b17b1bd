"""Welch's test: the difference of equal-weight means without assuming equal spread."""

import numpy as np
from numpy.typing import ArrayLike

from switchstats.inference.clustered.difference import Difference
from switchstats.inference.data_sets import DataSets, read_data_sets
from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.means_rounding import welch_p_range
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import SAME, Floats, Rates, Samples, read_rates
from switchstats.inference.student import Spread, critical_t, p_from_t, spread_of
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.values import Interval, RoundingRule, TestResult

__all__ = ["compare_means", "welch", "welch_p_values"]


def welch(
    *data: "Data | Rates",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
    rounding: RoundingRule = "half_up",
) -> TestResult:
    """Test the difference of mean rates by Welch's t.

    Estimates the mean of the first group minus the mean of the second, every retailer counting
    once.

    Parameters
    ----------
    *data
        Two lists of rates, one a retailer, as fractions or as `PrintedRate`; or counts; or ``e1,
        n1, e0, n0``: errors and requests of the first group, then of the second, one entry a
        retailer. At least two retailers in each group.
    groups
        First and second group of counts.
    period
        Only counts inside it; all by default.
    alternative
        ``"less"``: the first group's rates are lower; ``"greater"``: higher; ``"two-sided"``:
        either.
    null
        Difference under the null hypothesis, a fraction.
    level
        Confidence of the interval.
    rounding
        How the printed digits are read; without effect on plain numbers.

    Returns
    -------
    TestResult
        `statistic` is t, `df` Satterthwaite's. `p_rounding` bounds the p-value over all rates that
        print the same; it may be a little too wide, never too narrow.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has fewer than two retailers, or no group varies.

    Notes
    -----
    Retailers are taken as independent draws from their group, with spread of its own. Exact for
    no distribution, close for ten or more retailers without extreme outliers; with few retailers
    and a skewed rate `permutation` and `rank_sum` assume less about the shape.

    Source: B. L. Welch, Biometrika 34 (1947) 28-35, doi:10.1093/biomet/34.1-2.28; degrees of
    freedom: F. E. Satterthwaite, Biometrics Bulletin 2 (1946) 110-114, doi:10.2307/3002019.

    Examples
    --------
    >>> result = welch([0.18, 0.20, 0.22, 0.20], [0.15, 0.17, 0.13], alternative="greater")
    >>> round(result.statistic, 4), round(result.df, 4), round(result.p_value, 4)
    (3.5355, 3.8571, 0.0128)
    """
    question = Question(alternative, null, level)
    samples = read_rates(
        data, test="Welch's test", groups=groups, period=period, rounding=rounding, least=2
    )
    return compare_means(samples, question)


def welch_p_values(errors: ArrayLike, requests: ArrayLike, first: ArrayLike) -> Floats:
    """Return two-sided `welch` p-values of no difference, one a data set.

    Parameters
    ----------
    errors, requests
        Shape (..., k): one entry a retailer.
    first
        Shape (k,): whether the retailer belongs to the first group.

    Returns
    -------
    ndarray
        Shape (...). NaN where a retailer has no requests, no group varies or one has a single
        retailer.

    Examples
    --------
    >>> errors = [18, 20, 22, 20, 15, 17, 13]
    >>> float(welch_p_values(errors, [100] * 7, [True] * 4 + [False] * 3).round(4))
    0.0256
    """
    data = read_data_sets(errors, requests, first)
    return data.spread_out(welch_differences(data).p_values())


def welch_differences(data: DataSets) -> Difference:
    """Return each data set's difference of mean rates; NaN errors where the test is undefined."""
    if min(data.n, data.m) == 1:
        none = np.full(len(data.errors), np.nan)
        return Difference(none, none, none)
    rates = data.rates
    parts = rates[:, : data.n], rates[:, data.n :]
    squares = [part.var(axis=1, ddof=1) / part.shape[1] for part in parts]
    error = np.sqrt(squares[0] + squares[1])
    varies = error > SAME * rates.max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = squares[0] / (squares[0] + squares[1])
    return Difference(
        parts[0].mean(axis=1) - parts[1].mean(axis=1),
        np.where(varies, error, np.nan),
        1 / (share**2 / (data.n - 1) + (1 - share) ** 2 / (data.m - 1)),
    )


def compare_means(samples: Samples, question: Question) -> TestResult:
    """Return `welch` of samples already read."""
    spread = spread_of(samples, quantity="Welch's test")
    t = (samples.difference - question.null) / spread.std_error
    low, high = _limits(samples.difference, spread, question)
    return TestResult(
        method="welch",
        estimand="equal_weight_difference",
        weighting="equal",
        estimate=samples.difference,
        null=question.null,
        alternative=question.alternative,
        p_value=p_from_t(t, spread.df, question.alternative),
        interval=question.interval(low, high),
        n_units=samples.n_units,
        n_by_group=samples.n_by_group,
        n_effective=float(samples.n_units),
        statistic=t,
        df=spread.df,
        std_error=spread.std_error,
        p_rounding=(
            Interval(*welch_p_range(samples, question), "rounding") if samples.printed else None
        ),
        period=samples.period,
        notes=(*samples.notes, *((text("inference.outer_range"),) if samples.printed else ())),
    )


def _limits(
    difference: float, spread: Spread, question: Question
) -> tuple[float | None, float | None]:
    two_sided = question.alternative == "two-sided"
    tail = question.alpha / 2 if two_sided else question.alpha
    reach = critical_t(spread.df, tail) * spread.std_error
    low = None if question.alternative == "less" else difference - reach
    high = None if question.alternative == "greater" else difference + reach
    return low, high
