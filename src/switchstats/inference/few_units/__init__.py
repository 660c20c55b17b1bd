"""One estimate from each of a few exposed retailers: what they say together."""

from switchstats.inference.few_units.dose import dose_slope
from switchstats.inference.few_units.family import flip_family
from switchstats.inference.few_units.few_units import FewUnitsMethod, few_units
from switchstats.inference.few_units.pooled import PooledUnits, pool_units, units_mean

__all__ = [
    "FewUnitsMethod",
    "PooledUnits",
    "dose_slope",
    "few_units",
    "flip_family",
    "pool_units",
    "units_mean",
]
