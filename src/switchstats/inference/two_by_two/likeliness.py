"""Fisher's two-sided test: tables that are no likelier than the observed one, and its inverse."""

import math
from dataclasses import dataclass

import numpy as np

from switchstats.inference.groups import Ints
from switchstats.inference.two_by_two.conditional import ConditionalErrors, log_root
from switchstats.inference.two_by_two.requests import Floats
from switchstats.rates.roots import roots_between

__all__ = ["two_sided_log_limits", "two_sided_p_value"]

# Probabilities this near, relatively, count as equal, as in R's fisher.test.
_TIE = 1e-7
_PROBES = 64


def two_sided_p_value(errors: ConditionalErrors, observed: int, log_odds: float) -> float:
    """Return the probability of all counts that are no likelier than the observed one."""
    rising = _Rising(errors, observed)
    if observed < errors.high and log_odds > rising.tie(observed + 1):
        return rising.p_value(log_odds, rising.first_unlikely(log_odds))
    falling = rising.mirrored()
    if observed > errors.low and -log_odds > falling.tie(falling.observed + 1):
        return falling.p_value(-log_odds, falling.first_unlikely(-log_odds))
    return 1.0


def two_sided_log_limits(
    errors: ConditionalErrors, observed: int, alpha: float
) -> tuple[float, float]:
    """Return the least and the largest log odds ratio with a two-sided p-value above `alpha`."""
    rising = _Rising(errors, observed)
    return -rising.mirrored().last_kept(alpha), rising.last_kept(alpha)


@dataclass(frozen=True, slots=True)
class _Rising:
    """The test at log odds ratios above those at which the observed count is the likeliest.

    Masses are log-concave, so counts above the observed one tie with it at log odds ratios that
    grow with them: they leave the tail one after the other. Between two ties the tail is fixed. Its
    complement is a stretch of counts, whose probability rises to a peak and falls, so that the
    p-value has its largest values at the ends.
    """

    errors: ConditionalErrors
    observed: int

    def mirrored(self) -> "_Rising":
        """Return the same with groups exchanged, which turns the sign of the log odds ratio."""
        return _Rising(self.errors.swapped(), self.errors.errors - self.observed)

    def ties(self, counts: Ints) -> Floats:
        """Return up to which log odds ratio larger counts are no likelier than the observed."""
        mass = self.errors.log_mass_at(np.append(counts, self.observed).astype(float))
        return (mass[-1] - mass[:-1] + _TIE) / (counts - self.observed)

    def tie(self, count: int) -> float:
        """Return the same for one count."""
        return float(self.ties(np.array([count]))[0])

    def first_unlikely(self, log_odds: float) -> int:
        """Return the least larger count that is no likelier than the observed."""
        likelier, limit = self.observed, self.errors.high + 1
        while limit - likelier > 1:
            step = -(-(limit - likelier) // _PROBES)
            tried = np.arange(likelier + step, limit, step)
            unlikely = np.flatnonzero(self.ties(tried) >= log_odds)
            place = int(unlikely[0]) if unlikely.size else tried.size
            limit = int(tried[place]) if place < tried.size else limit
            likelier = int(tried[place - 1]) if place else likelier
        return limit

    def p_value(self, log_odds: float, unlikely: int) -> float:
        """Return the probability of counts up to the observed and from `unlikely` on."""
        below, _, above = np.exp(self.errors.log_shares(log_odds, self.observed + 1, unlikely))
        return float(below + above)

    def last_kept(self, alpha: float) -> float:
        """Return the largest log odds ratio with a p-value above `alpha`, or infinity."""
        high = self.errors.high
        if self.observed == high:
            return math.inf
        last = self.tie(high)
        if self.p_value(last, high + 1) > alpha:
            return log_root(lambda at: math.log(self.p_value(at, high + 1) / alpha), last)
        stretches = [(self.observed + 1, high)]
        while True:  # at the first tie the p-value is 1, so the loop ends there at the latest
            first, final = stretches.pop()
            if first < final:
                middle = (first + final) // 2
                if self._bound(first, final) > alpha:
                    stretches += [(first, middle), (middle + 1, final)]
                continue
            end = self.tie(final)
            if self.p_value(end, final) > alpha:
                return end
            start = self.tie(final - 1)
            if self.p_value(start, final) > alpha:
                return self._crossing(final, start, end, alpha)

    def _bound(self, first: int, final: int) -> float:
        """Return what the p-value cannot exceed while the tail begins from `first` to `final`."""
        if first == self.observed + 1:
            return 1.0
        below = self.errors.log_shares(self.tie(first - 1), self.observed + 1)[0]
        above = self.errors.log_shares(self.tie(final), first)[-1]
        return math.exp(below) + math.exp(above)

    def _crossing(self, unlikely: int, start: float, end: float, alpha: float) -> float:
        """Return where the p-value falls through `alpha` between two ties."""

        def beyond(points: Floats) -> Floats:
            return np.array([self.p_value(float(at), unlikely) - alpha for at in points])

        return float(roots_between(beyond, np.array([start]), np.array([end]))[0])
