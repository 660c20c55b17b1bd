"""Mantel and Haenszel's difference and ratios of rates, common to all strata."""

import math
from collections.abc import Sequence
from typing import get_args

import numpy as np

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import GROUPS, Data, Ints
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.inference.stratified.compared import (
    Answer,
    Compared,
    check_ratio,
    compare,
    exponential,
)
from switchstats.inference.stratified.retailers import (
    RetailerCells,
    Retailers,
    Spread,
    spread_of,
)
from switchstats.inference.stratified.sums import (
    Bools,
    MantelHaenszelScale,
    Tables,
    tables_of,
)
from switchstats.inference.stratified.variances import variance_of
from switchstats.inference.student import critical_t, p_from_t
from switchstats.inference.two_by_two.requests import check_difference, tail_of
from switchstats.periods import Period
from switchstats.values import TestResult, Units

__all__ = ["mantel_haenszel", "mantel_haenszel_p_values"]

_TEST = "the Mantel-Haenszel estimate"
# A variance below this share of the estimate's size is the rounding of doubles.
_SAME = 1e-12
# So many numbers of a batch are worked on at once: they stay in the processor's cache.
_CELLS_AT_ONCE = 100_000
_ESTIMANDS: dict[MantelHaenszelScale, str] = {
    "difference": "stratified_difference",
    "odds_ratio": "common_odds_ratio",
    "risk_ratio": "common_risk_ratio",
}


def mantel_haenszel(  # noqa: PLR0913 -- the questions to be asked, each by its own name
    *data: "Data",
    by: Sequence[str] = (),
    scale: MantelHaenszelScale = "difference",
    units: Units | None = None,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float | None = None,
    level: float = 0.95,
) -> TestResult:
    r"""Compare two groups within strata by the estimators of Mantel and Haenszel.

    Estimates one difference (or ratio) of error rates, first group against second, that all
    strata share; when they do not, a mean in which a stratum with n and m requests of the two
    groups weighs n m / (n + m).

    Parameters
    ----------
    *data
        Counts; or errors and requests of the first group, then of the second, one entry a stratum.
    by
        For counts: which strata, any of theirs and ``"period"``; one name or several.
    scale
        ``"difference"`` of rates, ``"odds_ratio"`` or ``"risk_ratio"``.
    units
        What is independent: ``"retailers"`` (the default for counts) or ``"requests"`` (the
        textbooks' result, and the only one for numbers by stratum).
    groups, period
        Of counts: first and second group; only counts inside the period.
    alternative
        ``"less"``: the first group's rate is lower; ``"greater"``: higher; ``"two-sided"``: either.
    null
        Difference (a fraction) or ratio under the null hypothesis; 0 or 1 by default.
    level
        Confidence of the interval.

    Returns
    -------
    TestResult
        `statistic` is a normal quantile for requests, Student's t with `df` for retailers. Of
        ratios, `statistic` and `std_error` are those of the natural logarithm. With requests as
        units the caution ``requests_as_units`` is attached.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When no stratum has requests of both groups, a ratio has an empty numerator or
        denominator, nothing varies, or retailers are wanted and not known or too few.

    Notes
    -----
    With requests as units the standard errors are Sato's (difference), Robins, Breslow and
    Greenland's (odds ratio) and Greenland and Robins's (risk ratio). They hold both for few large
    and for many small strata, but take requests as independent: with retailers that differ the
    p-value is far too small.

    With retailers as units, each retailer with all its strata is left out in turn. The squared
    changes of the estimate (of its logarithm for ratios) add up to the squared standard error, the
    jackknife known as CR3: the difference is the regression of single requests on the group and a
    constant for each stratum. With :math:`V_g` the part of group g, in which a retailer weighs
    its requests times the other group's share of them, summed over strata, and :math:`k_g` its
    effective number of retailers under these weights (one over the sum of squared shares), t has

    .. math:: \frac{(V_1 + V_0)^2}{V_1^2 / (k_1 - 1) + V_0^2 / (k_0 - 1)}

    degrees of freedom: Satterthwaite's, with effective retailers in place of retailers. That is no
    theorem. In simulations (1,000 to 4,000 data sets each of 3 v 7, 10 v 10, 10 v 100 and 10 v 700
    retailers in 1 to 12 strata, with even and log-normal volumes, with equal, unequal and no
    differences between retailers, and with volumes that follow the rates) a nominal 5 % was between
    .01 and .05, while the usual number of retailers less two gave up to .12. It is conservative
    when one retailer of a group has most of its requests: few data of that kind can tell anything.
    When a stratum has one retailer of a group only, as areas with their one incumbent do,
    differences between strata of that group count as differences between retailers. Retailers must
    be independent, which those that take customers from the same losing retailer may not be.

    Sources: N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959) 719-748;
    T. Sato, Biometrics 45 (1989) 1323-1324; J. Robins, N. Breslow and S. Greenland, Biometrics 42
    (1986) 311-323; S. Greenland and J. M. Robins, Biometrics 41 (1985) 55-68; for clusters:
    K.-Y. Liang, Biometrika 72 (1985) 678-682; R. M. Bell and D. F. McCaffrey, Survey Methodology 28
    (2002) 169-181.

    Examples
    --------
    >>> result = mantel_haenszel([21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70])
    >>> round(result.estimate, 6), round(result.p_value, 4), result.units
    (-0.030792, 0.0259, 'requests')
    """
    neutral = 0.0 if scale == "difference" else 1.0
    question = Question(alternative, neutral if null is None else null, level)
    if scale not in get_args(MantelHaenszelScale):
        raise UsageError(f"scale must be 'difference', 'odds_ratio' or 'risk_ratio', not {scale!r}")
    question = check_difference(question) if scale == "difference" else check_ratio(question)
    compared = compare(data, test=_TEST, by=by, groups=groups, period=period, units=units)
    return _answer(compared, question, scale).result(compared, question)


