"""Comparisons within retailers and within strata at once, one exposed retailer at a time."""

from switchstats.inference.absorbed.arm import Arm, make_arm
from switchstats.inference.absorbed.contrast import UnitContrast, unit_contrast

__all__ = ["Arm", "UnitContrast", "make_arm", "unit_contrast"]
