"""How many retailers of equal volume would weigh as much as the given ones do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.periods import Period
from switchstats.rates.cells import cell_sums
from switchstats.values import Counts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["effective_units"]


@overload
def effective_units(
    data: Counts, *, groups: Sequence[str] | None = None, period: Period | None = None
) -> dict[str, float]: ...
@overload
def effective_units(data: "ArrayLike") -> float: ...
def effective_units(
    data: "Counts | ArrayLike",
    *,
    groups: Sequence[str] | None = None,
    period: Period | None = None,
) -> dict[str, float] | float:
    """Return one over the sum of the retailers' squared shares of requests.

    It is the number of retailers when all file the same number of requests, and near 1 when one
    files nearly all. A request-weighted rate is about as uncertain as the mean of this many
    retailers, however many requests there are.

    Parameters
    ----------
    data
        Counts, or the requests of each retailer of one group.
    groups
        Groups of counts; all that filed any request by default.
    period
        Only counts inside it; all by default.

    Returns
    -------
    dict or float
        By group for counts, a number for an array.

    Raises
    ------
    UsageError
        When requests are negative or no numbers.
    NotAnswerableError
        When a group has no requests.

    Notes
    -----
    Source: L. Kish, Survey Sampling (1965), section 11.7, for weights; also the inverse of
    the Herfindahl-Hirschman index of concentration. The approximation takes all retailers' rates
    to vary alike, whatever their volume.

    Examples
    --------
    >>> effective_units([100, 100, 100, 100])
    4.0
    >>> round(effective_units([900, 50, 50]), 3)
    1.227
    """
    if not isinstance(data, Counts):
        return _of_requests(np.asarray(data, dtype=float), "the retailers")
    sums = cell_sums(data, (), period)
    chosen = dict.fromkeys(map(str, sums["group"])) if groups is None else groups
    return {
        name: _of_requests(sums.loc[sums["group"] == name, "requests"].to_numpy(float), name)
        for name in chosen
    }


def _of_requests(requests: np.ndarray, whose: str) -> float:
    if not np.isfinite(requests).all() or (requests < 0).any():
        raise UsageError("requests must be numbers of at least 0, none missing")
    total = requests.sum()
    if total == 0:
        raise NotAnswerableError(
            "the effective number of retailers", f"{whose} filed no requests", "requests"
        )
    return float(1 / np.sum((requests / total) ** 2))
