"""What a printed table of rounded rates can and cannot say about the counts behind it."""

from switchstats.bounds.anonymous import Anonymised, IdentityLeakError, anonymous_table
from switchstats.bounds.audit import Audit, audit
from switchstats.bounds.cells import Cell
from switchstats.bounds.conflicts import Conflict
from switchstats.bounds.constraints import Ordering, Share, Volume
from switchstats.bounds.disclosure import Disclosed, Disclosure, Revision, disclose
from switchstats.bounds.identified import Identified
from switchstats.bounds.label_key import LabelKey
from switchstats.bounds.leaks import Leak
from switchstats.bounds.pinned import Pinned, Secret
from switchstats.bounds.quantities import (
    fixed_mix_changes,
    naive_thresholds,
    shares_of_group,
    shares_of_period,
)
from switchstats.bounds.ranges import NaiveThreshold, TestRange
from switchstats.bounds.solver import Impossible, SolverError, Unbounded
from switchstats.bounds.summary import AuditSummary, summarise_audit
from switchstats.bounds.volumes import LeastVolume

__all__ = [
    "Anonymised",
    "Audit",
    "AuditSummary",
    "Cell",
    "Conflict",
    "Disclosed",
    "Disclosure",
    "Identified",
    "IdentityLeakError",
    "Impossible",
    "LabelKey",
    "Leak",
    "LeastVolume",
    "NaiveThreshold",
    "Ordering",
    "Pinned",
    "Revision",
    "Secret",
    "Share",
    "SolverError",
    "TestRange",
    "Unbounded",
    "Volume",
    "anonymous_table",
    "audit",
    "disclose",
    "fixed_mix_changes",
    "naive_thresholds",
    "shares_of_group",
    "shares_of_period",
    "summarise_audit",
]
