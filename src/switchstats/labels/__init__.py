"""The ja/en catalogue, the bilingual text it returns, and how numbers are written."""

from switchstats.labels.catalogue import catalogue, group_name, label, text
from switchstats.labels.display import LANGUAGE_VARIABLE, display_language
from switchstats.labels.numbers import (
    confidence,
    p_range,
    p_value,
    percent,
    points,
    points_up,
    signed_points,
)
from switchstats.labels.text import Language, Text, joined
from switchstats.labels.told import SaidError, SaidUsageError, problem_of, told, worded
from switchstats.labels.wrap import lines_of, terminal_lines, width_of

__all__ = [
    "LANGUAGE_VARIABLE",
    "Language",
    "SaidError",
    "SaidUsageError",
    "Text",
    "catalogue",
    "confidence",
    "display_language",
    "group_name",
    "joined",
    "label",
    "lines_of",
    "p_range",
    "p_value",
    "percent",
    "points",
    "points_up",
    "problem_of",
    "signed_points",
    "terminal_lines",
    "text",
    "told",
    "width_of",
    "worded",
]
