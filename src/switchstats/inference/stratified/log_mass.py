"""Hypergeometric masses relative to the observed table, quickly and without losing digits."""

import math
from functools import cache

import numpy as np

from switchstats.inference.samples import Floats
from switchstats.inference.stratified.margins import Margins

__all__ = ["log_mass"]

# Stirling's series of the log gamma function beyond (z - 1/2) log z - z + log(2 pi) / 2, good to
# 1e-16 from 16 on; two terms are as good beyond the table.
_SERIES = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)
_SERIES_FROM, _TABLED = 16, 4096


def log_mass(margins: Margins, offset: Floats) -> Floats:
    """Return the log mass of the observed errors plus an offset, less that of the observed.

    Parameters
    ----------
    margins
        Of the strata.
    offset
        Shape (strata, places); within what the margins allow.
    """
    mass = np.zeros_like(offset)
    slope = np.zeros((offset.shape[0], 1))
    for cell, sign in zip(margins.cells, (1.0, -1.0, -1.0, 1.0), strict=True):
        z = cell[:, None] + 1
        moved = sign * offset
        slope += sign * np.log(z)
        mass -= (z + moved - 0.5) * np.log1p(moved / z) - moved
        mass -= _beyond_stirling(z + moved) - _beyond_stirling(z)
    return mass - slope * offset


def _beyond_stirling(z: Floats) -> Floats:
    inverse = 1 / np.maximum(z, _TABLED)
    tabled = _table()[np.minimum(z, _TABLED).astype(np.int64)]
    return np.where(z < _TABLED, tabled, (_SERIES[0] + _SERIES[1] * inverse**2) * inverse)


@cache
def _table() -> Floats:
    """Return what Stirling's formula lacks at 0 (which does not occur), 1, 2, ..."""
    z = np.arange(1.0, _TABLED + 1)
    series = np.zeros_like(z)
    for power, term in enumerate(_SERIES):
        series += term * z ** -(2.0 * power + 1)
    exact = np.array(
        [
            math.lgamma(one) - (one - 0.5) * math.log(one) + one - 0.5 * math.log(2 * math.pi)
            for one in range(1, _SERIES_FROM + 1)
        ]
    )
    return np.concatenate([np.zeros(1), exact, series[_SERIES_FROM:]])
