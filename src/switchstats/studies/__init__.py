"""Study designs, one file each: a frozen declaration whose `run` gives a `Finding`."""

from switchstats.studies.before_after import BeforeAfter
from switchstats.studies.contrast.exposure import AccessEnd, access_ends
from switchstats.studies.published_only import PublishedOnly

__all__ = ["AccessEnd", "BeforeAfter", "PublishedOnly", "access_ends"]
