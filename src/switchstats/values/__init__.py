"""The value types that flow through the house: frozen, slotted, checked on creation."""

from switchstats.labels import Language, Text
from switchstats.periods import Period
from switchstats.values.cells import TEST_COLUMNS, cells_of
from switchstats.values.finding import Finding
from switchstats.values.interval import Interval, IntervalKind
from switchstats.values.printed import PrintedRate, RateUnit, RoundingRule
from switchstats.values.provenance import InputFile, Provenance, digest
from switchstats.values.published import PrintedPeriod, PublishedTable, Source, TableRow
from switchstats.values.rates import (
    Change,
    GroupRate,
    Influence,
    RateDifference,
    Rates,
    RetailerRate,
    Statistic,
)
from switchstats.values.result import Alternative, TestResult, Weighting
from switchstats.values.retailer import Retailer
from switchstats.values.verdict import Check, Claim, Grade, Outcome, Unanswerable, Verdict
from switchstats.values.wording import headline, paragraph, sentences

__all__ = [
    "TEST_COLUMNS",
    "Alternative",
    "Change",
    "Check",
    "Claim",
    "Finding",
    "Grade",
    "GroupRate",
    "Influence",
    "InputFile",
    "Interval",
    "IntervalKind",
    "Language",
    "Outcome",
    "Period",
    "PrintedPeriod",
    "PrintedRate",
    "Provenance",
    "PublishedTable",
    "RateDifference",
    "RateUnit",
    "Rates",
    "Retailer",
    "RetailerRate",
    "RoundingRule",
    "Source",
    "Statistic",
    "TableRow",
    "TestResult",
    "Text",
    "Unanswerable",
    "Verdict",
    "Weighting",
    "cells_of",
    "digest",
    "headline",
    "paragraph",
    "sentences",
]
