"""Family-wise p-values of the largest statistic for many data sets, for simulated ones."""

import numpy as np
from numpy.typing import ArrayLike

from switchstats.inference.data_sets import read_data_sets
from switchstats.inference.groups import TwoGroups
from switchstats.inference.permuted.max_t import Family, adjusted_p_values
from switchstats.inference.permuted.memberships import plan_memberships
from switchstats.inference.permuted.permutation import PermutedStatistic
from switchstats.inference.permuted.retailers import PermutedRetailers
from switchstats.inference.permuted.specifications import placed
from switchstats.inference.question import Question
from switchstats.inference.samples import Floats
from switchstats.values.result import Weighting

__all__ = ["max_t_p_values"]

_WEIGHTINGS: tuple[Weighting, ...] = ("equal", "requests")
_MAX_SPLITS = 5_000
_LEAST_LEFT = 2


def max_t_p_values(
    errors: ArrayLike,
    requests: ArrayLike,
    first: ArrayLike,
    *,
    statistic: PermutedStatistic = "difference",
    max_splits: int = _MAX_SPLITS,
    n_draws: int = 1_999,
    seed: int | None = None,
) -> Floats:
    """Return the smallest adjusted p-value of a fixed family by `max_t`, one a data set.

    The family: each retailer counting once and each request counting once, both with everybody and
    without the largest retailer of each group.

    Parameters
    ----------
    errors, requests
        Shape (..., k): one entry a retailer.
    first
        Shape (k,): whether the retailer belongs to the first group.
    statistic, max_splits, n_draws, seed
        As in `max_t`.

    Returns
    -------
    ndarray
        Shape (...). NaN where a retailer has no requests.

    Examples
    --------
    >>> errors, requests = [21, 19, 20, 220, 15, 16, 14, 160], [100, 100, 100, 1000] * 2
    >>> p_value = max_t_p_values(errors, requests, [True] * 4 + [False] * 4)
    >>> float(p_value * 70)
    2.0
    """
    data = read_data_sets(errors, requests, first)
    chosen = np.arange(data.n + data.m) < data.n
    splits = plan_memberships(chosen, max_splits=max_splits, n_draws=n_draws, seed=seed)
    question = Question("two-sided", 0.0, 0.95)
    smallest = [
        min(adjusted_p_values(Family(members, question, splits, statistic), "step_down"))
        for members in (
            _members(e.astype(np.int64), n.astype(np.int64), data.n)
            for e, n in zip(data.errors, data.requests, strict=True)
        )
    ]
    return data.spread_out(np.array(smallest))


def _members(
    errors: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    requests: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    n: int,
) -> list[PermutedRetailers]:
    k = errors.size
    first = np.arange(k) < n
    kept = np.ones(k, dtype=bool)
    for start, stop in ((0, n), (n, k)):
        if stop - start > _LEAST_LEFT:
            kept[start + int(requests[start:stop].argmax())] = False
    whole = np.arange(k)
    return [
        placed(
            TwoGroups(
                errors[places],
                requests[places],
                (int(first[places].sum()), int((~first[places]).sum())),
                tuple(map(str, places)),
            ),
            weighting,
            places.tolist(),
            first,
        )
        for places in (whole, whole[kept])
        for weighting in _WEIGHTINGS
    ]
