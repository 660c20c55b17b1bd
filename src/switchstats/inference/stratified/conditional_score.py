"""The score test of a common odds ratio given all margins, which is the CMH test at 1."""

import math
from dataclasses import dataclass

from switchstats.inference.groups import Ints
from switchstats.inference.question import Direction
from switchstats.inference.stratified.conditional_sum import ConditionalSum, Side
from switchstats.inference.stratified.crossing import crossing
from switchstats.inference.two_by_two.requests import normal_p_value

__all__ = ["HALF", "SAME", "ConditionalScore"]

# The continuity correction, made from this distance on, give or take the rounding of doubles.
HALF, SAME = 0.5, 1e-9
_LEAST_VARIANCE = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class ConditionalScore:
    """The first group's errors against their expectation at any odds ratio.

    Parameters
    ----------
    total
        Their conditional distribution.
    continuity
        Whether to move them by one half towards what is expected, when they are that far from it.
    """

    total: ConditionalSum
    continuity: bool

    @classmethod
    def of(cls, tables: Ints, *, continuity: bool) -> "ConditionalScore":
        """Return it for tables (e1, n1, e0, n0) of shape (strata, 4), some of which vary."""
        return cls(ConditionalSum.of(tables), continuity)

    def z(self, tilt: float) -> float:
        """Return the standardised distance from what is expected at a log odds ratio."""
        _, mean, variance = self.total.near(tilt).cumulants(tilt)
        distance = abs(mean)
        far = self.continuity and distance > HALF - SAME
        moved = max(distance - HALF, 0.0) if far else distance
        return -math.copysign(moved / math.sqrt(variance), mean)

    def p_value(self, tilt: float, alternative: Direction) -> float:
        """Return the p-value at a log odds ratio."""
        return normal_p_value(self.z(tilt), alternative)

    def limit(self, side: Side, alpha: float) -> float:
        """Return the log odds ratio beyond which the one-sided test rejects; infinite without one.

        `side` is 1 for the upper limit, of the test that the odds ratio is lower.
        """
        from scipy.special import ndtri

        if (self.total.high if side > 0 else self.total.low) == 0:
            return side * math.inf
        wanted = -float(ndtri(alpha))
        ahead = math.copysign(HALF if self.continuity else 0.0, wanted)

        def excess(signed: float) -> float:
            _, mean, variance = self.total.near(side * signed).cumulants(side * signed)
            return wanted - (side * mean - ahead) / math.sqrt(max(variance, _LEAST_VARIANCE))

        _, _, variance = self.total.near(self.total.tilt).cumulants(self.total.tilt)
        deviation = math.sqrt(variance)
        return side * crossing(excess, side * self.total.tilt + wanted / deviation, deviation)
