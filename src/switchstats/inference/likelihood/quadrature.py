"""Log-likelihood of units with a normal intercept each, by adaptive Gauss-Hermite quadrature."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from switchstats.inference.likelihood.cells import Cells
from switchstats.inference.likelihood.newton import Likelihood
from switchstats.inference.likelihood.rows import Column, Rows
from switchstats.inference.likelihood.stirling import Floats

__all__ = ["CellsOf", "NormalIntercepts"]

# With fewer nodes than this the Hessian takes so many: it needs the spread around the modes.
_LEAST_NODES = 5
_MOST_STEPS = 60
# Distance from the mode, in standard deviations, at which it counts as found.
_FOUND = 1e-8
# Longest move in log-odds towards the mode.
_LONGEST = 2.0
# Least curvature where beta-binomial cells bend upwards.
_FLATTEST = 0.1
# No mode lies farther out, in standard deviations: the density there is 0.
_WIDEST = 1e9
# Standard deviation of intercepts below which a move in log-odds is no bound.
_NARROW = 1e-3


class CellsOf(Protocol):
    """The cells' log-likelihood at given log-odds."""

    def __call__(
        self, log_odds: Floats, spread: Floats, which: NDArray[np.int64], *, orders: int
    ) -> Cells:
        """Return the cells of some data sets at log-odds of shape (..., data sets, cells).

        With derivatives up to the first, second or third order.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """Gauss-Hermite nodes for the standard normal density, with logarithms of their weights."""

    nodes: Floats
    log_weights: Floats

    @property
    def size(self) -> int:
        return len(self.nodes)

    @classmethod
    def of(cls, size: int) -> "_Rule":
        nodes, weights = np.polynomial.hermite.hermgauss(size)
        log_weights = np.log(weights / np.sqrt(np.pi)) + nodes**2
        return cls((np.sqrt(2) * nodes)[:, None, None], log_weights[:, None, None])


@dataclass(frozen=True, slots=True, eq=False)
class _Mode:
    """Where each unit's integrand is largest, its width there, and the cells."""

    b: Floats
    scale: Floats
    cells: Cells


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """Each unit's nodes, shape (nodes, data sets, units), their shares and the integral's log."""

    b: Floats
    cells: Cells
    shares: Floats
    value: Floats


@dataclass(slots=True, eq=False)
class _Latest:
    """Each data set's latest modes, where they were found and how they move from there."""

    b: Floats
    base: Floats
    sigma: Floats
    spread: Floats
    by_base: Floats
    by_sigma: Floats
    by_spread: Floats

    @classmethod
    def of(cls, n_data_sets: int, n_cells: int, n_units: int) -> "_Latest":
        units, cells, one = ((n_data_sets, size) for size in (n_units, n_cells, 1))
        return cls(*map(np.zeros, (units, cells, one, one, cells, units, units)))


