"""Spans of days, and the ways in which Japanese documents print them."""

from switchstats.periods.fiscal import fiscal_part, fiscal_year, fiscal_year_of
from switchstats.periods.format import PeriodLanguage, PeriodStyle, format_period
from switchstats.periods.parse import parse_period
from switchstats.periods.period import Period
from switchstats.periods.widths import half_width

__all__ = [
    "Period",
    "PeriodLanguage",
    "PeriodStyle",
    "fiscal_part",
    "fiscal_year",
    "fiscal_year_of",
    "format_period",
    "half_width",
    "parse_period",
]
