"""Two groups of retailers compared over a span, with their rates as they are."""

from switchstats.studies.group_comparison.study import GroupComparison

__all__ = ["GroupComparison"]
