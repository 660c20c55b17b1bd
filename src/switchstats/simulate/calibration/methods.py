"""The tests that are tried, each as a function of many data sets."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.clustered.cluster_robust import cluster_robust_p_values
from switchstats.inference.clustered.multiway import Dyads, multiway_p_values
from switchstats.inference.margin_p_values import equivalence_p_values
from switchstats.inference.means import welch_p_values
from switchstats.inference.models.beta_binomial import beta_binomial_p_values
from switchstats.inference.models.mixed_logit import mixed_logit_p_values
from switchstats.inference.models.random_effects import random_effects_p_values
from switchstats.inference.permuted.family_p_values import max_t_p_values
from switchstats.inference.permuted.p_values import permutation_p_values
from switchstats.inference.rank_p_values import rank_sum_p_values
from switchstats.inference.resampled.retailer_bootstrap import retailer_bootstrap_p_values
from switchstats.inference.stratified import (
    breslow_day_p_values,
    cmh,
    cmh_p_values,
    mantel_haenszel_p_values,
    stratified_miettinen_nurminen_p_values,
)
from switchstats.inference.two_by_two import barnard, boschloo, fisher
from switchstats.inference.two_by_two.fisher import fisher_mid_p_values
from switchstats.inference.two_by_two.newcombe import newcombe_p_values
from switchstats.inference.two_by_two.pooled import pooled_z_p_values
from switchstats.inference.two_by_two.score import mee_p_values, miettinen_nurminen_p_values
from switchstats.inference.wild.batch import wild_bootstrap_p_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from switchstats.inference.clustered.multiway import SharedBy
    from switchstats.inference.margin_p_values import BatchMethod
    from switchstats.simulate.calibration.draws import DataSets
    from switchstats.values import TestResult

__all__ = ["METHODS", "Method"]

PValues: TypeAlias = "Callable[[DataSets, int], NDArray[np.float64]]"

# Draws of each resampling: one more makes 5 % a whole number of them.
_DRAWS = 499
# Data sets of tests that are run one by one, and requests where these cost seconds a million.
_SOME, _MOST_REQUESTS = 1_000, 4_000_000


@dataclass(frozen=True, slots=True)
class Method:
    """A test as it is tried.

    Parameters
    ----------
    p_values
        Two-sided p-values of data sets; the number is a seed for resampling.
    weighting
        The estimand: ``"equal"``, ``"requests"``, ``"model"`` for models, ``"family"`` for several.
    naive
        Whether it takes requests as independent.
    most
        Tests that are run one by one see no more data sets than this.
    most_requests
        Nor more of them than have so many requests together.
    losing
        Whether it needs losing retailers as strata.
    turned
        Whether its null hypothesis is the difference that the world's gap makes: then data sets
        with the gap show its size, and those without any difference its power.
    """

    p_values: PValues
    weighting: str
    naive: bool = False
    most: int | None = None
    most_requests: int | None = None
    losing: bool = False
    turned: bool = False

    def suits(self, data: "DataSets") -> bool:
        """Return whether it can be tried on such data sets."""
        return data.losing or not self.losing

    def seen(self, data: "DataSets", done: int) -> "DataSets":
        """Return the data sets that it still sees after so many."""
        left = len(data) if self.most is None else min(len(data), max(0, self.most - done))
        if self.most_requests is not None:
            together = np.cumsum(data.requests_by_stratum.sum(axis=(1, 2)))
            affordable = int(np.searchsorted(together, self.most_requests, side="right"))
            left = 0 if done else min(left, max(1, affordable))
        return data.head(left)


def _retailers(test: "Callable[..., NDArray[np.float64]]", **options: object) -> PValues:
    """Return a test of retailers as a method."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        return test(data.errors, data.requests, data.first, **options)

    return p_values


def _resampled(test: "Callable[..., NDArray[np.float64]]", **options: object) -> PValues:
    """Return a test that draws at random as a method."""

    def p_values(data: "DataSets", seed: int) -> "NDArray[np.float64]":
        drawn = {"n_draws": _DRAWS, **options}
        return test(data.errors, data.requests, data.first, seed=seed, **drawn)

    return p_values


def _sums(data: "DataSets") -> "list[NDArray[np.int64]]":
    """Return errors and requests of the first group, then of the second, by data set."""
    return [
        part[:, side].sum(axis=1)
        for side in (data.first, ~data.first)
        for part in (data.errors, data.requests)
    ]


def _pooled(test: "Callable[..., NDArray[np.float64]]") -> PValues:
    """Return a test of two sums of requests as a method."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        return test(*_sums(data))

    return p_values


def _p_value(test: "Callable[..., TestResult]", cells: "Sequence[object]") -> float:
    try:
        return test(*cells).p_value
    except NotAnswerableError:
        return float("nan")


def _one_by_one(test: "Callable[..., TestResult]") -> PValues:
    """Return a test of two sums that takes one data set at a time as a method."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        tables = np.column_stack(_sums(data)).tolist()
        return np.array([_p_value(test, table) for table in tables])

    return p_values


def _equivalence(method: "BatchMethod") -> PValues:
    """Return equivalence at the margin of the world's gap as a method."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        return equivalence_p_values(
            data.errors, data.requests, data.first, margin=data.margin, method=method
        )

    return p_values


def _exact_cmh(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
    cells = [
        part[:, :, side].sum(axis=2)
        for side in (data.first, ~data.first)
        for part in (data.errors_by_stratum, data.requests_by_stratum)
    ]
    test = partial(cmh, exact=True)
    return np.array([_p_value(test, list(tables)) for tables in zip(*cells, strict=True)])


def _strata(test: "Callable[..., NDArray[np.float64]]", **options: object) -> PValues:
    """Return a stratified test as a method."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        cells = (data.errors_by_stratum, data.requests_by_stratum)
        parts = [
            test(*(cell[start : start + _AT_ONCE] for cell in cells), data.first, **options)
            for start in range(0, len(data), _AT_ONCE)
        ]
        return np.concatenate(parts)

    return p_values


