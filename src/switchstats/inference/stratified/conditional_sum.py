"""The first group's errors given the margins of every stratum: masses and tails as small as any."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.inference.stratified.grid import Complexes, reach_of
from switchstats.inference.stratified.margins import Margins
from switchstats.inference.stratified.series import Near, near

__all__ = ["Around", "ConditionalSum", "Side"]

Side = Literal[-1, 1]

_NEGLIGIBLE = 40.0
_LARGEST_TILT = 300.0
_LARGEST_STEP = 2.0
_LEAST_VARIANCE = 1e-300
_MOST_STEPS = 200
# Newton's last step squares the error: after a step of so many standard errors nothing is left.
_CONVERGED = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class ConditionalSum:
    """All values that the first group's errors could take, counted from the observed number.

    Parameters
    ----------
    margins
        Of the strata that can tell the groups apart.
    low, high
        Least and greatest value.
    tilt
        Log odds ratio at which the observed number is expected: the conditional maximum-likelihood
        estimate, unless the observed number is the least or the greatest.
    grid
        The strata's distributions near it.
    """

    margins: Margins
    low: int
    high: int
    tilt: float
    grid: Near

    @classmethod
    def of(cls, tables: Ints) -> "ConditionalSum":
        """Return the sum for tables (e1, n1, e0, n0) of shape (strata, 4), some of which vary."""
        margins = Margins.of(tables)
        low, high = int(margins.low.sum()), int(margins.high.sum())
        mean = min(max(0.0, low + 0.5), high - 0.5)
        grid = near(margins, _approximate_tilt(margins, mean))
        return cls(margins, low, high, _exact_tilt(margins, grid, mean), grid)

    def log_total(self, tilt: float) -> float:
        """Return the log of the sum of all masses, each times exp(tilt * value)."""
        return self.near(tilt).log_total(tilt)

    def near(self, tilt: float) -> Near:
        """Return what is exact at this log odds ratio."""
        return self.grid if self.grid.covers(tilt) else near(self.margins, tilt)

    def centred(self, tilt: float) -> "ConditionalSum":
        """Return the same, ready for many sums at this log odds ratio."""
        return replace(self, grid=self.near(tilt))

    def around(self, value: int) -> "Around":
        """Return the masses near a value."""
        tilt = self.tilt
        if value:
            inside = min(max(float(value), self.low + 0.5), self.high - 0.5)
            tilt = _approximate_tilt(self.margins, inside)
        grid = self.near(tilt)
        log_total, mean, variance = grid.cumulants(tilt)
        reach = math.ceil(float(reach_of(np.asarray(variance))) + abs(value - mean)) + 2
        below, above = min(value - self.low, reach), min(self.high - value, reach)
        frequencies = _frequencies(below + above + 1, variance)
        weight = np.where((frequencies > 0) & (frequencies < math.pi), 2.0, 1.0)
        waves = grid.characteristic(tilt, frequencies) * np.exp(-1j * frequencies * value)
        coefficients = weight * waves / (below + above + 1)
        return Around(
            value, tilt, log_total, math.sqrt(variance), (below, above), frequencies, coefficients
        )


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """Masses near `value`, as a short Fourier sum at that log odds ratio which makes it likely.

    Parameters
    ----------
    value
        Errors of the first group, less the observed.
    tilt, log_total
        That log odds ratio, and the log of all masses there.
    deviation
        Standard deviation there: masses are good to some five of them.
    room
        How many values there are below and above within reach.
    frequencies, coefficients
        The terms of the sum.
    """

    value: int
    tilt: float
    log_total: float
    deviation: float
    room: tuple[int, int]
    frequencies: Floats
    coefficients: Complexes

    def log_mass(self, value: int) -> float:
        """Return the log mass of a value, without a tilt."""
        turned = np.exp(-1j * self.frequencies * (value - self.value))
        mass = float((self.coefficients * turned).real.sum())
        return math.log(mass) - self.tilt * value + self.log_total

    def log_tail(self, side: Side, value: int, tilt: float) -> float:
        """Return the log mass of the value and all beyond it on one side, at a log odds ratio.

        Exact while the tilt makes values beyond less likely than they are here.
        """
        shift = value - self.value
        room = self.room[side > 0] - side * shift
        power = side * ((tilt - self.tilt) - 1j * self.frequencies)
        turned = self.coefficients * np.exp(-1j * self.frequencies * shift)
        with np.errstate(invalid="ignore"):
            ratio = np.expm1(power * (room + 1)) / np.expm1(power)
        series = np.where(power == 0, room + 1, ratio)
        mass = float((turned * series).real.sum())
        return math.log(mass) + (tilt - self.tilt) * value + self.log_total


def _frequencies(n: int, variance: float) -> Floats:
    """Return those multiples of 2 pi / n at which anything is left."""
    enough = _NEGLIGIBLE / max(variance, _NEGLIGIBLE / 2)
    last = math.acos(1 - enough)
    step = 2 * math.pi / n
    return step * np.arange(min(n // 2, math.ceil(last / step)) + 1.0)


def _approximate_tilt(margins: Margins, mean: float) -> float:
    """Return the log odds ratio at which Cornfield's approximation has this mean."""

    def moments(tilt: float) -> tuple[float, float]:
        means, variances = margins.approximate(tilt)
        return float(means.sum()), float(variances.sum())

    return _solve(moments, mean, 0.0)


def _exact_tilt(margins: Margins, grid: Near, mean: float) -> float:
    """Return the log odds ratio at which the sum has this mean."""

    def moments(tilt: float) -> tuple[float, float]:
        here = grid if grid.covers(tilt) else near(margins, tilt)
        return here.cumulants(tilt)[1:]

    return _solve(moments, mean, grid.tilt)


def _solve(moments: Callable[[float], tuple[float, float]], mean: float, tilt: float) -> float:
    """Newton's steps to the tilt with this mean; the slope of the mean is the variance."""
    low, high = -_LARGEST_TILT, _LARGEST_TILT
    for _ in range(_MOST_STEPS):
        expected, variance = moments(tilt)
        low, high = (tilt, high) if expected < mean else (low, tilt)
        step = (mean - expected) / max(variance, _LEAST_VARIANCE)
        if abs(step) * math.sqrt(variance) < _CONVERGED:
            return tilt + step
        ahead = tilt + max(-_LARGEST_STEP, min(_LARGEST_STEP, step))
        tilt = ahead if low < ahead < high else (low + high) / 2
    return tilt
