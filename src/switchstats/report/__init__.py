"""What a run leaves for people and machines: a page, slides, tables and results."""

from switchstats.report.calibration import calibration_csv, calibration_markdown
from switchstats.report.finding import finding_document
from switchstats.report.html import render_html
from switchstats.report.machine_tables import machine_tables
from switchstats.report.results import SCHEMA_VERSION, results_json, results_schema
from switchstats.report.slides import finding_slides, render_slides

__all__ = [
    "SCHEMA_VERSION",
    "calibration_csv",
    "calibration_markdown",
    "finding_document",
    "finding_slides",
    "machine_tables",
    "render_html",
    "render_slides",
    "results_json",
    "results_schema",
]
