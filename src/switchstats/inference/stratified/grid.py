"""Sums of noncentral hypergeometric counts over strata, on grids that lose nothing."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.samples import Floats
from switchstats.inference.stratified.log_mass import log_mass
from switchstats.inference.stratified.margins import Margins

__all__ = ["Block", "Complexes", "Grid", "reach_of"]

Complexes = NDArray[np.complex128]

# Every noncentral hypergeometric count is a sum of independent Bernoullis (V. A. Vatutin and V. G.
# Mikhailov, Theory of Probability and its Applications 27 (1982) 734-743). With variance v it lies
# farther than `reach_of(v)` from its mean with probability exp(-39) (Bernstein), and its
# characteristic function is at most exp(-v (1 - cos t)).
_NEGLIGIBLE = 39.0
# Summing every h-th point instead of all adds the characteristic function at 2 pi / h - t to that
# at t. Both are negligible when t is beyond 8.8 standard errors of the sum and 2 pi / h - t beyond
# 8.8 of the stratum, so when h (1 / sd + 1 / sd of the sum) is below 2 pi / 8.8 = 0.71.
_COARSEST = 0.55
# No standard deviation falls below 0.78 of itself when the log odds ratio moves by so much, which
# is what the step leaves room for.
_FARTHEST = 0.5
_DEVIATIONS = 10.0
# A narrow sum of strata with at most so many values each has all of them on its grid, which then
# serves any log odds ratio.
_KEPT_WHOLE = 500
_MANY = 100


def reach_of(variance: Floats) -> Floats:
    """Return how far a sum of Bernoullis may lie from its mean with a probability that counts."""
    third = _NEGLIGIBLE / 3
    return third + np.sqrt(third**2 + 2 * _NEGLIGIBLE * variance)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Strata that share a step.

    Parameters
    ----------
    step, place
        The grid is `step` times `place`, shape (places,), from the centre.
    centre
        Of each stratum: a number of errors, less the observed.
    log_mass
        Shape (strata, places): logs of the masses there without a tilt.
    """

    step: float
    place: Floats
    centre: Floats
    log_mass: Floats

    @property
    def offset(self) -> Floats:
        """Errors of the first group, less the observed, shape (strata, places)."""
        return self.centre[:, None] + self.step * self.place


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where the strata's counts lie at log odds ratios near `tilt`.

    Parameters
    ----------
    tilt
        A log odds ratio.
    blocks
        The strata, those with the same step together.
    width
        How far from `tilt` a log odds ratio may be.
    """

    tilt: float
    blocks: tuple[Block, ...]
    width: float

    @classmethod
    def at(cls, margins: Margins, tilt: float) -> "Grid":
        """Lay the grid for a log odds ratio and its neighbours."""
        mean, variance = margins.approximate(tilt)
        deviation = math.sqrt(float(variance.sum())) or 1.0
        values = margins.high - margins.low
        if deviation < _DEVIATIONS / _FARTHEST and values.max() <= _KEPT_WHOLE:
            return cls(tilt, (_block(margins, 1.0, mean, values),), math.inf)
        width = min(_FARTHEST, _DEVIATIONS / deviation)
        reach = reach_of(variance) + variance * math.expm1(width) + 2
        finest = np.sqrt(variance) * deviation / (np.sqrt(variance) + deviation)
        step = _rounded_down(_COARSEST * finest)
        blocks = tuple(
            _block(margins.part(step == one), float(one), mean[step == one], reach[step == one])
            for one in np.unique(step)
        )
        return cls(tilt, blocks, width)

    def covers(self, tilt: float) -> bool:
        """Whether sums at this log odds ratio are still exact."""
        return abs(tilt - self.tilt) <= self.width

    def log_total(self, tilt: float) -> float:
        """Return the log of the sum of all masses at a log odds ratio."""
        log_total = 0.0
        for block in self.blocks:
            log_mass = block.log_mass + tilt * block.offset
            largest = log_mass.max(axis=1)
            total = np.exp(log_mass - largest[:, None]).sum(axis=1)
            log_total += float(np.sum(largest + np.log(block.step * total)))
        return log_total

    def cumulants(self, tilt: float) -> tuple[float, float, float]:
        """Return the log of the total mass, the mean and the variance of the sum of all strata."""
        log_total = mean = variance = 0.0
        for block, log_sum, mass in self.tilted(tilt):
            offset = block.offset
            means = (mass * offset).sum(axis=1)
            log_total += float(log_sum.sum())
            mean += float(means.sum())
            variance += float((mass * (offset - means[:, None]) ** 2).sum())
        return log_total, mean, variance

    def characteristic(self, tilt: float, frequencies: Floats) -> Complexes:
        """Return the characteristic function of the sum of all strata."""
        product = np.ones(frequencies.size, dtype=np.complex128)
        for block, _, mass in self.tilted(tilt):
            angles = np.outer(block.step * block.place, frequencies)
            product *= np.prod(mass @ np.cos(angles) + 1j * (mass @ np.sin(angles)), axis=0)
            product *= np.exp(1j * frequencies * block.centre.sum())
        return product

    def tilted(self, tilt: float) -> Iterator[tuple[Block, Floats, Floats]]:
        """Return each block, the logs of its strata's total masses, and the shares of them."""
        for block in self.blocks:
            log_mass = block.log_mass + tilt * block.offset
            largest = log_mass.max(axis=1)
            mass = np.exp(log_mass - largest[:, None])
            total = mass.sum(axis=1)
            yield block, largest + np.log(block.step * total), mass / total[:, None]


def _block(margins: Margins, step: float, mean: Floats, reach: Floats) -> Block:
    centre = np.round(mean)
    low = np.maximum(margins.low - centre, -reach)
    high = np.minimum(margins.high - centre, reach)
    place = np.arange(math.ceil(float(low.min()) / step), float(high.max()) // step + 1)
    offset = centre[:, None] + step * place
    inside = (offset >= margins.low[:, None]) & (offset <= margins.high[:, None])
    mass = np.where(inside, log_mass(margins, np.where(inside, offset, 0.0)), -np.inf)
    return Block(step, place, centre, mass)


def _rounded_down(step: Floats) -> Floats:
    """Return whole steps of one or three binary digits, so that enough strata share one."""
    whole = np.maximum(np.floor(step), 1.0)
    digits = 3 if step.size > _MANY else 1
    unit = 2 ** np.maximum(np.floor(np.log2(whole)) - (digits - 1), 0)
    return np.floor(whole / unit) * unit
