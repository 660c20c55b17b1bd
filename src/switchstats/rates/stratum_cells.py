"""Errors and requests of some retailers by stratum, only where they filed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["StratumCells"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class StratumCells:
    """One entry for each retailer and stratum with requests.

    Parameters
    ----------
    retailer, stratum
        Codes from 0.
    errors, requests
        Counts.
    n_strata
        How many strata there are, those without an entry included.

    Examples
    --------
    >>> retailer, stratum = np.array([0, 0, 1]), np.array([0, 2, 2])
    >>> cells = StratumCells(retailer, stratum, np.array([1.0, 2, 3]), np.array([5.0, 5, 9]), 3)
    >>> cells.requests_by_stratum.tolist(), cells.errors_by_retailer.tolist()
    ([5.0, 0.0, 14.0], [3.0, 3.0])
    """

    retailer: Ints
    stratum: Ints
    errors: Floats
    requests: Floats
    n_strata: int

    @property
    def errors_by_stratum(self) -> Floats:
        """Errors of all these retailers in each stratum."""
        return _sums(self.stratum, self.errors, self.n_strata)

    @property
    def requests_by_stratum(self) -> Floats:
        """Requests of all these retailers in each stratum."""
        return _sums(self.stratum, self.requests, self.n_strata)

    @property
    def errors_by_retailer(self) -> Floats:
        """Errors of each retailer that filed."""
        return _sums(self._place, self.errors)

    @property
    def n_retailers(self) -> int:
        """How many retailers filed."""
        return np.unique(self.retailer).size

    def expected(self, rates: Floats) -> Floats:
        """Return the errors that each of them would have at these rates of the strata."""
        return _sums(self._place, self.requests * rates[self.stratum])

    @property
    def _place(self) -> Ints:
        return np.unique(self.retailer, return_inverse=True)[1].astype(np.int64)

    def kept(self, strata: Bools) -> "StratumCells":
        """Return the entries of these strata."""
        kept = strata[self.stratum]
        return StratumCells(
            self.retailer[kept],
            self.stratum[kept],
            self.errors[kept],
            self.requests[kept],
            self.n_strata,
        )


def _sums(place: Ints, values: Floats, n: int = 0) -> Floats:
    return np.bincount(place, values, n).astype(np.float64)
