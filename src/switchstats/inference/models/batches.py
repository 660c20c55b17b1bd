"""Likelihood-ratio p-values of many data sets that share their retailers."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.inference.likelihood.climb import highest
from switchstats.inference.likelihood.newton import Evaluate
from switchstats.inference.likelihood.ratio import Reference, p_values_of_ratios

__all__ = ["ModelOf", "ratio_p_values"]

Floats = NDArray[np.float64]
# Takes errors and requests of shape (data sets, retailers) and a design; returns the
# log-likelihood and where climbs start.
ModelOf: TypeAlias = Callable[[Floats, Floats, Floats], tuple[Evaluate, Floats]]

_EFFECT = 1
_LEAST_RETAILERS = 3


def ratio_p_values(
    errors: ArrayLike,
    requests: ArrayLike,
    first: ArrayLike,
    model_of: ModelOf,
    *,
    block: int,
    least: int,
    reference: Reference,
) -> Floats:
    """Return two-sided p-values of no difference, NaN where the test is undefined.

    Parameters
    ----------
    errors, requests
        Shape (..., retailers); retailers without requests say nothing.
    first
        Whether each retailer belongs to the first group, shape (retailers,).
    model_of
        The model; coefficients first, an intercept and the groups' difference.
    block
        Cells that are worked on at once.
    least
        Least number of retailers with requests in each group.
    reference
        Distribution of the ratio.
    """
    e, n = np.broadcast_arrays(
        np.asarray(errors, dtype=np.float64), np.asarray(requests, dtype=np.float64)
    )
    shape, k = e.shape[:-1], e.shape[-1]
    e, n, members = e.reshape(-1, k), n.reshape(-1, k), np.asarray(first, dtype=bool)
    p_values = np.full(len(e), np.nan)
    size = max(block // k, 1)
    for place in range(0, len(e), size):
        part = slice(place, place + size)
        p_values[part] = _of_block(e[part], n[part], members, model_of, least, reference)
    return p_values.reshape(shape)


def _of_block(
    errors: Floats,
    requests: Floats,
    first: NDArray[np.bool_],
    model_of: ModelOf,
    least: int,
    reference: Reference,
) -> Floats:
    p_values = np.full(len(errors), np.nan)
    filed = requests > 0
    units = filed.sum(axis=1)
    enough = np.minimum(filed[:, first].sum(axis=1), filed[:, ~first].sum(axis=1)) >= least
    total = errors.sum(axis=1)
    defined = enough & (units >= _LEAST_RETAILERS) & (total > 0) & (total < requests.sum(axis=1))
    if not defined.any():
        return p_values
    errors, requests = errors[defined], requests[defined]
    design = np.column_stack([np.ones(first.size), first]).astype(np.float64)
    top, reached = _top(errors, requests, first, design, model_of)
    null, null_reached = _null(errors, requests, design, model_of)
    ratios = np.maximum(2 * (top - null), 0.0)
    found = p_values_of_ratios(ratios, units[defined].astype(np.float64), reference)
    p_values[defined] = np.where(reached & null_reached, found, np.nan)
    return p_values


def _top(
    errors: Floats,
    requests: Floats,
    first: NDArray[np.bool_],
    design: Floats,
    model_of: ModelOf,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Climb with a difference; cells of a group whose requests all ended alike are certain."""
    kept = np.ones(errors.shape)
    for members in (first, ~first):
        ended = errors[:, members].sum(axis=1)
        alike = (ended == 0) | (ended == requests[:, members].sum(axis=1))
        kept[np.ix_(alike, members)] = 0.0
    evaluate, start = model_of(errors * kept, requests * kept, design)
    best = highest(evaluate, start, range(start.shape[1]), range(_EFFECT + 1, start.shape[1]))
    return best.likelihood.value, best.reached


def _null(
    errors: Floats, requests: Floats, design: Floats, model_of: ModelOf
) -> tuple[Floats, NDArray[np.bool_]]:
    evaluate, start = model_of(errors, requests, design[:, :1])
    best = highest(evaluate, start, range(start.shape[1]), range(_EFFECT, start.shape[1]))
    return best.likelihood.value, best.reached
