"""Study designs, one file each: a frozen declaration whose `run` gives a `Finding`."""

from switchstats.studies.published_only import PublishedOnly

__all__ = ["PublishedOnly"]
