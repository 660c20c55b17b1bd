"""An arm: cells among which requests are compared, the levels of retailers and strata absorbed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve
from scipy.linalg.lapack import dpstrf
from scipy.sparse import coo_array, csr_array

from switchstats.errors import SwitchstatsError
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.values.keyed import Codes

__all__ = ["Arm", "make_arm"]

_Weighted = TypeVar("_Weighted", Floats, csr_array)
_Summed: TypeAlias = Callable[[Codes, _Weighted, int], Floats]

# Pivots below this share of the largest are the rounding of doubles.
_ROUNDING = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    """Cells with one level a retailer, one a stratum and perhaps a further one, solved once.

    Made by `make_arm`. A stratum with one retailer alone compares nothing and is left out.

    Parameters
    ----------
    units
        Codes of the retailers that are left, in order.
    cells
        Places of the cells in the caller's arrays.
    unit
        Place in `units` of each cell's retailer.
    requests
        Requests of each cell: its weight.
    residuals
        Mean outcomes of each cell without the levels, shape (cells, k).
    variances
        Sampling variance of one request, by outcome.
    left_out
        Requests left out with strata of one retailer, by retailer code.
    """

    units: Ints
    cells: Codes
    unit: Codes
    requests: Floats
    residuals: Floats
    variances: Floats
    left_out: Floats
    _levels: tuple[Codes, ...]
    _stratum: Codes
    _by_stratum: Floats
    _crossed: csr_array
    _pivots: Ints
    _factor: Floats

    def rows_of(self, code: int) -> Ints:
        """Return the cells of one retailer, none when it has none here."""
        place = int(np.searchsorted(self.units, code))
        if place == self.units.size or self.units[place] != code:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(self.unit == place)

    def residual(self, columns: Floats) -> Floats:
        """Return columns, shape (cells, k), without the levels."""
        levels, effects = self._solved(*self._sums(self.requests[:, None] * columns, _sums))
        rest = columns - effects[self._stratum]
        for places in self._levels:
            rest -= levels[places]
        return rest

    def moments(self, columns: csr_array) -> tuple[Floats, Floats]:
        """Return the cross products of mostly empty columns, levels absorbed.

        Parameters
        ----------
        columns
            Shape (cells, k).

        Returns
        -------
        tuple
            Products of the columns with each other, shape (k, k), and with the outcomes.
        """
        weighted = columns.multiply(self.requests[:, None]).tocsr()
        of_level, of_stratum = self._sums(weighted, _sparse_sums)
        levels, effects = self._solved(of_level, of_stratum)
        own = (weighted.T @ columns).toarray()
        return (
            own - of_level.T @ levels - of_stratum.T @ effects,
            np.asarray(weighted.T @ self.residuals),
        )

    def _sums(self, weighted: _Weighted, summed: "_Summed[_Weighted]") -> tuple[Floats, Floats]:
        """Return weighted columns' sums by level and by stratum."""
        n_levels, n_strata = self._crossed.shape
        of_level = np.sum([summed(places, weighted, n_levels) for places in self._levels], axis=0)
        return of_level, summed(self._stratum, weighted, n_strata)

    def _solved(self, of_level: Floats, of_stratum: Floats) -> tuple[Floats, Floats]:
        """Solve the normal equations for weighted sums by level and by stratum."""
        levels = np.zeros_like(of_level)
        if self._pivots.size:
            rest = of_level - self._crossed @ (of_stratum / self._by_stratum[:, None])
            levels[self._pivots] = cho_solve((self._factor, True), rest[self._pivots])
        return levels, (of_stratum - self._crossed.T @ levels) / self._by_stratum[:, None]


