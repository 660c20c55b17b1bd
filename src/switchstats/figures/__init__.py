"""Pictures of values, one file a picture; each has its `*_data` beside it."""

from switchstats.figures.by_period import rates_by_period, rates_by_period_data
from switchstats.figures.calibration import calibration_table, calibration_table_data
from switchstats.figures.files import figure_bytes, save_figure
from switchstats.figures.identified import identified_shares, identified_shares_data
from switchstats.figures.style import HouseFigure, Size

__all__ = [
    "HouseFigure",
    "Size",
    "calibration_table",
    "calibration_table_data",
    "figure_bytes",
    "identified_shares",
    "identified_shares_data",
    "rates_by_period",
    "rates_by_period_data",
    "save_figure",
]
