"""The study file: one TOML file that asks for a whole study."""

from switchstats.runs.study_file.read import read_study
from switchstats.runs.study_file.study import Data, Looks, StudyFile

__all__ = ["Data", "Looks", "StudyFile", "read_study"]
