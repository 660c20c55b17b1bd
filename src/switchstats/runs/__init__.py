"""A run: from a study and its data to a complete folder of results; and a table's anonymity."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchstats.runs.difference import RunDifference, Step, diff_runs
    from switchstats.runs.known import Known, read_known
    from switchstats.runs.labelled_table import anonymise, table_csv
    from switchstats.runs.load import PastFinding, PastRun, load_run
    from switchstats.runs.output import output_folder
    from switchstats.runs.study_file import StudyFile, read_study
    from switchstats.runs.study_run import StudyRun, run_study
    from switchstats.runs.track_record import history
    from switchstats.runs.written import write_results

__all__ = [
    "Known",
    "PastFinding",
    "PastRun",
    "RunDifference",
    "Step",
    "StudyFile",
    "StudyRun",
    "anonymise",
    "diff_runs",
    "history",
    "load_run",
    "output_folder",
    "read_known",
    "read_study",
    "run_study",
    "table_csv",
    "write_results",
]

# A study file is read, and found to have nothing new, without the libraries that compute.
_HOMES = {
    "Known": "known",
    "PastFinding": "load",
    "PastRun": "load",
    "RunDifference": "difference",
    "Step": "difference",
    "StudyFile": "study_file",
    "StudyRun": "study_run",
    "anonymise": "labelled_table",
    "diff_runs": "difference",
    "history": "track_record",
    "load_run": "load",
    "output_folder": "output",
    "read_known": "known",
    "read_study": "study_file",
    "run_study": "study_run",
    "table_csv": "labelled_table",
    "write_results": "written",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(f"switchstats.runs.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'switchstats.runs' has no attribute {name!r}")