def mantel_haenszel_p_values(
    errors: Ints,
    requests: Ints,
    first: Bools,
    *,
    scale: MantelHaenszelScale = "difference",
    units: Units = "retailers",
) -> Floats:
    """Return two-sided p-values of `mantel_haenszel` for many data sets.

    Parameters
    ----------
    errors, requests
        Shape (..., strata, retailers).
    first
        Shape (retailers,): whether the retailer belongs to the first group.

    Returns
    -------
    numpy.ndarray
        Shape (...); NaN where `mantel_haenszel` refuses.

    Examples
    --------
    >>> errors = np.array([[[1, 5, 3, 2]], [[0, 0, 0, 0]]])
    >>> first = np.array([True, True, False, False])
    >>> mantel_haenszel_p_values(errors, np.full((2, 1, 4), 20), first).round(4).tolist()
    [0.8894, nan]
    """
    errors_of, requests_of = (part.reshape(-1, *errors.shape[-2:]) for part in (errors, requests))
    at_once = max(1, _CELLS_AT_ONCE // max(errors.shape[-2] * errors.shape[-1], 1))
    parts = [np.empty(0)]
    for start in range(0, len(errors_of), at_once):
        some = slice(start, start + at_once)
        retailers = Retailers(errors_of[some], requests_of[some], first)
        parts.append(_p_values(retailers, scale, units))
    return np.concatenate(parts).reshape(errors.shape[:-2])


def _p_values(retailers: Retailers, scale: MantelHaenszelScale, units: Units) -> Floats:
    from scipy.special import stdtr

    tables = tables_of(retailers.errors, retailers.requests, retailers.first)
    estimate = tables.sums(scale).plain(scale)
    spread = _spread(tables, retailers if units == "retailers" else None, scale)
    with np.errstate(invalid="ignore"):
        return 2 * stdtr(spread.df, -np.abs(estimate / spread.std_error))


def _spread(
    tables: Tables, retailers: Retailers | RetailerCells | None, scale: MantelHaenszelScale
) -> Spread:
    """Return the uncertainty of the difference or of the logarithm of the ratio."""
    whole = tables.sums(scale).plain(scale)
    if retailers is not None:
        return spread_of(whole, retailers.without(scale).plain(scale), retailers)
    variance = variance_of(tables, scale)
    varies = np.isfinite(whole) & (variance > _SAME * np.abs(whole) / tables.sums(scale).down)
    return Spread(np.sqrt(np.where(varies, variance, np.nan)), np.full(varies.shape, np.inf))


def _answer(compared: Compared, question: Question, scale: MantelHaenszelScale) -> Answer:
    tables = Tables.of(compared.tables)
    ratio = scale != "difference"
    estimate = float(tables.sums(scale).plain(scale))
    if not math.isfinite(estimate):
        raise _empty(scale)
    spread = _spread(tables, compared.retailers, scale)
    std_error, df = float(spread.std_error), float(spread.df)
    if math.isnan(std_error):
        raise _no_spread(compared, scale)
    t = (estimate - (math.log(question.null) if ratio else question.null)) / std_error
    reach = critical_t(df, tail_of(question)) * std_error
    low = None if question.alternative == "less" else estimate - reach
    high = None if question.alternative == "greater" else estimate + reach
    return Answer(
        method="mantel_haenszel",
        estimand=_ESTIMANDS[scale],
        scale=scale,
        estimate=math.exp(estimate) if ratio else estimate,
        p_value=p_from_t(t, df, question.alternative),
        interval=(
            question.interval(exponential(low), exponential(high))
            if ratio
            else question.interval(
                None if low is None else max(-1.0, low), None if high is None else min(1.0, high)
            )
        ),
        statistic=t,
        df=df if math.isfinite(df) else None,
        std_error=std_error,
    )


def _empty(scale: MantelHaenszelScale) -> NotAnswerableError:
    return NotAnswerableError(
        f"{_TEST} of the {scale.replace('_', ' ')}",
        "in all strata together one of the groups has no errors, or nothing but errors",
        "errors of both groups; scale='difference' and cmh(exact=True) do without",
    )


def _no_spread(compared: Compared, scale: MantelHaenszelScale) -> NotAnswerableError:
    if compared.retailers is None:
        return NotAnswerableError(
            _TEST, "all requests of a group are errors, or none is", "rates between 0 and 1"
        )
    return NotAnswerableError(
        f"{_TEST} of the {scale.replace('_', ' ')} with retailers as units",
        "leaving out one retailer leaves nothing to compare, or none changes the estimate",
        "several retailers with errors in each group, whose rates vary",
    )
