"""Comparisons within retailers and within strata at once, one exposed retailer at a time."""

from switchstats.inference.absorbed.arm import Arm, make_arm
from switchstats.inference.absorbed.contrast import (
    Columns,
    UnitContrast,
    unit_contrasts,
    unit_path,
)

__all__ = ["Arm", "Columns", "UnitContrast", "make_arm", "unit_contrasts", "unit_path"]
