"""Rates of retailers and groups, and how they move."""

from switchstats.rates.influence import leave_one_out, most_influential
from switchstats.rates.table import changes, difference, summarise

__all__ = [
    "changes",
    "difference",
    "leave_one_out",
    "most_influential",
    "summarise",
]
