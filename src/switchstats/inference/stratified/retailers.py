"""The uncertainty of stratified estimates when retailers, not requests, are independent."""

from dataclasses import dataclass

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.inference.strata import Strata
from switchstats.inference.stratified.sums import Bools, tables_of

__all__ = ["Retailers", "Spread", "read_retailers", "spread_of"]

# A standard error below this share of the estimate is the rounding of doubles.
_SAME = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Retailers:
    """Errors and requests by stratum and retailer, of those who can be compared with others.

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
        first, second = (
            np.sum(part, axis=-1) ** 2 / np.sum(part**2, axis=-1)
            for part in (weights[..., self.first], weights[..., ~self.first])
        )
        return first, second


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A jackknife standard error over retailers, NaN where there is none, and its freedom."""

    std_error: Floats
    df: Floats


def spread_of(whole: Floats, without: Floats, retailers: Retailers) -> Spread:
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


def read_retailers(strata: Strata, test: str) -> Retailers:
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
    errors = np.zeros((int(shared.sum()), names.size), dtype=np.int64)
    requests = np.zeros_like(errors)
    errors[place, retailer] = strata.errors[kept]
    requests[place, retailer] = strata.requests[kept]
    first = np.zeros(names.size, dtype=bool)
    first[retailer[strata.group[kept] == 0]] = True
    for name, size in (("first", int(first.sum())), ("second", int((~first).sum()))):
        if size < 2:  # noqa: PLR2004 -- one retailer has no spread
            raise NotAnswerableError(
                f"{test} with retailers as units",
                f"the {name} group has {size} retailer(s) in strata where the other group files",
                "at least 2 such retailers in each group",
            )
    return Retailers(errors, requests, first)
