"""A user's own words for the columns: canonical name → their column, in a dict or a TOML file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from switchstats.errors import InputError, UsageError
from switchstats.readers.counts.vocabulary import COUNTS, KEYS, folded
from switchstats.readers.sheets import raw_of, shown

__all__ = ["Layout", "read_mapping"]

_COLUMNS = (*KEYS, *COUNTS, "item")
_TABLES = ("constants", "values", "year", "layout", "name")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the columns of one maker's files are named.

    Parameters
    ----------
    name
        For reports; ``None`` where there is only one.
    columns
        Canonical name → their head.
    constants
        Canonical key → its value in every row.
    values
        Canonical key → {their value → ours}, their value folded.
    year
        Calendar year of bare months.
    """

    name: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    year: int | None = None

    def words(self) -> dict[str, str]:
        """Return folded head → canonical name."""
        return {folded(head): name for name, head in self.columns.items()}

    def ours(self, key: str, text: str) -> str:
        """Return our value for theirs, theirs where nothing else was said."""
        return self.values.get(key, {}).get(folded(text), text)


def read_mapping(mapping: Mapping[str, object] | str | Path | None) -> tuple[Layout, ...]:
    """Return the layouts to try, in order.

    Parameters
    ----------
    mapping
        A dict, or the path of a TOML file, with canonical names (retailer, period, year,
        fiscal_year, month, area, losing, voltage, reason, attempt, requests, errors, accepted,
        item) → column; optional ``constants``, ``values`` and ``year``; or a list ``layout`` of
        such tables, each perhaps with a ``name``. What stands outside of the list holds for each.

    Raises
    ------
    UsageError
        For a dict with an unknown name or a value of the wrong kind.
    InputError
        The same for a file, or when it cannot be read as TOML.

    Examples
    --------
    >>> [layout.columns for layout in read_mapping({"retailer": "社名", "year": 2022})]
    [{'retailer': '社名'}]
    """
    if mapping is None:
        return (Layout(),)
    if not isinstance(mapping, str | Path):
        return _layouts(mapping)
    path = Path(mapping)
    try:
        return _layouts(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError:
        raise InputError(
            "the mapping cannot be opened", "check the file's name and place", str(path)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mend = "correct it, and save it as UTF-8"
        raise InputError(f"the mapping is no TOML ({error})", mend, path.name) from None
    except UsageError as error:
        raise InputError(str(error), "correct the mapping", path.name) from None


def _layouts(mapping: Mapping[str, object]) -> tuple[Layout, ...]:
    listed = mapping.get("layout")
    if listed is None:
        return (_layout(mapping),)
    if isinstance(listed, str) or not isinstance(listed, Sequence) or not listed:
        raise UsageError("'layout' in a mapping is a list of tables")
    common = {key: value for key, value in mapping.items() if key != "layout"}
    made: list[Layout] = []
    for number, item in enumerate(cast("Sequence[object]", listed), start=1):
        own = _table(item, "layout")
        made.append(_layout({"name": str(number), **common, **own}))
    return tuple(made)


def _layout(mapping: Mapping[str, object]) -> Layout:
    columns = {key: value for key, value in mapping.items() if key not in _TABLES}
    for name, head in columns.items():
        if name not in _COLUMNS:
            raise UsageError(
                f"a mapping has no name {name!r}; known are {', '.join((*_COLUMNS, *_TABLES))}"
            )
        if not isinstance(head, str) or not folded(head):
            raise UsageError(f"the column of {name!r} in a mapping must be its head, as text")
    heads = [folded(str(head)) for head in columns.values()]
    if len(set(heads)) < len(heads):
        raise UsageError("a mapping names one column twice")
    year = mapping.get("year")
    # `year` is a column when it is text and the year of bare months when it is a number
    if isinstance(year, str):
        columns["year"] = year
        year = None
    if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
        raise UsageError("'year' in a mapping is a calendar year such as 2022, or a column's head")
    name = mapping.get("name")
    return Layout(
        None if name is None else str(name),
        {key: str(head) for key, head in columns.items()},
        _constants(mapping),
        _values(mapping),
        year,
    )


def _constants(mapping: Mapping[str, object]) -> dict[str, str]:
    constants = _table(mapping.get("constants", {}), "constants")
    for key in constants:
        if key not in KEYS:
            raise UsageError(f"'constants' takes {', '.join(KEYS)}, not {key!r}")
    return {key: shown(raw_of(value)) for key, value in constants.items()}


def _values(mapping: Mapping[str, object]) -> dict[str, dict[str, str]]:
    tables = _table(mapping.get("values", {}), "values")
    made: dict[str, dict[str, str]] = {}
    for key, table in tables.items():
        if key not in KEYS and key != "item":
            raise UsageError(f"'values' takes {', '.join(KEYS)} and item, not {key!r}")
        pairs = _table(table, f"values.{key}")
        made[key] = {folded(theirs): shown(raw_of(ours)) for theirs, ours in pairs.items()}
    return made


def _table(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise UsageError(f"{name!r} in a mapping is a table")
    return {str(key): item for key, item in cast("Mapping[object, object]", value).items()}
