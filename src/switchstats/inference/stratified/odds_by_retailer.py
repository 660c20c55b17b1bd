"""The test of a common odds ratio with retailers as units, and its interval by inversion."""

import math
from dataclasses import dataclass

import numpy as np

from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.inference.stratified.crossing import root
from switchstats.inference.stratified.retailers import Retailers, spread_of
from switchstats.inference.stratified.sums import left_out, tables_of
from switchstats.inference.student import p_from_t
from switchstats.inference.two_by_two.requests import tail_of

__all__ = ["OddsByRetailer"]

_HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class OddsByRetailer:
    """Numerator and denominator of Mantel and Haenszel's odds ratio, a request being the unit.

    Parameters
    ----------
    up, down
        Of all retailers.
    up_without, down_without
        Without each retailer in turn.
    retailers
        Who they are.
    """

    up: float
    down: float
    up_without: Floats
    down_without: Floats
    retailers: Retailers

    @classmethod
    def of(cls, retailers: Retailers) -> "OddsByRetailer":
        """Return it for retailers in strata."""
        parts = (retailers.errors, retailers.requests, retailers.first)
        whole, without = tables_of(*parts), left_out(*parts)
        odds, odds_without = whole.sums("odds_ratio"), without.sums("odds_ratio")
        size, size_without = whole.sums("difference").down, without.sums("difference").down
        with np.errstate(divide="ignore", invalid="ignore"):
            return cls(
                float(odds.up / size),
                float(odds.down / size),
                odds_without.up / size_without,
                odds_without.down / size_without,
                retailers,
            )

    @property
    def estimate(self) -> float:
        """The odds ratio; infinite without a denominator."""
        return self.up / self.down if self.down > 0 else math.inf

    def t(self, angle: float) -> tuple[float, float]:
        """Return Student's t and its degrees of freedom at an odds ratio, the tangent of an angle.

        NaN where leaving out one retailer leaves nothing to compare.
        """
        a, b = math.cos(angle), math.sin(angle)
        whole = a * self.up - b * self.down
        without = a * self.up_without - b * self.down_without
        spread = spread_of(np.asarray(whole), without, self.retailers)
        return whole / float(spread.std_error), float(spread.df)

    def limits(self, question: Question) -> tuple[float, float]:
        """Return the odds ratios between which the test does not reject at its level."""
        tail = tail_of(question)
        low = 0.0 if question.alternative == "less" else self._end("greater", tail)
        high = math.inf if question.alternative == "greater" else self._end("less", tail)
        return low, high

    def _end(self, alternative: Direction, tail: float) -> float:
        """Return the odds ratio at which the one-sided p-value is `tail`."""
        if self.up == 0 and alternative == "greater":
            return 0.0
        if self.down == 0 and alternative == "less":
            return math.inf
        middle = math.atan2(self.up, self.down)
        beyond = (alternative == "less") == (tail < _HALF)

        def excess(angle: float) -> float:
            t, df = self.t(angle)
            if math.isnan(t):  # at 0 or without end, where no retailer changes what is left
                return float((alternative == "greater") != (angle < middle)) - tail
            return p_from_t(t, df, alternative) - tail

        end = math.pi / 2 if beyond else 0.0
        if (excess(end) > 0) == (tail < _HALF):
            return math.inf if beyond else 0.0
        return math.tan(root(excess, min(middle, end), max(middle, end)))
