"""A list of units out of the tables themselves, where a mapping names a column of groups."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from switchstats.errors import InputError, UsageError
from switchstats.facts import Registry, read_registry, registry_key
from switchstats.inputs import Opened
from switchstats.inputs.mapping import Layout
from switchstats.readers.counts.entries import entries_of
from switchstats.readers.counts.entry import Entry
from switchstats.readers.counts.load import NotATableError, Settings, tables_in, vocabulary_of

__all__ = ["names_groups", "units_in"]


def names_groups(layouts: Sequence[Layout]) -> bool:
    """Whether every layout says in which group a unit is.

    Raises
    ------
    UsageError
        When only some do.
    """
    said = ["group" in layout.columns or "group" in layout.constants for layout in layouts]
    if any(said) and not all(said):
        raise UsageError("name the column of groups in every layout of the mapping, or in none")
    return all(said)


def units_in(files: Iterable[Opened], settings: Settings) -> Registry:
    """Return every unit that the tables name, in the order in which they do, with its group.

    Parameters
    ----------
    files
        All files.
    settings
        With layouts that name the column (or a constant) of groups.

    Raises
    ------
    InputError
        When a unit stands in two groups, in none, or there is no table with units and groups.
    """
    import pandas as pd

    unlisted = replace(settings, registry=Registry(()))
    found: dict[str, tuple[str, str]] = {}
    for name, group, place in _named(files, unlisted):
        key = registry_key(name)
        if not group:
            problem = f"the group of {name!r} is blank"
            raise InputError(problem, "fill in the group", *place, "group")
        before = found.setdefault(key, (name, group))
        if before[1] != group:
            raise InputError(
                f"{name!r} stands in the group {before[1]!r} and in {group!r}",
                "leave each unit in one group, or give a registry instead of a column of groups",
                *place,
                "group",
                group,
            )
    if not found:
        raise InputError("no row has a unit and a group", "check the mapping of retailer and group")
    names, groups = zip(*found.values(), strict=True)
    return read_registry(pd.DataFrame({"name": names, "group": groups}))


_Place = tuple[str | None, int | None]


def _named(files: Iterable[Opened], settings: Settings) -> Iterator[tuple[str, str, _Place]]:
    for file in files:
        for sheet in file.sheets:
            try:
                tables = tables_in(sheet, settings)
            except NotATableError:
                continue
            for table in tables:
                vocabulary = vocabulary_of(table.layout, settings.registry)
                for entry in entries_of(0, table, vocabulary, settings.mended):
                    name, group = (_word(key, entry, table.layout) for key in ("retailer", "group"))
                    if name and "retailer" not in entry.totals:
                        yield name, group, (sheet.file, entry.line)


def _word(key: str, entry: Entry, layout: Layout) -> str:
    """Return a cell of an entry in the user's words, or the constant of all rows."""
    cell = next((datum.text for datum in entry.keys if datum.name == key), None)
    if cell is None:
        return layout.constants.get(key, "").strip()
    return layout.ours(key, cell).strip()
