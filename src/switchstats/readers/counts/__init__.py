"""Counts by retailer and month out of whatever files people have."""

from switchstats.readers.counts.read import read_counts

__all__ = ["read_counts"]
