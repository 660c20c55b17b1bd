"""The higher of two maxima: likelihoods of sparse counts may have one without any spread."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.likelihood.newton import Evaluate, Likelihood, Maximum, maximise
from switchstats.inference.likelihood.stirling import Floats

__all__ = ["NO_SPREAD", "highest", "is_sure", "outclassed"]

# A spread of at most this is none.
NO_SPREAD = 1e-5
# Above the likelihood without spread by this much, a maximum has no rival there; and above that
# with a wide spread by this much, none there.
_SAFE = 5.0
_FAR = 10.0
# Two maxima no farther apart are one.
_SAME = 1e-9
# What another climb may gain, against what the curvature promises, and the most that is believed.
_DOUBT = 3.0
_PROMISE = 0.2
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
        sure = is_sure(found.likelihood, found.at, spread)
        flat = found.at.copy()
        flat[:, spread] = 0.0
        left = np.flatnonzero(~sure & (found.at[:, spread] != 0))
        others = [place for place in free if place != spread]
        rest = [place for place in spreads if place in others]
        rivals = _rivals(evaluate, found, left, flat, _SAFE, (others, rest))
        found = _better(evaluate, found, rivals, flat, others)
    return found


def is_sure(likelihood: Likelihood, at: Floats, spread: int) -> NDArray[np.bool_]:
    """Return where a spread is so far from 0 that no other maximum is there."""
    curvature = likelihood.hessian[:, spread, spread]
    return -0.5 * curvature * at[:, spread] ** 2 > 2 * _SAFE


def outclassed(
    found: Likelihood,
    at: Floats,
    flat: Likelihood,
    others: Sequence[int],
    spreads: Sequence[int],
) -> NDArray[np.bool_]:
    """Return where a climb without a spread cannot come as high as what was found.

    Parameters
    ----------
    found, at
        The maximum with that spread.
    flat
        The likelihood without it, the others as they are.
    others
        Parameters that the other climb may move.
    spreads
        Those of them that are spreads; where one is not sure, nothing is.
    """
    columns = np.array(others, dtype=np.int64)
    clear = np.ones(len(at), dtype=bool)
    for spread in spreads:
        clear &= is_sure(found, at, spread)
    promise = np.zeros(len(at))
    if columns.size:
        values, vectors = np.linalg.eigh(-found.hessian[:, columns[:, None], columns])
        clear &= values[:, 0] > 0
        along = np.einsum("dij,di->dj", vectors, flat.gradient[:, columns])
        promise = 0.5 * (along**2 / np.where(values > 0, values, 1.0)).sum(axis=1)
    most = flat.value + _DOUBT * promise
    return clear & (promise <= _PROMISE) & (most < found.value - _SAME)


def _rivals(
    evaluate: Evaluate,
    found: Maximum,
    some: NDArray[np.int64],
    start: Floats,
    depth: float,
    parameters: tuple[Sequence[int], Sequence[int]] | None = None,
) -> NDArray[np.int64]:
    """Return those data sets whose other start may lead as high as the maximum found.

    It lies at most `depth` below, and is not `outclassed` where the parameters, and the spreads
    among them, are given.
    """
    if not some.size:
        return some
    there = evaluate(start[some], some, curved=False)
    old = found.likelihood
    near = there.value >= old.value[some] - depth
    if parameters is not None:
        here = Likelihood(old.value[some], old.gradient[some], old.hessian[some])
        near &= ~outclassed(here, found.at[some], there, *parameters)
    return some[near]


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
