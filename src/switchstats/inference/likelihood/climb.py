"""The higher of two maxima: likelihoods of sparse counts may have one without any spread."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.likelihood.newton import Evaluate, Likelihood, Maximum, maximise
from switchstats.inference.likelihood.stirling import Floats

__all__ = ["NO_SPREAD", "highest"]

# A spread of at most this is none.
NO_SPREAD = 1e-5
# Above the likelihood without spread by this much, a maximum has no rival there; and above that
# with a wide spread by this much, none there.
_SAFE = 5.0
_FAR = 10.0
# Two maxima no farther apart are one.
_SAME = 1e-9
# Where a second climb starts that ended without spread at first.
_WIDE = 0.6


def highest(
    evaluate: Evaluate, start: Floats, free: Sequence[int], spreads: Sequence[int]
) -> Maximum:
    """Climb from each start; where the spread is in doubt, from another spread too.

    A climb that ended with some spread is set against the best without any, one that ended without
    against a climb from a wide spread.

    Parameters
    ----------
    evaluate, start, free
        As for `maximise`.
    spreads
        Parameters that are a spread or a standard deviation; set to 0 where the data show none.
    """
    found = maximise(evaluate, start, free)
    for spread in spreads:
        if spread not in free:
            continue
        ended = np.flatnonzero(np.abs(found.at[:, spread]) <= NO_SPREAD)
        found.at[ended, spread] = 0.0
        wide = found.at.copy()
        wide[:, spread] = _WIDE
        rivals = _rivals(evaluate, found, ended, wide, _FAR)
        found = _better(evaluate, found, rivals, wide, free)
        curvature = found.likelihood.hessian[:, spread, spread]
        sure = -0.5 * curvature * found.at[:, spread] ** 2 > 2 * _SAFE
        flat = found.at.copy()
        flat[:, spread] = 0.0
        left = np.flatnonzero(~sure & (found.at[:, spread] != 0))
        rivals = _rivals(evaluate, found, left, flat, _SAFE)
        others = [place for place in free if place != spread]
        found = _better(evaluate, found, rivals, flat, others)
    return found


def _rivals(
    evaluate: Evaluate, found: Maximum, some: NDArray[np.int64], start: Floats, depth: float
) -> NDArray[np.int64]:
    """Return those data sets whose other start lies at most so much below the maximum found."""
    if not some.size:
        return some
    level = evaluate(start[some], some, curved=False).value
    return some[level >= found.likelihood.value[some] - depth]


def _better(
    evaluate: Evaluate,
    found: Maximum,
    some: NDArray[np.int64],
    start: Floats,
    free: Sequence[int],
) -> Maximum:
    """Return `found` with the outcome of another climb where that is not lower."""
    if not some.size:
        return found

    def of_some(at: Floats, which: NDArray[np.int64], *, curved: bool = True) -> Likelihood:
        return evaluate(at, some[which], curved=curved)

    other = maximise(of_some, start[some], free)
    kept, old = other.likelihood, found.likelihood
    rises = kept.value >= old.value[some] - _SAME
    at, reached = found.at.copy(), found.reached.copy()
    value, gradient, hessian = old.value.copy(), old.gradient.copy(), old.hessian.copy()
    places = some[rises]
    at[places], reached[places] = other.at[rises], other.reached[rises]
    value[places], gradient[places] = kept.value[rises], kept.gradient[rises]
    hessian[places] = kept.hessian[rises]
    return Maximum(at, Likelihood(value, gradient, hessian), reached)
