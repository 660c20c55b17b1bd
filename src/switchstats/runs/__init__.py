"""A run: from a study and its data to a complete folder of results."""

from switchstats.runs.output import output_folder
from switchstats.runs.published import run_published

__all__ = ["output_folder", "run_published"]
