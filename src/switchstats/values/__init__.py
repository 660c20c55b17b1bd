"""The value types that flow through the house: frozen, slotted, checked on creation."""

from switchstats.labels import Language, Text
from switchstats.periods import Period
from switchstats.values.anonymous import (
    anonymous_letters,
    anonymous_retailer,
    label_letters,
    label_place,
)
from switchstats.values.calibration import Calibration, CalibrationRow
from switchstats.values.caution import Caution
from switchstats.values.cells import TEST_COLUMNS, cells_of
from switchstats.values.contrast import PeriodEffect, RetailerEffect
from switchstats.values.counts import STRATA, Counts
from switchstats.values.curves import PowerCurve, SplitDistribution
from switchstats.values.finding import Finding
from switchstats.values.history import History, HistoryRow, changed_words, decides_anew
from switchstats.values.identified import IdentifiedQuantity, IdentifiedUnit
from switchstats.values.interval import Interval, IntervalKind
from switchstats.values.journeys import JOURNEY_EVENTS, JOURNEY_STRATA, JourneyEvent, Journeys
from switchstats.values.loaded import (
    QUARANTINE_COLUMNS,
    Account,
    Loaded,
    Quarantine,
    Rejected,
    Understood,
)
from switchstats.values.loaded_journeys import LoadedJourneys
from switchstats.values.p_in_words import p_words
from switchstats.values.printed import PrintedRate, RateUnit, RoundingRule
from switchstats.values.provenance import InputFile, Provenance, digest
from switchstats.values.published import PrintedPeriod, PublishedTable, Source, TableRow
from switchstats.values.rates import (
    Change,
    GroupRate,
    Influence,
    RateDifference,
    RateOf,
    Rates,
    RetailerRate,
    Statistic,
)
from switchstats.values.result import (
    Alternative,
    Scale,
    TestResult,
    TestWeighting,
    Units,
    Weighting,
)
from switchstats.values.retailer import Retailer
from switchstats.values.shown import Shown
from switchstats.values.standing import Standing
from switchstats.values.verdict import Check, Claim, Grade, Outcome, Unanswerable, Verdict
from switchstats.values.wording import headline, paragraph, sentences

__all__ = [
    "JOURNEY_EVENTS",
    "JOURNEY_STRATA",
    "QUARANTINE_COLUMNS",
    "STRATA",
    "TEST_COLUMNS",
    "Account",
    "Alternative",
    "Calibration",
    "CalibrationRow",
    "Caution",
    "Change",
    "Check",
    "Claim",
    "Counts",
    "Finding",
    "Grade",
    "GroupRate",
    "History",
    "HistoryRow",
    "IdentifiedQuantity",
    "IdentifiedUnit",
    "Influence",
    "InputFile",
    "Interval",
    "IntervalKind",
    "JourneyEvent",
    "Journeys",
    "Language",
    "Loaded",
    "LoadedJourneys",
    "Outcome",
    "Period",
    "PeriodEffect",
    "PowerCurve",
    "PrintedPeriod",
    "PrintedRate",
    "Provenance",
    "PublishedTable",
    "Quarantine",
    "RateDifference",
    "RateOf",
    "RateUnit",
    "Rates",
    "Rejected",
    "Retailer",
    "RetailerEffect",
    "RetailerRate",
    "RoundingRule",
    "Scale",
    "Shown",
    "Source",
    "SplitDistribution",
    "Standing",
    "Statistic",
    "TableRow",
    "TestResult",
    "TestWeighting",
    "Text",
    "Unanswerable",
    "Understood",
    "Units",
    "Verdict",
    "Weighting",
    "anonymous_letters",
    "anonymous_retailer",
    "cells_of",
    "changed_words",
    "decides_anew",
    "digest",
    "headline",
    "label_letters",
    "label_place",
    "p_words",
    "paragraph",
    "sentences",
]
