"""Errors of the first group given the errors of both, at any odds ratio and any size."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from switchstats.inference.two_by_two.lattice import lattice_rule
from switchstats.inference.two_by_two.log_mass import log_mass
from switchstats.inference.two_by_two.requests import Floats
from switchstats.rates.roots import roots_between

__all__ = ["ConditionalErrors", "log_root"]

_TABLED = 2**15
# Where the mass has fallen by this many natural logarithms from its largest, the rest is nothing.
_NEGLIGIBLE = 45.0
_MOST_DOUBLINGS = 1100


@dataclass(frozen=True, slots=True, eq=False)
class ConditionalErrors:
    """Fisher's noncentral hypergeometric distribution.

    Parameters
    ----------
    n1, n0
        Requests of both groups.
    errors
        Errors of both groups together.
    """

    n1: int
    n0: int
    errors: int
    _table: Floats | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        few = self.high - self.low <= _TABLED
        counts = np.arange(self.low, self.high + 1.0) if few else None
        object.__setattr__(self, "_table", None if counts is None else self._log_mass(counts))

    @property
    def low(self) -> int:
        """Fewest errors of the first group."""
        return max(0, self.errors - self.n0)

    @property
    def high(self) -> int:
        """Most errors of the first group."""
        return min(self.n1, self.errors)

    def swapped(self) -> "ConditionalErrors":
        """Return the distribution of the second group's errors."""
        return ConditionalErrors(self.n0, self.n1, self.errors)

    def log_mass_at(self, counts: Floats) -> Floats:
        """Return the log probability of these numbers of errors at an odds ratio of 1."""
        if self._table is None:
            return self._log_mass(counts)
        return self._table[counts.astype(np.int64) - self.low]

    def log_shares(self, log_odds: float, *edges: int) -> Floats:
        """Return the log probabilities of the stretches that begin at `edges`.

        The first edge is where the first stretch ends: three stretches for two edges, such as
        errors below 3, from 3 to 6, and from 7 on for the edges 3 and 7.
        """
        limits = (self.low, *(min(max(edge, self.low), self.high + 1) for edge in edges))
        sums = np.array(
            [
                self._log_sum(log_odds, start, stop)
                for start, stop in zip(limits, (*limits[1:], self.high + 1), strict=True)
            ]
        )
        return sums - np.logaddexp.reduce(sums)

    def mean_beyond(self, log_odds: float, count: int) -> float:
        """Return the mean less `count`."""
        points, log_weights = self._weighted(log_odds, self.low, self.high + 1)
        weights = np.exp(log_weights - log_weights.max())
        return float(np.sum(weights * (points - count)) / weights.sum())

    def log_odds_of(self, count: int) -> float:
        """Return the log odds ratio at which `count` is the mean: its most likely value."""
        if count == self.low:
            return -math.inf
        if count == self.high:
            return math.inf
        # the odds ratio of the table itself is near
        cells = (count, self.n0 - self.errors + count, self.n1 - count, self.errors - count)
        near = math.log(cells[0]) + math.log(cells[1]) - math.log(cells[2]) - math.log(cells[3])
        return log_root(lambda at: self.mean_beyond(at, count), near)

    def _log_mass(self, counts: Floats) -> Floats:
        return log_mass(counts, *(np.array(float(n)) for n in (self.n1, self.n0, self.errors)))

    def _log_sum(self, log_odds: float, start: int, stop: int) -> float:
        if start >= stop:
            return -math.inf
        log_weights = self._weighted(log_odds, start, stop)[1]
        largest = float(log_weights.max())
        return largest + math.log(float(np.exp(log_weights - largest).sum()))

    def _weighted(self, log_odds: float, start: int, stop: int) -> tuple[Floats, Floats]:
        """Return points from `start` to before `stop` and their log weights, up to a constant."""
        mode = self._mode(log_odds)
        if self._table is not None:
            counts = np.arange(start, float(stop))
            table = self._table[start - self.low : stop - self.low]
            return counts, table + log_odds * (counts - mode)
        middle = min(max(mode, start), stop - 1)
        sides = [self._side(log_odds, middle, stop - middle, 1)]
        if middle > start:
            sides.append(self._side(log_odds, middle - 1, middle - start, -1))
        counts, weights = (np.concatenate(parts) for parts in zip(*sides, strict=True))
        return counts, self._log_mass(counts) + log_odds * (counts - mode) + np.log(weights)

    def _side(self, log_odds: float, start: int, count: int, sign: int) -> tuple[Floats, Floats]:
        """Return points and weights of those of `count` numbers from the peak on that matter."""
        reach = np.minimum(2.0 ** np.arange(count.bit_length() + 1) - 1, count - 1)
        level = self._log_mass(start + sign * reach) + log_odds * sign * reach
        gone = np.flatnonzero((level < level.max() - _NEGLIGIBLE) & (np.arange(level.size) > 0))
        needed = int(reach[gone[0]]) + 1 if gone.size else count
        points, weights = lattice_rule(needed)
        return start + sign * points, weights

    def _mode(self, log_odds: float) -> int:
        """Return about the most likely number: that at which the table has this odds ratio."""
        from scipy.special import expit

        n, m, t = float(self.n1), float(self.n0), float(self.errors)
        # odds (n - x)(t - x) = x (m - t + x), divided by 1 + odds so that nothing overflows
        up, down = float(expit(log_odds)), float(expit(-log_odds))
        linear = down * (m - t) + up * (n + t)
        square = down - up
        root = math.sqrt(max(linear**2 + 4 * square * up * n * t, 0.0))
        return round(2 * up * n * t / (linear + root)) if linear + root > 0 else self.low


def log_root(function: Callable[[float], float], near: float) -> float:
    """Return the root of a monotone function of a log odds ratio, searched from `near` outwards."""
    value = function(near)
    if value == 0:
        return near
    slope = 1.0 if function(near + 1e-3) > value else -1.0
    direction = -slope if value > 0 else slope
    step = 1e-3
    for _ in range(_MOST_DOUBLINGS):
        if function(near + direction * step) * value <= 0:
            break
        step *= 2

    def at(points: Floats) -> Floats:
        return np.array([function(float(point)) for point in points])

    ends = np.sort(np.array([near, near + direction * step]))
    return float(roots_between(at, ends[:1], ends[1:])[0])
