"""The study of what becomes of errors."""

from switchstats.studies.attrition.study import Attrition

__all__ = ["Attrition"]
