"""Newcombe's hybrid score interval of the difference of two rates, and the test it belongs to."""

import numpy as np
from numpy.typing import ArrayLike

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
from switchstats.rates.proportion import wilson_reach
from switchstats.rates.roots import roots_between
from switchstats.values import TestResult

__all__ = ["newcombe", "newcombe_p_values"]


def newcombe(  # noqa: PLR0913 -- four numbers and the questions, each by its own name
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
    r"""Compare two rates by Newcombe's hybrid score interval.

    Estimates the rate of the first group minus that of the second, every request counting once.

    Parameters
    ----------
    e1, n1, e0, n0
        Errors and requests of the first group, then of the second, summed where given by retailer;
        or counts alone.
    groups, period
        Which counts: first and second group, and only those inside the period.
    alternative, null, level
        Direction, difference under the null hypothesis (a fraction from -1 to 1), and confidence.

    Returns
    -------
    TestResult
        `statistic` is the normal quantile at which the interval ends at the null difference; absent
        where none does. `units` is ``"requests"``, with the caution ``requests_as_units``.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has no requests.

    Notes
    -----
    With Wilson's limits :math:`l, u` of both rates, the interval reaches from the difference down
    by :math:`\sqrt{(\hat p_1 - l_1)^2 + (u_0 - \hat p_0)^2}` and up by
    :math:`\sqrt{(u_1 - \hat p_1)^2 + (\hat p_0 - l_0)^2}`. The p-value is one minus the level at
    which an end meets the null difference; both reaches grow with the level, so it is unique. At
    no level do they reach everywhere: differences beyond have p-value 0, though they are not
    impossible.

    Every request is taken as an independent draw: of groups of retailers the p-value is far too
    small. Made as an interval, near its level even in small groups; as a test of equal rates it
    is a little liberal when the groups differ much in size and rates are near 0 or 1.

    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.

    Examples
    --------
    >>> newcombe(56, 70, 48, 80).interval
    Interval(low=0.0524..., high=0.3338..., kind='confidence', level=0.95)
    """
    from scipy.special import ndtri

    question = check_difference(Question(alternative, null, level))
    table = read_table(given(e1, n1, e0, n0), test="Newcombe's test", groups=groups, period=period)
    z = float(_statistic(*table.cells, null)[0])
    quantile = np.array([-float(ndtri(tail_of(question)))])
    down, up = _reaches(*table.cells, np.abs(quantile))
    if quantile[0] < 0:  # one-sided at a level below one half: the limit lies beyond the estimate
        down, up = -up, -down
    answer = Answer(
        p_value=normal_p_value(z, alternative),
        interval=question.interval(
            None if alternative == "less" else table.difference - float(down[0]),
            None if alternative == "greater" else table.difference + float(up[0]),
        ),
        statistic=z,
    )
    return answer.result(table, question, "newcombe")


def newcombe_p_values(
    e1: ArrayLike, n1: ArrayLike, e0: ArrayLike, n0: ArrayLike, null: float = 0.0
) -> Floats:
    """Return two-sided p-values of `newcombe` for many tables at once.

    Examples
    --------
    >>> newcombe_p_values([56, 0], 70, [48, 0], 80).round(5).tolist()
    [0.00813, 1.0]
    """
    cells = [np.asarray(part, dtype=float) for part in (e1, n1, e0, n0)]
    first, n_first, second, n_second = np.broadcast_arrays(*cells)
    return normal_p_values(_statistic(first, n_first, second, n_second, null))


def _reaches(e1: Floats, n1: Floats, e0: Floats, n0: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Return how far the interval reaches below and above the difference."""
    down = np.hypot(wilson_reach(e1, n1, z), wilson_reach(n0 - e0, n0, z))
    up = np.hypot(wilson_reach(n1 - e1, n1, z), wilson_reach(e0, n0, z))
    return down, up


def _statistic(e1: Floats, n1: Floats, e0: Floats, n0: Floats, null: float) -> Floats:
    """Return the quantile at which an end of the interval is `null`, signed as the distance."""
    distance = e1 / n1 - e0 / n0 - null
    above = distance < 0  # the null difference lies above the observed one
    first, second = np.where(above, n1 - e1, e1), np.where(above, e0, n0 - e0)
    unit = np.sqrt(np.minimum(n1, n0))

    def short(share: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            z = unit * share / (1 - share)
        reach = np.hypot(wilson_reach(first, n1, z), wilson_reach(second, n0, z))
        return reach - np.abs(distance)

    # From 0 to all but the last digit of 1: quantiles from 0 to 1e16 times the unit.
    last = np.full(distance.shape, 1 - 2.0**-53)
    share = roots_between(short, np.zeros_like(last), last)
    never = (short(last) <= 0) & (distance != 0)
    return np.sign(distance) * np.where(never, np.inf, unit * share / (1 - share))
