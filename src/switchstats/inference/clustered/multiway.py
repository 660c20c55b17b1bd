"""Variance of a difference when cells that share the gaining or the losing retailer are alike."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.clustered.difference import SAME, Bools, Difference
from switchstats.inference.groups import Ints
from switchstats.periods import Period
from switchstats.rates.cells import cell_sums, span
from switchstats.rates.ratio import Estimator, Floats
from switchstats.values import Counts, Weighting

__all__ = ["Dyads", "SharedBy", "multiway_difference", "multiway_p_values", "read_dyads"]

SharedBy = Literal["two-way", "dyadic"]


@dataclass(frozen=True, slots=True, eq=False)
class Dyads:
    """Requests and errors of every pair of a gaining and a losing retailer.

    Parameters
    ----------
    errors, requests
        Shape (..., cells): any number of data sets.
    first
        Shape (cells,): whether the gaining retailer belongs to the first group.
    gaining, losing
        Shape (cells,): retailers as whole numbers, the same number for the same retailer in both
        roles; each pair once.
    period
        What they span.
    """

    errors: Ints
    requests: Ints
    first: Bools
    gaining: Ints
    losing: Ints
    period: Period | None = None

    @property
    def n_by_group(self) -> tuple[int, int]:
        """Gaining retailers in the first and in the second group."""
        n, m = (np.unique(self.gaining[side]).size for side in (self.first, ~self.first))
        return n, m

    @property
    def n_losing(self) -> int:
        """Losing retailers."""
        return np.unique(self.losing).size


@dataclass(frozen=True, slots=True, eq=False)
class _Clustering:
    """Clusters of cells, which may overlap.

    The variance that it makes is added (`sign` 1) or subtracted (-1).
    """

    members: Ints
    starts: Ints
    sign: int

    @classmethod
    def of(cls, cells: Ints, clusters: Ints, sign: int = 1) -> "_Clustering":
        order = np.argsort(clusters, kind="stable")
        starts = np.unique(clusters[order], return_index=True)[1]
        return cls(cells[order], starts.astype(np.int64), sign)

    def sums(self, values: Floats | Ints) -> Floats | Ints:
        return np.add.reduceat(values[..., self.members], self.starts, axis=-1)


def read_dyads(
    counts: Counts, *, test: str, groups: tuple[str, str], period: Period | None
) -> Dyads:
    """Return the cells of counts that tell the losing retailer apart.

    Raises
    ------
    NotAnswerableError
        When they do not, or a group has fewer than two gaining retailers with requests.
    """
    cells = cell_sums(counts, ("losing",), period)
    cells = cells[cells["group"].isin(groups)]
    gaining, losing = (cells[name].to_numpy(dtype=str) for name in ("retailer", "losing"))
    codes = np.unique(np.concatenate([gaining, losing]), return_inverse=True)[1].astype(np.int64)
    dyads = Dyads(
        cells["errors"].to_numpy(np.int64),
        cells["requests"].to_numpy(np.int64),
        np.asarray(cells["group"] == groups[0], dtype=bool),
        codes[: gaining.size],
        codes[gaining.size :],
        period or span(counts),
    )
    for name, size in zip(groups, dyads.n_by_group, strict=True):
        if size < 2:  # noqa: PLR2004 -- one retailer does not vary
            raise NotAnswerableError(
                test,
                f"the group {name} has {size} retailer(s) with requests",
                "at least 2 retailer(s) in each group",
            )
    return dyads


def multiway_difference(
    dyads: Dyads,
    *,
    shared_by: SharedBy,
    estimator: Estimator = "CR3",
    weighting: Weighting = "requests",
) -> tuple[Difference, Bools]:
    """Return the difference, and whether its error rests on a negative eigenvalue raised to 0.

    Parameters
    ----------
    dyads
        The cells.
    shared_by
        ``"two-way"``: errors of two cells may be related when they share the gaining or the losing
        retailer; ``"dyadic"``: when they share any retailer in any role.
    estimator
        ``"CR1"`` or ``"CR3"``.
    weighting
        Requests, or gaining retailers, count equally.

    Notes
    -----
    Two-way: V(gaining) + V(losing) - V(cells), each the one-way covariance of the two group rates.
    Dyadic: V(retailers in any role) - V(unordered pairs), since the former counts cells of the same
    two retailers twice. CR1 multiplies each by c / (c - 1) for its c clusters; CR3 makes each of
    the shifts by leaving out one cluster. Where the sum has a negative eigenvalue, that is raised
    to 0. CR3 is not let fall below its one-way standard error, as it would by chance with few
    retailers. The t distribution has the gaining retailers less two degrees of freedom, or the
    losing ones less one where that is fewer and they are clusters of their own.
    """
    errors, requests = dyads.errors, dyads.requests
    if weighting == "equal":
        places = np.unique(dyads.gaining, return_inverse=True)[1].astype(np.int64)
        filed = _Clustering.of(np.arange(places.size), places).sums(requests)[..., places]
        errors, requests = errors / filed, requests / filed
    sides = (dyads.first, ~dyads.first)
    rates = [(errors * side).sum(axis=-1) / (requests * side).sum(axis=-1) for side in sides]

    def covariance(clustering: _Clustering) -> Floats:
        parts = [_parts(errors * side, requests * side, clustering, estimator) for side in sides]
        stacked = np.stack(parts, axis=-2)
        clusters = clustering.starts.size
        factor = clusters / (clusters - 1) if estimator == "CR1" else 1.0
        return clustering.sign * factor * (stacked @ np.swapaxes(stacked, -1, -2))

    total = np.sum(
        [covariance(clustering) for clustering in _clusterings(dyads, shared_by)], axis=0
    )
    variance, raised = _variance_of_difference(total)
    if estimator == "CR3":
        gaining = _Clustering.of(np.arange(dyads.gaining.size), dyads.gaining)
        one_way = np.trace(covariance(gaining), axis1=-2, axis2=-1)
        raised &= variance > one_way
        variance = np.maximum(variance, one_way)
    std_error = np.sqrt(variance)
    n, m = dyads.n_by_group
    df = n + m - 2 if shared_by == "dyadic" else min(n + m - 2, dyads.n_losing - 1)
    difference = Difference(
        rates[0] - rates[1],
        np.where(std_error > SAME * np.maximum(*rates), std_error, np.nan),
        np.full(std_error.shape, float(df)),
    )
    return difference, raised


def multiway_p_values(
    dyads: Dyads,
    *,
    shared_by: SharedBy,
    estimator: Estimator = "CR3",
    weighting: Weighting = "requests",
) -> Floats:
    """Return two-sided p-values of any number of data sets, NaN where undefined."""
    return multiway_difference(
        dyads, shared_by=shared_by, estimator=estimator, weighting=weighting
    )[0].p_values()


def _clusterings(dyads: Dyads, shared_by: SharedBy) -> list[_Clustering]:
    cells = np.arange(dyads.gaining.size)
    if shared_by == "two-way":
        return [
            _Clustering.of(cells, dyads.gaining),
            _Clustering.of(cells, dyads.losing),
            _Clustering.of(cells, cells, -1),
        ]
    # A cell in which a retailer gains from itself has one retailer and belongs to no pair.
    pairs = cells[dyads.gaining != dyads.losing]
    low, high = (
        extreme(dyads.gaining, dyads.losing)[pairs] for extreme in (np.minimum, np.maximum)
    )
    nodes = _Clustering.of(
        np.concatenate([cells, pairs]), np.concatenate([dyads.gaining, dyads.losing[pairs]])
    )
    if pairs.size == 0:
        return [nodes]
    return [nodes, _Clustering.of(pairs, low * (high.max() + 1) + high, -1)]


def _parts(
    errors: Floats | Ints, requests: Floats | Ints, clustering: _Clustering, estimator: Estimator
) -> Floats:
    """Return what each cluster adds to a group's rate: shifts for CR3, else scores."""
    all_errors, all_requests = (values.sum(axis=-1, keepdims=True) for values in (errors, requests))
    inside, weight = clustering.sums(errors), clustering.sums(requests)
    rest = all_requests - weight
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = inside / np.where(weight > 0, weight, 1) - (all_errors - inside) / rest
        shift = np.where(weight > 0, weight / all_requests * apart, 0.0)
        return shift if estimator == "CR3" else np.where(rest > 0, shift * rest / all_requests, 0.0)


def _variance_of_difference(covariance: Floats) -> tuple[Floats, Bools]:
    """Return the variance of first minus second, with negative eigenvalues of a 2 × 2 as 0."""
    first, second, cross = covariance[..., 0, 0], covariance[..., 1, 1], covariance[..., 0, 1]
    plain = first + second - 2 * cross
    middle, radius = (first + second) / 2, np.hypot((first - second) / 2, cross)
    high, low = middle + radius, middle - radius
    raised = low < 0
    with np.errstate(divide="ignore", invalid="ignore"):
        # the projection on the first eigenvector is (V - low I) / (high - low)
        repaired = np.maximum(high, 0.0) * (plain - 2 * low) / (high - low)
    return np.where(raised, repaired, plain), raised
