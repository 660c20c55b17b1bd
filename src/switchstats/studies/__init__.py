"""Study designs, one file each: a frozen declaration whose `run` gives a `Finding`."""

from switchstats.studies.before_after import BeforeAfter
from switchstats.studies.contrast.exposure import AccessEnd, access_ends
from switchstats.studies.dose_response import DoseResponse
from switchstats.studies.dossier import Dossier
from switchstats.studies.home_away import HomeAway
from switchstats.studies.published_only import PublishedOnly
from switchstats.studies.reason_placebo import ReasonPlacebo
from switchstats.studies.sensitivity import AccessSpecification, Sensitivity

__all__ = [
    "AccessEnd",
    "AccessSpecification",
    "BeforeAfter",
    "DoseResponse",
    "Dossier",
    "HomeAway",
    "PublishedOnly",
    "ReasonPlacebo",
    "Sensitivity",
    "access_ends",
]
