"""The profile of a log-likelihood in one parameter, and where it has fallen by a given amount."""

import math
from dataclasses import dataclass

from switchstats.inference.likelihood.climb import highest
from switchstats.inference.likelihood.crossing import Level, crossing
from switchstats.inference.likelihood.newton import Evaluate
from switchstats.inference.likelihood.stirling import Floats

__all__ = ["Profile"]

# Agreement of the root with what is asked, and the most steps to it.
_TOLERANCE = 1e-10
_MOST_STEPS = 80
# Longest step outside a bracket, and the farthest that an end is looked for.
_LONGEST = 3.0
_FARTHEST = 60.0
# Moves of the parameter, in standard errors, along which the others are taken to follow.
_FOLLOWED = 4.0
# Of a spread, the most that it then moves.
_SHARE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One data set's log-likelihood in one parameter, the others at their best.

    Parameters
    ----------
    evaluate
        The log-likelihood.
    parameter
        Place of the parameter.
    spreads
        Places of spreads and standard deviations.
    at
        Where the log-likelihood is largest; a finite start where the estimate is infinite.
    estimate
        The parameter there, perhaps infinite.
    top
        The largest log-likelihood.
    covariance
        Of the parameters there; ``None`` where it is not known.
    """

    evaluate: Evaluate
    parameter: int
    spreads: tuple[int, ...]
    at: Floats
    estimate: float
    top: float
    covariance: Floats | None = None

    def root(self, number: float) -> float:
        """Return the signed root of the likelihood ratio against this number.

        Positive where the estimate is above it.
        """
        return self._beyond(number, -1, self.at)[0]

    def end(
        self, critical: float, side: int, width: float, *, limit: float = math.inf
    ) -> float | None:
        """Return where the likelihood ratio's root reaches `critical` on one side.

        Parameters
        ----------
        critical
            Root at the end; negative for an end on the other side of the estimate.
        side
            1 for an end above the estimate, -1 for one below.
        width
            Standard error of the estimate, or a guess.
        limit
            Farthest number on that side.

        Returns
        -------
        float or None
            ``None`` when the root is not reached before the limit.
        """
        start = self.estimate if math.isfinite(self.estimate) else float(self.at[self.parameter])
        farthest = min(abs(limit - start), _FARTHEST)
        found = self._jump(critical, side, width, farthest)
        if found is not None:
            return found
        low, high = -math.inf, math.inf
        here, point = min(critical * width, farthest), self.at
        for _ in range(_MOST_STEPS):
            reached, slope, point = self._beyond(start + side * here, side, point)
            miss = critical - reached
            if abs(miss) <= _TOLERANCE or high - low <= _TOLERANCE * width:
                break
            if miss > 0 and here == farthest:
                return None
            low, high = (here, high) if miss > 0 else (low, here)
            step = miss / slope if slope > 0 else math.copysign(_LONGEST, miss)
            proposed = min(here + min(max(step, -_LONGEST), _LONGEST), farthest)
            here = proposed if low < proposed < high else (low + high) / 2
        return start + side * here

    def _beyond(self, number: float, side: int, point: Floats) -> tuple[float, float, Floats]:
        """Return the root, positive beyond the estimate on that side, and its slope outward."""
        start = self._followed(point, number)[None]
        free = [place for place in range(point.size) if place != self.parameter]
        spreads = [place for place in self.spreads if place != self.parameter]
        best = highest(self.evaluate, start, free, spreads)
        likelihood = best.likelihood
        root = math.sqrt(max(2 * (self.top - float(likelihood.value[0])), 0.0))
        if (number - self.estimate) * side < 0:
            root = -root
        slope = -side * float(likelihood.gradient[0, self.parameter])
        return root, slope / root if root else math.nan, best.at[0]

    def _jump(self, critical: float, side: int, width: float, farthest: float) -> float | None:
        """Return the end by Newton's method on all parameters, if it settles near."""
        if critical <= 0 or not math.isfinite(self.estimate) or critical * width > farthest:
            return None
        others = [place for place in self.spreads if place != self.parameter]
        start = self._followed(self.at, self.estimate + side * critical * width)
        level = Level(self.top, critical, side)
        found = crossing(self.evaluate, start, self.parameter, others, level)
        if found is None:
            return None
        return found if 0 < (found - self.estimate) * side <= farthest else None

    def _followed(self, point: Floats, number: float) -> Floats:
        """Return the point with the parameter at a number, the others moved as it moves them."""
        moved = point.copy()
        moved[self.parameter] = number
        move = number - float(point[self.parameter])
        if self.covariance is None:
            return moved
        along = self.covariance[self.parameter]
        variance = float(along[self.parameter])
        if variance <= 0 or abs(move) > _FOLLOWED * math.sqrt(variance):
            return moved
        drift = along * (move / variance)
        drift[self.parameter] = 0.0
        for place in self.spreads:
            if abs(drift[place]) > _SHARE * abs(point[place]):
                drift[place] = 0.0
        return moved + drift
