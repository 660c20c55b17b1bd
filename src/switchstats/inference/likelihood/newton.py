"""Newton's method on many log-likelihoods at once, each climbing on its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.likelihood.stirling import Floats

__all__ = ["Evaluate", "Likelihood", "Maximum", "maximise"]

# Half the squared distance to the maximum, in standard errors, at which it counts as reached.
_REACHED = 1e-14
# Where the value no longer rises, or slowly, this distance is accepted too.
_NEAR = 1e-9
# Rounding of a sum of many cells, against its size.
_NOISE = 1e-13
# Nearer than this, and coming nearer so fast, the curvature need not be found again.
_CLOSE = 1e-2
_FAST = 1e-2
_MOST_STEPS = 100
_MOST_HALVINGS = 40
# Longest move of one parameter in one step, in log-odds or spread, unless it is larger itself.
_LONGEST = 2.0
# Share of the expected gain that a step must bring.
_GAIN = 1e-4
# Least curvature in any direction, against that along the axes.
_FLATTEST = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """Log-likelihoods at one point each.

    Parameters
    ----------
    value
        Shape (data sets,).
    gradient
        Shape (data sets, parameters).
    hessian
        Shape (data sets, parameters, parameters); may be approximate.
    """

    value: Floats
    gradient: Floats
    hessian: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where log-likelihoods are largest.

    Parameters
    ----------
    at
        Shape (data sets, parameters).
    likelihood
        There.
    reached
        Whether each climb ended at a maximum.
    """

    at: Floats
    likelihood: Likelihood
    reached: NDArray[np.bool_]


class Evaluate(Protocol):
    """A log-likelihood of many data sets."""

    def __call__(self, at: Floats, which: NDArray[np.int64], *, curved: bool = True) -> Likelihood:
        """Return it at one point for each of some data sets, whose places are `which`.

        Unless `curved`, the Hessian is not needed and may be anything.
        """
        ...


def maximise(evaluate: Evaluate, start: Floats, free: Sequence[int]) -> Maximum:
    """Climb from each start along the free parameters.

    Steps are Newton's, with the absolute values of the curvatures, so that they lead away from
    saddles and minima, and are halved until the value rises.

    Parameters
    ----------
    evaluate
        The log-likelihood with its derivatives.
    start
        Shape (data sets, parameters).
    free
        Parameters that may move, one at least; the others stay at their start.
    """
    at = np.array(start, dtype=np.float64)
    columns = np.array(free, dtype=np.int64)
    found = evaluate(at, np.arange(len(at)))
    value, gradient, hessian = (
        part.copy() for part in (found.value, found.gradient, found.hessian)
    )
    reached = np.zeros(len(at), dtype=bool)
    climbing = np.arange(len(at))
    last = np.zeros(len(at))
    for _ in range(_MOST_STEPS):
        here = at[climbing][:, columns]
        step, gain = _steps(here, gradient[climbing][:, columns], hessian[climbing], columns)
        arrived = gain <= _REACHED
        reached[climbing[arrived]] = True
        climbing, step, gain = climbing[~arrived], step[~arrived], gain[~arrived]
        if not climbing.size:
            break
        settled = (gain < _CLOSE) & (gain < _FAST * last[climbing])
        last[climbing] = gain
        state = (at, value, gradient, hessian)
        stuck = _climb(evaluate, state, climbing, columns, step, gain, curved=not settled.all())
        reached[climbing] = gain <= _NEAR
        climbing = climbing[~stuck]
    return Maximum(at, Likelihood(value, gradient, hessian), reached)


def _steps(
    here: Floats, gradient: Floats, hessian: Floats, columns: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return Newton's steps and twice the gain that they promise."""
    curvature = -hessian[:, columns[:, None], columns]
    scale = np.sqrt(np.abs(np.einsum("dii->di", curvature)))
    scale[scale == 0] = 1.0
    values, vectors = np.linalg.eigh(curvature / (scale[:, :, None] * scale[:, None, :]))
    along = np.einsum("dij,di->dj", vectors, gradient / scale)
    along /= np.maximum(np.abs(values), _FLATTEST)
    step = np.einsum("dij,dj->di", vectors, along) / scale
    longest = (np.abs(step) / np.maximum(np.abs(here), _LONGEST)).max(axis=1)
    step /= np.maximum(longest, 1.0)[:, None]
    return step, np.einsum("di,di->d", step, gradient)


def _climb(
    evaluate: Evaluate,
    state: tuple[Floats, Floats, Floats, Floats],
    climbing: NDArray[np.int64],
    columns: NDArray[np.int64],
    step: Floats,
    gain: Floats,
    *,
    curved: bool,
) -> NDArray[np.bool_]:
    """Move each data set along its step, halved as often as needed; say which could not rise."""
    at, value, gradient, hessian = state
    waiting = np.arange(climbing.size)
    share = 1.0
    for _ in range(_MOST_HALVINGS):
        which = climbing[waiting]
        tried = at[which]
        tried[:, columns] += share * step[waiting]
        found = evaluate(tried, which, curved=curved)
        needed = value[which] + _GAIN * share * gain[waiting] - _NOISE * (1 + np.abs(value[which]))
        rises = found.value >= needed
        moved = which[rises]
        at[moved], value[moved] = tried[rises], found.value[rises]
        gradient[moved] = found.gradient[rises]
        if curved:
            hessian[moved] = found.hessian[rises]
        waiting = waiting[~rises]
        if not waiting.size:
            break
        share /= 2
    stuck = np.zeros(climbing.size, dtype=bool)
    stuck[waiting] = True
    return stuck
