"""Variances of Mantel and Haenszel's estimators when requests are independent."""

import numpy as np

from switchstats.inference.samples import Floats
from switchstats.inference.stratified.sums import MantelHaenszelScale, Tables

__all__ = ["variance_of"]


def variance_of(tables: Tables, scale: MantelHaenszelScale) -> Floats:
    """Return the variance of the difference, or of the logarithm of the ratio, by data set."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale == "difference":
            return _sato(tables)
        return _greenland_robins(tables) if scale == "risk_ratio" else _robins(tables)


def _sato(tables: Tables) -> Floats:
    """Sato, Biometrics 45 (1989) 1323-1324."""
    e1, n1, e0, n0, total = tables.e1, tables.n1, tables.e0, tables.n0, tables.total
    sums = tables.sums("difference")
    slope = (n1**2 * e0 - n0**2 * e1 + n1 * n0 * (n0 - n1) / 2) / total**2
    constant = (e1 * (n0 - e0) + e0 * (n1 - e1)) / (2 * total)
    return (sums.ratio * tables.over_strata(slope) + tables.over_strata(constant)) / sums.down**2


def _greenland_robins(tables: Tables) -> Floats:
    """Greenland and Robins, Biometrics 41 (1985) 55-68."""
    e1, n1, e0, n0, total = tables.e1, tables.n1, tables.e0, tables.n0, tables.total
    sums = tables.sums("risk_ratio")
    terms = (n1 * n0 * (e1 + e0) - e1 * e0 * total) / total**2
    return tables.over_strata(terms) / (sums.up * sums.down)


def _robins(tables: Tables) -> Floats:
    """Robins, Breslow and Greenland, Biometrics 42 (1986) 311-323."""
    e1, n1, e0, n0, total = tables.e1, tables.n1, tables.e0, tables.n0, tables.total
    sums = tables.sums("odds_ratio")
    same, other = (e1 + n0 - e0) / total, (e0 + n1 - e1) / total
    up, down = e1 * (n0 - e0) / total, e0 * (n1 - e1) / total
    return (
        tables.over_strata(same * up) / (2 * sums.up**2)
        + tables.over_strata(same * down + other * up) / (2 * sums.up * sums.down)
        + tables.over_strata(other * down) / (2 * sums.down**2)
    )
