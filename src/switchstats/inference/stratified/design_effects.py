"""Tables of effective counts: the independent requests that would be as uncertain as retailers."""

from dataclasses import dataclass

import numpy as np

from switchstats.inference.samples import Floats
from switchstats.inference.stratified.retailers import Retailers, spread_of
from switchstats.inference.stratified.sums import Bools, Tables, left_out, tables_of

__all__ = ["Effective", "effective_tables"]

# A group whose retailers vary less than this share of chance is taken to vary so much: it would
# otherwise have infinitely many requests.
_LEAST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Effective:
    """Tables with every group's counts divided by its design effect, by data set.

    Parameters
    ----------
    tables
        By stratum, the last axis; NaN where nothing varies.
    first, second
        Design effects of the groups, without that axis.
    df
        Degrees of freedom that retailers leave.
    """

    tables: Tables
    first: Floats
    second: Floats
    df: Floats


def effective_tables(retailers: Retailers) -> Effective:
    """Return the effective counts of any number of data sets.

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

    def effect(side: Bools, errors: Floats, requests: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = errors / requests
            terms = np.where(requests > 0, weight**2 * rate * (1 - rate) / requests, 0.0)
            by_chance = terms.sum(axis=-1) / weight.sum(axis=-1) ** 2
            seen = np.sum((estimates[..., side] - estimate[..., None]) ** 2, axis=-1)
            defined = (by_chance > 0) & np.isfinite(spread.std_error)
            return np.where(defined, np.maximum(seen / by_chance, _LEAST), np.nan)

    first = effect(retailers.first, whole.e1, whole.n1)
    second = effect(~retailers.first, whole.e0, whole.n0)
    tables = Tables(
        whole.e1 / first[..., None],
        whole.n1 / first[..., None],
        whole.e0 / second[..., None],
        whole.n0 / second[..., None],
    )
    return Effective(tables, first, second, spread.df)
