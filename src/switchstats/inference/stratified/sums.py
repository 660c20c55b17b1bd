"""The sums over strata that Mantel and Haenszel's estimators are made of."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats

__all__ = ["MantelHaenszelScale", "Sums", "Tables", "left_out", "tables_of"]

MantelHaenszelScale = Literal["difference", "odds_ratio", "risk_ratio"]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Errors and requests of both groups, as doubles, with strata along one axis.

    Parameters
    ----------
    e1, n1, e0, n0
        First and second group.
    axis
        That of the strata.
    """

    e1: Floats
    n1: Floats
    e0: Floats
    n0: Floats
    axis: int = -1

    @classmethod
    def of(cls, tables: Ints) -> "Tables":
        """Return tables (e1, n1, e0, n0) of shape (strata, 4)."""
        e1, n1, e0, n0 = tables.astype(np.float64).T
        return cls(e1, n1, e0, n0)

    @property
    def total(self) -> Floats:
        """Requests of both groups; 1 where there is none, so that it divides."""
        return np.maximum(self.n1 + self.n0, 1.0)

    def over_strata(self, terms: Floats) -> Floats:
        """Return the sum of one term a stratum."""
        return np.sum(terms, axis=self.axis)

    def sums(self, scale: MantelHaenszelScale) -> "Sums":
        """Return what the estimator on this scale divides by each other."""
        terms = self.terms(scale)
        return Sums(self.over_strata(terms.up), self.over_strata(terms.down))

    def terms(self, scale: MantelHaenszelScale) -> "Sums":
        """Return what each stratum adds to the sums."""
        e1, n1, e0, n0, total = self.e1, self.n1, self.e0, self.n0, self.total
        if scale == "difference":
            up, down = (e1 * n0 - e0 * n1) / total, n1 * n0 / total
        elif scale == "risk_ratio":
            up, down = e1 * n0 / total, e0 * n1 / total
        else:
            up, down = e1 * (n0 - e0) / total, e0 * (n1 - e1) / total
        return Sums(up, down)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Numerator and denominator of an estimator, or what a stratum adds to either."""

    up: Floats
    down: Floats

    @property
    def ratio(self) -> Floats:
        """The estimate; infinite where only the denominator is 0, NaN where both are."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.up / self.down

    def plain(self, scale: MantelHaenszelScale) -> Floats:
        """Return the estimate of a difference, or the logarithm of that of a ratio."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.ratio if scale == "difference" else np.log(self.ratio)


def tables_of(errors: Ints, requests: Ints, first: Bools) -> Tables:
    """Return the tables of retailers: shape (..., strata, retailers), `first` (retailers,)."""
    e1, n1, e0, n0 = (
        np.asarray(part[..., side].sum(axis=-1), dtype=np.float64)
        for side in (first, ~first)
        for part in (errors, requests)
    )
    return Tables(e1, n1, e0, n0)


def left_out(errors: Ints, requests: Ints, first: Bools) -> Tables:
    """Return the tables without each retailer in turn: shape (..., strata, retailers)."""
    whole = tables_of(errors, requests, first)
    return Tables(
        whole.e1[..., None] - np.where(first, errors, 0),
        whole.n1[..., None] - np.where(first, requests, 0),
        whole.e0[..., None] - np.where(first, 0, errors),
        whole.n0[..., None] - np.where(first, 0, requests),
        axis=-2,
    )
