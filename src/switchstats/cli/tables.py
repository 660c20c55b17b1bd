"""Reads the table that a command names: a bundled one, or a file."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from switchstats.values import PublishedTable

__all__ = ["table_of"]


def table_of(name: str, registry: Path | None) -> "PublishedTable":
    """Return the bundled table of this name, or what the file of this name holds."""
    from switchstats.facts import read_registry
    from switchstats.readers import load_published, read_published

    path = Path(name)
    if not path.exists() and path.name == name and not path.suffix:
        return load_published(name)
    known = None if registry is None else read_registry(registry)
    return read_published(path, registry=known)
