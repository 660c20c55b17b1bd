"""Score tests and intervals of the difference of two rates, at any null difference."""

import numpy as np
from numpy.typing import ArrayLike

from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.question import Direction, Question
from switchstats.inference.two_by_two.requests import (
    Answer,
    Floats,
    Table,
    check_difference,
    given,
    normal_p_value,
    normal_p_values,
    read_table,
    tail_of,
)
from switchstats.periods import Period
from switchstats.rates.roots import roots_between
from switchstats.values import TestResult

__all__ = [
    "mee",
    "mee_p_values",
    "miettinen_nurminen",
    "miettinen_nurminen_p_values",
    "score_limits",
    "score_statistic",
]

_MOST_STEPS = 200
# Newton's last step, of the rate; and where the most likely rate is 0 but for rounding.
_PRECISION = 32 * float(np.finfo(np.float64).eps)
_NOTHING = 1e-18


def miettinen_nurminen(  # noqa: PLR0913 -- four numbers and the questions, each by its own name
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
    r"""Compare two rates by the score statistic of Miettinen and Nurminen.

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
        `statistic` is z; absent where the data are impossible under the null difference, such as
        -1. `units` is ``"requests"``, with the caution ``requests_as_units``.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has no requests.

    Notes
    -----
    With the rates :math:`\tilde p_1 - \tilde p_0 = \delta` that are most likely under the null,

    .. math:: z = \frac{\hat p_1 - \hat p_0 - \delta}{\sqrt{\left(\frac{\tilde p_1(1-\tilde p_1)}
       {n_1} + \frac{\tilde p_0(1-\tilde p_0)}{n_0}\right)\frac{n_1 + n_0}{n_1 + n_0 - 1}}}.

    The likelihood is concave in the rates, so the most likely pair is unique; it is found as the
    one root of its derivative between the limits of the rates, which needs no care for empty cells.
    Its square is Pearson's chi-squared. Since the pair moves away from the observed rates
    monotonically in the null difference, z falls in it, and the differences that are not rejected
    are an interval.

    Every request is taken as an independent draw: of groups of retailers the p-value is far too
    small. Normal in large groups; the coverage is close to its level down to about ten requests a
    group, and can fall below it with one group much larger and rates near 0 or 1, where `barnard`
    is exact.

    Source: O. Miettinen and M. Nurminen, Statistics in Medicine 4 (1985) 213-226,
    doi:10.1002/sim.4780040211.

    Examples
    --------
    >>> miettinen_nurminen(56, 70, 48, 80).interval
    Interval(low=0.0528..., high=0.3381..., kind='confidence', level=0.95)
    """
    question = check_difference(Question(alternative, null, level))
    table = read_table(
        given(e1, n1, e0, n0), test="the Miettinen-Nurminen test", groups=groups, period=period
    )
    answer = _answer(table, question, _inflation(table.n1 + table.n0))
    return answer.result(table, question, "miettinen_nurminen")


def mee(  # noqa: PLR0913 -- four numbers and the questions, each by its own name
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
    """Compare two rates by Mee's score statistic.

    As `miettinen_nurminen` without the factor (n1 + n0) / (n1 + n0 - 1) in the variance; at a null
    difference of 0 its square is Pearson's chi-squared statistic of the table.

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
        As of `miettinen_nurminen`.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has no requests.

    Notes
    -----
    Assumptions and failures are those of `miettinen_nurminen`; a little more often below its level
    in small groups.

    Source: R. W. Mee, Biometrics 40 (1984) 1175-1176; C. P. Farrington and G. Manning, Statistics
    in Medicine 9 (1990) 1447-1454, doi:10.1002/sim.4780091208.

    Examples
    --------
    >>> mee(56, 70, 48, 80).interval
    Interval(low=0.0533..., high=0.3377..., kind='confidence', level=0.95)
    """
    question = check_difference(Question(alternative, null, level))
    table = read_table(given(e1, n1, e0, n0), test="Mee's test", groups=groups, period=period)
    return _answer(table, question, 1.0).result(table, question, "mee")


def miettinen_nurminen_p_values(
    e1: ArrayLike, n1: ArrayLike, e0: ArrayLike, n0: ArrayLike, null: float = 0.0
) -> Floats:
    """Return two-sided p-values of `miettinen_nurminen` for many tables at once.

    Examples
    --------
    >>> miettinen_nurminen_p_values([56, 0], 70, [48, 0], 80).round(5).tolist()
    [0.0082..., 1.0]
    """
    cells = [np.asarray(part, dtype=float) for part in (e1, n1, e0, n0)]
    first, n_first, second, n_second = np.broadcast_arrays(*cells)
    z = score_statistic(first, n_first, second, n_second, np.asarray(null))
    return normal_p_values(z / np.sqrt(_inflation(n_first + n_second)))


def mee_p_values(
    e1: ArrayLike, n1: ArrayLike, e0: ArrayLike, n0: ArrayLike, null: float = 0.0
) -> Floats:
    """Return two-sided p-values of `mee` for many tables at once.

    Examples
    --------
    >>> mee_p_values([56, 0], 70, [48, 0], 80).round(5).tolist()
    [0.0080..., 1.0]
    """
    cells = [np.asarray(part, dtype=float) for part in (e1, n1, e0, n0)]
    first, n_first, second, n_second = np.broadcast_arrays(*cells)
    return normal_p_values(score_statistic(first, n_first, second, n_second, np.asarray(null)))


def score_statistic(e1: Floats, n1: Floats, e0: Floats, n0: Floats, null: Floats) -> Floats:
    """Return Mee's z of tables at null differences; all arguments broadcast.

    0 where the observed rates have just that difference, infinite where they are impossible under
    it.
    """
    distance = e1 / n1 - e0 / n0 - null
    std_error = np.sqrt(score_variance(e1, n1, e0, n0, null))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(distance == 0, 0.0, distance / std_error)


def score_variance(e1: Floats, n1: Floats, e0: Floats, n0: Floats, null: Floats) -> Floats:
    """Return the variance of the difference at the most likely rates that differ by `null`."""
    e1, n1, e0, n0, null = np.broadcast_arrays(e1, n1, e0, n0, null)
    gap = np.abs(null)
    # The group with the lower rate first; the variance is the same with errors and other requests
    # exchanged, which makes the lower rate the smaller one of itself and its room to the top.
    down = null < 0
    lower = [np.where(down, e1, e0), np.where(down, n1, n0)]
    upper = [np.where(down, e0, e1), np.where(down, n0, n1)]
    half = (1 - gap) / 2
    flip = _slope(half, gap, *lower, *upper)[0] > 0
    flipped = [upper[1] - upper[0], upper[1]], [lower[1] - lower[0], lower[1]]
    lower, upper = (
        [np.where(flip, new, old) for new, old in zip(*pair, strict=True)]
        for pair in ((flipped[0], lower), (flipped[1], upper))
    )
    rate = _lower_rate(half, gap, *lower, *upper)
    high = rate + gap
    return rate * (1 - rate) / lower[1] + high * np.maximum(1 - gap - rate, 0.0) / upper[1]


def _lower_rate(
    half: Floats, gap: Floats, e: Floats, n: Floats, e_up: Floats, n_up: Floats
) -> Floats:
    """Return the most likely lower rate, which lies between 0 and `half`, by guarded Newton."""
    at_zero = (e == 0) & (_slope(np.zeros_like(half), gap, e, n, e_up, n_up)[1] <= 0)
    low, high = np.zeros_like(half), np.where(at_zero, 0.0, half)
    rate = np.clip((e + np.maximum(e_up - n_up * gap, 0)) / (n + n_up), low, high)
    for _ in range(_MOST_STEPS):
        value, slope = _slope(rate, gap, e, n, e_up, n_up)
        low, high = np.where(value >= 0, rate, low), np.where(value <= 0, rate, high)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = rate - value / slope
        better = np.where((step >= low) & (step <= high), step, (low + high) / 2)
        moved = np.abs(better - rate) > _PRECISION * better + _NOTHING
        rate = better
        if not moved.any():
            break
    return rate


def _slope(
    rate: Floats, gap: Floats, e: Floats, n: Floats, e_up: Floats, n_up: Floats
) -> tuple[Floats, Floats]:
    """Return the slope of the log likelihood in the lower rate, without poles, and its slope."""
    other, room = 1 - rate, (1 - gap) - rate
    up = rate + gap
    rest, rest_up = e - n * rate, e_up - n_up * up
    value = rest * up * room + rest_up * rate * other
    change = rest * (room - up) - n * up * room + rest_up * (other - rate) - n_up * rate * other
    return value, change


def _inflation(total: Floats | int) -> Floats:
    return np.asarray(total / (total - 1))


def _answer(table: Table, question: Question, inflation: Floats | float) -> Answer:
    cells = table.cells
    scale = float(np.sqrt(inflation))
    null = np.array([question.null])
    z = float(score_statistic(*cells, null)[0]) / scale
    low, high = score_limits(cells, tail_of(question), scale)
    return Answer(
        p_value=normal_p_value(z, question.alternative),
        interval=question.interval(
            None if question.alternative == "less" else low,
            None if question.alternative == "greater" else high,
        ),
        statistic=z,
        std_error=float(np.sqrt(score_variance(*cells, null))[0]) * scale,
    )


def score_limits(
    cells: tuple[Floats, Floats, Floats, Floats], tail: float, scale: float = 1.0
) -> tuple[float, float]:
    """Return the differences at which the score test has this one-sided p-value.

    `scale` multiplies the standard error.
    """
    from scipy.special import ndtri

    reach = -float(ndtri(tail)) * scale
    critical = np.array([reach, -reach])

    def beyond(difference: Floats) -> Floats:
        # bounded, since z is infinite at differences of -1 and 1
        z = score_statistic(*cells, difference)
        with np.errstate(invalid="ignore"):
            share = np.where(np.isinf(z), np.sign(z), z / (1 + np.abs(z)))
        return share - critical / (1 + np.abs(critical))

    low, high = roots_between(beyond, np.full(2, -1.0), np.ones(2))
    return float(low), float(high)
