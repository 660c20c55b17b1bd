"""Printed tables and counts out of the files that people have, each mistake with its place."""

from switchstats.inputs.mended import write_quarantine
from switchstats.readers.counts import read_counts
from switchstats.readers.layout import RetailerLookup
from switchstats.readers.plausible import refuse_impossible
from switchstats.readers.published import load_published, read_published, read_published_text

__all__ = [
    "RetailerLookup",
    "load_published",
    "read_counts",
    "read_published",
    "read_published_text",
    "refuse_impossible",
    "write_quarantine",
]
