"""Printed tables of rates out of CSV, PDF and pasted text, each mistake named with its place."""

from switchstats.readers.layout import RetailerLookup
from switchstats.readers.plausible import refuse_impossible
from switchstats.readers.published import load_published, read_published, read_published_text

__all__ = [
    "RetailerLookup",
    "load_published",
    "read_published",
    "read_published_text",
    "refuse_impossible",
]
