"""Exposed requests before against after the end of access, others held against them."""

from switchstats.studies.before_after.study import BeforeAfter

__all__ = ["BeforeAfter"]
