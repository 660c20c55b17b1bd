"""The uncertainty of stratified estimates when retailers, not requests, are independent."""

from dataclasses import dataclass

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.inference.strata import Strata
from switchstats.inference.stratified.sums import (
    Bools,
    MantelHaenszelScale,
    Sums,
    Tables,
    left_out,
    tables_of,
)

__all__ = ["RetailerCells", "Retailers", "Spread", "read_retailers", "spread_of"]

# A standard error below this share of the estimate is the rounding of doubles.
_SAME = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Retailers:
    """Errors and requests by stratum and retailer of many data sets.

    Parameters
    ----------
    errors, requests
        Shape (..., strata, retailers).
    first
        Shape (retailers,): whether the retailer belongs to the first group.
    """

    errors: Ints
    requests: Ints
    first: Bools

    @property
    def weights(self) -> Floats:
        """What each retailer's rate weighs in its group's, shape (..., retailers).

        In each stratum its requests times the other group's share of all.
        """
        tables = tables_of(self.errors, self.requests, self.first)
        others = np.where(self.first, tables.n0[..., None], tables.n1[..., None])
        return np.sum(self.requests * (others / tables.total[..., None]), axis=-2)

    @property
    def effective(self) -> tuple[Floats, Floats]:
        """Effective number of retailers in the first and in the second group."""
        weights = self.weights
        return _effective(weights, self.first)

    def without(self, scale: MantelHaenszelScale) -> Sums:
        """Return the sums without each retailer in turn, shape (..., retailers)."""
        return left_out(self.errors, self.requests, self.first).sums(scale)


@dataclass(frozen=True, slots=True, eq=False)
class RetailerCells:
    """The cells of one data set, of retailers who can be compared with others.

    Most retailers file in few of the strata, so that a table of all pairs would be nearly empty.

    Parameters
    ----------
    tables
        Errors and requests of both groups, shape (strata, 4): e1, n1, e0, n0.
    stratum, retailer
        Places of each cell's stratum and retailer; no two cells share both.
    errors, requests
        Of each cell.
    first
        Shape (retailers,): whether the retailer belongs to the first group.
    """

    tables: Ints
    stratum: Ints
    retailer: Ints
    errors: Ints
    requests: Ints
    first: Bools

    @property
    def effective(self) -> tuple[Floats, Floats]:
        """Effective number of retailers in the first and in the second group."""
        whole = Tables.of(self.tables[self.stratum])
        others = np.where(self.first[self.retailer], whole.n0, whole.n1)
        return _effective(self._by_retailer(self.requests * (others / whole.total)), self.first)

    def without(self, scale: MantelHaenszelScale) -> Sums:
        """Return the sums without each retailer in turn, shape (retailers,).

        Only the strata in which it filed change.
        """
        whole = self.tables[self.stratum]
        side = np.where(self.first[self.retailer], 0, 2)
        rest = whole.copy()
        cells = np.arange(side.size)
        rest[cells, side] -= self.errors
        rest[cells, side + 1] -= self.requests
        before, after = (Tables.of(part).terms(scale) for part in (whole, rest))
        total = Tables.of(self.tables).sums(scale)
        return Sums(
            total.up - self._by_retailer(before.up - after.up),
            total.down - self._by_retailer(before.down - after.down),
        )

    def table(self) -> Retailers:
        """Return the same as a table of every stratum and retailer."""
        errors = np.zeros((len(self.tables), self.first.size), dtype=np.int64)
        requests = np.zeros_like(errors)
        errors[self.stratum, self.retailer] = self.errors
        requests[self.stratum, self.retailer] = self.requests
        return Retailers(errors, requests, self.first)

    def _by_retailer(self, parts: Floats) -> Floats:
        return np.bincount(self.retailer, parts, self.first.size).astype(np.float64)


def _effective(weights: Floats, first: Bools) -> tuple[Floats, Floats]:
    """Return one over the sum of squared shares in the first and in the second group."""
    one, other = (
        np.sum(part, axis=-1) ** 2 / np.sum(part**2, axis=-1)
        for part in (weights[..., first], weights[..., ~first])
    )
    return one, other


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A jackknife standard error over retailers, NaN where there is none, and its freedom."""

    std_error: Floats
    df: Floats


def spread_of(whole: Floats, without: Floats, retailers: Retailers | RetailerCells) -> Spread:
    """Return the uncertainty of estimates out of those without each retailer.

    Parameters
    ----------
    whole
        Estimates of the data sets, shape (...).
    without
        Estimates without each retailer, shape (..., retailers).
    retailers
        Who was left out.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = (without - whole[..., None]) ** 2
        parts = [
            np.sum(squares[..., side], axis=-1) for side in (retailers.first, ~retailers.first)
        ]
        variance = parts[0] + parts[1]
        spent = sum(
            part**2 / (effective - 1)
            for part, effective in zip(parts, retailers.effective, strict=True)
        )
        std_error = np.sqrt(variance)
        varies = np.isfinite(std_error) & (std_error > _SAME * np.abs(whole))
        return Spread(np.where(varies, std_error, np.nan), variance**2 / spent)


def read_retailers(strata: Strata, test: str) -> RetailerCells:
    """Return the retailers that file in a stratum in which the other group files, too.

    Raises
    ------
    NotAnswerableError
        When it is not known who filed, or a group has fewer than two such retailers.
    """
    if strata.retailer is None:
        raise NotAnswerableError(
            f"{test} with retailers as units",
            "numbers by stratum do not say which retailer filed the requests",
            "counts by retailer (or units='requests', which treats requests as independent)",
        )
    tables = strata.tables
    shared = (tables[:, 1] > 0) & (tables[:, 3] > 0)
    kept = shared[strata.stratum]
    names, retailer = np.unique(strata.retailer[kept], return_inverse=True)
    place = np.cumsum(shared)[strata.stratum[kept]] - 1
    first = np.zeros(names.size, dtype=bool)
    first[retailer[strata.group[kept] == 0]] = True
    for name, size in (("first", int(first.sum())), ("second", int((~first).sum()))):
        if size < 2:  # noqa: PLR2004 -- one retailer has no spread
            raise NotAnswerableError(
                f"{test} with retailers as units",
                f"the {name} group has {size} retailer(s) in strata where the other group files",
                "at least 2 such retailers in each group",
            )
    return RetailerCells(
        tables[shared],
        place.astype(np.int64),
        retailer.astype(np.int64),
        strata.errors[kept],
        strata.requests[kept],
        first,
    )
