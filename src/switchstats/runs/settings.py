"""The settings of a study file by dotted key, and which of them bear on its verdict."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, cast

from switchstats.runs.study_file import Data, Looks, StudyFile

__all__ = ["by_dotted_key", "settings_of_verdict"]

# What is written where and in which words, and which data there are: they are said elsewhere.
_ASIDE = frozenset(
    {"title", "languages", "out", "power", "data.files", "data.mended", "data.max_rejected"}
    | {"data.as_of", "data.year", "disclosure.second_group"}
)


def by_dotted_key(plain: Mapping[str, Any], above: str = "") -> dict[str, object]:
    """Return nested settings as one mapping.

    Examples
    --------
    >>> by_dotted_key({"margin": 0.02, "data": {"kind": "counts"}})
    {'margin': 0.02, 'data.kind': 'counts'}
    """
    found: dict[str, object] = {}
    for key, value in plain.items():
        name = f"{above}{key}"
        inner = cast("dict[str, Any]", value) if isinstance(value, dict) else None
        found |= {name: value} if inner is None else by_dotted_key(inner, f"{name}.")
    return found


def settings_of_verdict(plain: Mapping[str, Any]) -> dict[str, object]:
    """Return the settings that bear on the headline's verdict; of the studies the first alone.

    Parameters
    ----------
    plain
        A study file as plain types, as its manifest holds it. What it says as it would be anyway is
        not there.
    """
    usual = _usual()
    told = by_dotted_key(plain)
    told["studies"] = plain["studies"][:1]
    return {
        key: value
        for key, value in told.items()
        if key not in _ASIDE and (key not in usual or usual[key] != value)
    }


def _usual() -> dict[str, object]:
    """Return what a study file need not say."""
    kinds = (("", StudyFile), ("data.", Data), ("looks.", Looks))
    found = {
        f"{above}{each.name}": each.default
        for above, kind in kinds
        for each in fields(kind)
        if each.default is not MISSING
    }
    found["looks.spending"] = "equal"
    return {
        key: list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
        for key, value in found.items()
    }
