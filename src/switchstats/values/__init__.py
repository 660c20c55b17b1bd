"""The value types that flow through the house: frozen, slotted, checked on creation."""

from switchstats.labels import Language, Text
from switchstats.periods import Period
from switchstats.values.interval import Interval, IntervalKind
from switchstats.values.printed import PrintedRate, RateUnit, RoundingRule
from switchstats.values.published import PrintedPeriod, PublishedTable, Source, TableRow
from switchstats.values.result import Alternative, TestResult, Weighting
from switchstats.values.retailer import Retailer

__all__ = [
    "Alternative",
    "Interval",
    "IntervalKind",
    "Language",
    "Period",
    "PrintedPeriod",
    "PrintedRate",
    "PublishedTable",
    "RateUnit",
    "Retailer",
    "RoundingRule",
    "Source",
    "TableRow",
    "TestResult",
    "Text",
    "Weighting",
]
