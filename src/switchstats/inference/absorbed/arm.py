"""An arm: cells among which requests are compared, the levels of retailers and strata absorbed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats

__all__ = ["Arm", "make_arm"]


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """Cells with one level a retailer and one a stratum, solved once for any outcome.

    Made by `make_arm`. A stratum with one retailer alone compares nothing and is left out.

    Parameters
    ----------
    units
        Codes of the retailers that are left, in order.
    unit, stratum
        Place in `units`, and number of the stratum, of each cell.
    period
        Number of each cell's period.
    requests
        Requests of each cell: its weight.
    variances
        Sampling variance of one request, by outcome.
    left_out
        Requests left out with strata of one retailer, by retailer code.
    """

    units: Ints
    unit: Ints
    stratum: Ints
    period: Ints
    requests: Floats
    variances: Floats
    left_out: Floats
    residuals: Floats
    _by_unit: Floats
    _by_stratum: Floats
    _crossed: csr_array
    _kept: NDArray[np.bool_]
    _factor: tuple[Floats, bool] | None

    def rows_of(self, code: int) -> Ints:
        """Return the cells of one retailer, none when it has none here."""
        place = int(np.searchsorted(self.units, code))
        if place == self.units.size or self.units[place] != code:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(self.unit == place)

    def residual(self, columns: Floats) -> Floats:
        """Return columns, one a cell, without the levels of retailers and strata.

        Parameters
        ----------
        columns
            Shape (cells, k).
        """
        weighted = self.requests[:, None] * columns
        levels, effects = self._levels(
            _sums(self.unit, weighted, self.units.size),
            _sums(self.stratum, weighted, self._by_stratum.size),
        )
        return columns - levels[self.unit] - effects[self.stratum]

    def moments(self, rows: Ints, columns: Floats) -> tuple[Floats, Floats]:
        """Return the cross products of one retailer's columns, levels absorbed.

        Parameters
        ----------
        rows
            The cells of that retailer.
        columns
            Shape (rows, k): values there; 0 elsewhere.

        Returns
        -------
        tuple
            Products of the columns with each other, shape (k, k), and with the outcomes.
        """
        weighted = self.requests[rows, None] * columns
        of_unit = np.zeros((self.units.size, columns.shape[1]))
        of_unit[self.unit[rows[0]]] = weighted.sum(axis=0)
        of_stratum = _sums(self.stratum[rows], weighted, self._by_stratum.size)
        levels, effects = self._levels(of_unit, of_stratum)
        return (
            weighted.T @ columns - of_unit.T @ levels - of_stratum.T @ effects,
            weighted.T @ self.residuals[rows],
        )

    def _levels(self, of_unit: Floats, of_stratum: Floats) -> tuple[Floats, Floats]:
        """Solve the normal equations for weighted sums by retailer and by stratum."""
        levels = np.zeros_like(of_unit)
        if self._factor is not None:
            rest = of_unit - self._crossed @ (of_stratum / self._by_stratum[:, None])
            levels[self._kept] = cho_solve(self._factor, rest[self._kept])
        return levels, (of_stratum - self._crossed.T @ levels) / self._by_stratum[:, None]


def make_arm(
    unit: Ints,
    stratum: Ints,
    period: Ints,
    requests: Floats,
    outcomes: Floats,
    variances: Floats,
    n_units: int,
) -> Arm | None:
    r"""Return cells with the levels of retailers and strata absorbed.

    The working model of a cell's mean outcome is a level of its retailer plus one of its stratum;
    the stratum, such as losing retailer × month, holds what all who file there have in common.

    Parameters
    ----------
    unit, stratum, period
        Codes, one a cell; cells of one retailer in one stratum may repeat.
    requests
        One a cell, above 0.
    outcomes
        Shape (cells, k): sums over the cell's requests, such as errors.
    variances
        Variance of one request's outcome, by outcome.
    n_units
        How many retailer codes there are.

    Returns
    -------
    Arm or None
        ``None`` when no stratum has two retailers.

    Notes
    -----
    Weighted least squares with two sets of levels. The strata's are eliminated first (their block
    of the normal equations is diagonal); what is left, one equation a retailer, is factored once.
    One level in each connected set of retailers and strata is free and held at 0.

    Source: the partialling out of R. Frisch and F. V. Waugh, Econometrica 1 (1933) 387-401,
    doi:10.2307/1907330.

    Examples
    --------
    Two retailers, two months: what is left of the second's fall of 0.1 is a quarter in each cell.

    >>> codes, ones = np.array([0, 0, 1, 1]), np.ones(4)
    >>> errors = np.array([[20.0], [20], [30], [20]])
    >>> arm = make_arm(codes, codes[[0, 2, 0, 2]], codes[[0, 2, 0, 2]], 100 * ones, errors,
    ...     np.array([0.2]), 2)
    >>> arm.residuals[:, 0].round(3).tolist()
    [-0.025, 0.025, 0.025, -0.025]
    """
    shared = _in_company(unit, stratum)
    left_out = np.bincount(unit[~shared], requests[~shared], n_units)
    if not shared.any():
        return None
    units, places = np.unique(unit[shared], return_inverse=True)
    strata, numbers = np.unique(stratum[shared], return_inverse=True)
    weights = requests[shared].astype(np.float64)
    shape = (units.size, strata.size)
    crossed = csr_array((weights, (places, numbers)), shape=shape)
    crossed.sum_duplicates()
    by_unit = np.bincount(places, weights, units.size)
    by_stratum = np.bincount(numbers, weights, strata.size)
    kept, factor = _factored(crossed, by_unit, by_stratum)
    arm = Arm(
        units=units,
        unit=places.astype(np.int64),
        stratum=numbers.astype(np.int64),
        period=period[shared],
        requests=weights,
        variances=variances,
        left_out=left_out,
        residuals=np.empty((weights.size, outcomes.shape[1])),
        _by_unit=by_unit,
        _by_stratum=by_stratum,
        _crossed=crossed,
        _kept=kept,
        _factor=factor,
    )
    arm.residuals[:] = arm.residual(outcomes[shared] / weights[:, None])
    return arm


def _in_company(unit: Ints, stratum: Ints) -> NDArray[np.bool_]:
    """Say which cells stand in a stratum in which at least two retailers filed."""
    _, numbers = np.unique(stratum, return_inverse=True)
    n = int(numbers.max(initial=-1)) + 1
    low, high = np.full(n, np.iinfo(np.int64).max), np.full(n, -1)
    np.minimum.at(low, numbers, unit)
    np.maximum.at(high, numbers, unit)
    return (low < high)[numbers]


def _factored(
    crossed: csr_array, by_unit: Floats, by_stratum: Floats
) -> tuple[NDArray[np.bool_], tuple[Floats, bool] | None]:
    """Factor the retailers' equations, one retailer of each connected set held at 0."""
    _, sets = connected_components(crossed @ crossed.T, directed=False)
    kept = np.ones(by_unit.size, dtype=bool)
    kept[np.unique(sets, return_index=True)[1]] = False
    if not kept.any():
        return kept, None
    equations = np.diag(by_unit) - (crossed.multiply(1 / by_stratum) @ crossed.T).toarray()
    return kept, cho_factor(equations[np.ix_(kept, kept)])


def _sums(codes: Ints, columns: Floats, n: int) -> Floats:
    """Return the sums of columns by code, shape (n, k)."""
    if columns.shape[1] == 0:
        return np.zeros((n, 0))
    return np.column_stack([np.bincount(codes, column, n) for column in columns.T])
