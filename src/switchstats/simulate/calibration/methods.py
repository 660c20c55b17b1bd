"""The tests that are tried, each as a function of many data sets."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from switchstats.inference.clustered.cluster_robust import cluster_robust_p_values
from switchstats.inference.means import welch_p_values
from switchstats.inference.models.beta_binomial import beta_binomial_p_values
from switchstats.inference.models.mixed_logit import mixed_logit_p_values
from switchstats.inference.models.random_effects import random_effects_p_values
from switchstats.inference.permuted.p_values import permutation_p_values
from switchstats.inference.rank_p_values import rank_sum_p_values
from switchstats.inference.resampled.retailer_bootstrap import retailer_bootstrap_p_values
from switchstats.inference.stratified.cmh import cmh_p_values
from switchstats.inference.stratified.mantel_haenszel import mantel_haenszel_p_values
from switchstats.inference.two_by_two.fisher import fisher_mid_p_values
from switchstats.inference.two_by_two.newcombe import newcombe_p_values
from switchstats.inference.two_by_two.pooled import pooled_z_p_values
from switchstats.inference.two_by_two.score import mee_p_values, miettinen_nurminen_p_values
from switchstats.inference.wild.batch import wild_bootstrap_p_values

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from switchstats.simulate.calibration.draws import DataSets

__all__ = ["METHODS", "Method"]

PValues: TypeAlias = "Callable[[DataSets, int], NDArray[np.float64]]"


@dataclass(frozen=True, slots=True)
class Method:
    """A test as it is tried.

    Parameters
    ----------
    p_values
        Two-sided p-values of data sets; the number is a seed for resampling.
    weighting
        The estimand: ``"equal"``, ``"requests"`` or, for models, ``"model"``.
    naive
        Whether it takes requests as independent.
    most_cells
        Slow tests see no more data sets × retailers than this.
    """

    p_values: PValues
    weighting: str
    naive: bool = False
    most_cells: int | None = None

    def most_data_sets(self, retailers: int) -> int | None:
        """Return how many data sets of so many retailers are tried at most; ``None``: all."""
        return None if self.most_cells is None else max(1, self.most_cells // retailers)


def _retailers(test: "Callable[..., NDArray[np.float64]]", **options: object) -> PValues:
    """Return a test of retailers as a method."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        return test(data.errors, data.requests, data.first, **options)

    return p_values


def _resampled(test: "Callable[..., NDArray[np.float64]]", **options: object) -> PValues:
    """Return a test that draws at random as a method."""

    def p_values(data: "DataSets", seed: int) -> "NDArray[np.float64]":
        return test(data.errors, data.requests, data.first, seed=seed, **options)

    return p_values


def _pooled(test: "Callable[..., NDArray[np.float64]]") -> PValues:
    """Return a test of two sums of requests as a method."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        sums = [
            part[:, side].sum(axis=1)
            for side in (data.first, ~data.first)
            for part in (data.errors, data.requests)
        ]
        return test(*sums)

    return p_values


def _one_stratum(test: "Callable[..., NDArray[np.float64]]", **options: object) -> PValues:
    """Return a stratified test as a method, all requests in one stratum."""

    def p_values(data: "DataSets", _seed: int) -> "NDArray[np.float64]":
        return test(data.errors[:, None, :], data.requests[:, None, :], data.first, **options)

    return p_values


# Some 2,000 data sets of 710 retailers.
_SLOW = 1_500_000

_equal = partial(Method, weighting="equal")
_weighted = partial(Method, weighting="requests")
_model = partial(Method, weighting="model")
_naive = partial(Method, weighting="requests", naive=True)

METHODS: dict[str, Method] = {
    "welch": _equal(_retailers(welch_p_values)),
    "rank_sum": _equal(_retailers(rank_sum_p_values)),
    "permutation_equal": _equal(_resampled(permutation_p_values)),
    "permutation_equal_studentised": _equal(
        _resampled(permutation_p_values, statistic="studentised", n_draws=999), most_cells=_SLOW
    ),
    "permutation_requests": _weighted(
        _resampled(permutation_p_values, weighting="requests", n_draws=999)
    ),
    "permutation_requests_studentised": _weighted(
        _resampled(
            permutation_p_values, weighting="requests", statistic="studentised", n_draws=999
        ),
        most_cells=_SLOW,
    ),
    "cluster_robust_cr1": _weighted(_retailers(cluster_robust_p_values, estimator="CR1")),
    "cluster_robust_cr2": _weighted(_retailers(cluster_robust_p_values, estimator="CR2")),
    "cluster_robust_cr3": _weighted(_retailers(cluster_robust_p_values, estimator="CR3")),
    "cluster_robust_effective_equal": _equal(
        _retailers(cluster_robust_p_values, estimator="CR3", df="effective", weighting="equal")
    ),
    "cluster_robust_effective_requests": _weighted(
        _retailers(cluster_robust_p_values, estimator="CR3", df="effective")
    ),
    "wild_webb": _weighted(_resampled(wild_bootstrap_p_values, weights="webb"), most_cells=_SLOW),
    "wild_rademacher": _weighted(
        _resampled(wild_bootstrap_p_values, weights="rademacher"), most_cells=_SLOW
    ),
    "retailer_bootstrap": _weighted(_resampled(retailer_bootstrap_p_values), most_cells=_SLOW),
    "mantel_haenszel": _weighted(_one_stratum(mantel_haenszel_p_values)),
    "random_effects": _model(_retailers(random_effects_p_values)),
    "beta_binomial": _model(_retailers(beta_binomial_p_values)),
    "beta_binomial_t": _model(_retailers(beta_binomial_p_values, reference="t")),
    "mixed_logit": _model(_retailers(mixed_logit_p_values), most_cells=_SLOW),
    "pooled_z": _naive(_pooled(pooled_z_p_values)),
    "newcombe": _naive(_pooled(newcombe_p_values)),
    "miettinen_nurminen": _naive(_pooled(miettinen_nurminen_p_values)),
    "mee": _naive(_pooled(mee_p_values)),
    "fisher_mid_p": _naive(_pooled(fisher_mid_p_values)),
    "cmh": _naive(_one_stratum(cmh_p_values, units="requests")),
}
