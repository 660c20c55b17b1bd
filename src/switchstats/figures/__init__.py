"""Pictures of values, one file a picture; each has its `*_data` beside it."""

from switchstats.figures.by_period import rates_by_period, rates_by_period_data
from switchstats.figures.files import figure_bytes, save_figure

__all__ = ["figure_bytes", "rates_by_period", "rates_by_period_data", "save_figure"]
