"""Printed tables and counts out of the files that people have, each mistake with its place."""

from switchstats.inputs.mended import write_quarantine
from switchstats.readers.counts import read_counts
from switchstats.readers.labelled import Labelled
from switchstats.readers.layout import RetailerLookup
from switchstats.readers.plausible import Implausible, implausible, refuse_impossible
from switchstats.readers.published import (
    Inspected,
    inspect_published,
    load_published,
    read_published,
    read_published_text,
)

__all__ = [
    "Implausible",
    "Inspected",
    "Labelled",
    "RetailerLookup",
    "implausible",
    "inspect_published",
    "load_published",
    "read_counts",
    "read_published",
    "read_published_text",
    "refuse_impossible",
    "write_quarantine",
]
