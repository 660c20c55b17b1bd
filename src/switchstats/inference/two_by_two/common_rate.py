"""Probability of a set of tables when both groups have the same rate, as a function of it."""

from dataclasses import dataclass

import numpy as np

from switchstats.inference.groups import Ints
from switchstats.inference.two_by_two.log_mass import log_factorial_rest, log_mass
from switchstats.inference.two_by_two.requests import Floats
from switchstats.inference.two_by_two.supremum import Supremum, supremum

__all__ = ["CommonRateCurve", "largest_probability", "shares_of_totals", "step_masses"]

# A sum of independent Bernoullis with variance v lies farther than 13 + sqrt(169 + 78 v) from its
# mean with probability below 2 exp(-39) = 2.3e-17 (Bernstein); 5e-9 is the root of that.
_THIRD = 13.0
_BEYOND = 5e-9
_TOGETHER = 8
_LEAST_CELLS = 16
# A rate of 0, and one minus a rate of 1, are taken as this, so that slopes are finite.
_LEAST = 1e-280


def largest_probability(shares: Floats, *, symmetric: bool) -> Supremum:
    """Return the largest probability over the rate that both groups have in common.

    Parameters
    ----------
    shares
        Of `shares_of_totals`.
    symmetric
        Whether it is the same at a rate and at one minus that rate.
    """
    total = shares.size - 1
    cells = max(_LEAST_CELLS, round(np.pi * np.sqrt(total)))
    cells += cells % 2
    angles = np.arange(cells + 1) * (np.pi / 2 / cells)
    if symmetric:
        angles = angles[: cells // 2 + 1]
    rates = np.clip(np.sin(angles) ** 2, 0.0, 1.0)
    return supremum(CommonRateCurve.of(shares), rates)


def shares_of_totals(cuts: Ints, n1: int, n0: int, below: Floats | None = None) -> Floats:
    """Return, for each total of errors, the probability that the first group has `cuts` or more.

    Parameters
    ----------
    cuts
        For totals from 0 to all requests: the least errors of the first group inside the set; one
        more than it can have where no table is. From one total to the next it stays or grows by 1,
        as it does for every set that with a table holds those with more errors of the first group
        or fewer of the second. At least 1 throughout, so that the table without errors is outside.
    n1, n0
        Requests of both groups.
    below
        Of `step_masses`, when they are known.

    Notes
    -----
    One more error falls into the first group or the second. So the probability grows by that of
    the last table outside times that of a further error in the first group, and falls by the
    probability of a table that the set loses. These steps are summed; sums of tails of their own
    would take far longer.
    """
    total = n1 + n0
    inside = np.arange(total + 1)
    mass = (step_masses(cuts, n1, n0) if below is None else below)[:-1]
    grown = np.diff(cuts)
    entering = mass * (n1 - cuts[:-1] + 1) / (total - inside[:-1])
    steps = entering * (1 - np.where(grown == 1, inside[1:] / cuts[:-1], 0.0))
    shares = np.concatenate([[0.0], np.cumsum(steps)])
    return np.where(cuts > np.minimum(n1, inside), 0.0, np.maximum(shares, 0.0))


def step_masses(cuts: Ints, n1: int, n0: int) -> Floats:
    """Return, for each total, the probability of one error less than `cuts` in the first group."""
    totals = np.arange(n1 + n0 + 1)
    below = cuts - 1
    possible = (below >= np.maximum(0, totals - n0)) & (below <= np.minimum(n1, totals))
    mass = np.zeros(totals.size)
    first, second = np.array(float(n1)), np.array(float(n0))
    mass[possible] = np.exp(
        log_mass(below[possible].astype(float), first, second, totals[possible].astype(float))
    )
    return mass


@dataclass(frozen=True, slots=True, eq=False)
class CommonRateCurve:
    """Probability of a set of tables at each common rate.

    The total of errors is binomial and says all about the rate, so the probability is the mean of
    the set's shares of the totals.

    Parameters
    ----------
    shares
        Probability of the set given each total.
    log_ways
        Log number of ways to each total, up to a constant.
    """

    shares: Floats
    log_ways: Floats

    @classmethod
    def of(cls, shares: Floats) -> "CommonRateCurve":
        """Return the curve of these shares."""
        from scipy.special import xlogy

        totals = np.arange(shares.size, dtype=float)
        others = totals[::-1]
        log_ways = -(
            xlogy(totals, totals / totals[-1])
            + xlogy(others, others / totals[-1])
            + log_factorial_rest(totals)
            + log_factorial_rest(others)
        )
        return cls(shares, log_ways)

    def sample(self, at: Floats) -> tuple[Floats, Floats]:
        """Return the probabilities and their slopes at sorted rates."""
        starts, ends = self._windows(at, at)
        parts: list[tuple[Floats, Floats]] = []
        for place in range(0, at.size, _TOGETHER):
            rows = slice(place, place + _TOGETHER)
            # neighbours share a stretch of totals, unless they lie far apart
            near = ends[rows].max() - starts[rows].min() <= 2 * np.max(ends[rows] - starts[rows])
            groups = [rows] if near else [slice(i, i + 1) for i in range(*rows.indices(at.size))]
            parts.extend(self._means(at[group], starts[group], ends[group]) for group in groups)
        values, slopes = zip(*parts, strict=True)
        return np.concatenate(values), np.concatenate(slopes)

    def ceiling(self, low: Floats, high: Floats) -> Floats:
        """Return the largest share of the totals that have a probability, and a trifle."""
        return self._ends(low, high)[1] + 2 * _BEYOND**2 * self.shares.max()

    def fourth(self, low: Floats, high: Floats, ceiling: Floats) -> Floats:
        """Return bounds of the fourth derivative.

        The fourth derivative is the covariance of the shares with a polynomial of the total whose
        variance is at most 24 times the fourth power of the information N / (rate (1 - rate))
        (Krawtchouk's fourth), so it is at most half the shares' spread times the root of that. It
        is also at most N^4 times a mean of fourth differences of the shares, which are at most 8
        times their spread; that serves near rates of 0 and 1.
        """
        del ceiling
        n = self.shares.size - 1
        least, most = self._ends(low, high)
        spread = most - least + 2 * _BEYOND * self.shares.max()
        with np.errstate(divide="ignore"):
            information = n / np.minimum(low * (1 - low), high * (1 - high))
        return spread * np.minimum(np.sqrt(6) * information**2, 8.0 * float(n) ** 4)

    def _ends(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Return the smallest and largest share of the totals that have a probability."""
        pairs = np.ravel(np.column_stack(self._windows(low, high)))
        padded = np.append(self.shares, self.shares[-1])
        return np.minimum.reduceat(padded, pairs)[::2], np.maximum.reduceat(padded, pairs)[::2]

    def _windows(self, low: Floats, high: Floats) -> tuple[Ints, Ints]:
        """Return the totals that have a probability somewhere between two rates."""
        n = self.shares.size - 1
        reach_low, reach_high = (
            _THIRD + np.sqrt(_THIRD**2 + 6 * _THIRD * n * rate * (1 - rate)) for rate in (low, high)
        )
        starts = np.clip(np.floor(n * low - reach_low), 0, n).astype(np.int64)
        ends = np.clip(np.ceil(n * high + reach_high), 0, n).astype(np.int64) + 1
        return starts, ends

    def _means(self, at: Floats, starts: Ints, ends: Ints) -> tuple[Floats, Floats]:
        start, end = int(starts.min()), int(ends.max())
        n = self.shares.size - 1
        rate, rest = np.maximum(at, _LEAST), np.maximum(1 - at, _LEAST)
        centre = np.clip(np.rint(n * at), start, end - 1).astype(np.int64)
        away = np.arange(start, end) - centre[:, None]
        logit = np.log(rate) - np.log(rest)
        ways = self.log_ways[start:end] - self.log_ways[centre][:, None]
        weights = np.exp(logit[:, None] * away + ways)
        total = weights.sum(axis=1)
        weights *= self.shares[start:end]
        value = weights.sum(axis=1) / total
        moment = np.einsum("ij,ij->i", weights, away) / total
        mean = np.where(at < rest, n * rate - centre, (n - centre) - n * rest)
        return value, (moment - value * mean) / (rate * rest)
