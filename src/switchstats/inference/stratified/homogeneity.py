"""How unlike the strata's odds ratios are, and what of it retailers' differences would make."""

from dataclasses import dataclass

import numpy as np

from switchstats.inference.samples import Floats
from switchstats.inference.stratified.margins import approximate
from switchstats.inference.stratified.retailers import Retailers
from switchstats.inference.stratified.sums import Tables, left_out, tables_of

__all__ = ["Homogeneity", "homogeneity_by_retailer"]


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """Breslow and Day's statistic beside its distribution over retailers.

    Parameters
    ----------
    plain, tarone
        The statistic, and with Tarone's correction.
    expected
        Its mean if all odds ratios are the same.
    df
        Degrees of freedom of the chi-squared distribution that it then has, times a factor.
    df_of_spread
        Those with which retailers show that factor.
    """

    plain: float
    tarone: float
    expected: float
    df: float
    df_of_spread: float


def homogeneity_by_retailer(retailers: Retailers) -> Homogeneity | None:
    """Return it for one data set; ``None`` where a stratum needs every retailer of a group.

    Notes
    -----
    With theta the distance of a stratum's log odds ratio from the common one (one step of Newton's
    method) and v its information, the statistic is the sum of v theta squared. Over retailers theta
    has the jackknife covariance V, so that the statistic is a mixture of chi-squared distributions
    with mean tr(vV) and variance 2 tr(vVvV), which the one of Satterthwaite's degrees of freedom
    matches: the second-order correction of J. N. K. Rao and A. J. Scott, Annals of Statistics 12
    (1984) 46-60, doi:10.1214/aos/1176346391.
    """
    parts = (retailers.errors, retailers.requests, retailers.first)
    theta, information = _distances(tables_of(*parts))
    apart = _distances(_strata_last(left_out(*parts)))[0] - theta
    if not (np.isfinite(theta).all() and np.isfinite(apart).all()):
        return None
    plain = float(np.sum(information * theta**2))
    tarone = plain - float(np.sum(information * theta)) ** 2 / float(information.sum())
    scaled = apart * np.sqrt(information)
    covariance = scaled.T @ scaled
    expected = float(np.trace(covariance))
    if expected <= 0:
        return None
    by_group = [float(np.sum(scaled[side] ** 2)) for side in (retailers.first, ~retailers.first)]
    spent = sum(
        part**2 / (float(effective) - 1)
        for part, effective in zip(by_group, retailers.effective, strict=True)
    )
    return Homogeneity(
        plain,
        tarone,
        expected,
        expected**2 / float(np.sum(covariance**2)),
        expected**2 / spent,
    )


def _strata_last(tables: Tables) -> Tables:
    e1, n1, e0, n0 = (
        np.swapaxes(part, -1, -2) for part in (tables.e1, tables.n1, tables.e0, tables.n0)
    )
    return Tables(e1, n1, e0, n0)


def _distances(tables: Tables) -> tuple[Floats, Floats]:
    """Return theta and its information by stratum, the last axis."""
    common = tables.sums("odds_ratio").ratio[..., None]
    mean, variance = approximate(tables.n1, tables.n0, tables.e1 + tables.e0, common)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (tables.e1 - mean) / variance, variance
