"""Regression of error counts on any design: beta-binomial and logit-normal models."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.likelihood.cells import log_binomial, logistic
from switchstats.inference.likelihood.climb import highest
from switchstats.inference.likelihood.information import covariance_at
from switchstats.inference.likelihood.models import (
    beta_binomial_model,
    beta_binomial_with_intercepts,
    mixed_logit_model,
)
from switchstats.inference.likelihood.newton import Evaluate
from switchstats.inference.likelihood.start import start_coefficients, start_spread
from switchstats.values import Shown

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["N_QUADRATURE", "ModelFit", "fit_beta_binomial", "fit_mixed_logit"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

N_QUADRATURE = 15
_MOST_QUADRATURE = 100
# Log-odds that no data show: beyond, a coefficient grows without end.
_ENDLESS = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class ModelFit(Shown):
    """A regression of error counts, fitted by maximum likelihood.

    Parameters
    ----------
    coefficients, std_errors
        One for each column of the design, on the log-odds scale; standard errors from the observed
        information, all parameters estimated.
    intra_correlation
        Correlation of two requests of one cell, between 0 and 1; ``None`` without beta-binomial
        variation.
    intercept_sd
        Standard deviation of the clusters' intercepts, in log-odds; ``None`` without them.
    log_likelihood
        With the binomial coefficients.
    n_cells
        Cells, after those that share cluster and design row were added up.
    """

    coefficients: Floats
    std_errors: Floats
    intra_correlation: float | None
    intercept_sd: float | None
    log_likelihood: float
    n_cells: int


def fit_beta_binomial(
    errors: "ArrayLike",
    requests: "ArrayLike",
    design: "ArrayLike",
    *,
    cluster: "ArrayLike | None" = None,
    n_quadrature: int = N_QUADRATURE,
) -> ModelFit:
    r"""Fit a beta-binomial regression with one overdispersion for all cells.

    The rate of a cell is drawn from a beta distribution with mean :math:`\mathrm{logit}^{-1}(x'
    \beta)` and correlation :math:`\rho` between two requests of the cell; with `cluster`, cells of
    a cluster share besides a normal intercept on the log-odds scale.

    Parameters
    ----------
    errors, requests
        One entry a cell.
    design
        Shape (cells, coefficients); give the intercept a column of ones.
    cluster
        What each cell belongs to, such as its retailer.
    n_quadrature
        Gauss-Hermite nodes for each cluster; 1 is Laplace's approximation.

    Returns
    -------
    ModelFit

    Raises
    ------
    UsageError
        When shapes differ, errors exceed requests or columns of the design depend on each other.
    NotAnswerableError
        When a coefficient has no finite estimate.

    Notes
    -----
    Without overdispersion :math:`\rho` is 0, the edge of its range; the fit is then the logistic
    regression, and the standard errors take requests as independent. Standard errors and
    likelihood ratios are large-sample ones: with few cells both are too small.

    Source: D. A. Williams, Biometrics 31 (1975) 949-952.

    Examples
    --------
    >>> fit = fit_beta_binomial([2, 9, 4, 1], [50, 60, 70, 40], [[1.0]] * 4)
    >>> fit.coefficients.round(3).tolist(), round(fit.intra_correlation, 3)
    ([-2.573], 0.015)
    """
    e, n, x, unit = _checked(errors, requests, design, cluster, n_quadrature)
    if cluster is None:
        model = beta_binomial_model(e[None], n[None], x, np.ones((e.size, 1)))
    else:
        order = np.argsort(unit, kind="stable")
        e, n, x, unit = e[order], n[order], x[order], unit[order]
        model = beta_binomial_with_intercepts(e[None], n[None], x, unit, n_quadrature)
    return _fitted(model, e, n, x, intercepts=cluster is not None, correlated=True)


def fit_mixed_logit(
    errors: "ArrayLike",
    requests: "ArrayLike",
    design: "ArrayLike",
    cluster: "ArrayLike",
    *,
    n_quadrature: int = N_QUADRATURE,
) -> ModelFit:
    r"""Fit a logistic regression with a normal intercept for each cluster.

    The log-odds of a request in cell c of cluster i are :math:`x_c'\beta + \sigma b_i` with
    standard normal :math:`b_i`. Coefficients are conditional on the cluster: they compare requests
    of the same, or an equally placed, cluster and are farther from 0 than log odds ratios of
    average rates.

    Parameters
    ----------
    errors, requests, design
        As in `fit_beta_binomial`.
    cluster
        What each cell belongs to, such as its retailer.
    n_quadrature
        Gauss-Hermite nodes for each cluster; 1 is Laplace's approximation.

    Returns
    -------
    ModelFit

    Raises
    ------
    UsageError
        When shapes differ, errors exceed requests or columns of the design depend on each other.
    NotAnswerableError
        When a coefficient has no finite estimate.

    Notes
    -----
    Cells of one cluster with the same row of the design are added up first: their sums are
    sufficient. A standard deviation of 0 is the edge of its range and a legal estimate. The
    quadrature needs more nodes where clusters hold few requests and vary much; Laplace's
    approximation is then off. Standard errors are large-sample ones, too small with few clusters.

    Source: J. C. Pinheiro and D. M. Bates, Journal of Computational and Graphical Statistics 4
    (1995) 12-35.

    Examples
    --------
    >>> rates = [2, 9, 4, 1, 6, 12], [50, 60, 70, 40, 30, 80]
    >>> fit = fit_mixed_logit(*rates, [[1.0]] * 6, cluster=[1, 1, 2, 2, 3, 3])
    >>> fit.coefficients.round(3).tolist(), round(fit.intercept_sd, 3)
    ([-2.241], 0.448)
    """
    e, n, x, unit = _checked(errors, requests, design, cluster, n_quadrature)
    e, n, x, unit = _added_up(e, n, x, unit)
    model = mixed_logit_model(e[None], n[None], x, unit, n_quadrature)
    return _fitted(model, e, n, x, intercepts=True, correlated=False)


def _fitted(
    model: Evaluate, e: Floats, n: Floats, x: Floats, *, intercepts: bool, correlated: bool
) -> ModelFit:
    p = x.shape[1]
    start = start_parameters(e[None], n[None], x, intercepts=intercepts, correlated=correlated)
    best = highest(model, start, range(start.shape[1]), range(p, start.shape[1]))
    at = best.at[0]
    if not best.reached[0] or np.abs(at[:p]).max() > _ENDLESS:
        raise NotAnswerableError(
            "the regression",
            "a coefficient grows without end, as when all requests of a column's cells ended alike",
            "errors, and requests without errors, for every column of the design",
        )
    covariance = covariance_at(model, at, range(at.size))
    if covariance is None:
        raise NotAnswerableError(
            "the regression",
            "the likelihood is flat, so that it has no standard errors",
            "more cells, or fewer columns of the design",
        )
    return ModelFit(
        at[:p],
        np.sqrt(np.diagonal(covariance)[:p]),
        float(at[-1] ** 2 / (1 + at[-1] ** 2)) if correlated else None,
        float(abs(at[p])) if intercepts else None,
        float(best.likelihood.value[0] + log_binomial(e, n).sum()),
        e.size,
    )


def _checked(
    errors: "ArrayLike",
    requests: "ArrayLike",
    design: "ArrayLike",
    cluster: "ArrayLike | None",
    n_quadrature: int,
) -> tuple[Floats, Floats, Floats, Ints]:
    check_quadrature(n_quadrature)
    e, n = (np.asarray(part, dtype=np.float64) for part in (errors, requests))
    x = np.asarray(design, dtype=np.float64)
    if e.ndim != 1 or e.shape != n.shape or x.ndim != 2 or len(x) != e.size:  # noqa: PLR2004
        raise UsageError("errors, requests and rows of the design must be as many as cells")
    whole = np.array_equal(e, np.round(e)) and np.array_equal(n, np.round(n))
    if not whole or not np.all((e >= 0) & (e <= n)) or not np.isfinite(n).all():
        raise UsageError("errors and requests must be whole numbers, errors at most the requests")
    if not np.isfinite(x).all() or _rank(x[n > 0]) < x.shape[1]:
        raise UsageError("a column of the design follows from the others, or misses a number")
    labels = np.arange(e.size) if cluster is None else np.asarray(cluster)
    if labels.shape != e.shape:
        raise UsageError("give one cluster for each cell")
    return e, n, x, np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _rank(x: Floats) -> int:
    scaled = x / np.maximum(np.sqrt((x**2).sum(axis=0)), 1e-300)
    return int(np.linalg.matrix_rank(scaled.T @ scaled, hermitian=True))


def check_quadrature(n_quadrature: int) -> None:
    """Refuse numbers of nodes that no quadrature has."""
    if not 1 <= n_quadrature <= _MOST_QUADRATURE:
        raise UsageError(f"n_quadrature must be between 1 and {_MOST_QUADRATURE}")


def start_parameters(
    errors: Floats, requests: Floats, design: Floats, *, intercepts: bool, correlated: bool
) -> Floats:
    """Return where climbs start, one row a data set: coefficients, then the spreads."""
    coefficients = start_coefficients(errors, requests, design)
    log_odds = coefficients @ design.T
    spread = start_spread(errors, requests, log_odds)
    rate, rest = logistic(log_odds.mean(axis=1))
    parts = [coefficients]
    if intercepts and correlated:
        spread = spread / np.sqrt(2)
    if intercepts:
        parts.append((spread / np.sqrt(rate * rest))[:, None])
    if correlated:
        parts.append(spread[:, None])
    return np.concatenate(parts, axis=1)


def _added_up(e: Floats, n: Floats, x: Floats, unit: Ints) -> tuple[Floats, Floats, Floats, Ints]:
    """Add up cells of one cluster with one row of the design, and sort them by cluster."""
    row = unit
    for column in x.T:
        values, place = np.unique(column, return_inverse=True)
        row = np.unique(row * values.size + place, return_inverse=True)[1]
    first = np.zeros(row.max() + 1, dtype=np.int64)
    first[row[::-1]] = np.arange(row.size)[::-1]
    sums = [np.bincount(row, part).astype(np.float64) for part in (e, n)]
    return sums[0], sums[1], x[first], unit[first]
