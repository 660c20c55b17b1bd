"""Log-likelihoods of the models that are fitted here, for one or many data sets."""

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.likelihood.beta_binomial_cells import beta_binomial_cells, least_spread
from switchstats.inference.likelihood.cells import Cells, binomial_cells
from switchstats.inference.likelihood.newton import Evaluate, Likelihood
from switchstats.inference.likelihood.quadrature import NormalIntercepts
from switchstats.inference.likelihood.rows import Rows
from switchstats.inference.likelihood.stirling import Floats

__all__ = ["beta_binomial_model", "beta_binomial_with_intercepts", "mixed_logit_model"]

Places = NDArray[np.int64]

# Cells that are worked on at once where units have intercepts.
_BLOCK = 2_000


def beta_binomial_model(
    errors: Floats, requests: Floats, design: Floats, spread_design: Floats
) -> Evaluate:
    """Return the log-likelihood of coefficients and spreads of beta-binomial cells.

    Parameters
    ----------
    errors, requests
        Shape (data sets, cells).
    design, spread_design
        Shape (cells, coefficients) and (cells, spreads); the latter holds one 1 in each row.
    """
    joint, place = np.unique(np.hstack([design, spread_design]), axis=0, return_inverse=True)
    order = np.argsort(place, kind="stable")
    errors, requests, rows = errors[:, order], requests[:, order], Rows(place[order])
    p, size = design.shape[1], joint.shape[1]
    design, spread_design = joint[:, :p], joint[:, p:]
    products = np.einsum("ki,kj->kij", joint, joint).reshape(len(joint), size, size)
    least = least_spread(requests)

    def evaluate(at: Floats, which: Places, *, curved: bool = True) -> Likelihood:
        del curved
        spread = _kept_off_zero(at[:, p:] @ spread_design.T, least)
        cells = beta_binomial_cells(
            errors[which], requests[which], at[:, :p] @ design.T, spread, rows, orders=2
        )
        ee, s, es, ss = _parts(cells)
        hessian = np.empty((len(at), size, size))
        hessian[:, :p, :p] = np.tensordot(ee, products[:, :p, :p], 1)
        hessian[:, :p, p:] = np.tensordot(es, products[:, :p, p:], 1)
        hessian[:, p:, :p] = hessian[:, :p, p:].transpose(0, 2, 1)
        hessian[:, p:, p:] = np.tensordot(ss, products[:, p:, p:], 1)
        gradient = np.concatenate([cells.e @ design, s @ spread_design], axis=1)
        return Likelihood(cells.value.sum(axis=1), gradient, hessian)

    return evaluate


def mixed_logit_model(
    errors: Floats, requests: Floats, design: Floats, unit: Places, n_quadrature: int
) -> Evaluate:
    """Return the log-likelihood of coefficients and the standard deviation of intercepts.

    Parameters
    ----------
    errors, requests
        Shape (data sets, cells), the cells sorted by unit.
    design
        Shape (cells, coefficients).
    unit
        Place of each cell's unit, ascending from 0 without gaps.
    n_quadrature
        Nodes for each unit.
    """

    def cells(log_odds: Floats, spread: Floats, which: Places, *, orders: int) -> Cells:
        del spread
        return binomial_cells(errors[which], requests[which], log_odds, orders=orders)

    return NormalIntercepts(cells, design, unit, n_data_sets=len(errors), n_quadrature=n_quadrature)


def beta_binomial_with_intercepts(
    errors: Floats, requests: Floats, design: Floats, unit: Places, n_quadrature: int
) -> Evaluate:
    """Return that of coefficients, the standard deviation of intercepts and the spread.

    Parameters are those of `mixed_logit_model`. Units are worked on in blocks that fit the
    processor's cache, and points one after the other.
    """
    least = least_spread(requests)
    edges = np.searchsorted(unit, np.unique(unit[::_BLOCK]))
    parts = [
        _block_with_intercepts(
            errors[:, part], requests[:, part], design[part], unit[part], n_quadrature, least
        )
        for part in map(slice, edges, [*edges[1:], unit.size])
    ]

    def evaluate(at: Floats, which: Places, *, curved: bool = True) -> Likelihood:
        value, gradient = np.zeros(len(at)), np.zeros(at.shape)
        hessian = np.zeros((*at.shape, at.shape[1]))
        for part in parts:
            for row in range(len(at)):
                one = slice(row, row + 1)
                found = part(at[one], which[one], curved=curved)
                value[one] += found.value
                gradient[one] += found.gradient
                hessian[one] += found.hessian
        return Likelihood(value, gradient, hessian)

    return evaluate


def _block_with_intercepts(
    errors: Floats, requests: Floats, design: Floats, unit: Places, n_quadrature: int, least: float
) -> Evaluate:
    joint = np.column_stack([unit.astype(np.float64), design])
    rows, place = np.unique(joint, axis=0, return_inverse=True)
    order = np.argsort(place, kind="stable")
    errors, requests, shared = errors[:, order], requests[:, order], Rows(place[order])

    def cells(log_odds: Floats, spread: Floats, which: Places, *, orders: int) -> Cells:
        kept = _kept_off_zero(spread, least)
        return beta_binomial_cells(
            errors[which], requests[which], log_odds, kept, shared, orders=orders
        )

    units = np.unique(rows[:, 0], return_inverse=True)[1].astype(np.int64)
    return NormalIntercepts(
        cells, rows[:, 1:], units, n_data_sets=len(errors), n_quadrature=n_quadrature
    )


def _kept_off_zero(spread: Floats, least: float) -> Floats:
    return np.where(np.abs(spread) < least, least, spread)


def _parts(cells: Cells) -> tuple[Floats, Floats, Floats, Floats]:
    if cells.ee is None or cells.s is None or cells.es is None or cells.ss is None:
        raise AssertionError("beta-binomial cells have a spread, and were asked for curvatures")
    return cells.ee, cells.s, cells.es, cells.ss
