"""Study designs, one file each: a frozen declaration whose `run` gives a `Finding`."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

# A printed table needs one design of nine.
_HOMES = {
    "AccessEnd": "switchstats.studies.contrast.exposure",
    "AccessSpecification": "switchstats.studies.sensitivity",
    "Attrition": "switchstats.studies.attrition",
    "BeforeAfter": "switchstats.studies.before_after",
    "DoseResponse": "switchstats.studies.dose_response",
    "Dossier": "switchstats.studies.dossier",
    "GroupComparison": "switchstats.studies.group_comparison",
    "HomeAway": "switchstats.studies.home_away",
    "PublishedOnly": "switchstats.studies.published_only",
    "ReasonPlacebo": "switchstats.studies.reason_placebo",
    "RetailerByRetailer": "switchstats.studies.retailer_by_retailer",
    "Sensitivity": "switchstats.studies.sensitivity",
    "access_ends": "switchstats.studies.contrast.exposure",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'switchstats.studies' has no attribute {name!r}")
