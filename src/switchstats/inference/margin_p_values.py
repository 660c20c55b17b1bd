"""P-values of equivalence for many data sets at once, for simulated ones."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from switchstats.errors import UsageError
from switchstats.inference.clustered.difference import difference_of
from switchstats.inference.data_sets import read_data_sets
from switchstats.inference.means import welch_differences
from switchstats.inference.samples import Floats

__all__ = ["BatchMethod", "equivalence_p_values"]

BatchMethod = Literal["cluster_robust", "welch"]


def equivalence_p_values(
    errors: ArrayLike,
    requests: ArrayLike,
    first: ArrayLike,
    *,
    margin: float,
    method: BatchMethod = "cluster_robust",
) -> Floats:
    """Return p-values of `equivalence`, one a data set.

    Parameters
    ----------
    errors, requests
        Shape (..., k): one entry a retailer.
    first
        Shape (k,): whether the retailer belongs to the first group.
    margin
        The difference that would matter, a fraction.
    method
        The test inside: ``"cluster_robust"``, every request counting once, or ``"welch"``, every
        retailer.

    Returns
    -------
    ndarray
        Shape (...). NaN where the test inside is undefined, or a retailer has no requests.

    Examples
    --------
    >>> rates = [18, 20, 22, 20, 19, 17, 21, 19], [100] * 8
    >>> first = [True] * 4 + [False] * 4
    >>> float(equivalence_p_values(*rates, first, margin=0.04, method="welch").round(4))
    0.0204
    """
    if method not in get_args(BatchMethod):
        raise UsageError(f"method must be 'welch' or 'cluster_robust', not {method!r}")
    data = read_data_sets(errors, requests, first)
    if method == "welch":
        found = welch_differences(data)
    else:
        counted, filed = (part.astype(np.int64) for part in (data.errors, data.requests))
        found = difference_of(counted, filed, np.arange(data.n + data.m) < data.n)
    above, below = found.p_values(-margin, "greater"), found.p_values(margin, "less")
    return data.spread_out(np.maximum(above, below))
