"""Fisher's exact test of two rates, with the interval of the odds ratio that belongs to it."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.question import Direction, Question
from switchstats.inference.two_by_two.conditional import ConditionalErrors, log_root
from switchstats.inference.two_by_two.likeliness import two_sided_log_limits, two_sided_p_value
from switchstats.inference.two_by_two.log_mass import log_mass
from switchstats.inference.two_by_two.requests import (
    Answer,
    Floats,
    Table,
    given,
    read_table,
    tail_of,
)
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.values import TestResult

__all__ = ["fisher", "fisher_mid_p_values"]

_SUMMED_SD = 2_000.0
_EVERY = 32
_PRECISION = 1e-17
# Of a log odds ratio: so far inside an end no rounding reaches.
_INSIDE = 1e-9


def fisher(  # noqa: PLR0913 -- four numbers and the questions, each by its own name
    e1: "Data",
    n1: "ArrayLike | None" = None,
    e0: "ArrayLike | None" = None,
    n0: "ArrayLike | None" = None,
    *,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 1.0,
    level: float = 0.95,
    mid_p: bool = False,
) -> TestResult:
    r"""Compare two rates by Fisher's exact test, given the total of errors.

    Estimates the odds ratio of an error, first group over second, by the most likely value given
    the total of errors. Every request counts once.

    Parameters
    ----------
    e1, n1, e0, n0
        Errors and requests of the first group, then of the second, summed where given by retailer;
        or counts alone.
    groups, period
        Which counts: first and second group, and only those inside the period.
    alternative, null, level
        Direction, odds ratio under the null hypothesis (positive), and confidence.
    mid_p
        Count tables as extreme as the observed one by half. The test is then no longer exact, but
        near its level on average instead of far below it in small groups.

    Returns
    -------
    TestResult
        On the scale ``"odds_ratio"``; the estimate is 0 or infinite where a group without errors,
        or with nothing else, allows no other; the interval's end is then 0 or ``None``. `units` is
        ``"requests"``, with the caution ``requests_as_units``.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has no requests, or all requests are errors or none is.

    Notes
    -----
    The two-sided p-value is the probability of all tables that are no likelier than the observed
    one, as in R's ``fisher.test``; that of the mid-P test is twice the smaller one-sided mid-P
    value, at most 1.

    The interval belongs to the same test: it reaches to the last odds ratios on both sides that the
    test does not reject. (R's interval inverts another test, twice the smaller tail, and can
    contradict its own p-value, as for 6 of 18 against 12 of 17: p = .0437, interval to 1.056.) The
    odds ratios that the two-sided test does not reject need not be an interval; in the rare case
    that `null` lies in a gap of them, a note says so and the p-value is that of the far side.

    Every request is taken as an independent draw: of groups of retailers the p-value is far too
    small. Given the total of errors exact, so never too small for independent requests; in small
    groups well below its level, which `boschloo` improves on.

    Sources: R. A. Fisher, Journal of the Royal Statistical Society 98 (1935) 39-82; J. O. Irwin,
    Metron 12 (1935) 83-94; matching intervals: M. P. Fay, Biostatistics 11 (2010) 373-374,
    doi:10.1093/biostatistics/kxp050; mid-P: H. O. Lancaster, Journal of the American Statistical
    Association 56 (1961) 223-234.

    Examples
    --------
    >>> result = fisher(6, 18, 12, 17)
    >>> round(result.p_value, 5), round(result.interval.high, 4)
    (0.04371, 0.917)
    """
    question = Question(alternative, null, level)
    if not null > 0:
        raise UsageError(f"null must be an odds ratio above 0, not {null}")
    table = read_table(given(e1, n1, e0, n0), test="Fisher's test", groups=groups, period=period)
    errors = ConditionalErrors(table.n1, table.n0, table.e1 + table.e0)
    if errors.low == errors.high:
        raise NotAnswerableError(
            "Fisher's test",
            "all requests of both groups are errors, or none is",
            "requests with and without errors",
        )
    if alternative == "two-sided" and not mid_p:
        answer = _by_likeliness(errors, table, question)
    else:
        answer = _by_tails(errors, table, question, half=mid_p)
    return answer.result(
        table,
        question,
        "fisher",
        estimand="conditional_odds_ratio",
        scale="odds_ratio",
        estimate=math.exp(errors.log_odds_of(table.e1)),
    )


def _by_likeliness(errors: ConditionalErrors, table: Table, question: Question) -> Answer:
    p_value = two_sided_p_value(errors, table.e1, math.log(question.null))
    low, high = (math.exp(end) for end in two_sided_log_limits(errors, table.e1, question.alpha))
    answer = Answer(
        p_value=p_value,
        interval=question.interval(low, high if math.isfinite(high) else None),
        notes=(text("inference.exact_likelihood"),),
    )
    if p_value > question.alpha or not low <= question.null <= high:
        return answer
    # in a gap of what is kept: the estimate lies on one side, the end on the other
    above = math.log(question.null) > errors.log_odds_of(table.e1)
    # at the end itself two tables are equally likely but for rounding
    inside = math.log(high) - _INSIDE if above else math.log(low) + _INSIDE
    beyond = two_sided_p_value(errors, table.e1, inside)
    return replace(
        answer,
        p_value=max(beyond, math.nextafter(question.alpha, 1)),
        notes=(*answer.notes, text("inference.in_a_gap", p=f"{p_value:.4g}")),
    )


def _by_tails(errors: ConditionalErrors, table: Table, question: Question, *, half: bool) -> Answer:
    log_null, tail = math.log(question.null), tail_of(question)
    mirrored, other = errors.swapped(), table.e0
    less = math.exp(_log_tail(errors, table.e1, log_null, half=half))
    greater = math.exp(_log_tail(mirrored, other, -log_null, half=half))
    p_values = {"less": less, "greater": greater, "two-sided": 2 * min(less, greater)}
    low = math.exp(-_log_limit(mirrored, other, tail, half=half))
    high = math.exp(_log_limit(errors, table.e1, tail, half=half))
    return Answer(
        p_value=min(1.0, p_values[question.alternative]),
        interval=question.interval(
            None if question.alternative == "less" else low,
            None if question.alternative == "greater" or math.isinf(high) else high,
        ),
        notes=(text("inference.exact_mid_p"),) if half else (),
    )


def _log_tail(errors: ConditionalErrors, observed: int, log_odds: float, *, half: bool) -> float:
    """Return the log probability of at most the observed errors, of these by half if asked."""
    below, equal, _ = errors.log_shares(log_odds, observed, observed + 1)
    return float(np.logaddexp(below, equal - math.log(2) if half else equal))


def _log_limit(errors: ConditionalErrors, observed: int, tail: float, *, half: bool) -> float:
    """Return the largest log odds ratio at which the lower tail is above `tail`."""
    at_edge = 0.5 if half else 1.0
    if observed == errors.high and at_edge > tail:
        return math.inf
    if observed == errors.low and at_edge <= tail:
        return -math.inf
    x, others = observed + 0.5, errors.errors - observed + 0.5
    odds_first = x / (errors.n1 - observed + 0.5)
    odds_second = others / (errors.n0 - errors.errors + observed + 0.5)
    return log_root(
        lambda at: _log_tail(errors, observed, at, half=half) - math.log(tail),
        math.log(odds_first / odds_second),
    )


def fisher_mid_p_values(e1: ArrayLike, n1: ArrayLike, e0: ArrayLike, n0: ArrayLike) -> Floats:
    """Return two-sided mid-P values of `fisher` for many tables; NaN where it refuses.

    Examples
    --------
    >>> fisher_mid_p_values([56, 0], 70, [48, 0], 80).round(5).tolist()
    [0.00845, nan]
    """
    cells = [np.asarray(part, dtype=float) for part in (e1, n1, e0, n0)]
    first, n_first, second, n_second = np.broadcast_arrays(*cells)
    shape = first.shape
    # of the two tails, that away from the mean: it is the shorter sum
    swap = (first * n_second < second * n_first).ravel()
    pairs = ((first, second), (second, first), (n_first, n_second), (n_second, n_first))
    x, y, n, m = (np.where(swap, there.ravel(), here.ravel()) for here, there in pairs)
    errors, others = x + y, n - x + m - y
    deviation = np.sqrt(n * m * errors * others / (n + m)) / (n + m)
    small = (errors > 0) & (others > 0) & (deviation <= _SUMMED_SD)
    tails = np.full(x.size, np.nan)
    tails[small] = _upper_mid_p(x[small], n[small], errors[small], m[small])
    for place in np.flatnonzero(deviation > _SUMMED_SD):
        given = ConditionalErrors(int(m[place]), int(n[place]), int(errors[place]))
        tails[place] = math.exp(_log_tail(given, int(y[place]), 0.0, half=True))
    return (2 * np.minimum(tails, 1 - tails)).reshape(shape)


def _upper_mid_p(x: Floats, n: Floats, errors: Floats, m: Floats) -> Floats:
    """Return the probability of more than x errors of the first group, and half that of x."""
    start = np.exp(log_mass(x, n, m, errors))
    total, term, count = np.full(x.size, 0.5), np.ones(x.size), np.array(x)
    active = np.arange(x.size)
    parts = [part.copy() for part in (term, count, n, errors, m, total)]
    while active.size:
        term, count, n, errors, m, total = parts
        for _ in range(_EVERY):
            term *= (n - count) * (errors - count) / ((count + 1) * (m - errors + count + 1))
            count += 1
            total += term
        open_ = term > _PRECISION * total
        # finished sums go home; the others stay together
        start[active[~open_]] *= total[~open_]
        active = active[open_]
        parts = [part[open_] for part in parts]
    return start
