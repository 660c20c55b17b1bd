"""The naive comparison of two pooled rates by a normal statistic."""

import numpy as np
from numpy.typing import ArrayLike

from switchstats.errors import NotAnswerableError
from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.question import Direction, Question
from switchstats.inference.two_by_two.requests import (
    Answer,
    Floats,
    check_difference,
    given,
    normal_p_value,
    normal_p_values,
    read_table,
    tail_of,
)
from switchstats.periods import Period
from switchstats.values import TestResult

__all__ = ["pooled_z", "pooled_z_p_values"]


def pooled_z(  # noqa: PLR0913 -- four numbers and the questions, each by its own name
    e1: "Data",
    n1: "ArrayLike | None" = None,
    e0: "ArrayLike | None" = None,
    n0: "ArrayLike | None" = None,
    *,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
) -> TestResult:
    """Compare two rates by the naive z statistic with the rate of both groups together.

    Estimates the rate of the first group minus that of the second, every request counting once. It
    is here for comparison: it is what is commonly reported, and it is wrong for groups of
    retailers.

    Parameters
    ----------
    e1, n1, e0, n0
        Errors and requests of the first group, then of the second, summed where given by retailer;
        or counts alone.
    groups, period
        Which counts: first and second group, and only those inside the period.
    alternative, null, level
        Direction, difference under the null hypothesis (a fraction), and confidence.

    Returns
    -------
    TestResult
        With `units` ``"requests"`` and the caution ``requests_as_units``.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has no requests, or all requests are errors or none is.

    Notes
    -----
    Requests of one retailer resemble each other, so that the standard error is too small, often by
    a factor of ten with a million requests: among 10 v 10 retailers that differ as they do in the
    committee's table, it rejects 9 times in 10 where the groups are alike. Besides, the normal
    approximation is poor when a group has fewer than about five errors or five other requests;
    `mee` is its better sister there.

    At every null difference the same pooled standard error is used, so that the interval belongs
    to the test; textbooks' Wald interval takes another one and may contradict the p-value.

    Source: R. B. D'Agostino, W. Chase and A. Belanger, American Statistician 42 (1988) 198-202,
    doi:10.1080/00031305.1988.10475563, on the test with the pooled variance.

    Examples
    --------
    >>> result = pooled_z(56, 70, 48, 80)
    >>> round(result.statistic, 4), round(result.p_value, 5), result.units
    (2.65..., 0.0080..., 'requests')
    """
    question = check_difference(Question(alternative, null, level))
    table = read_table(
        given(e1, n1, e0, n0), test="the pooled z test", groups=groups, period=period
    )
    std_error = float(_std_error(*table.cells)[0])
    if std_error == 0:
        raise NotAnswerableError(
            "the pooled z test",
            "all requests of both groups are errors, or none is",
            "requests with and without errors",
        )
    from scipy.special import ndtri

    z = (table.difference - null) / std_error
    reach = -float(ndtri(tail_of(question))) * std_error
    low = None if alternative == "less" else max(-1.0, table.difference - reach)
    high = None if alternative == "greater" else min(1.0, table.difference + reach)
    answer = Answer(
        p_value=normal_p_value(z, alternative),
        interval=question.interval(low, high),
        statistic=z,
        std_error=std_error,
    )
    return answer.result(table, question, "pooled_z")


def pooled_z_p_values(e1: ArrayLike, n1: ArrayLike, e0: ArrayLike, n0: ArrayLike) -> Floats:
    """Return two-sided p-values of many tables; NaN where `pooled_z` refuses.

    Examples
    --------
    >>> pooled_z_p_values([56, 0], 70, [48, 0], 80).round(5).tolist()
    [0.0080..., nan]
    """
    cells = (np.asarray(part, dtype=float) for part in (e1, n1, e0, n0))
    first, n_first, second, n_second = np.broadcast_arrays(*cells)
    std_error = _std_error(first, n_first, second, n_second)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (first / n_first - second / n_second) / std_error
    return normal_p_values(np.where(std_error > 0, z, np.nan))


def _std_error(e1: Floats, n1: Floats, e0: Floats, n0: Floats) -> Floats:
    errors, others, total = e1 + e0, n1 - e1 + n0 - e0, n1 + n0
    return np.sqrt(errors / total * (others / total) * (1 / n1 + 1 / n0))
