"""Comparisons of two rates in which every request counts as independent."""

from switchstats.inference.two_by_two.barnard import barnard
from switchstats.inference.two_by_two.boschloo import boschloo
from switchstats.inference.two_by_two.fisher import fisher, fisher_mid_p_values
from switchstats.inference.two_by_two.newcombe import newcombe, newcombe_p_values
from switchstats.inference.two_by_two.pooled import pooled_z, pooled_z_p_values
from switchstats.inference.two_by_two.score import (
    mee,
    mee_p_values,
    miettinen_nurminen,
    miettinen_nurminen_p_values,
)

__all__ = [
    "barnard",
    "boschloo",
    "fisher",
    "fisher_mid_p_values",
    "mee",
    "mee_p_values",
    "miettinen_nurminen",
    "miettinen_nurminen_p_values",
    "newcombe",
    "newcombe_p_values",
    "pooled_z",
    "pooled_z_p_values",
]
