"""The declared set of specifications over the designs within retailers, as one family."""

from switchstats.studies.sensitivity.specifications import AccessSpecification, declared
from switchstats.studies.sensitivity.study import Sensitivity

__all__ = ["AccessSpecification", "Sensitivity", "declared"]