def _dyads(shared_by: "SharedBy") -> PValues:
    """Return the test that allows for losing retailers as a method."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        n, k = len(data), data.first.size
        s: int = data.errors_by_stratum.shape[1]
        losing, gaining = (place.ravel() for place in np.indices((s, k)))
        parts: list[NDArray[np.float64]] = []
        for start in range(0, n, _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            dyads = Dyads(
                data.errors_by_stratum[some].reshape(-1, s * k),
                data.requests_by_stratum[some].reshape(-1, s * k),
                data.first[gaining],
                gaining,
                losing if shared_by == "dyadic" else losing + k,
            )
            parts.append(multiway_p_values(dyads, shared_by=shared_by))
        return np.concatenate(parts)

    return p_values


# Data sets that tests of strata hold at once.
_AT_ONCE = 500

_equal = partial(Method, weighting="equal")
_weighted = partial(Method, weighting="requests")
_model = partial(Method, weighting="model")
_naive = partial(Method, weighting="requests", naive=True)
_family = partial(Method, weighting="family", most=_SOME)


def _exact(test: "Callable[..., TestResult]") -> Method:
    return _naive(_one_by_one(test), most=_SOME, most_requests=_MOST_REQUESTS)


METHODS: dict[str, Method] = {
    "cluster_robust_effective_equal": _equal(
        _retailers(cluster_robust_p_values, estimator="CR3", df="effective", weighting="equal")
    ),
    "cluster_robust_effective_requests": _weighted(
        _retailers(cluster_robust_p_values, estimator="CR3", df="effective")
    ),
    "welch": _equal(_retailers(welch_p_values)),
    "rank_sum": _equal(_retailers(rank_sum_p_values)),
    "permutation_equal": _equal(_resampled(permutation_p_values)),
    "permutation_equal_studentised": _equal(
        _resampled(permutation_p_values, statistic="studentised")
    ),
    "wild_webb_equal": _equal(
        _resampled(wild_bootstrap_p_values, weights="webb", weighting="equal")
    ),
    "retailer_bootstrap_equal": _equal(_resampled(retailer_bootstrap_p_values, weighting="equal")),
    "permutation_requests": _weighted(_resampled(permutation_p_values, weighting="requests")),
    "permutation_requests_studentised": _weighted(
        _resampled(permutation_p_values, weighting="requests", statistic="studentised")
    ),
    "cluster_robust_cr1": _weighted(_retailers(cluster_robust_p_values, estimator="CR1")),
    "cluster_robust_cr2": _weighted(_retailers(cluster_robust_p_values, estimator="CR2")),
    "cluster_robust_cr3": _weighted(_retailers(cluster_robust_p_values, estimator="CR3")),
    "two_way": _weighted(_dyads("two-way"), losing=True),
    "dyadic": _weighted(_dyads("dyadic"), losing=True),
    "wild_webb": _weighted(_resampled(wild_bootstrap_p_values, weights="webb")),
    "wild_rademacher": _weighted(_resampled(wild_bootstrap_p_values, weights="rademacher")),
    "retailer_bootstrap": _weighted(_resampled(retailer_bootstrap_p_values)),
    "mantel_haenszel": _weighted(_strata(mantel_haenszel_p_values)),
    "mantel_haenszel_odds": _weighted(_strata(mantel_haenszel_p_values, scale="odds_ratio")),
    "stratified_mn_by_retailer": _weighted(_strata(stratified_miettinen_nurminen_p_values)),
    "breslow_day_by_retailer": _weighted(_strata(breslow_day_p_values)),
    "random_effects": _model(_retailers(random_effects_p_values)),
    "random_effects_reml": _model(_retailers(random_effects_p_values, method="reml")),
    "random_effects_common": _model(_retailers(random_effects_p_values, heterogeneity="common")),
    "beta_binomial": _model(_retailers(beta_binomial_p_values)),
    "beta_binomial_t": _model(_retailers(beta_binomial_p_values, reference="t")),
    "beta_binomial_by_group_t": _model(
        _retailers(beta_binomial_p_values, reference="t", dispersion="by_group")
    ),
    "mixed_logit": _model(_retailers(mixed_logit_p_values)),
    "mixed_logit_t": _model(_retailers(mixed_logit_p_values, reference="t")),
    "max_t": _family(_resampled(max_t_p_values)),
    "max_t_studentised": _family(_resampled(max_t_p_values, statistic="studentised")),
    "equivalence_welch": _equal(_equivalence("welch"), turned=True),
    "equivalence_cluster_robust": _weighted(_equivalence("cluster_robust"), turned=True),
    "pooled_z": _naive(_pooled(pooled_z_p_values)),
    "newcombe": _naive(_pooled(newcombe_p_values)),
    "miettinen_nurminen": _naive(_pooled(miettinen_nurminen_p_values)),
    "mee": _naive(_pooled(mee_p_values)),
    "fisher_mid_p": _naive(_pooled(fisher_mid_p_values)),
    "fisher": _exact(fisher),
    "barnard": _exact(partial(barnard, interval_up_to=0)),
    "boschloo": _exact(partial(boschloo, interval_up_to=0)),
    "cmh": _naive(_strata(cmh_p_values, units="requests")),
    "cmh_exact": _naive(_exact_cmh, most=_SOME),
    "stratified_mn": _naive(_strata(stratified_miettinen_nurminen_p_values, units="requests")),
    "breslow_day": _naive(_strata(breslow_day_p_values, units="requests")),
}
