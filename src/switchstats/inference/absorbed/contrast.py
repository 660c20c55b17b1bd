"""The contrast of one exposed retailer: its exposed requests against its other ones and others'."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from switchstats.inference.absorbed.arm import Arm
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats

__all__ = ["Columns", "UnitContrast", "unit_contrast", "unit_path"]

# From the places of cells to their columns, shape (cells, columns).
Columns: TypeAlias = Callable[[Ints], Floats]

# A coefficient whose own variation is below this share of the largest is not determined.
_DETERMINED = 1e-9


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
    """The least-squares fit of one retailer's columns, levels absorbed."""

    parts: Sequence[tuple[Arm, Ints, Floats]]
    gram: Floats
    inverse: Floats
    fitted: Floats
    determined: bool


def unit_contrast(
    arms: Sequence[Arm | None], unit: int, columns: Columns, *, n_units: int
) -> UnitContrast | None:
    r"""Return the effect of exposure on one retailer, other retailers and arms held against it.

    Parameters
    ----------
    arms
        Arms in which the retailer's requests are compared with those of others.
    unit
        Code of the exposed retailer.
    columns
        What the retailer's cells are explained by besides the levels of each arm: nuisance first,
        such as a level of its own in each period common to all arms, the exposed share last.
    n_units
        How many codes of retailers there are.

    Returns
    -------
    UnitContrast or None
        ``None`` when the data do not determine it.

    Notes
    -----
    The model is a level for each retailer in each arm, one for each stratum of each arm, and the
    columns times coefficients of the exposed retailer alone. The estimate is linear in the cells'
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
    >>> found = unit_contrast([arm], 1, lambda cells: exposed[cells, None], n_units=2)
    >>> found.estimate.round(3).tolist(), found.variance.round(4).tolist()
    ([0.1], [0.008])
    """
    fit = _fit(arms, unit, columns)
    if fit is None or not fit.determined:
        return None
    direction = fit.inverse[:, -1:]
    n_outcomes = fit.fitted.shape[1]
    variance, scores = np.zeros(n_outcomes), np.zeros((n_units, n_outcomes))
    for arm, rows, own in fit.parts:
        weights = arm.requests * _spread(arm, rows, own @ direction)[:, 0]
        variance += (weights**2 / arm.requests).sum() * arm.variances
        unexplained = arm.residuals - _spread(arm, rows, own @ fit.fitted)
        codes = arm.units[arm.unit]
        for outcome, rest in enumerate(unexplained.T):
            scores[:, outcome] += np.bincount(codes, weights * rest, n_units)
    return UnitContrast(fit.fitted[-1], variance, scores)


def unit_path(
    arms: Sequence[Arm | None], unit: int, columns: Columns, n_effects: int
) -> tuple[Floats, Floats]:
    """Return several coefficients of one retailer and their sampling variances.

    Parameters
    ----------
    arms, unit, columns
        As for `unit_contrast`; the last `n_effects` columns are the effects.

    Returns
    -------
    tuple
        Estimates and variances of the first outcome, shape (effects,): NaN for those that the data
        do not determine.
    """
    nothing = np.full(n_effects, np.nan)
    fit = _fit(arms, unit, columns)
    if fit is None:
        return nothing, nothing
    inner = fit.inverse[-n_effects:, -n_effects:]
    variance = float(np.mean([arm.variances[0] for arm, _, _ in fit.parts]))
    spread = np.diag(inner) * variance
    known = np.isclose(np.diag(fit.inverse @ fit.gram)[-n_effects:], 1.0, rtol=1e-6) & (spread > 0)
    estimates = np.where(known, fit.fitted[-n_effects:, 0], np.nan)
    return estimates, np.where(known, spread, np.nan)


def _fit(arms: Sequence[Arm | None], unit: int, columns: Columns) -> _Fit | None:
    parts: list[tuple[Arm, Ints, Floats]] = []
    for arm in arms:
        if arm is None:
            continue
        rows = arm.rows_of(unit)
        if rows.size:
            parts.append((arm, rows, columns(arm.cells[rows])))
    if not parts:
        return None
    products = [arm.moments(rows, own) for arm, rows, own in parts]
    gram, cross = products[0]
    for own, outcome in products[1:]:
        gram, cross = gram + own, cross + outcome
    # nothing may be decided by the rounding of doubles where a column is absorbed whole
    size = max(float(np.abs(own).max()) ** 2 * arm.requests.sum() for arm, _, own in parts)
    inverse = np.asarray(np.linalg.pinv(gram, rcond=_DETERMINED, hermitian=True), dtype=np.float64)
    determined = gram[-1, -1] > _DETERMINED * size and bool(
        np.isclose(inverse[-1] @ gram[:, -1], 1.0, rtol=1e-6)
    )
    return _Fit(parts, gram, inverse, inverse @ cross, determined)


def _spread(arm: Arm, rows: Ints, values: Floats) -> Floats:
    """Return values at the given cells, 0 elsewhere, without the levels."""
    columns = np.zeros((arm.requests.size, values.shape[1]))
    columns[rows] = values
    return arm.residual(columns)
