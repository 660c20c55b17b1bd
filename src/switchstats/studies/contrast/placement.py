"""Placement in time: what the same contrast finds at dates on which no access ended."""

from dataclasses import replace
from datetime import date

import numpy as np

from switchstats.inference.few_units import units_mean
from switchstats.studies.contrast.arms import Arms, build_arms, held_against
from switchstats.studies.contrast.cells import RequestCells
from switchstats.studies.contrast.contrasts import Contrasts, contrasts_of
from switchstats.studies.contrast.exposure import before_share
from switchstats.values import TestResult

__all__ = ["placement"]

_LEAST_PERIODS = 3
_LEAST_PLACEMENTS = 5


def placement(cells: RequestCells, contrasts: Contrasts) -> TestResult | None:
    """Return where the effect stands among those at dates after all access had ended.

    Every boundary of periods with at least three periods on either side, all of them after the last
    end of access, is taken for an end of access in turn.

    Parameters
    ----------
    cells
        Requests and errors.
    contrasts
        The actual ones.

    Returns
    -------
    TestResult or None
        `p_value` is the share of dates, the actual one included, whose effect is at most as large;
        ``None`` with fewer than five such dates around which anybody has requests to compare. The
        dates' effects overlap in time and depend on each other: a small number of them says little.
    """
    last = max(end.end for end in contrasts.ends)
    after = np.flatnonzero(before_share(last, cells.periods) == 0)
    starts = [cells.periods[place].start for place in after.tolist()]
    dates: list[date] = starts[_LEAST_PERIODS : len(starts) - _LEAST_PERIODS + 1]
    if len(dates) < _LEAST_PLACEMENTS:
        return None
    among = np.isin(cells.period, after)
    among &= held_against(cells, [end.retailer for end in contrasts.ends])
    own = units_mean(contrasts.estimates, contrasts.variances)
    later = build_arms(cells, among=among)
    found = (_effect(contrasts, later, day) for day in dates)
    effects = [effect for effect in found if effect is not None]
    if len(effects) < _LEAST_PLACEMENTS:
        return None
    p_value = (1 + sum(effect <= own for effect in effects)) / (1 + len(effects))
    return TestResult(
        method="placement",
        estimand="access_effect_placed",
        weighting="precision",
        estimate=own,
        null=0.0,
        alternative="less",
        p_value=p_value,
        interval=None,
        n_units=len(contrasts.ends),
        n_by_group=(len(contrasts.ends), contrasts.n_controls),
        n_effective=float(len(contrasts.ends)),
        quantities={"n_dates": float(len(effects))},
    )


def _effect(contrasts: Contrasts, arms: Arms, day: date) -> float | None:
    """Return the effect at a day, ``None`` where nobody has requests to compare around it."""
    moved = [replace(end, end=day) for end in contrasts.ends]
    found = contrasts_of(arms.cells, moved, "before_after", arms=arms)
    if not found.estimates.size:
        return None
    return units_mean(found.estimates, found.variances)