def make_arm(  # noqa: PLR0913 -- one array a column of cells
    cells: Ints,
    *,
    unit: Codes,
    stratum: Codes,
    requests: Floats,
    outcomes: Floats,
    variances: Floats,
    n_units: int,
    other: Codes | None = None,
) -> Arm | None:
    r"""Return cells with the levels of retailers and strata absorbed.

    The working model of a cell's mean outcome is a level of its retailer plus one of its stratum;
    the stratum, such as losing retailer × month, holds what all who file there have in common.

    Parameters
    ----------
    cells
        Places, in the arrays that follow, of the cells that belong to the arm.
    unit, stratum
        Codes; cells of one retailer in one stratum may repeat.
    requests
        Above 0.
    outcomes
        Shape (all cells, k): sums over the cell's requests, such as errors.
    variances
        Variance of one request's outcome, by outcome.
    n_units
        How many retailer codes there are.
    other
        Codes with a further level each, such as losing retailers where the strata are months.

    Returns
    -------
    Arm or None
        ``None`` when no stratum has two retailers.

    Notes
    -----
    Weighted least squares with two or three sets of levels. The strata's are eliminated first
    (their block of the normal equations is diagonal); what is left is factored once, with pivoting,
    since levels are known only up to constants: those without a pivot are held at 0.

    Source: the partialling out of R. Frisch and F. V. Waugh, Econometrica 1 (1933) 387-401,
    doi:10.2307/1907330.

    Examples
    --------
    Two retailers, two months: what is left of the second's fall of 0.1 is a quarter in each cell.

    >>> arm = make_arm(
    ...     np.arange(4),
    ...     unit=np.array([0, 0, 1, 1]),
    ...     stratum=np.array([0, 1, 0, 1]),
    ...     requests=np.full(4, 100.0),
    ...     outcomes=np.array([[20.0], [20], [30], [20]]),
    ...     variances=np.array([0.2]),
    ...     n_units=2,
    ... )
    >>> arm.residuals[:, 0].round(3).tolist()
    [-0.025, 0.025, 0.025, -0.025]
    """
    shared = _in_company(unit[cells], stratum[cells])
    alone, kept = cells[~shared], cells[shared]
    left_out: Floats = np.bincount(unit[alone], requests[alone], n_units).astype(np.float64)
    if not kept.size:
        return None
    weights = requests[kept].astype(np.float64, copy=False)
    units, of_unit = _placed(unit[kept])
    n_strata, of_stratum = _numbered(stratum[kept])
    n_levels, levels = units.size, (of_unit,)
    if other is not None:
        n_others, of_other = _numbered(other[kept])
        n_levels, levels = units.size + n_others, (of_unit, of_other + np.int32(units.size))
    sets = len(levels)
    crossed = _crossing(
        np.tile(weights, sets),
        (np.concatenate(levels), np.tile(of_stratum, sets)),
        (n_levels, n_strata),
    )
    by_stratum = np.bincount(of_stratum, weights, n_strata).astype(np.float64)
    pivots, factor = _factored(_equations(weights, levels, crossed, by_stratum))
    arm = Arm(
        units=units,
        cells=kept.astype(np.int32, copy=False),
        unit=of_unit,
        requests=weights,
        residuals=np.empty((weights.size, outcomes.shape[1])),
        variances=variances,
        left_out=left_out,
        _levels=levels,
        _stratum=of_stratum,
        _by_stratum=by_stratum,
        _crossed=crossed,
        _pivots=pivots,
        _factor=factor,
    )
    arm.residuals[:] = arm.residual(outcomes[kept] / weights[:, None])
    return arm


def _placed(codes: Codes) -> tuple[Ints, Codes]:
    """Return the codes that appear, in order, and each cell's place among them."""
    present, place = np.unique(codes, return_inverse=True)
    return present.astype(np.int64, copy=False), place.astype(np.int32, copy=False)


def _numbered(codes: Codes) -> tuple[int, Codes]:
    """Return how many codes appear, and each cell's place among them."""
    present, place = _placed(codes)
    return present.size, place


def _crossing(weights: Floats, places: tuple[Codes, Codes], shape: tuple[int, int]) -> csr_array:
    """Return the sums of weights by two places."""
    return coo_array((weights, places), shape=shape).tocsr()


def _equations(
    weights: Floats, levels: Sequence[Codes], crossed: csr_array, by_stratum: Floats
) -> Floats:
    """Return the normal equations of the levels, the strata's eliminated."""
    n = crossed.shape[0]
    equations = -(crossed.multiply(1 / by_stratum) @ crossed.T).toarray()
    for first, second in product(levels, repeat=2):
        equations += _crossing(weights, (first, second), (n, n)).toarray()
    return equations


def _sums(places: Codes, columns: Floats, n: int) -> Floats:
    """Return the sums of columns by place."""
    found = np.empty((n, columns.shape[1]))
    for place, column in enumerate(columns.T):
        found[:, place] = np.bincount(places, column, n)
    return found


def _sparse_sums(places: Codes, columns: csr_array, n: int) -> Floats:
    """Return the sums of mostly empty columns by place."""
    filled, width = columns.tocoo(), columns.shape[1]
    row, column = filled.coords
    found = np.bincount(places[row].astype(np.int64) * width + column, filled.data, n * width)
    return found.reshape(n, width).astype(np.float64, copy=False)


def _in_company(unit: Codes, stratum: Codes) -> NDArray[np.bool_]:
    """Say which cells stand in a stratum in which at least two retailers filed."""
    _, numbers = np.unique(stratum, return_inverse=True)
    n = int(numbers.max(initial=-1)) + 1
    low, high = np.full(n, np.iinfo(np.int64).max), np.full(n, -1)
    np.minimum.at(low, numbers, unit)
    np.maximum.at(high, numbers, unit)
    return (low < high)[numbers]


def _factored(equations: Floats) -> tuple[Ints, Floats]:
    """Factor what is left of the equations; return the levels that are free and their factor."""
    size = len(equations)
    floor = _ROUNDING * float(np.max(np.diag(equations), initial=0.0))
    if floor <= 0:
        return np.empty(0, dtype=np.int64), np.empty((0, 0))
    factor, order, rank, info = dpstrf(equations, tol=floor, lower=1)
    if info < 0:
        raise SwitchstatsError(f"the equations of {size} levels could not be factored")
    return order[:rank].astype(np.int64) - 1, factor[:rank, :rank]
