"""What the variance of a group's rate is made of, and how it shrinks with more data."""

import math
from dataclasses import dataclass

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.clustered.difference import model_for
from switchstats.inference.groups import Ints, TwoGroups
from switchstats.rates.ratio import ratio_of, sum_of_others, uncertainty_of
from switchstats.values import Weighting

__all__ = ["GroupParts", "parts_of", "std_error_and_df"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupParts:
    """The uncertainty of one group's rate, and what it would be with more of the same.

    Parameters
    ----------
    n
        Retailers.
    rate
        Their weighted mean rate.
    retailer_variance
        Variance of the retailers' true rates, estimated by moments, at least 0.
    variance
        Squared CR2 standard error.
    within
        The part of it that comes from the finite number of requests; it shrinks with more months.
        The rest shrinks only with more retailers.
    expected
        Of CR2, see `switchstats.rates.ratio.Uncertainty`.
    df, df_each
        Degrees of freedom, and how many more each further set of the same retailers brings.
    """

    n: int
    rate: float
    retailer_variance: float
    variance: float
    within: float
    expected: float
    df: float
    df_each: float

    @property
    def between(self) -> float:
        """The part of the variance that more months do not shrink."""
        return self.variance - self.within

    def times_retailers(self, factor: float) -> "tuple[float, float, float]":
        """Return variance, `expected` and degrees of freedom with this many times the retailers."""
        return (
            self.variance / factor,
            self.expected / factor,
            self.df + (factor - 1) * self.df_each,
        )


def parts_of(two: TwoGroups, weighting: Weighting, quantity: str) -> tuple[GroupParts, GroupParts]:
    """Return the parts of both groups.

    Raises
    ------
    NotAnswerableError
        When no retailer has two requests, or within each group all rates are the same.

    Notes
    -----
    A retailer's rate is taken to vary by v + (m (1 - m) - v) / requests, where m is the mean and v
    the variance of true rates. The expectation of the sum of squared scores is linear in v, which
    gives v.
    """
    if two.requests.max() == 1:
        raise NotAnswerableError(
            quantity,
            "every retailer has one request, so that chance and retailers cannot be told apart",
            "retailers with several requests",
        )
    first = two.first
    one, other = (
        _parts(two.errors[side], two.requests[side], weighting) for side in (first, ~first)
    )
    if one.variance + other.variance <= 0:
        raise NotAnswerableError(
            quantity,
            "within each group all retailers have the same rate",
            "rates that vary within at least one group",
        )
    return one, other


def std_error_and_df(*parts: tuple[float, float, float]) -> tuple[float, float]:
    """Return standard error and Satterthwaite's degrees of freedom of a difference."""
    expected = sum(part[1] for part in parts)
    square = sum(part[1] ** 2 / part[2] for part in parts)
    return math.sqrt(sum(part[0] for part in parts)), expected**2 / square


def _parts(errors: Ints, requests: Ints, weighting: Weighting) -> GroupParts:
    working = model_for(weighting)
    ratio = ratio_of(errors, requests, weighting)
    mean = float(ratio.rate)
    uncertainty = uncertainty_of(ratio, requests, "CR2", working)
    twice = ratio_of(np.tile(errors, 2), np.tile(requests, 2), weighting)
    df = float(uncertainty.satterthwaite_df)
    df_twice = float(uncertainty_of(twice, np.tile(requests, 2), "CR2", working).satterthwaite_df)

    def of_scores(variances: np.ndarray) -> float:
        """Return the expected sum of squared scores when rates have these variances."""
        own = ratio.share**2 * variances
        return float(np.sum(ratio.share**2 * (ratio.rest**2 * variances + sum_of_others(own))))

    chance = of_scores(1 / requests)
    slope = of_scores(np.ones(requests.shape)) - chance
    binomial = mean * (1 - mean)
    observed = float(np.sum(ratio.score**2))
    v = max((observed - binomial * chance) / slope, 0.0) if slope > 0 else 0.0
    within = max(binomial - v, 0.0) * float(np.sum(ratio.share**2 / requests))
    variance = float(uncertainty.variance)
    return GroupParts(
        n=errors.size,
        rate=mean,
        retailer_variance=v,
        variance=variance,
        within=min(within, variance),
        expected=float(uncertainty.expected),
        df=df,
        df_each=df_twice - df,
    )
