"""What a result was made from: inputs by digest, configuration, version, seed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from switchstats.values.shown import Shown

__all__ = ["InputFile", "Provenance", "digest"]


@dataclass(frozen=True, slots=True)
class InputFile(Shown):
    """A file that was read, by name (no folder) and sha256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Provenance(Shown):
    """Enough to make the same bytes again.

    Parameters
    ----------
    inputs
        Files read.
    config
        What the study was declared with, plain types.
    version
        Version of switchstats.
    seed
        Seed of every random draw, ``None`` when nothing was drawn.
    created
        ISO time, only in a run's manifest: findings carry no clock.
    """

    inputs: tuple[InputFile, ...]
    config: Mapping[str, object]
    version: str
    seed: int | None = None
    created: str | None = None

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON; the clock only where there is one."""
        plain: dict[str, object] = {
            "inputs": [{"name": file.name, "sha256": file.sha256} for file in self.inputs],
            "config": dict(self.config),
            "config_sha256": digest(self.config),
            "version": self.version,
            "seed": self.seed,
        }
        return plain if self.created is None else plain | {"created": self.created}


def digest(config: Mapping[str, object]) -> str:
    """Return the sha256 of a plain mapping, independent of the order of its keys.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    text = json.dumps(dict(config), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
