"""Roots of many continuous functions at once, each between two points where the sign differs."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["roots_between"]

Floats: TypeAlias = NDArray[np.float64]

_MOST_STEPS = 200
_PRECISION = 2 * float(np.finfo(np.float64).eps)
_TINY = float(np.finfo(np.float64).tiny)


def roots_between(function: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return one root of each function between `low` and `high`, to the last digits.

    Parameters
    ----------
    function
        Takes one point a function, returns their values; continuous.
    low, high
        Ends of the same shape. Where the values at both ends have the same sign there is no root,
        and the end with the smaller value is returned.

    Notes
    -----
    Chandrupatla's method: inverse quadratic interpolation where it is safe, else bisection.

    Source: T. R. Chandrupatla, Advances in Engineering Software 28 (1997) 145-149.

    Examples
    --------
    >>> roots_between(lambda x: x**2 - np.array([2.0, 3.0]), np.zeros(2), np.full(2, 2.0))
    array([1.41421356, 1.73205081])
    """
    newest, value = np.array(high, dtype=float), function(high)
    other, other_value = np.array(low, dtype=float), function(low)
    share = np.full(newest.shape, 0.5)
    for _ in range(_MOST_STEPS):
        best = np.where(np.abs(value) < np.abs(other_value), newest, other)
        width = other - newest
        with np.errstate(divide="ignore"):
            least = np.minimum((_PRECISION * np.abs(best) + _TINY) / np.abs(width), 0.5)
        open_ = (np.sign(value) * np.sign(other_value) < 0) & (least < 0.5)  # noqa: PLR2004 -- half
        if not open_.any():
            break
        point = np.where(open_, newest + np.clip(share, least, 1 - least) * width, newest)
        at_point = function(point)
        same = np.sign(at_point) == np.sign(value)
        third, third_value = np.where(same, newest, other), np.where(same, value, other_value)
        other, other_value = np.where(same, other, newest), np.where(same, other_value, value)
        newest, value = point, at_point
        share = _next_share(newest, other, third, value, other_value, third_value)
    return np.where(np.abs(value) <= np.abs(other_value), newest, other)


def _next_share(a: Floats, b: Floats, c: Floats, fa: Floats, fb: Floats, fc: Floats) -> Floats:
    """Return how far to go from `a` towards `b`."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        place, level = (a - b) / (c - b), (fa - fb) / (fc - fb)
        safe = (level**2 < place) & ((1 - level) ** 2 < 1 - place)
        step = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        return np.where(safe, step, 0.5)
