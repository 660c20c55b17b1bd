"""The cumulant generating function of a wide sum as a power series."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.samples import Floats
from switchstats.inference.stratified.grid import Complexes, Grid
from switchstats.inference.stratified.margins import Margins

__all__ = ["Near", "Series", "near"]

# The series converges within pi. So many terms of it are exact for sums of at least this standard
# deviation of which no stratum has a larger share.
_ORDER = 14
_WIDE, _SHARE = 100.0, 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The cumulant generating function near `tilt`, by its Taylor coefficients there.

    Parameters
    ----------
    tilt
        A log odds ratio.
    width
        How far from `tilt` a log odds ratio may be.
    coefficients
        From the constant on: the log of the total mass, the mean, half the variance, ...
    """

    tilt: float
    width: float
    coefficients: Floats

    def covers(self, tilt: float) -> bool:
        """Whether the series is exact at this log odds ratio."""
        return abs(tilt - self.tilt) <= self.width

    def log_total(self, tilt: float) -> float:
        """Return the log of the sum of all masses at a log odds ratio."""
        return float(_polynomial(self.coefficients, np.asarray(tilt - self.tilt)).real)

    def cumulants(self, tilt: float) -> tuple[float, float, float]:
        """Return the log of the total mass, the mean and the variance of the sum of all strata."""
        order = np.arange(self.coefficients.size)
        slope = (self.coefficients * order)[1:]
        curvature = (slope * order[:-1])[1:]
        ahead = tilt - self.tilt
        total, mean, variance = (
            float(_polynomial(part, np.asarray(ahead)).real)
            for part in (self.coefficients, slope, curvature)
        )
        return total, mean, variance

    def characteristic(self, tilt: float, frequencies: Floats) -> Complexes:
        """Return the characteristic function of the sum of all strata."""
        ahead = _polynomial(self.coefficients, 1j * frequencies + (tilt - self.tilt))
        return np.exp(ahead - self.log_total(tilt))


Near = Grid | Series


def near(margins: Margins, tilt: float) -> Near:
    """Return what gives the sum's masses near a log odds ratio: the series where it is exact."""
    grid = Grid.at(margins, tilt)
    _, mean, variance = grid.cumulants(tilt)
    if variance < _WIDE**2:
        return grid
    cumulants = np.zeros(_ORDER + 1)
    for block, log_total, mass in grid.tilted(tilt):
        moments = _central_moments(block.offset, mass)
        if float(moments[2].max()) > _SHARE**2 * variance:
            return grid
        cumulants += _cumulants(moments).sum(axis=1)
        cumulants[0] += log_total.sum()
    cumulants[1] = mean
    factorials = np.cumprod(np.maximum(np.arange(_ORDER + 1.0), 1.0))
    return Series(tilt, grid.width, cumulants / factorials)


def _polynomial(coefficients: Floats, at: NDArray[np.inexact]) -> Complexes:
    value = np.zeros(at.shape, dtype=np.complex128)
    for coefficient in coefficients[::-1]:
        value = value * at + coefficient
    return value


def _central_moments(offset: Floats, mass: Floats) -> Floats:
    """Return the central moments of each row, shape (order, rows)."""
    centred = offset - (mass * offset).sum(axis=1, keepdims=True)
    moments = [mass.sum(axis=1), np.zeros(mass.shape[0])]
    power = mass * centred
    for _ in range(2, _ORDER + 1):
        power = power * centred
        moments.append(power.sum(axis=1))
    return np.array(moments)


def _cumulants(moments: Floats) -> Floats:
    """Return the cumulants of these central moments, from the second on."""
    cumulants = np.zeros_like(moments)
    for n in range(2, _ORDER + 1):
        cumulants[n] = moments[n]
        for m in range(2, n - 1):
            cumulants[n] -= math.comb(n - 1, m - 1) * cumulants[m] * moments[n - m]
    return cumulants
