"""Boschloo's unconditional exact test of two rates, with a certified supremum and its interval."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.groups import GROUPS, Data, Ints
from switchstats.inference.question import Direction, Question
from switchstats.inference.two_by_two.apart import ApartCurve, TableSet
from switchstats.inference.two_by_two.common_rate import (
    largest_probability,
    shares_of_totals,
    step_masses,
)
from switchstats.inference.two_by_two.conditional import ConditionalErrors
from switchstats.inference.two_by_two.log_mass import log_mass
from switchstats.inference.two_by_two.requests import (
    Answer,
    Floats,
    check_difference,
    given,
    read_table,
    tail_of,
)
from switchstats.inference.two_by_two.supremum import Supremum, supremum
from switchstats.inference.two_by_two.unconditional import FLOOR, check_size, no_interval
from switchstats.periods import Period
from switchstats.rates.roots import roots_between
from switchstats.values import TestResult

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["boschloo", "fisher_cuts"]

# Fisher's p-values this near, relatively, are equal but for rounding.
_TIE = 1e-10
# Smaller ones are taken as this, so that probabilities of single tables stay representable.
_LEAST = 1e-200
# Below, the normal approximation is too rough a guess of a tail.
_FAR = 1e-12
_NEWTON_STEPS = 12
_MOST_ROUNDS = 200
# What subtracting may leave of a tail.
_DIGITS = 1e-6


def boschloo(  # noqa: PLR0913 -- four numbers and the questions, each by its own name
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
    """Compare two rates by Boschloo's unconditional exact test.

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
        Requests of both groups together up to which an interval is computed. It takes some twenty
        searches, a few tenths of a second at 1,000 requests and several seconds at 5,000.

    Returns
    -------
    TestResult
        `statistic` is Fisher's one-sided p-value, for a two-sided test the smaller one;
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
    The one-sided p-value is the largest probability, over all rates with the null difference, of
    tables whose one-sided Fisher p-value (of equal rates) is at most the observed one. It is never
    larger than Fisher's. The two-sided p-value is twice the smaller one-sided one, at most 1. The
    supremum is certified as in `barnard`.

    A table with more errors of the first group, or fewer of the second, has a smaller Fisher
    p-value, so the p-value rises with the null difference: the differences that are not rejected
    are an interval, whose ends are found as roots.

    A Fisher p-value below 1e-200 is taken for that number, so that the p-value is then an upper
    bound.

    Every request is taken as an independent draw: of groups of retailers the p-value is far too
    small. For such data it is never too small. The order of tables is made for equal rates: for a
    null difference far from 0 `barnard` has more power, and where a group has no errors, or nothing
    else, Fisher's one-sided p-value is 1 and tells nothing, so the interval reaches to -1 or 1.

    Source: R. D. Boschloo, Statistica Neerlandica 24 (1970) 1-9.

    Examples
    --------
    >>> result = boschloo(74, 117, 31, 63, alternative="greater")
    >>> round(result.p_value, 4), round(result.statistic, 4)
    (0.0356, 0.0483)
    """
    question = check_difference(Question(alternative, null, level))
    table = read_table(given(e1, n1, e0, n0), test="Boschloo's test", groups=groups, period=period)
    check_size("Boschloo's test", table, null)
    first, second = _Side.of(*table.numbers), _Side.of(*table.numbers[2:], *table.numbers[:2])
    reached, statistic = _p_value(first, second, question)
    interval, notes = None, (no_interval(interval_up_to),)
    if table.n1 + table.n0 <= interval_up_to:
        tail, notes = tail_of(question), ()
        interval = question.interval(
            None if alternative == "less" else first.least_kept(tail),
            None if alternative == "greater" else -second.least_kept(tail),
        )
    answer = Answer(
        p_value=min(1.0, reached.value * (2 if alternative == "two-sided" else 1)),
        interval=interval,
        statistic=statistic,
        quantities={"nuisance_rate": reached.at},
        notes=notes,
    )
    return answer.result(table, question, "boschloo")


def _p_value(first: "_Side", second: "_Side", question: Question) -> tuple[Supremum, float]:
    """Return the smallest one-sided p-value that is asked for, and Fisher's."""
    both = sorted((first, second), key=lambda side: side.fisher)
    asked = {"greater": [first], "less": [second], "two-sided": both}[question.alternative]
    found: list[tuple[Supremum, float]] = []
    for side in asked:
        if found and question.null == 0 and found[0][0].value <= side.at_least():
            break
        difference = question.null if side is first else -question.null
        reached = side.ordered().reached(difference)
        found.append((reached if side is first else reached.moved(difference), side.fisher))
    return min(found, key=lambda pair: pair[0].value)


