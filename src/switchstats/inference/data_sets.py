"""Many data sets of the same retailers, for tests of simulated ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import UsageError
from switchstats.inference.samples import Floats

__all__ = ["DataSets", "read_data_sets"]


@dataclass(frozen=True, slots=True, eq=False)
class DataSets:
    """Requests and errors of data sets in which every retailer has requests.

    Parameters
    ----------
    errors, requests
        Shape (data sets, k), the first group's retailers first.
    n
        Retailers of the first group.
    complete
        Which of the given data sets these are, shape (given,).
    shape
        Shape of the given data sets.
    """

    errors: Floats
    requests: Floats
    n: int
    complete: NDArray[np.bool_]
    shape: tuple[int, ...]

    @property
    def rates(self) -> Floats:
        """Error rate of each retailer in each data set."""
        return self.errors / self.requests

    @property
    def m(self) -> int:
        """Retailers of the second group."""
        return self.errors.shape[1] - self.n

    def spread_out(self, p_values: Floats) -> Floats:
        """Return p-values in the given shape, NaN for data sets that are not complete."""
        every = np.full(self.complete.size, np.nan)
        every[self.complete] = p_values
        return every.reshape(self.shape)


def read_data_sets(errors: ArrayLike, requests: ArrayLike, first: ArrayLike) -> DataSets:
    """Return data sets of shape (..., k), the retailers where `first` (k,) holds first.

    Raises
    ------
    UsageError
        When the shapes do not fit, or a group is empty.
    """
    chosen = np.asarray(first, dtype=bool)
    counts, volumes = np.asarray(errors, dtype=float), np.asarray(requests, dtype=float)
    k, n = chosen.size, int(chosen.sum())
    if chosen.ndim != 1 or counts.shape != volumes.shape or counts.shape[-1:] != (k,):
        raise UsageError("errors and requests need one entry for each retailer of `first`")
    if not 0 < n < k:
        raise UsageError("`first` must leave retailers in both groups")
    order = np.concatenate([np.flatnonzero(chosen), np.flatnonzero(~chosen)])
    shape = counts.shape[:-1]
    counts, volumes = (each.reshape(-1, k)[:, order] for each in (counts, volumes))
    complete = np.logical_and.reduce(volumes > 0, axis=1)
    return DataSets(counts[complete], volumes[complete], n, complete, shape)
