"""Tables of effective counts: the independent requests that would be as uncertain as retailers."""

from dataclasses import dataclass

import numpy as np

from switchstats.inference.stratified.retailers import Retailers, spread_of
from switchstats.inference.stratified.sums import Tables, left_out, tables_of

__all__ = ["Effective", "effective_tables"]

# A group whose retailers vary less than this share of chance is taken to vary so much: it would
# otherwise have infinitely many requests.
_LEAST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Effective:
    """Tables with every group's counts divided by its design effect.

    Parameters
    ----------
    tables
        One data set's, by stratum.
    design_effects
        Of the first and of the second group.
    df
        Degrees of freedom that retailers leave.
    """

    tables: Tables
    design_effects: tuple[float, float]
    df: float


def effective_tables(retailers: Retailers) -> Effective | None:
    """Return the effective counts of one data set; ``None`` where nothing varies.

    Notes
    -----
    A group's design effect is its part of the jackknife variance of Mantel and Haenszel's
    difference, over retailers, divided by the same part if requests were independent. Source:
    J. N. K. Rao and A. J. Scott, Biometrics 48 (1992) 577-585, doi:10.2307/2532311.
    """
    parts = (retailers.errors, retailers.requests, retailers.first)
    whole, without = tables_of(*parts), left_out(*parts)
    estimate = whole.sums("difference").ratio
    estimates = without.sums("difference").ratio
    spread = spread_of(estimate, estimates, retailers)
    weight = whole.n1 * whole.n0 / whole.total
    weight = weight / weight.sum()
    effects: list[float] = []
    for side, errors, requests in (
        (retailers.first, whole.e1, whole.n1),
        (~retailers.first, whole.e0, whole.n0),
    ):
        rate = errors / requests
        by_chance = float(np.sum(weight**2 * rate * (1 - rate) / requests))
        seen = float(np.sum((estimates[side] - estimate) ** 2))
        if by_chance == 0 or not np.isfinite(spread.std_error):
            return None
        effect = max(seen / by_chance, _LEAST)
        effects.append(effect)
    first, second = effects
    tables = Tables(whole.e1 / first, whole.n1 / first, whole.e0 / second, whole.n0 / second)
    return Effective(tables, (first, second), float(spread.df))
