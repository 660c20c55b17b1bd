"""Reads the table that a command names: a bundled one, or a file."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchstats.facts import Registry
    from switchstats.readers import Inspected

__all__ = ["inspected_table", "registry_of"]


def inspected_table(name: str, known: "Registry | None") -> "Inspected":
    """Return the bundled table of this name or what the file of this name holds, with its faults.

    Labels such as 新電力K are known besides the retailers of the registry, and so are those of the
    bundled table.
    """
    from switchstats.facts import registry
    from switchstats.readers import Inspected, Labelled, inspect_published, load_published

    path = Path(name)
    if not path.exists() and path.name == name and not path.suffix:
        return Inspected(load_published(name), ())
    lookup = Labelled((registry(),) if known is None else (known, registry()))
    return inspect_published(path, registry=lookup)


def registry_of(path: Path | None) -> "Registry | None":
    """Return a user's own list of retailers, if there is one."""
    from switchstats.facts import read_registry

    return None if path is None else read_registry(path)
