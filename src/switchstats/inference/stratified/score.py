"""Miettinen and Nurminen's score test of a difference of rates common to all strata."""

from collections.abc import Sequence

import numpy as np

from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.inference.stratified.compared import Answer, compare, refuse_retailers
from switchstats.inference.stratified.sums import Tables
from switchstats.inference.two_by_two.requests import check_difference, normal_p_value, tail_of
from switchstats.inference.two_by_two.score import score_variance
from switchstats.periods import Period
from switchstats.rates.roots import roots_between
from switchstats.values import Interval, TestResult, Units

__all__ = ["stratified_miettinen_nurminen"]

_TEST = "the stratified Miettinen-Nurminen test"


def stratified_miettinen_nurminen(
    *data: "Data",
    by: Sequence[str] = (),
    units: Units = "requests",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
) -> TestResult:
    r"""Compare two groups within strata by the score statistic of Miettinen and Nurminen.

    Estimates the difference of error rates, first group minus second, averaged over strata; a
    stratum with n and m requests of the two groups weighs n m / (n + m), as with Mantel and
    Haenszel.

    Parameters
    ----------
    *data
        Counts; or errors and requests of the first group, then of the second, one entry a stratum.
    by
        For counts: which strata, any of theirs and ``"period"``; one name or several.
    units
        ``"requests"`` only; see the notes.
    groups, period
        Of counts: first and second group; only counts inside the period.
    alternative, null, level
        Direction, difference under the null hypothesis (a fraction from -1 to 1), and confidence.

    Returns
    -------
    TestResult
        `statistic` is z, whose square is chi-squared; absent where the data are impossible under
        the null difference, such as -1. `std_error` is that at the null difference. The caution
        ``requests_as_units`` is attached.

    Raises
    ------
    UsageError
        When an argument is out of its range, or retailers are wanted as units.
    NotAnswerableError
        When no stratum has requests of both groups.

    Notes
    -----
    With weights :math:`w_s` that sum to 1,

    .. math:: z = \frac{\sum w_s (\hat p_{1s} - \hat p_{0s}) - \delta}{\sqrt{\sum w_s^2
        \left(\frac{\tilde p_{1s} (1 - \tilde p_{1s})}{n_{1s}}
        + \frac{\tilde p_{0s} (1 - \tilde p_{0s})}{n_{0s}}\right) \frac{N_s}{N_s - 1}}}

    where the rates under the root are the most likely ones that differ by :math:`\delta`. At
    :math:`\delta = 0` it is the Cochran-Mantel-Haenszel statistic without continuity correction;
    the interval holds the differences that it does not reject, and stays within -1 and 1 also
    with 0 errors.

    The variance is that of independent requests; there is no form of it with retailers as units:
    `mantel_haenszel` estimates the same difference with retailers as clusters, and `permutation`
    within strata exchanges whole retailers. With requests as units the p-value is far too small for
    retailers that differ.

    Sources: O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985) 213-226; D. V. Mehrotra
    and R. Railkar, Statistics in Medicine 19 (2000) 811-825.

    Examples
    --------
    >>> result = stratified_miettinen_nurminen(
    ...     [21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70]
    ... )
    >>> round(result.estimate, 6), round(result.p_value, 6)
    (-0.030792, 0.026306)
    >>> result.interval
    Interval(low=-0.05894..., high=-0.003668..., kind='confidence', level=0.95)
    """
    question = check_difference(Question(alternative, null, level))
    refuse_retailers(units, _TEST)
    compared = compare(data, test=_TEST, by=by, groups=groups, period=period, units="requests")
    tables = Tables.of(compared.tables)
    estimate = float(tables.sums("difference").ratio)
    std_error = float(_std_error(tables, np.array([null]))[0])
    z = float(_statistic(tables, np.array([null]))[0])
    answer = Answer(
        method="stratified_miettinen_nurminen",
        estimand="stratified_difference",
        scale="difference",
        estimate=estimate,
        p_value=normal_p_value(z, alternative),
        interval=_interval(tables, question),
        statistic=z if np.isfinite(z) else None,
        std_error=std_error,
    )
    return answer.result(compared, question)


def _std_error(tables: Tables, null: Floats) -> Floats:
    """Return the standard error of the difference at each null difference."""
    total = tables.total
    weight = tables.n1 * tables.n0 / total
    weight = weight / weight.sum()
    variance = score_variance(tables.e1, tables.n1, tables.e0, tables.n0, null[:, None])
    return np.sqrt(np.sum(weight**2 * variance * (total / (total - 1)), axis=-1))


def _statistic(tables: Tables, null: Floats) -> Floats:
    """Return z at each null difference, infinite where the data are impossible under it."""
    distance = tables.sums("difference").ratio - null
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(distance == 0, 0.0, distance / _std_error(tables, null))


def _interval(tables: Tables, question: Question) -> Interval:
    from scipy.special import ndtri

    reach = -float(ndtri(tail_of(question)))
    critical = np.array([reach, -reach])

    def beyond(difference: Floats) -> Floats:
        # bounded, since z is infinite at differences of -1 and 1
        z = _statistic(tables, difference)
        with np.errstate(invalid="ignore"):
            share = np.where(np.isinf(z), np.sign(z), z / (1 + np.abs(z)))
        return share - critical / (1 + np.abs(critical))

    low, high = (float(end) for end in roots_between(beyond, np.full(2, -1.0), np.ones(2)))
    return question.interval(
        None if question.alternative == "less" else low,
        None if question.alternative == "greater" else high,
    )
