"""Pictures of values, one file a picture; each has its `*_data` beside it."""

from switchstats.figures.files import save_figure
from switchstats.figures.rates_by_period import rates_by_period, rates_by_period_data

__all__ = ["rates_by_period", "rates_by_period_data", "save_figure"]
