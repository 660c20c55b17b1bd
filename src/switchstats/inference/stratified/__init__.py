"""Comparisons within strata: areas, months, or whatever else the counts tell apart."""

from switchstats.inference.stratified.breslow_day import breslow_day, breslow_day_p_values
from switchstats.inference.stratified.cmh import cmh, cmh_p_values
from switchstats.inference.stratified.mantel_haenszel import (
    mantel_haenszel,
    mantel_haenszel_p_values,
)
from switchstats.inference.stratified.score import (
    stratified_miettinen_nurminen,
    stratified_miettinen_nurminen_p_values,
)

__all__ = [
    "breslow_day",
    "breslow_day_p_values",
    "cmh",
    "cmh_p_values",
    "mantel_haenszel",
    "mantel_haenszel_p_values",
    "stratified_miettinen_nurminen",
    "stratified_miettinen_nurminen_p_values",
]
