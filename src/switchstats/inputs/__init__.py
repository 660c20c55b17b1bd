"""What people hand in: files of any kind as sheets of raw cells, mappings and mended cells."""

from switchstats.inputs.frames import frame_sheet
from switchstats.inputs.limits import LIMITS, Limits
from switchstats.inputs.opened import opened
from switchstats.inputs.paths import files_of
from switchstats.inputs.sheet import Line, Opened, Raw, Sheet, raw_of, shown

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
