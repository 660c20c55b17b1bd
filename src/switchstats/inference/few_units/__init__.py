"""One estimate from each of a few exposed retailers: what they say together."""

from switchstats.inference.few_units.few_units import FewUnitsMethod, few_units
from switchstats.inference.few_units.pooled import PooledUnits, pool_units

__all__ = ["FewUnitsMethod", "PooledUnits", "few_units", "pool_units"]
