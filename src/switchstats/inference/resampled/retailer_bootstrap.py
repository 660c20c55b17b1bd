"""The studentised bootstrap of a difference of two weighted rates: retailers drawn again."""

import math

import numpy as np

from switchstats.errors import UsageError
from switchstats.inference.clustered.difference import (
    ESTIMANDS,
    SAME,
    Bools,
    check_options,
    refuse_no_variation,
)
from switchstats.inference.groups import GROUPS, Data, Ints, read_two_groups
from switchstats.inference.question import Direction, Question
from switchstats.inference.resampled.sums import drawn_counts, drawn_sums
from switchstats.inference.splits import N_DRAWS
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.rates.ratio import Floats, Ratio, ratio_of
from switchstats.values import TestResult, Weighting

__all__ = ["retailer_bootstrap", "retailer_bootstrap_p_values"]

_TEST = "the retailer bootstrap"
_MOST_DRAWS = 2_000_000
# Data sets that share their draws, so that the error of the draws averages out over many sets.
_SETS_AT_ONCE = 25
_ROUNDING = 1e-12


def retailer_bootstrap(  # noqa: PLR0913 -- the questions to be asked and the draw, each by its own name
    *data: "Data",
    seed: int | None = None,
    n_draws: int = N_DRAWS,
    weighting: Weighting = "requests",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
) -> TestResult:
    """Test the difference of two groups' rates by drawing retailers again (bootstrap-t).

    Estimates the rate of the first group minus that of the second, by default every request
    counting once. Retailers are drawn with replacement within each group, with all their requests.
    The distance of the drawn difference from the observed one, in its own standard errors, stands
    for the distance of the observed difference from the truth.

    Parameters
    ----------
    *data
        Counts, or errors and requests of the first group, then of the second, one entry a retailer.
    seed
        Seed of the draws.
    n_draws
        Number of draws, at most two million.
    weighting
        ``"requests"``: every request counts once; ``"equal"``: every retailer does.
    groups, period
        Of counts: first and second group; only counts inside the period.
    alternative
        ``"less"``: the first group's rate is lower; ``"greater"``: higher; ``"two-sided"``: the
        absolute statistic is at least as large.
    null
        Difference under the null hypothesis, a fraction.
    level
        Confidence of the interval.

    Returns
    -------
    TestResult
        `statistic` and `std_error` are those of CR1. `p_value` is never 0. `interval` holds exactly
        the differences that the test does not reject, symmetric around the estimate when two-sided.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has fewer than two retailers, or no rate varies.

    Notes
    -----
    Good when both groups have ten or more retailers of comparable number: in simulations with
    log-normal volumes (standard deviation of the log 1.5) a nominal 5 % is .06 with 10 v 10
    retailers and .04 with 40 v 100, but .08 with 10 v 100, .12 with 10 v 700 and .17 with 2 v 100.
    Weighted equally, it is .04 to .05. A draw without spread (one retailer k times) counts as
    extreme. The standard error of a draw is that of a ratio by linearisation, as for CR1.

    Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), section 12.5;
    P. Hall, Annals of Statistics 16 (1988) 927-953.

    Examples
    --------
    >>> e1, n1, e0, n0 = [12, 30, 7, 55], [100, 150, 40, 400], [5, 60, 11], [60, 300, 70]
    >>> retailer_bootstrap(e1, n1, e0, n0, seed=1, n_draws=999).p_value
    0.498
    """
    question = Question(alternative, null, level)
    check_options("CR1", weighting)
    if not 1 <= n_draws <= _MOST_DRAWS:
        raise UsageError(f"n_draws must be between 1 and {_MOST_DRAWS}, not {n_draws}")
    if seed is None:
        raise UsageError("retailer_bootstrap draws at random: give a seed, such as seed=1")
    if seed < 0:
        raise UsageError(f"seed must not be negative: {seed}")
    two = read_two_groups(data, test=_TEST, groups=groups, period=period, least=2)
    first = two.first
    ratios = [ratio_of(two.errors[side], two.requests[side], weighting) for side in (first, ~first)]
    std_error = math.sqrt(sum(float(np.sum(ratio.score**2)) for ratio in ratios))
    refuse_no_variation(std_error if std_error > SAME * two.rates.max() else math.nan, _TEST)
    rng = np.random.default_rng(seed)
    first_sums, second_sums = (drawn_sums(_columns(ratio).T, n_draws, rng) for ratio in ratios)
    extremes = _extremes(first_sums, second_sums, alternative)
    estimate = float(ratios[0].rate - ratios[1].rate)
    t = (estimate - null) / std_error
    own = {"two-sided": abs(t), "greater": t, "less": -t}[alternative]
    p_value = float((np.count_nonzero(extremes >= own) + 1) / (n_draws + 1))
    reach = _reach(extremes, question.alpha) * std_error
    bounded = math.isfinite(reach)
    robust = std_error * math.sqrt(two.n_units / (two.n_units - 1))
    return TestResult(
        method="retailer_bootstrap",
        estimand=ESTIMANDS[weighting],
        weighting=weighting,
        estimate=estimate,
        null=null,
        alternative=alternative,
        p_value=p_value,
        interval=question.interval(
            estimate - reach if bounded and alternative != "less" else None,
            estimate + reach if bounded and alternative != "greater" else None,
        ),
        n_units=two.n_units,
        n_by_group=two.n_by_group,
        n_effective=two.n_effective if weighting == "requests" else float(two.n_units),
        statistic=(estimate - null) / robust,
        std_error=robust,
        p_std_error=math.sqrt(p_value * (1 - p_value) / (n_draws + 1)),
        seed=seed,
        period=two.period,
        notes=(*two.notes, text("inference.drawn_retailers", n_draws=f"{n_draws:,}")),
    )


