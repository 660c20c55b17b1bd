"""Month by month around the end of access: the event study and the trend before it."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.absorbed import unit_contrasts, unit_path
from switchstats.inference.few_units import few_units
from switchstats.inference.groups import Ints
from switchstats.inference.samples import Floats
from switchstats.periods import Period
from switchstats.studies.contrast.arms import Arms
from switchstats.studies.contrast.contrasts import exposed_cells, home_arms
from switchstats.studies.contrast.exposure import AccessEnd, before_share
from switchstats.values import PeriodEffect, TestResult
from switchstats.values.keyed import Codes

__all__ = ["event_path", "pre_trend"]

_FARTHEST = 12
_LEAST_UNITS = 2
_LEAST_BEFORE = 3


def event_path(arms: Arms, ends: Sequence[AccessEnd], level: float) -> tuple[PeriodEffect, ...]:
    """Return the effect in each month, counted from the month in which access ended.

    Parameters
    ----------
    arms
        Of all cells, for errors.
    ends
        Who had access until when.
    level
        Confidence of the intervals.

    Returns
    -------
    tuple of PeriodEffect
        Offsets -12 to 12, as far as the counts go; each the mean over retailers by Hartung and
        Knapp of the month's difference from the mean of the months before. Month 0 is the one in
        which access ended. Empty with fewer than three whole months before.
    """
    cells = arms.cells
    estimates: dict[int, list[tuple[float, float]]] = {}
    for end in ends:
        offsets = month_offsets(end.end, cells.periods)
        shown = _shown(offsets)
        before = [offset for offset in shown if offset < 0]
        if len(before) < _LEAST_BEFORE:
            continue
        # deviations from the mean of the months before: their dummies less that of the last one
        columns = _dummies(exposed_cells(cells, end), offsets, cells.period, shown, before)
        found, variances = unit_path(
            home_arms(arms, end), cells.code(end.retailer), columns, len(shown) - 1
        )
        known = dict(
            zip(
                [o for o in shown if o != before[-1]],
                zip(found, variances, strict=True),
                strict=True,
            )
        )
        for offset, (estimate, variance) in known.items():
            if np.isfinite(estimate):
                estimates.setdefault(offset, []).append((float(estimate), float(variance)))
    return tuple(
        _pooled(offset, estimates[offset], level)
        for offset in sorted(estimates)
        if abs(offset) <= _FARTHEST
    )


def pre_trend(arms: Arms, ends: Sequence[AccessEnd], level: float) -> TestResult:
    """Test whether exposed requests were already moving away from the others before the end.

    Parameters
    ----------
    arms, ends, level
        As in `event_path`.

    Returns
    -------
    TestResult
        `estimate` is the mean slope over the months before, a fraction of requests a month.

    Raises
    ------
    NotAnswerableError
        When fewer than two retailers have three whole months before.
    """
    cells = arms.cells
    slopes: list[tuple[float, float]] = []
    for end in ends:
        offsets = month_offsets(end.end, cells.periods)
        if np.count_nonzero(offsets < 0) < _LEAST_BEFORE:
            continue
        share = before_share(end.end, cells.periods)
        exposed = exposed_cells(cells, end)
        columns = _trend(exposed, offsets, share, cells.period)
        code = cells.code(end.retailer)
        found = unit_contrasts(
            home_arms(arms, end), {code: columns}, n_units=len(cells.retailers)
        ).get(code)
        if found is not None and found.variance[0] > 0:
            slopes.append((float(found.estimate[0]), float(found.variance[0])))
    if len(slopes) < _LEAST_UNITS:
        raise NotAnswerableError(
            "the trend before the end of access",
            "fewer than two exposed retailers have three whole periods before it",
            "more periods before the end of access",
        )
    values, variances = np.array(slopes).T
    return few_units(values, np.sqrt(variances), level=level, estimand="access_trend_before")


def month_offsets(end: date, periods: Sequence[Period]) -> Ints:
    """Return each period's place counted from the one in which access ended.

    Examples
    --------
    >>> from switchstats.periods import parse_period
    >>> months = [parse_period(month) for month in ("2022-11", "2022-12", "2023-01")]
    >>> month_offsets(date(2022, 12, 13), months).tolist()
    [-1, 0, 1]
    """
    first_after = sum(period.end <= end for period in periods)
    return np.arange(len(periods)) - first_after


def _shown(offsets: Ints) -> list[int]:
    """Return the offsets that have a coefficient: the farthest ones share one at either end."""
    clipped = np.clip(offsets, -_FARTHEST - 1, _FARTHEST + 1)
    return sorted(set(clipped.tolist()))


def _dummies(
    exposed: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    offsets: Ints,
    period: Codes,
    shown: Sequence[int],
    before: Sequence[int],
) -> Callable[[Ints], Floats]:
    """Return one column an offset but the last before, so that those before sum to nothing."""
    clipped = np.clip(offsets, -_FARTHEST - 1, _FARTHEST + 1)
    last = before[-1]
    kept = [offset for offset in shown if offset != last]
    table = (clipped[:, None] == np.array(kept)).astype(float)
    table[clipped == last] -= np.isin(kept, before)
    return lambda at: table[period[at]] * exposed[at][:, None]


def _trend(
    exposed: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    offsets: Ints,
    share: Floats,
    period: Codes,
) -> Callable[[Ints], Floats]:
    """Return the exposed share, and the place of whole periods before the end."""
    before = np.where(share == 1, offsets, 0.0)
    before -= np.where(share == 1, before[share == 1].mean(), 0.0)
    table = np.column_stack([share, before])
    return lambda at: table[period[at]] * exposed[at][:, None]


def _pooled(offset: int, found: Sequence[tuple[float, float]], level: float) -> PeriodEffect:
    estimates, variances = np.array(found).T
    if estimates.size < _LEAST_UNITS:
        return PeriodEffect(offset=offset, estimate=float(estimates[0]), interval=None, n_units=1)
    try:
        result = few_units(estimates, np.sqrt(variances), level=level)
    except NotAnswerableError:  # all alike, to the last digit
        mean = float(estimates.mean())
        return PeriodEffect(offset=offset, estimate=mean, interval=None, n_units=estimates.size)
    return PeriodEffect(
        offset=offset,
        estimate=result.estimate,
        interval=result.interval,
        n_units=estimates.size,
    )
