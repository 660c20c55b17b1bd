"""Spans of days, and the ways in which Japanese documents print them."""

from switchstats.periods.period import Period

__all__ = ["Period"]
