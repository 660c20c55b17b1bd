"""Where a profile log-likelihood has fallen to a level, by Newton's method on all parameters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from switchstats.inference.likelihood.climb import is_sure, outclassed
from switchstats.inference.likelihood.newton import Evaluate, Likelihood
from switchstats.inference.likelihood.stirling import Floats

__all__ = ["Level", "crossing"]

# Agreement of the root of the likelihood ratio, and what is left to gain in the other parameters.
_TOLERANCE = 1e-10
_GAIN = 1e-10
# What a last step may be expected to leave, when it is not looked at.
_LEFT = 1e-12
# Nearer than this the curvature need not be found again.
_CLOSE = 1e-3
_MOST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Level:
    """A root of the likelihood ratio that is looked for on one side of a maximum.

    Parameters
    ----------
    top
        The maximum.
    root
        Positive root of twice the fall from it.
    side
        1 above the estimate, -1 below.
    """

    top: float
    root: float
    side: int


@dataclass(frozen=True, slots=True)
class _Step:
    """What Newton's method sees at a point: how far off it is, and where it leads."""

    off: float
    reached: bool
    move: Floats


def crossing(
    evaluate: Evaluate,
    start: Floats,
    parameter: int,
    spreads: Sequence[int],
    level: Level,
) -> float | None:
    """Return where the profile reaches the level.

    Parameters
    ----------
    evaluate
        The log-likelihood; of its data sets the first is used.
    start
        All parameters, near what is looked for.
    parameter
        Place of the parameter that is profiled.
    spreads
        Places of the other spreads, which must lie clear of 0, or be no better there.
    level
        What is looked for.

    Returns
    -------
    float or None
        ``None`` where the method does not settle, or another maximum may lie higher: then the
        profile must be found number by number.

    Notes
    -----
    One system for all parameters: the log-likelihood equals the level, and its slopes in the others
    are 0. It takes as many steps as a single climb.

    Source: D. J. Venzon and S. H. Moolgavkar, Applied Statistics 37 (1988) 87-94.
    """
    at, last = start.copy(), math.inf
    hessian: Floats | None = None
    for _ in range(_MOST_STEPS):
        curved = hessian is None or last > _CLOSE
        found = evaluate(at[None], np.zeros(1, dtype=np.int64), curved=curved)
        if hessian is not None and not curved:
            found = Likelihood(found.value, found.gradient, hessian)
        hessian = found.hessian
        step = _step(at, found, parameter, level)
        if step is None:
            return None
        nearly = last < math.inf and step.off * (step.off / last) <= _LEFT
        if step.reached or nearly:
            if not _alone(evaluate, at, found, parameter, spreads):
                return None
            return float(at[parameter] + (0.0 if step.reached else step.move[parameter]))
        at, last = at + step.move, step.off
    return None


def _step(at: Floats, found: Likelihood, parameter: int, level: Level) -> _Step | None:
    """Return Newton's step, or ``None`` where the likelihood does not fall outward."""
    others = np.delete(np.arange(at.size), parameter)
    gradient, hessian = found.gradient[0], found.hessian[0]
    right = np.stack([gradient[others], hessian[others, parameter]], axis=1)
    solved = _solved(-hessian[np.ix_(others, others)], right)
    if solved is None:
        return None
    to_best, along = solved.T
    gain = 0.5 * float(gradient[others] @ to_best)
    slope = float(gradient[parameter] + hessian[others, parameter] @ to_best)
    bend = float(hessian[parameter, parameter] + hessian[others, parameter] @ along)
    value = float(found.value[0]) + gain
    over = value - level.top + 0.5 * level.root**2
    inside = slope * slope - 2 * bend * over
    if slope * level.side >= 0 or inside < 0:
        return None
    outward = -2 * over / (slope + math.copysign(math.sqrt(inside), slope))
    move = np.empty(at.size)
    move[parameter], move[others] = outward, to_best + along * outward
    miss = abs(level.root - math.sqrt(max(2 * (level.top - value), 0.0)))
    return _Step(miss + gain, miss <= _TOLERANCE and gain <= _GAIN, move)


def _solved(curvature: Floats, right: Floats) -> Floats | None:
    """Return the solution of a positive definite system; ``None`` if it is not."""
    if not curvature.size:
        return right
    scale = np.sqrt(np.abs(np.diagonal(curvature)))
    scale[scale == 0] = 1.0
    values, vectors = np.linalg.eigh(curvature / np.outer(scale, scale))
    if values[0] <= 0:
        return None
    return (vectors / values @ (vectors.T @ (right / scale[:, None]))) / scale[:, None]


def _alone(
    evaluate: Evaluate, at: Floats, found: Likelihood, parameter: int, spreads: Sequence[int]
) -> bool:
    """Return whether no maximum without spread may lie as high as this one."""
    one = np.zeros(1, dtype=np.int64)
    for spread in spreads:
        if is_sure(found, at[None], spread)[0]:
            continue
        flat = at[None].copy()
        flat[0, spread] = 0.0
        there = evaluate(flat, one, curved=False)
        others = [place for place in range(at.size) if place not in (parameter, spread)]
        rest = [place for place in spreads if place != spread]
        if not outclassed(found, at[None], there, others, rest)[0]:
            return False
    return True
