"""Permutation of retailers: which difference is permuted, among whom, and how it is counted."""

from switchstats.inference.permuted.distribution import permutation_distribution
from switchstats.inference.permuted.max_t import AdjustedTest, max_t
from switchstats.inference.permuted.p_values import permutation_p_values
from switchstats.inference.permuted.permutation import permutation
from switchstats.inference.permuted.specifications import Specification

__all__ = [
    "AdjustedTest",
    "Specification",
    "max_t",
    "permutation",
    "permutation_distribution",
    "permutation_p_values",
]
