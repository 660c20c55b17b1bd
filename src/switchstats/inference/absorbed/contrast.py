"""Contrasts of exposed retailers: exposed requests against their other ones and others'."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_array

from switchstats.inference.absorbed.arm import Arm
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats

__all__ = ["Columns", "UnitContrast", "unit_contrasts", "unit_path"]

# From the places of cells to their columns, shape (cells, columns).
Columns: TypeAlias = Callable[[Ints], Floats]

# A coefficient whose own variation is below this share of the largest is not determined.
_DETERMINED = 1e-9
_SAME = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class UnitContrast:
    """What exposure does to one retailer's outcomes, and what that rests on.

    Parameters
    ----------
    estimate
        By outcome: mean outcome of a fully exposed request minus that of an unexposed one.
    variance
        Sampling variance by outcome, requests taken as independent draws; variation between
        months or retailers beyond that is not in it.
    scores
        Shape (retailers, k): what each retailer's departures from the model add to the estimate.
    """

    estimate: Floats
    variance: Floats
    scores: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """The least-squares fit of all columns, levels absorbed.

    Each part is an arm with its columns; `slots` are the places of each retailer's own columns.
    """

    parts: Sequence[tuple[Arm, csr_array]]
    gram: Floats
    inverse: Floats
    fitted: Floats
    slots: Mapping[int, slice]
    scale: float

    def determined(self, place: int) -> bool:
        """Say whether the data determine the coefficient at this place."""
        own = float(self.inverse[place] @ self.gram[:, place])
        return self.gram[place, place] > _DETERMINED * self.scale and abs(own - 1) < _SAME


def unit_contrasts(
    arms: Sequence[Arm | None], columns: Mapping[int, Columns], *, n_units: int
) -> dict[int, UnitContrast]:
    r"""Return the effect of exposure on each of several retailers, fitted together.

    Together, so that the exposed requests of one retailer do not pass for the unexposed level
    against which another is held.

    Parameters
    ----------
    arms
        Arms in which the retailers' requests are compared with those of others.
    columns
        By code of an exposed retailer, what its cells are explained by besides the levels of each
        arm: nuisance first, such as a level of its own in each period common to all arms, the
        exposed share last.
    n_units
        How many codes of retailers there are.

    Returns
    -------
    dict
        By code; a retailer whose effect the data do not determine is left out.

    Notes
    -----
    The model is a level for each retailer in each arm, one for each stratum of each arm, and each
    exposed retailer's columns times coefficients of its own. An estimate is linear in the cells'
    means; `scores` split what is left unexplained by the retailers that it came from, as
    cluster-robust variances do.

    Examples
    --------
    >>> from switchstats.inference.absorbed import make_arm
    >>> arm = make_arm(
    ...     np.arange(4),
    ...     unit=np.array([0, 0, 1, 1]),
    ...     stratum=np.array([0, 1, 0, 1]),
    ...     requests=np.full(4, 100.0),
    ...     outcomes=np.array([[20.0], [20], [30], [20]]),
    ...     variances=np.array([0.2]),
    ...     n_units=2,
    ... )
    >>> exposed = np.array([1.0, 0, 1, 0])
    >>> found = unit_contrasts([arm], {1: lambda cells: exposed[cells, None]}, n_units=2)[1]
    >>> found.estimate.round(3).tolist(), found.variance.round(4).tolist()
    ([0.1], [0.008])
    """
    fit = _fit(arms, columns)
    if fit is None:
        return {}
    unexplained = [arm.residuals - arm.residual(own @ fit.fitted) for arm, own in fit.parts]
    found: dict[int, UnitContrast] = {}
    for unit, slot in fit.slots.items():
        place = slot.stop - 1
        if not fit.determined(place):
            continue
        n_outcomes = fit.fitted.shape[1]
        variance, scores = np.zeros(n_outcomes), np.zeros((n_units, n_outcomes))
        for (arm, own), rest in zip(fit.parts, unexplained, strict=True):
            direction = own @ fit.inverse[:, place : place + 1]
            if not direction.any():
                continue
            weights = arm.requests * arm.residual(direction)[:, 0]
            variance += (weights**2 / arm.requests).sum() * arm.variances
            codes = arm.units[arm.unit]
            for outcome in range(n_outcomes):
                scores[:, outcome] += np.bincount(codes, weights * rest[:, outcome], n_units)
        found[unit] = UnitContrast(fit.fitted[place], variance, scores)
    return found


def unit_path(
    arms: Sequence[Arm | None], unit: int, columns: Columns, n_effects: int
) -> tuple[Floats, Floats]:
    """Return several coefficients of one retailer and their sampling variances.

    Parameters
    ----------
    arms
        As for `unit_contrasts`.
    unit
        Code of the retailer.
    columns
        Its columns, of which the last `n_effects` are the effects.
    n_effects
        How many.

    Returns
    -------
    tuple
        Estimates and variances of the first outcome, shape (effects,): NaN for those that the data
        do not determine.
    """
    nothing = np.full(n_effects, np.nan)
    fit = _fit(arms, {unit: columns})
    if fit is None:
        return nothing, nothing
    places = range(fit.slots[unit].stop - n_effects, fit.slots[unit].stop)
    variance = float(np.mean([arm.variances[0] for arm, _ in fit.parts]))
    known = np.array([fit.determined(place) for place in places])
    estimates = np.array([fit.fitted[place, 0] for place in places])
    spread = np.array([fit.inverse[place, place] * variance for place in places])
    return np.where(known, estimates, np.nan), np.where(known, spread, np.nan)


def _fit(arms: Sequence[Arm | None], columns: Mapping[int, Columns]) -> _Fit | None:
    made = [(arm, _own_columns(arm, columns)) for arm in arms if arm is not None]
    width = {unit: own.shape[1] for _, by_unit in made for unit, (_, own) in by_unit.items()}
    if not width:
        return None
    stops = np.cumsum(list(width.values())).tolist()
    slots = {
        unit: slice(stop - size, stop)
        for (unit, size), stop in zip(width.items(), stops, strict=True)
    }
    parts = [
        (arm, _side_by_side(arm, by_unit, slots, stops[-1])) for arm, by_unit in made if by_unit
    ]
    gram, cross = parts[0][0].moments(parts[0][1])
    for arm, own in parts[1:]:
        more, outcome = arm.moments(own)
        gram, cross = gram + more, cross + outcome
    # nothing may be decided by the rounding of doubles where a column is absorbed whole
    scale = max(float(abs(own).max()) ** 2 * float(arm.requests.sum()) for arm, own in parts)
    inverse = np.asarray(np.linalg.pinv(gram, rcond=_DETERMINED, hermitian=True), dtype=np.float64)
    return _Fit(parts, gram, inverse, inverse @ cross, slots, scale)


def _own_columns(arm: Arm, columns: Mapping[int, Columns]) -> dict[int, tuple[Ints, Floats]]:
    """Return each retailer's rows in the arm and its columns there."""
    found: dict[int, tuple[Ints, Floats]] = {}
    for unit, column in columns.items():
        rows = arm.rows_of(unit)
        if rows.size:
            found[unit] = rows, column(arm.cells[rows])
    return found


def _side_by_side(
    arm: Arm, by_unit: Mapping[int, tuple[Ints, Floats]], slots: Mapping[int, slice], width: int
) -> csr_array:
    """Return all retailers' columns as one sparse matrix, each in its own slot."""
    values: list[Floats] = []
    rows: list[Ints] = []
    places: list[Ints] = []
    for unit, (at, own) in by_unit.items():
        row, place = np.nonzero(own)
        values.append(own[row, place])
        rows.append(at[row])
        places.append(place + slots[unit].start)
    index = (np.concatenate(rows), np.concatenate(places))
    return csr_array((np.concatenate(values), index), shape=(arm.requests.size, width))