@dataclass(frozen=True, slots=True)
class _Side:
    """One direction: whether the first of these groups has the higher rate.

    Parameters
    ----------
    n1, n0
        Requests of both groups.
    errors
        Of both together.
    fisher, other
        Fisher's one-sided p-value and its complement.
    """

    n1: int
    n0: int
    errors: int
    fisher: float
    other: float

    @classmethod
    def of(cls, e1: int, n1: int, e0: int, n0: int) -> "_Side":
        """Return the side on which the first of these groups is."""
        given = ConditionalErrors(n1, n0, e1 + e0)
        other, fisher = np.exp(given.log_shares(0.0, e1))
        return cls(n1, n0, e1 + e0, float(fisher), float(other))

    def at_least(self) -> float:
        """Return a bound that the p-value at equal rates cannot be below.

        Given the total, the tables inside fall short of Fisher's p-value by less than one table; at
        a rate of one half, totals near the middle have all but 1e-16 of the probability.
        """
        total = self.n1 + self.n0
        reach = 13 + math.sqrt(169 + 78 * total / 4)
        near = np.arange(int(total / 2 - reach), int(total / 2 + reach) + 2)
        totals = near[(near >= 0) & (near <= total)]
        modes = (self.n1 + 1) * (totals + 1) // (total + 2)
        sizes = np.array(float(self.n1)), np.array(float(self.n0))
        likeliest = np.exp(log_mass(modes.astype(float), *sizes, totals.astype(float)).max())
        return self.fisher - float(likeliest) - 1e-15

    def ordered(self) -> "_Ordered":
        """Return the tables with a Fisher p-value at most the observed one: all, if that is 1."""
        if self.other == 0:
            totals = np.arange(self.n1 + self.n0 + 1)
            return _Ordered(self.n1, self.n0, np.maximum(0, totals - self.n0), np.ones(totals.size))
        return _Ordered(self.n1, self.n0, *fisher_cuts(self.n1, self.n0, self.fisher, self.other))

    def least_kept(self, tail: float) -> float:
        """Return the least difference at which the p-value is above `tail`."""
        if self.other == 0:
            return -1.0
        ordered = self.ordered()

        def beyond(points: Floats) -> Floats:
            at_points = [ordered.reached(float(at), tail / 1000).value for at in points]
            return np.array(at_points) - tail

        return float(roots_between(beyond, -np.ones(1), np.ones(1))[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Ordered:
    """Tables by their least errors of the first group for each total, and their shares of it."""

    n1: int
    n0: int
    cuts: Ints
    shares: Floats

    def reached(self, difference: float, floor: float = FLOOR) -> Supremum:
        """Return their largest probability when the rates have this difference.

        Where it is below the floor, some smaller number.
        """
        if self.shares[0] == 1:
            return Supremum(1.0, 0.0)
        if difference == 0:
            return largest_probability(self.shares, symmetric=self.n1 == self.n0)
        # totals with a cut of at most x: all from 0 on, up to the last inside
        first = np.arange(self.n1 + 1)
        few = np.searchsorted(self.cuts, first, side="right") - 1 - first
        tables = TableSet.with_few(np.clip(few, -1, self.n0), self.n0)
        curve = ApartCurve(tables, self.n1, self.n0, difference)
        return supremum(curve, curve.points, floor)


def fisher_cuts(n1: int, n0: int, p_value: float, other: float) -> tuple[Ints, Floats]:
    """Return the least errors of the first group with a Fisher p-value that small, by total.

    Beside them the p-values there, 0 where no table of the total has one.

    Parameters
    ----------
    n1, n0
        Requests of both groups.
    p_value, other
        One-sided, and its complement, the probability of fewer errors of the first group.

    Notes
    -----
    A p-value near 1 is told from 1 by its complement: the tables outside are then found, as those
    in which more errors of the second group are less likely than the complement.
    """
    if p_value <= other:
        cuts, shares, _ = _cuts_at(n1, n0, max(p_value, _LEAST) * (1 + _TIE))
        return cuts, shares
    outside, shares, below = _cuts_at(n0, n1, max(other, _LEAST) * (1 - _TIE))
    return np.arange(n1 + n0 + 1) + 2 - outside, np.maximum(1 - shares - below, 0.0)


def _cuts_at(n1: int, n0: int, threshold: float) -> tuple[Ints, Floats, Floats]:
    """Return the least errors whose upper tail is at most `threshold`, the tail, the mass below.

    From a guess the cuts walk up or down by one error at a time, all totals together, until none
    has to move. A walk up subtracts, and ends before the digits of the tail are lost.
    """
    totals = np.arange(n1 + n0 + 1)
    least, none = np.maximum(0, totals - n0) + 1, np.minimum(n1, totals) + 1
    cuts = _guess(n1, n0, threshold)
    for _ in range(_MOST_ROUNDS):
        cuts = np.clip(_stepwise(cuts), least, none)
        below = step_masses(cuts, n1, n0)
        shares = shares_of_totals(cuts, n1, n0, below)
        moved = _walk(cuts, shares, below, (n1, n0), threshold)
        if np.array_equal(moved, cuts):
            return cuts, shares, below
        cuts = moved
    raise NotAnswerableError(
        "Boschloo's test",
        "the search for the tables with as small a Fisher p-value does not settle",
        "another test, such as barnard or mee",
    )


def _guess(n1: int, n0: int, p_value: float) -> Ints:
    from scipy.special import ndtri

    total = n1 + n0
    totals = np.arange(total + 1.0)
    spread = totals * totals[::-1] * (n1 * n0 / (total * total * max(total - 1.0, 1.0)))
    guess = totals * n1 / total + 0.5 - float(ndtri(p_value)) * np.sqrt(spread)
    if p_value < _FAR:
        guess = _far_guess(guess, n1, n0, p_value)
    return np.ceil(guess).astype(np.int64)


def _far_guess(guess: Floats, n1: int, n0: int, p_value: float) -> Floats:
    """Return the errors at which a geometric series from the table on is `p_value`, by Newton.

    The logarithm of the tail is concave, so that every step ends above the root and the next comes
    nearer.
    """
    totals = np.arange(n1 + n0 + 1.0)
    most = np.minimum(n1, totals) - 1
    least = np.minimum(np.floor((n1 + 1) * (totals + 1) / (n1 + n0 + 2)) + 1, most)
    sizes = np.array(float(n1)), np.array(float(n0))
    none = log_mass(most + 1, *sizes, totals) > math.log(p_value)
    for _ in range(_NEWTON_STEPS):
        at = np.minimum(np.maximum(np.round(guess), least), most)
        possible = at >= np.maximum(0, totals - n0)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = (n1 - at) * (totals - at) / ((at + 1) * (n0 - totals + at + 1))
            mass = log_mass(np.where(possible, at, most + 1), *sizes, totals)
            step = (mass - np.log1p(-ratio) - math.log(p_value)) / -np.log(ratio)
        guess = np.where(possible & np.isfinite(step), at + step, at)
        if np.max(np.abs(guess - at)) < 1:
            break
    return np.where(none, most + 2, guess)


def _stepwise(cuts: Ints) -> Ints:
    """Return cuts that from one total to the next stay or grow by 1."""
    totals = np.arange(cuts.size)
    rising = np.maximum.accumulate(cuts)
    return np.minimum.accumulate(rising - totals) + totals


def _walk(
    cuts: Ints, shares: Floats, below: Floats, sizes: tuple[int, int], threshold: float
) -> Ints:
    """Return the cuts moved to where shares stay at most the threshold, and would not below."""
    n1, n0 = sizes
    totals = np.arange(cuts.size)
    moved, shares, below = cuts.copy(), shares.copy(), below.copy()
    least, none = np.maximum(0, totals - n0) + 1, np.minimum(n1, totals) + 1
    active, lost = totals, shares * _DIGITS
    while active.size:
        cut, share, mass, total = moved[active], shares[active], below[active], totals[active]
        up = (share > threshold) & (share > lost[active]) & (cut < none[active])
        down = (share + mass <= threshold) & (cut > least[active])
        odds = (n1 - cut + 1.0) * (total - cut + 1.0)
        here = mass * odds / (cut * (n0 - total + cut))
        lower = cut - 1.0
        further = mass * lower * (n0 - total + lower) / ((n1 - lower + 1) * (total - lower + 1))
        moved[active] = cut + up - down.astype(np.int64)
        shares[active] = share + np.where(down, mass, 0.0) - np.where(up, here, 0.0)
        below[active] = np.where(up, here, np.where(down, further, mass))
        active = active[up | down]
    return moved
