"""Tests of the difference between two groups of retailers; the retailer is the unit."""

from switchstats.inference.margins import equivalence, smallest_margin
from switchstats.inference.means import welch
from switchstats.inference.permuted_means import permutation
from switchstats.inference.power import MinimalDetectableEffect, minimal_detectable_effect
from switchstats.inference.ranks import rank_sum

__all__ = [
    "MinimalDetectableEffect",
    "equivalence",
    "minimal_detectable_effect",
    "permutation",
    "rank_sum",
    "smallest_margin",
    "welch",
]
