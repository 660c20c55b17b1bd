"""Random-effects means of two groups, and their difference; any number of data sets."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from switchstats.rates.random_effects import (
    HeterogeneityMethod,
    Pooled,
    VarianceOf,
    pool,
    rate_variances,
)

__all__ = ["EffectScale", "GroupMeans", "Heterogeneity", "group_means"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Heterogeneity = Literal["by_group", "common"]
EffectScale = Literal["difference", "log_odds_ratio"]

# A standard error below this share of the rates is rounding.
_NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class GroupMeans:
    """Two groups' means, errors and heterogeneity, each of shape (..., 2); `df` of the difference.

    `own_df` belongs to each group's own error.
    """

    means: Floats
    squared_errors: Floats
    tau_squared: Floats
    i_squared: Floats
    own_df: Floats
    df: Floats

    def difference(self) -> tuple[Floats, Floats, Floats]:
        """Return first minus second, its standard error and degrees of freedom."""
        std_error = np.sqrt(self.squared_errors.sum(axis=-1))
        return self.means[..., 0] - self.means[..., 1], std_error, self.df

    def least_error(self) -> Floats:
        """Return the standard error below which nothing but rounding varies."""
        return _NO_SPREAD * np.abs(self.means).max(axis=-1)


def group_means(
    errors: Floats,
    requests: Floats,
    first: Bools,
    method: HeterogeneityMethod,
    heterogeneity: Heterogeneity,
    variance: VarianceOf,
    scale: EffectScale,
) -> GroupMeans:
    """Return both groups' means of each data set.

    Parameters
    ----------
    errors, requests
        Shape (..., retailers); retailers without requests are left out.
    first
        Whether each retailer belongs to the first group, shape (retailers,).
    method, heterogeneity, variance, scale
        As for `random_effects`.
    """
    members = np.stack([first, ~first])
    effects = errors / np.maximum(requests, 1)
    variances = rate_variances(errors, requests, members, variance)
    if scale == "log_odds_ratio":
        effects = np.log(errors / (requests - errors))
        variances = 1 / (requests**2 * variances)
    if heterogeneity == "common":
        return _common(pool(effects, variances, members, method))
    return _by_group(
        [
            pool(effects[..., part], variances[..., part], np.ones((1, part.sum()), bool), method)
            for part in members
        ]
    )


def _common(pooled: Pooled) -> GroupMeans:
    both = np.ones(2)
    return GroupMeans(
        pooled.means,
        pooled.scale[..., None] / pooled.weights,
        pooled.tau_squared[..., None] * both,
        pooled.i_squared[..., None] * both,
        pooled.df[..., None] * both,
        pooled.df,
    )


def _by_group(parts: list[Pooled]) -> GroupMeans:
    with np.errstate(invalid="ignore", divide="ignore"):
        squared = np.concatenate([part.scale[..., None] / part.weights for part in parts], axis=-1)
        own_df = np.stack([part.df for part in parts], axis=-1)
        df = squared.sum(axis=-1) ** 2 / (squared**2 / own_df).sum(axis=-1)
    return GroupMeans(
        np.concatenate([part.means for part in parts], axis=-1),
        squared,
        np.stack([part.tau_squared for part in parts], axis=-1),
        np.stack([part.i_squared for part in parts], axis=-1),
        own_df,
        df,
    )
