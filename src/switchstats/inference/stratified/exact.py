"""Exact tests of a common odds ratio given the margins of every stratum, and their intervals."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from switchstats.inference.groups import Ints
from switchstats.inference.question import Direction, Question
from switchstats.inference.stratified.conditional_sum import Around, ConditionalSum, Side
from switchstats.inference.stratified.crossing import crossing, root
from switchstats.inference.two_by_two.requests import tail_of

__all__ = ["ExactStrata", "Tails"]

Tails = Literal["likelihood", "central", "mid_p"]

# R's rule: a value at most so much likelier than the observed one counts as equally likely. In
# very wide sums neighbours are as near as that: then only a share of their distance counts.
_TIE, _TIE_SHARE = math.log1p(1e-7), 0.1
# Masses are looked up around a value within so many standard deviations of it.
_NEAR = 3.0
# Probabilities whose normal quantile is finite.
_LEAST, _MOST = 1e-300, 1 - 2.0**-53


@dataclass(frozen=True, slots=True, eq=False)
class ExactStrata:
    """The conditional distribution of tables, and its part around the observed number.

    Parameters
    ----------
    total
        All values that the first group's errors could take.
    here
        Those near the observed number.
    """

    total: ConditionalSum
    here: Around

    @classmethod
    def of(cls, tables: Ints) -> "ExactStrata":
        """Return it for tables (e1, n1, e0, n0) of shape (strata, 4), some of which vary."""
        total = ConditionalSum.of(tables)
        return cls(total, total.around(0))

    @property
    def odds_ratio(self) -> float:
        """The conditional maximum-likelihood estimate of the common odds ratio."""
        if self.total.low == 0:
            return 0.0
        return math.inf if self.total.high == 0 else math.exp(self.total.tilt)

    def p_value(self, alternative: Direction, null: float, tails: Tails) -> float:
        """Return the p-value at a log odds ratio."""
        exact = replace(self, total=self.total.centred(null))
        if alternative != "two-sided":
            return exact.tail(-1 if alternative == "less" else 1, null, tails)
        if tails == "likelihood":
            return exact.p_of_likelihood(null)
        return min(1.0, 2 * min(exact.tail(-1, null, tails), exact.tail(1, null, tails)))

    def p_of_likelihood(self, null: float) -> float:
        """Return the probability of all values that are no likelier than the observed one."""
        # At the tilt the observed value is the likeliest, so likelier ones lie where the null is.
        side: Side = 1 if null >= self.here.tilt else -1
        far = _far_side(self, side, null)
        if far is None or far.threshold(1) >= side * null:
            return 1.0
        return far.p_value(far.first_unlikely(side * null), side * null)

    def limits(self, question: Question, tails: Tails) -> tuple[float, float]:
        """Return the log odds ratios between which the same test does not reject at its level."""

        def end(side: Side) -> float:
            if tails == "likelihood" and question.alternative == "two-sided":
                return side * self._limit_of_likelihood(side, question.alpha)
            return side * self._limit(side, tail_of(question), tails)

        low = -math.inf if question.alternative == "less" else end(-1)
        high = math.inf if question.alternative == "greater" else end(1)
        return low, high

    def tail(self, side: Side, null: float, tails: Tails) -> float:
        """Return the probability of the observed number and all beyond it on one side."""
        log_total = self.total.log_total(null)
        equal = math.exp(self.here.log_mass(0) - log_total)
        # The sum is exact on the side that the null makes unlikely; the other side is the rest.
        unlikely: Side = -1 if null >= self.here.tilt else 1
        tail = min(1.0, math.exp(self.here.log_tail(unlikely, 0, null) - log_total))
        if side != unlikely:
            tail = max(1 - tail + equal, equal)
        return tail - equal / 2 if tails == "mid_p" else min(1.0, tail)

    def _limit(self, side: Side, alpha: float, tails: Tails) -> float:
        """Return side * log odds ratio beyond which the opposite tail is at most alpha."""
        if (self.total.high if side > 0 else self.total.low) == 0:
            return math.inf
        from scipy.special import ndtri

        opposite: Side = -1 if side > 0 else 1
        wanted = float(ndtri(alpha))

        def excess(signed: float) -> float:
            tail = self.tail(opposite, side * signed, tails)
            return float(ndtri(min(max(tail, _LEAST), _MOST))) - wanted

        guess = side * self.here.tilt - wanted / self.here.deviation
        return crossing(excess, guess, self.here.deviation)

    def _limit_of_likelihood(self, side: Side, alpha: float) -> float:
        start = self._limit(side, alpha / 2, "central")
        far = _far_side(self, side, side * start)
        if far is None:
            return math.inf
        last = far.last_peak_above(alpha)
        if last == far.most:
            return max(far.threshold(last), self._limit(side, alpha, "central"))
        begin, end = far.threshold(last), far.threshold(last + 1)
        if far.p_value(last + 1, begin) <= alpha:
            return begin
        return root(lambda signed: far.p_value(last + 1, signed) - alpha, begin, end)


@dataclass(frozen=True, slots=True, eq=False)
class _FarSide:
    """Values on the side opposite to the tail of the observed one, by their distance from it.

    With u = side * log odds ratio, the value at distance j is no likelier than the observed one
    exactly when u is at most a threshold, which grows with j. Between two thresholds the two-sided
    p-value is smooth; at each it drops.

    Parameters
    ----------
    exact
        The distribution.
    side
        On which side.
    most
        Distance of the last value there.
    guess
        About the distance that is looked for.
    there
        Masses at that distance.
    """

    exact: ExactStrata
    side: Side
    most: int
    guess: int
    there: Around

    def threshold(self, distance: int) -> float:
        """Return the largest u at which the value there is no likelier than the observed one."""
        there = self._around(distance)
        ratio = self.exact.here.log_mass(0) - there.log_mass(self.side * distance)
        tie = min(_TIE, _TIE_SHARE / self.exact.here.deviation**2)
        return (ratio + tie) / distance

    def first_unlikely(self, signed: float) -> int:
        """Return the least distance of a value no likelier than the observed, or one too many."""
        return _first(lambda distance: self.threshold(distance) - signed, self.guess, self.most)

    def last_peak_above(self, alpha: float) -> int:
        """Return the greatest distance at whose threshold the p-value is above alpha."""

        def shortfall(distance: int) -> float:
            return alpha - self.p_value(distance, self.threshold(distance))

        return _first(shortfall, self.guess, self.most) - 1

    def p_value(self, distance: int, signed: float) -> float:
        """Return the probability of the near tail, and of the far one from a distance on."""
        tilt = self.side * signed
        log_total = self.exact.total.log_total(tilt)
        opposite: Side = -1 if self.side > 0 else 1
        p = math.exp(self.exact.here.log_tail(opposite, 0, tilt) - log_total)
        if distance <= self.most:
            there = self._around(distance)
            p += math.exp(there.log_tail(self.side, self.side * distance, tilt) - log_total)
        return min(1.0, p)

    def _around(self, distance: int) -> Around:
        value = self.side * distance
        if abs(value - self.there.value) <= _NEAR * self.there.deviation:
            return self.there
        return self.exact.total.around(value)


def _far_side(exact: ExactStrata, side: Side, tilt: float) -> _FarSide | None:
    """Return the values on one side, looked at about as far out as the observed one at `tilt`."""
    most = exact.total.high if side > 0 else -exact.total.low
    if most == 0:
        return None
    mean = exact.total.near(tilt).cumulants(tilt)[1]
    guess = max(1, min(most, round(2 * side * mean)))
    return _FarSide(exact, side, most, guess, exact.total.around(side * guess))


def _first(rising: Callable[[int], float], guess: int, most: int) -> int:
    """Return the least number from 1 to `most` at which a rising function is at least 0."""
    low, high = 0, most + 1
    at_low = at_high = math.nan
    place, stride = guess, 1
    while high - low > 1:
        value = rising(place)
        if value >= 0:
            high, at_high = place, value
        else:
            low, at_low = place, value
        if math.isnan(at_low):
            place, stride = high - stride, 2 * stride
        elif math.isnan(at_high):
            place, stride = low + stride, 2 * stride
        else:
            place = low + round((high - low) * at_low / (at_low - at_high))
        place = max(low + 1, min(high - 1, place))
    return high
