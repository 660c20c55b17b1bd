"""Tests of the difference between two groups of retailers; the retailer is the unit."""

from switchstats.inference.clustered import cluster_robust
from switchstats.inference.funnel import funnel_limits
from switchstats.inference.funnel_value import Funnel, FunnelRetailer
from switchstats.inference.margins import equivalence, smallest_margin
from switchstats.inference.means import welch
from switchstats.inference.models import (
    ModelFit,
    Prediction,
    beta_binomial,
    fit_beta_binomial,
    fit_mixed_logit,
    mixed_logit,
    random_effects,
    rate_prediction,
)
from switchstats.inference.multiplicity import benjamini_hochberg, holm
from switchstats.inference.permuted import (
    AdjustedTest,
    Specification,
    max_t,
    permutation,
    permutation_distribution,
)
from switchstats.inference.planning import (
    RequiredMonths,
    RequiredRetailers,
    SimulatedPower,
    power_by_simulation,
    required_months,
    required_retailers,
)
from switchstats.inference.power import MinimalDetectableEffect, minimal_detectable_effect
from switchstats.inference.power_curve import power_curve
from switchstats.inference.ranks import rank_sum
from switchstats.inference.recommend import recommend
from switchstats.inference.recommendation import Choice, Recommendation
from switchstats.inference.resampled import retailer_bootstrap
from switchstats.inference.stratified import (
    breslow_day,
    cmh,
    mantel_haenszel,
    stratified_miettinen_nurminen,
)
from switchstats.inference.two_by_two import (
    barnard,
    boschloo,
    fisher,
    mee,
    miettinen_nurminen,
    newcombe,
    pooled_z,
)
from switchstats.inference.wild import wild_bootstrap

__all__ = [
    "AdjustedTest",
    "Choice",
    "Funnel",
    "FunnelRetailer",
    "MinimalDetectableEffect",
    "ModelFit",
    "Prediction",
    "Recommendation",
    "RequiredMonths",
    "RequiredRetailers",
    "SimulatedPower",
    "Specification",
    "barnard",
    "benjamini_hochberg",
    "beta_binomial",
    "boschloo",
    "breslow_day",
    "cluster_robust",
    "cmh",
    "equivalence",
    "fisher",
    "fit_beta_binomial",
    "fit_mixed_logit",
    "funnel_limits",
    "holm",
    "mantel_haenszel",
    "max_t",
    "mee",
    "miettinen_nurminen",
    "minimal_detectable_effect",
    "mixed_logit",
    "newcombe",
    "permutation",
    "permutation_distribution",
    "pooled_z",
    "power_by_simulation",
    "power_curve",
    "random_effects",
    "rank_sum",
    "rate_prediction",
    "recommend",
    "required_months",
    "required_retailers",
    "retailer_bootstrap",
    "smallest_margin",
    "stratified_miettinen_nurminen",
    "welch",
    "wild_bootstrap",
]
