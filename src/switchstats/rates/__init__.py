"""Rates of retailers and groups, and how they move."""

from switchstats.rates.decompose import Decomposition, decompose
from switchstats.rates.effective import effective_units
from switchstats.rates.groups import GroupEstimate, group_rates
from switchstats.rates.influence import influence, most_influential
from switchstats.rates.of_counts import period_words, summarise_counts
from switchstats.rates.proportion import ProportionMethod, proportion_interval
from switchstats.rates.resolution import Incidence, aalen_johansen, resolution, waiting_days
from switchstats.rates.standardise import standardise
from switchstats.rates.standardised import Standardised, StandardisedRate
from switchstats.rates.table import changes, difference, summarise

__all__ = [
    "Decomposition",
    "GroupEstimate",
    "Incidence",
    "ProportionMethod",
    "Standardised",
    "StandardisedRate",
    "aalen_johansen",
    "changes",
    "decompose",
    "difference",
    "effective_units",
    "group_rates",
    "influence",
    "most_influential",
    "period_words",
    "proportion_interval",
    "resolution",
    "standardise",
    "summarise",
    "summarise_counts",
    "waiting_days",
]
