"""Files of any kind into sheets of raw cells, each with its place, within bounds of memory."""

from switchstats.readers.sheets.frames import frame_sheet
from switchstats.readers.sheets.limits import LIMITS, Limits
from switchstats.readers.sheets.opened import opened
from switchstats.readers.sheets.paths import files_of
from switchstats.readers.sheets.sheet import Line, Opened, Raw, Sheet, raw_of, shown

__all__ = [
    "LIMITS",
    "Limits",
    "Line",
    "Opened",
    "Raw",
    "Sheet",
    "files_of",
    "frame_sheet",
    "opened",
    "raw_of",
    "shown",
]
