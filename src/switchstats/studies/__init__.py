"""Study designs, one file each: a frozen declaration whose `run` gives a `Finding`."""

from switchstats.studies.attrition import Attrition
from switchstats.studies.before_after import BeforeAfter
from switchstats.studies.contrast.exposure import AccessEnd, access_ends
from switchstats.studies.dose_response import DoseResponse
from switchstats.studies.dossier import Dossier
from switchstats.studies.group_comparison import GroupComparison
from switchstats.studies.home_away import HomeAway
from switchstats.studies.published_only import PublishedOnly
from switchstats.studies.reason_placebo import ReasonPlacebo
from switchstats.studies.retailer_by_retailer import RetailerByRetailer
from switchstats.studies.sensitivity import AccessSpecification, Sensitivity

__all__ = [
    "AccessEnd",
    "AccessSpecification",
    "Attrition",
    "BeforeAfter",
    "DoseResponse",
    "Dossier",
    "GroupComparison",
    "HomeAway",
    "PublishedOnly",
    "ReasonPlacebo",
    "RetailerByRetailer",
    "Sensitivity",
    "access_ends",
]
