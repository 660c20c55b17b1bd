"""What a printed table of rates supports, and what it cannot."""

from switchstats.studies.published_only.study import PublishedOnly

__all__ = ["PublishedOnly"]
