"""A run: from a study and its data to a complete folder of results; and a table's anonymity."""

from switchstats.runs.anonymise import anonymise, table_csv
from switchstats.runs.known import Known, read_known
from switchstats.runs.output import output_folder
from switchstats.runs.written import write_results

__all__ = ["Known", "anonymise", "output_folder", "read_known", "table_csv", "write_results"]
