"""What a printed table of rounded rates can and cannot say about the counts behind it."""

from switchstats.bounds.audit import Audit, audit
from switchstats.bounds.conflicts import Cell, Conflict
from switchstats.bounds.constraints import Ordering, Share, Volume
from switchstats.bounds.disclosure import Disclosed, Disclosure, Revision
from switchstats.bounds.identified import Identified
from switchstats.bounds.quantities import (
    fixed_mix_changes,
    naive_thresholds,
    shares_of_group,
    shares_of_period,
)
from switchstats.bounds.ranges import NaiveThreshold, TestRange
from switchstats.bounds.summary import AuditSummary, summarise_audit
from switchstats.bounds.volumes import LeastVolume

__all__ = [
    "Audit",
    "AuditSummary",
    "Cell",
    "Conflict",
    "Disclosed",
    "Disclosure",
    "Identified",
    "LeastVolume",
    "NaiveThreshold",
    "Ordering",
    "Revision",
    "Share",
    "TestRange",
    "Volume",
    "audit",
    "fixed_mix_changes",
    "naive_thresholds",
    "shares_of_group",
    "shares_of_period",
    "summarise_audit",
]
