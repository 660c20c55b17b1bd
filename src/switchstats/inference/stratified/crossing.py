"""Where a falling function of a log odds ratio crosses zero."""

import math
from collections.abc import Callable
from functools import cache

__all__ = ["crossing", "root"]

_LARGEST_TILT = 300.0
_PRECISION = 1e-14
# The first step goes a little farther than the root is expected.
_BEYOND, _LEAST = 1.1, 1e-6


def crossing(falling: Callable[[float], float], guess: float, deviation: float) -> float:
    """Return where a function of the log odds ratio falls below zero; infinite where nowhere.

    Parameters
    ----------
    falling
        In units of normal quantiles.
    guess
        About where.
    deviation
        Of the sum; the function falls about as steeply.
    """
    known = cache(falling)
    place = max(-_LARGEST_TILT, min(_LARGEST_TILT, guess))
    value = known(place)
    ahead = math.copysign(1.0, value)
    stride = (_BEYOND * abs(value) + _LEAST) / deviation
    while True:
        far = max(-_LARGEST_TILT, min(_LARGEST_TILT, place + ahead * stride))
        if ahead * known(far) <= 0:
            return root(known, place, far)
        if abs(far) == _LARGEST_TILT:
            return ahead * math.inf
        place, stride = far, 2 * stride


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return the root of a function whose values at both ends differ in sign."""
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=_PRECISION))
