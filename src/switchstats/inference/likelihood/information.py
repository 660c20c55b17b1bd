"""How well parameters are known: the inverse of the observed information."""

from collections.abc import Sequence

import numpy as np

from switchstats.inference.likelihood.newton import Evaluate
from switchstats.inference.likelihood.stirling import Floats

__all__ = ["covariance_at"]

# Step of the differences, in standard errors of a parameter with the others known.
_STEP = 1e-3


def covariance_at(evaluate: Evaluate, at: Floats, free: Sequence[int]) -> Floats | None:
    """Return the covariance of one data set's estimates by central differences of the gradient.

    Parameters
    ----------
    evaluate
        The log-likelihood.
    at
        The estimates.
    free
        Places of the parameters that were estimated; the others' rows and columns are 0.

    Returns
    -------
    ndarray or None
        ``None`` where the log-likelihood is flat in some direction.
    """
    columns = np.array(free, dtype=np.int64)
    here = evaluate(at[None], np.zeros(1, dtype=np.int64))
    curvature = np.abs(np.diagonal(here.hessian[0]))[columns]
    if not np.all(curvature > 0):
        return None
    steps = np.zeros((columns.size, at.size))
    steps[range(columns.size), columns] = _STEP / np.sqrt(curvature)
    around = np.concatenate([at + steps, at - steps])
    found = evaluate(around, np.zeros(len(around), dtype=np.int64), curved=False)
    gradient = found.gradient[:, columns]
    slopes = (gradient[columns.size :] - gradient[: columns.size]) / (2 * _STEP)
    scaled = slopes / np.sqrt(curvature)
    values, vectors = np.linalg.eigh((scaled + scaled.T) / 2)
    if values[0] <= 0:
        return None
    inverse = (vectors / values) @ vectors.T / np.sqrt(np.outer(curvature, curvature))
    covariance = np.zeros((at.size, at.size))
    covariance[np.ix_(columns, columns)] = inverse
    return covariance
