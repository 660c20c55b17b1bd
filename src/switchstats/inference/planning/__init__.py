"""What more data, or these, could show: months and retailers required, power by simulation."""

from switchstats.inference.planning.required import (
    RequiredMonths,
    RequiredRetailers,
    required_months,
    required_retailers,
)
from switchstats.inference.planning.simulated import SimulatedPower, power_by_simulation

__all__ = [
    "RequiredMonths",
    "RequiredRetailers",
    "SimulatedPower",
    "power_by_simulation",
    "required_months",
    "required_retailers",
]