def retailer_bootstrap_p_values(
    errors: Ints,
    requests: Ints,
    first: Bools,
    *,
    seed: int,
    weighting: Weighting = "requests",
    n_draws: int = 999,
) -> Floats:
    """Return two-sided p-values at no difference of data sets, shape (..., k), NaN where undefined.

    Up to 25 data sets share their draws.

    Examples
    --------
    >>> errors = np.array([[12, 30, 7, 5, 60, 11]])
    >>> requests = np.array([[100, 150, 40, 60, 300, 70]])
    >>> retailer_bootstrap_p_values(errors, requests, np.arange(6) < 3, seed=1).round(1).tolist()
    [0.9]
    """
    ratios = [
        ratio_of(
            errors[..., side].reshape(-1, size), requests[..., side].reshape(-1, size), weighting
        )
        for side, size in ((first, int(first.sum())), (~first, int((~first).sum())))
    ]
    std_error = np.sqrt(sum(np.sum(ratio.score**2, axis=1) for ratio in ratios))
    largest = np.max(errors / np.where(requests > 0, requests, 1), axis=-1).ravel()
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(ratios[0].rate - ratios[1].rate) / std_error
    t = np.where(std_error > SAME * largest, t, np.nan)
    rng = np.random.default_rng(seed)
    as_extreme = np.ones(t.size)
    for start in range(0, t.size, _SETS_AT_ONCE):
        sets = slice(start, start + _SETS_AT_ONCE)
        sums = [
            _columns(ratio)[:, sets] @ drawn_counts(ratio.share.shape[1], n_draws, rng)
            for ratio in ratios
        ]
        extremes = _extremes(sums[0], sums[1], "two-sided")
        as_extreme[sets] += np.count_nonzero(extremes >= t[sets, None], axis=1)
    p_values = np.where(np.isnan(t), np.nan, as_extreme / (n_draws + 1))
    return p_values.reshape(errors.shape[:-1])


def _columns(ratio: Ratio) -> Floats:
    """Return what is summed over drawn retailers, shape (5, ..., k)."""
    a, s = ratio.score, ratio.share
    return np.stack([a, s, a * a, a * s, s * s])


def _extremes(first: Floats, second: Floats, direction: Direction) -> Floats:
    """Return how far each draw lies from the observed difference, in its own standard errors.

    The drawn rate is off by r = (sum of scores) / (sum of shares); its squared standard error is
    the sum of (score - r share)^2 over the squared sum of shares.
    """
    (mean1, spread1), (mean0, spread0) = (_mean_and_spread(sums) for sums in (first, second))
    apart, spread = mean1 - mean0, spread1 + spread0
    if direction == "two-sided":
        apart = np.abs(apart)
    elif direction == "less":
        apart = -apart
    # a draw without spread lies infinitely far away
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(spread > 0, apart / np.sqrt(spread), np.copysign(np.inf, apart))


def _mean_and_spread(sums: Floats) -> tuple[Floats, Floats]:
    scores, shares, squares, products, squared_shares = sums
    mean = scores / shares
    spread = squares - mean * (2 * products - mean * squared_shares)
    # what is left of equal numbers after rounding is nothing
    return mean, np.where(spread > _ROUNDING * squares, spread, 0.0) / shares**2


def _reach(extremes: Floats, alpha: float) -> float:
    """Return the greatest distance in standard errors that is not rejected."""
    allowed = math.floor(round(alpha * (extremes.size + 1), 9)) - 1
    if allowed < 0:
        return math.inf
    place = extremes.size - allowed - 1
    return float(np.partition(extremes, place)[place])