class NormalIntercepts:
    r"""Log-likelihood of coefficients, the standard deviation of intercepts, and a spread.

    Every unit's log-odds are shifted by :math:`\sigma b`, b standard normal. The parameters are the
    coefficients of the design, :math:`\sigma` (of either sign: the likelihood is even in it, so
    that 0 is an ordinary point) and, where the cells have one, their spread.

    Parameters
    ----------
    cells
        Log-likelihood of the cells, sorted by unit.
    design
        Shape (cells, coefficients).
    unit
        Place of each cell's unit, ascending from 0 without gaps.
    n_data_sets
        How many data sets `cells` holds.
    n_quadrature
        Nodes for each unit; 1 is Laplace's approximation.

    Notes
    -----
    The nodes lie around each unit's mode, scaled by the curvature there. Value and gradient are
    those of the quadrature itself, the movement of its nodes included; the Hessian holds the nodes
    still (Louis' formula), which is close. Modes are kept as the next call's start.

    Sources: J. C. Pinheiro and D. M. Bates, Journal of Computational and Graphical Statistics 4
    (1995) 12-35; T. A. Louis, Journal of the Royal Statistical Society B 44 (1982) 226-233.
    """

    def __init__(
        self,
        cells: CellsOf,
        design: Floats,
        unit: NDArray[np.int64],
        *,
        n_data_sets: int,
        n_quadrature: int,
    ) -> None:
        self._cells = cells
        self._design = design
        self._products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
        self._units = Rows(unit)
        self._columns = [Column.of(column, unit, self._units) for column in design.T]
        self._latest = _Latest.of(n_data_sets, len(design), self._units.n_rows)
        self._rule = _Rule.of(n_quadrature)
        self._wide_rule = None if n_quadrature >= _LEAST_NODES else _Rule.of(_LEAST_NODES)

    def __call__(self, at: Floats, which: NDArray[np.int64], *, curved: bool = True) -> Likelihood:
        """Return the log-likelihood of some data sets, relative to the cells' own rates."""
        p = self._design.shape[1]
        base, sigma, spread = at[:, :p] @ self._design.T, at[:, p : p + 1], at[:, p + 1 :]
        mode = self._find_modes(base, sigma, spread, which)

        def nodes_of(rule: _Rule, orders: int) -> _Nodes:
            b = mode.b + mode.scale * rule.nodes
            log_odds = base + sigma * self._units.per_cell(b)
            cells = (
                self._cells(log_odds, spread, which, orders=orders)
                if rule.size > 1
                else mode.cells.at_one_node()
            )
            terms = rule.log_weights + self._units.sum(cells.value) - 0.5 * b * b
            highest = terms.max(axis=0)
            shares = np.exp(terms - highest)
            total = shares.sum(axis=0)
            return _Nodes(b, cells, shares / total, np.log(mode.scale * total) + highest)

        nodes = nodes_of(self._rule, 2 if curved and self._wide_rule is None else 1)
        value = nodes.value.sum(axis=-1)
        gradient = self._gradient(nodes)
        gradient += self._of_moving_nodes(mode, sigma, nodes, self._rule)
        if not curved:
            return Likelihood(value, gradient, np.zeros((*gradient.shape, gradient.shape[1])))
        if self._wide_rule is not None:
            nodes = nodes_of(self._wide_rule, 2)
        return Likelihood(value, gradient, self._hessian(nodes))

    def _find_modes(
        self, base: Floats, sigma: Floats, spread: Floats, which: NDArray[np.int64]
    ) -> _Mode:
        longest = _LONGEST / np.maximum(np.abs(sigma), _NARROW)
        b = self._expected(base, sigma, spread, which, longest)
        low, high = np.full_like(b, -_WIDEST), np.full_like(b, _WIDEST)
        cells, slope, curvature, bend = self._at(b, base, sigma, spread, which)
        for _ in range(_MOST_STEPS):
            if np.all(np.abs(slope) <= _FOUND * np.sqrt(curvature)):
                break
            low, high = np.where(slope > 0, b, low), np.where(slope < 0, b, high)
            step = slope / curvature
            # Halley's step
            step /= np.clip(1 - 0.5 * step * bend / curvature, 0.5, 2.0)
            moved = b + np.clip(step, -longest, longest)
            b = np.where((moved < low) | (moved > high), 0.5 * (low + high), moved)
            cells, slope, curvature, bend = self._at(b, base, sigma, spread, which)
        latest, units = self._latest, self._units
        latest.b[which], latest.base[which], latest.sigma[which] = b, base, sigma
        ee = _known(cells.ee)
        latest.by_base[which] = sigma * ee / units.per_cell(curvature)
        latest.by_sigma[which] = (units.sum(cells.e) + sigma * b * units.sum(ee)) / curvature
        if cells.es is not None:
            latest.spread[which] = spread
            latest.by_spread[which] = sigma * units.sum(cells.es) / curvature
        return _Mode(b, 1 / np.sqrt(curvature), cells)

    def _expected(
        self,
        base: Floats,
        sigma: Floats,
        spread: Floats,
        which: NDArray[np.int64],
        longest: Floats,
    ) -> Floats:
        """Return the latest modes, moved as far as the parameters have."""
        latest = self._latest
        move = self._units.sum(latest.by_base[which] * (base - latest.base[which]))
        move += latest.by_sigma[which] * (sigma - latest.sigma[which])
        if spread.size:
            move += latest.by_spread[which] * (spread - latest.spread[which])
        return latest.b[which] + np.clip(move, -longest, longest)

    def _at(
        self, b: Floats, base: Floats, sigma: Floats, spread: Floats, which: NDArray[np.int64]
    ) -> tuple[Cells, Floats, Floats, Floats]:
        """Return the cells, and three derivatives of each unit's log-density, the second turned."""
        cells = self._cells(base + sigma * self._units.per_cell(b), spread, which, orders=3)
        curvature = np.maximum(1 - sigma**2 * self._units.sum(_known(cells.ee)), _FLATTEST)
        bend = sigma**3 * self._units.sum(_known(cells.eee))
        return cells, sigma * self._units.sum(cells.e) - b, curvature, bend

    def _gradient(self, nodes: _Nodes) -> Floats:
        """Return the mean slopes of the log-densities in the parameters, the nodes held still."""
        cells, shares = nodes.cells, self._units.per_cell(nodes.shares)
        b_shares = nodes.shares * nodes.b
        parts = [
            (shares * cells.e).sum(axis=0) @ self._design,
            (b_shares * self._units.sum(cells.e)).sum(axis=(0, 2))[:, None],
        ]
        if cells.s is not None:
            parts.append((shares * cells.s).sum(axis=(0, 2))[:, None])
        return np.concatenate(parts, axis=1)

    def _slopes(self, nodes: _Nodes) -> Floats:
        """Return the slopes of each unit's log-density, shape (parameters, nodes, sets, units)."""
        cells, units = nodes.cells, self._units
        p = self._design.shape[1]
        slopes = np.zeros((p + (2 if cells.s is not None else 1), *nodes.b.shape))
        for place, column in enumerate(self._columns):
            column.add(slopes[place], cells.e)
        slopes[p] = nodes.b * units.sum(cells.e)
        if cells.s is not None:
            slopes[p + 1] = units.sum(cells.s)
        return slopes

    def _hessian(self, nodes: _Nodes) -> Floats:
        p, slopes = self._design.shape[1], self._slopes(nodes)
        cells, n_sets = nodes.cells, nodes.b.shape[1]
        slopes -= (slopes * nodes.shares).sum(axis=1)[:, None]
        slopes *= np.sqrt(nodes.shares)
        off = slopes.transpose(2, 0, 1, 3).reshape(n_sets, len(slopes), -1)
        hessian = off @ off.transpose(0, 2, 1)
        shares, b = self._units.per_cell(nodes.shares), self._units.per_cell(nodes.b)
        weighted = shares * _known(cells.ee)
        ee = weighted.sum(axis=0)
        hessian[:, :p, :p] += (ee @ self._products).reshape(n_sets, p, p)
        weighted *= b
        _add_cross(hessian, p, weighted.sum(axis=0) @ self._design)
        hessian[:, p, p] += (weighted * b).sum(axis=(0, 2))
        if cells.es is not None and cells.ss is not None:
            es = shares * cells.es
            with_sigma = (es * b).sum(axis=(0, 2))[:, None]
            cross = np.concatenate([es.sum(axis=0) @ self._design, with_sigma], axis=1)
            _add_cross(hessian, p + 1, cross)
            hessian[:, -1, -1] += (shares * cells.ss).sum(axis=(0, 2))
        return hessian

    def _of_moving_nodes(self, mode: _Mode, sigma: Floats, nodes: _Nodes, rule: _Rule) -> Floats:
        """Return the part of the gradient through the modes and the widths there."""
        pull = nodes.shares * (sigma * self._units.sum(nodes.cells.e) - nodes.b)
        e, ee, eee = mode.cells.e, _known(mode.cells.ee), _known(mode.cells.eee)
        unit_e, unit_ee, unit_eee = (self._units.sum(part) for part in (e, ee, eee))
        by_width = 0.5 * mode.scale**3 * ((pull * rule.nodes).sum(axis=0) + 1 / mode.scale)
        by_mode = mode.scale**2 * (pull.sum(axis=0) + by_width * sigma**3 * unit_eee)
        cell_mode, cell_width = self._units.per_cell(by_mode), self._units.per_cell(by_width)
        of_sigma = by_mode * (unit_e + sigma * mode.b * unit_ee)
        of_sigma += by_width * sigma * (2 * unit_ee + sigma * mode.b * unit_eee)
        parts = [
            (sigma * cell_mode * ee + sigma**2 * cell_width * eee) @ self._design,
            of_sigma.sum(axis=-1)[:, None],
        ]
        es, ees = mode.cells.es, mode.cells.ees
        if es is not None and ees is not None:
            of_spread = sigma * cell_mode * es + sigma**2 * cell_width * ees
            parts.append(of_spread.sum(axis=-1)[:, None])
        return np.concatenate(parts, axis=1)


def _known(part: Floats | None) -> Floats:
    if part is None:
        raise AssertionError("cells were asked for with this derivative")
    return part


def _add_cross(hessian: Floats, place: int, cross: Floats) -> None:
    """Add second derivatives between the parameter at `place` and those before it."""
    hessian[:, :place, place] += cross
    hessian[:, place, :place] += cross
