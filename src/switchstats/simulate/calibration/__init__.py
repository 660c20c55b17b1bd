"""How often each test rejects in declared worlds of two groups of retailers."""

from switchstats.simulate.calibration.methods import METHODS
from switchstats.simulate.calibration.study import calibrate
from switchstats.simulate.calibration.worlds import WORLDS, GroupWorld, world_named

__all__ = ["METHODS", "WORLDS", "GroupWorld", "calibrate", "world_named"]
