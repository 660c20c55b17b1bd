"""How unlike the strata's odds ratios are, and what of it retailers' differences would make."""

from dataclasses import dataclass

import numpy as np

from switchstats.inference.samples import Floats
from switchstats.inference.stratified.margins import approximate
from switchstats.inference.stratified.retailers import Retailers
from switchstats.inference.stratified.sums import Tables, left_out, tables_of

__all__ = ["Homogeneity", "distances", "homogeneity_by_retailer"]


@dataclass(frozen=True, slots=True, eq=False)
class Homogeneity:
    """Breslow and Day's statistic beside its distribution over retailers, by data set.

    NaN where a stratum needs every retailer of a group.

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

    plain: Floats
    tarone: Floats
    expected: Floats
    df: Floats
    df_of_spread: Floats

    def p_values(self, statistic: Floats) -> Floats:
        """Return the probabilities of `plain`, or `tarone`, being that large."""
        from scipy.special import fdtrc

        more = self.df * self.df_of_spread
        return np.asarray(fdtrc(self.df, more, statistic / self.expected), dtype=np.float64)


def homogeneity_by_retailer(retailers: Retailers) -> Homogeneity:
    """Return it for any number of data sets.

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
    theta, information = distances(tables_of(*parts))
    with np.errstate(invalid="ignore"):
        apart = distances(_strata_last(left_out(*parts)))[0] - theta[..., None, :]
        scaled = apart * np.sqrt(information)[..., None, :]
        covariance = np.swapaxes(scaled, -1, -2) @ scaled
        plain = np.sum(information * theta**2, axis=-1)
        moved = np.sum(information * theta, axis=-1) ** 2 / information.sum(axis=-1)
        expected = np.trace(covariance, axis1=-2, axis2=-1)
        expected = np.where(expected > 0, expected, np.nan)
        spent = sum(
            np.sum(scaled[..., side, :] ** 2, axis=(-1, -2)) ** 2 / (effective - 1)
            for side, effective in zip(
                (retailers.first, ~retailers.first), retailers.effective, strict=True
            )
        )
        squares = np.sum(covariance**2, axis=(-1, -2))
        return Homogeneity(
            plain, plain - moved, expected, expected**2 / squares, expected**2 / spent
        )


def _strata_last(tables: Tables) -> Tables:
    e1, n1, e0, n0 = (
        np.swapaxes(part, -1, -2) for part in (tables.e1, tables.n1, tables.e0, tables.n0)
    )
    return Tables(e1, n1, e0, n0)


def distances(tables: Tables) -> tuple[Floats, Floats]:
    """Return theta and its information by stratum, the last axis."""
    common = tables.sums("odds_ratio").ratio[..., None]
    mean, variance = approximate(tables.n1, tables.n0, tables.e1 + tables.e0, common)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (tables.e1 - mean) / variance, variance
