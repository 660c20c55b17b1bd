"""The names that a mapping of counts may use."""

from collections.abc import Mapping
from pathlib import Path

from switchstats.inputs.mapping import Names, UserMapping
from switchstats.inputs.mapping import read_mapping as read_any_mapping
from switchstats.readers.counts.aliases import COUNTS, KEYS, folded

__all__ = ["read_mapping"]

_NAMES = Names((*KEYS, *COUNTS, "item"), KEYS, (*KEYS, "item"), folded, folded)


def read_mapping(mapping: Mapping[str, object] | str | Path | None) -> UserMapping:
    """Return the layouts to try, in order, and the encoding.

    Names are retailer, group, period, year, fiscal_year, month, area, losing, voltage, reason,
    attempt, requests, errors, accepted and item; see `switchstats.inputs.mapping.read_mapping`.

    Examples
    --------
    >>> read_mapping({"retailer": "社名", "year": 2022}).layouts[0].columns
    {'retailer': '社名'}
    """
    return read_any_mapping(mapping, _NAMES)
