"""The contrast of one exposed retailer: its exposed requests against its other ones and others'."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from switchstats.inference.absorbed.arm import Arm
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats

__all__ = ["UnitContrast", "unit_contrast"]

# A coefficient whose own variation is below this share of the column's is not determined.
_DETERMINED = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class UnitContrast:
    """What exposure does to one retailer's outcomes, and what that rests on.

    Parameters
    ----------
    unit
        Code of the retailer.
    estimate
        By outcome: mean outcome of a fully exposed request minus that of an unexposed one.
    variance
        Sampling variance by outcome, requests taken as independent draws; variation between
        months or retailers beyond that is not in it.
    scores
        Shape (units, k): what each retailer's departures from the model add to the estimate.
    requests
        Exposed and unexposed requests of the retailer in the exposed arm.
    """

    unit: int
    estimate: Floats
    variance: Floats
    scores: Floats
    requests: tuple[float, float]


def unit_contrast(
    arms: Sequence[Arm | None],
    exposures: Sequence[Floats | None],
    unit: int,
    *,
    n_units: int,
    own_periods: bool,
) -> UnitContrast | None:
    r"""Return the effect of exposure on one retailer, other retailers and arms held against it.

    Parameters
    ----------
    arms
        Arms in which the retailer's requests are compared with those of others.
    exposures
        For each arm the exposed share of each period, or ``None`` where nothing is exposed.
    unit
        Code of the exposed retailer.
    n_units
        How many codes there are.
    own_periods
        Whether the retailer has a level of its own in each period, common to all arms, so that
        what moves all its requests alike cancels; needs an unexposed arm in the same periods.

    Returns
    -------
    UnitContrast or None
        ``None`` when the data do not determine it.

    Notes
    -----
    With x the exposed share, the model is a level for each retailer in each arm, one for each
    stratum of each arm, if asked for one for each period of the exposed retailer, and the effect
    times x. The estimate is linear in the cells' means; `scores` split what is not explained by
    the retailers that it came from, as cluster-robust variances do.

    Examples
    --------
    >>> from switchstats.inference.absorbed import make_arm
    >>> codes = np.array([0, 0, 1, 1])
    >>> month = codes[[0, 2, 0, 2]]
    >>> errors = np.array([[20.0], [20], [30], [20]])
    >>> arm = make_arm(codes, month, month, np.full(4, 100.0), errors, np.array([0.2]), 2)
    >>> found = unit_contrast([arm], [np.array([1.0, 0])], 1, n_units=2, own_periods=False)
    >>> found.estimate.round(3).tolist(), found.variance.round(4).tolist()
    ([0.1], [0.008])
    """
    parts = _own_cells(arms, exposures, unit, own_periods=own_periods)
    if not any(exposed for *_, exposed in parts):
        return None
    products = [arm.moments(rows, columns) for arm, rows, columns, _ in parts]
    gram = np.sum([own for own, _ in products], axis=0)
    cross = np.sum([outcome for _, outcome in products], axis=0)
    inverse = np.linalg.pinv(gram, rcond=_DETERMINED, hermitian=True)
    direction = inverse[:, -1]
    if not np.isclose(direction @ gram[:, -1], 1.0, rtol=1e-6):
        return None
    fitted = inverse @ cross
    variance, scores = np.zeros(cross.shape[1]), np.zeros((n_units, cross.shape[1]))
    for arm, rows, columns, _ in parts:
        weights = arm.requests * _spread(arm, rows, columns @ direction[:, None])[:, 0]
        variance += (weights**2 / arm.requests).sum() * arm.variances
        unexplained = arm.residuals - _spread(arm, rows, columns @ fitted)
        for outcome, rest in enumerate(unexplained.T):
            scores[:, outcome] += np.bincount(arm.units[arm.unit], weights * rest, n_units)
    return UnitContrast(unit, fitted[-1], variance, scores, _requests(parts))


_Part = tuple[Arm, Ints, Floats, bool]


def _own_cells(
    arms: Sequence[Arm | None],
    exposures: Sequence[Floats | None],
    unit: int,
    *,
    own_periods: bool,
) -> list[_Part]:
    """Return each arm's cells of the retailer with their columns: periods first, exposure last."""
    n_periods = max(
        (int(arm.period.max(initial=-1)) + 1 for arm in arms if arm is not None), default=0
    )
    parts: list[_Part] = []
    for arm, exposure in zip(arms, exposures, strict=True):
        rows = np.empty(0, dtype=np.int64) if arm is None else arm.rows_of(unit)
        if arm is None or rows.size == 0:
            continue
        months = arm.period[rows]
        columns = np.zeros((rows.size, (n_periods if own_periods else 0) + 1))
        if own_periods:
            columns[np.arange(rows.size), months] = 1
        if exposure is not None:
            columns[:, -1] = exposure[months]
        parts.append((arm, rows, columns, exposure is not None))
    return parts


def _spread(arm: Arm, rows: Ints, values: Floats) -> Floats:
    """Return values at the given cells, 0 elsewhere, without the levels."""
    columns = np.zeros((arm.requests.size, values.shape[1]))
    columns[rows] = values
    return arm.residual(columns)


def _requests(parts: Sequence[_Part]) -> tuple[float, float]:
    exposed = sum(
        float(arm.requests[rows] @ columns[:, -1]) for arm, rows, columns, at in parts if at
    )
    own = sum(float(arm.requests[rows].sum()) for arm, rows, _, at in parts if at)
    return exposed, own - exposed
