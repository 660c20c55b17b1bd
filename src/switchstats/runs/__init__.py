"""A run: from a study and its data to a complete folder of results; and a table's anonymity."""

from switchstats.runs.anonymise import anonymise, table_csv
from switchstats.runs.known import Known, read_known
from switchstats.runs.output import output_folder
from switchstats.runs.published import run_published

__all__ = ["Known", "anonymise", "output_folder", "read_known", "run_published", "table_csv"]
