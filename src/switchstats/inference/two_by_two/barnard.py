"""Barnard's unconditional exact test of two rates, with a certified supremum."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.inference.groups import GROUPS, Data, Ints
from switchstats.inference.question import Direction, Question
from switchstats.inference.two_by_two.apart import ApartCurve, TableSet
from switchstats.inference.two_by_two.common_rate import largest_probability, shares_of_totals
from switchstats.inference.two_by_two.inverted import outermost
from switchstats.inference.two_by_two.requests import (
    Answer,
    Floats,
    Table,
    check_difference,
    given,
    read_table,
    tail_of,
)
from switchstats.inference.two_by_two.score import score_limits, score_statistic
from switchstats.inference.two_by_two.supremum import Supremum, exceeds, supremum
from switchstats.inference.two_by_two.unconditional import FLOOR, check_size, no_interval
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.values import Interval, TestResult

__all__ = ["barnard", "score_cuts", "score_set"]

# Statistics this near, relative to their size, are equal but for rounding.
_TIE = 1e-10
_TIE_OF_INTEGERS = 1e-12
_MOST_PROBES = 24


def barnard(  # noqa: PLR0913 -- four numbers and the questions, each by its own name
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
    interval_up_to: int = 1000,
) -> TestResult:
    r"""Compare two rates by Barnard's unconditional exact test of the score statistic.

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
    interval_up_to
        Requests of both groups together up to which an interval is computed. It takes about a
        hundred tests: a second at 1,000 requests, a few at 2,000, minutes at 10,000.

    Returns
    -------
    TestResult
        `statistic` is the score statistic at `null`, for 0 the z with pooled variance;
        ``quantities["nuisance_rate"]`` the second group's rate at which the p-value is reached.
        `units` is ``"requests"``, with the caution ``requests_as_units``.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has no requests, or there are more than two million (10,000 at another null
        difference than 0).

    Notes
    -----
    The p-value is the largest probability, over all rates with the null difference, of a score
    statistic at least as far from 0 as the observed one (at least as large, as small). A table
    without errors, or of errors only, has statistic 0.

    At a difference of 0 the total of errors z is binomial and tells all about the common rate. So
    the probability is a mean over z of hypergeometric tails, of which neighbours differ by two
    probabilities each; all are summed in one pass. Between grid points the fourth derivative bounds
    the error of cubic interpolation (see `supremum`): the p-value is attained, and the true
    supremum is at most 1 + 1e-9 times as large (or, at a null difference other than 0, at most
    1e-12).

    The interval holds the differences that this same test does not reject, each with its own score
    statistic. They need not be an interval; the farthest on both sides are taken, searched in steps
    of an eighth of the score interval's half length. Where the null difference lies in a gap, a
    note says so and the p-value is that of the far side.

    Every request is taken as an independent draw: of groups of retailers the p-value is far too
    small. For such data it is never too small, and often too large in small groups.

    Sources: G. A. Barnard, Biometrika 34 (1947) 123-138, doi:10.1093/biomet/34.1-2.123; S. Suissa
    and J. J. Shuster, Journal of the Royal Statistical Society A 148 (1985) 317-327; for other
    differences I. S. F. Chan, Statistics in Medicine 17 (1998) 1403-1413, and A. Agresti and
    Y. Min, Biometrics 57 (2001) 963-971.

    Examples
    --------
    >>> result = barnard(7, 15, 12, 15)
    >>> round(result.p_value, 6), round(result.statistic, 4)
    (0.068218, -1.8943)
    """
    question = check_difference(Question(alternative, null, level))
    table = read_table(given(e1, n1, e0, n0), test="Barnard's test", groups=groups, period=period)
    check_size("Barnard's test", table, null)
    reached = _p_value(table, null, alternative)
    p_value, interval, notes = reached.value, None, (no_interval(interval_up_to),)
    if table.n1 + table.n0 <= interval_up_to:
        interval, notes = _interval(table, question), ()
        if p_value > question.alpha:
            interval = _with(interval, null, question)
        elif interval.contains(null):
            end = interval.low if null < table.difference else interval.high
            beyond = null if end is None else end
            notes = (text("inference.in_a_gap", p=f"{p_value:.4g}"),)
            p_value = _p_value(table, beyond, alternative).value
    answer = Answer(
        p_value=p_value,
        interval=interval,
        statistic=float(score_statistic(*table.cells, np.array([null]))[0]),
        quantities={"nuisance_rate": reached.at},
        notes=notes,
    )
    return answer.result(table, question, "barnard")


def _p_value(table: Table, difference: float, alternative: Direction) -> Supremum:
    if difference != 0:
        curve = _curve(table, difference, alternative)
        return supremum(curve, curve.points, FLOOR)
    n1, n0 = table.n1, table.n0
    ahead = table.e1 * n0 - table.e0 * n1
    toward = {"less": ahead < 0, "greater": ahead > 0, "two-sided": ahead != 0}[alternative]
    if not toward:  # the table without errors is as extreme, and at a rate of 0 the only one
        return Supremum(1.0, 0.0)
    high, low = (n1, n0) if ahead > 0 else (n0, n1)
    errors = table.e1 + table.e0
    shares = shares_of_totals(score_cuts(high, low, abs(ahead), errors), high, low)
    if alternative == "two-sided" and n1 == n0:
        shares = 2 * shares
    elif alternative == "two-sided":
        shares = shares + shares_of_totals(score_cuts(low, high, abs(ahead), errors), low, high)
    return largest_probability(shares, symmetric=n1 == n0)


def score_cuts(n1: int, n0: int, ahead: int, errors: int) -> Ints:
    """Return the least errors of the first group with a score statistic that large, by total.

    Parameters
    ----------
    n1, n0
        Requests of both groups.
    ahead
        Errors of the first group times `n0` less those of the second times `n1`, observed;
        positive.
    errors
        Errors of both groups, observed.

    Notes
    -----
    Given the total of errors, the statistic grows with this integer `ahead`. It is compared as an
    integer, but for totals whose threshold is within 1e-12 of one, which counts as a tie.
    """
    total = n1 + n0
    totals = np.arange(total + 1)
    others = totals[::-1]
    ratio = (totals * others) / (errors * (total - errors))
    least = np.ceil(ahead * np.sqrt(ratio) * (1 - _TIE_OF_INTEGERS)).astype(np.int64)
    cuts = -((-(totals * n1 + least)) // total)
    none = np.minimum(n1, totals) + 1
    cuts[[0, -1]] = none[[0, -1]]
    return np.clip(cuts, 1, none)


def score_set(table: Table, difference: float, alternative: Direction) -> TableSet:
    """Return the tables whose score statistic at `difference` is at least as extreme."""
    cells = table.cells
    n1, n0, null = cells[1], cells[3], np.array([difference])
    observed = float(score_statistic(*cells, null)[0])
    size = abs(observed)
    tie = _TIE * (1 + size) if np.isfinite(size) else 0.0

    def far_up(x: Floats, y: Floats) -> NDArray[np.bool_]:
        least = observed if alternative == "greater" else size
        return score_statistic(x, n1, y, n0, null) >= least - tie

    def not_down(x: Floats, y: Floats) -> NDArray[np.bool_]:
        most = observed if alternative == "less" else -size
        return score_statistic(x, n1, y, n0, null) > most + tie

    if alternative == "greater":
        return TableSet.with_few(_how_many(far_up, table) - 1, table.n0)
    if alternative == "less":
        return TableSet.with_many(_how_many(not_down, table))
    return TableSet(_how_many(far_up, table) - 1, _how_many(not_down, table))


def _how_many(holds: Callable[[Floats, Floats], NDArray[np.bool_]], table: Table) -> Ints:
    """Return for how many errors of the second group, counted from 0, a condition holds.

    One number for each number of errors of the first group. Once the condition fails it fails for
    all larger numbers, as the statistic falls.
    """
    first = np.arange(table.n1 + 1.0)[:, None]
    sure = np.zeros((table.n1 + 1, 1), dtype=np.int64)
    limit = np.full_like(sure, table.n0 + 1)
    probes = min(_MOST_PROBES, table.n0 + 1)
    while (limit > sure).any():
        tried = sure + (limit - sure) * np.arange(probes) // probes
        tried = np.minimum(tried, table.n0)
        true = holds(first, tried.astype(float))
        sure = np.maximum(sure, np.max(np.where(true, tried + 1, 0), axis=1, keepdims=True))
        limit = np.minimum(
            limit, np.min(np.where(true, table.n0 + 1, tried), axis=1, keepdims=True)
        )
    return sure[:, 0]


def _curve(table: Table, difference: float, alternative: Direction) -> ApartCurve:
    return ApartCurve(score_set(table, difference, alternative), table.n1, table.n0, difference)


def _interval(table: Table, question: Question) -> Interval:
    def kept(difference: float) -> bool:
        curve = _curve(table, difference, question.alternative)
        return exceeds(curve, curve.points, question.alpha)

    low, high = score_limits(table.cells, tail_of(question))
    estimate = table.difference
    return question.interval(
        None if question.alternative == "less" else outermost(kept, estimate, low, -1.0),
        None if question.alternative == "greater" else outermost(kept, estimate, high, 1.0),
    )


def _with(interval: Interval, difference: float, question: Question) -> Interval:
    """Return the interval, stretched to a difference that is not rejected."""
    low, high = interval.low, interval.high
    return question.interval(
        None if low is None else min(low, difference),
        None if high is None else max(high, difference),
    )
