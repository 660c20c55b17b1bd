"""The file that says which label stands for whom: for its owner's eyes only, never published."""

import json
import os
import secrets
import stat
import tempfile
from pathlib import Path
from typing import cast

from switchstats.bounds import LabelKey
from switchstats.errors import InputError, UsageError
from switchstats.whole_file import cannot_be_written

__all__ = ["new_key", "read_key", "write_key"]

_SCHEMA = {"schema": "switchstats/label-key", "schema_version": "1.0"}
_OWNER_ONLY = 0o600
_MEND = "restore the file from a copy: with another key the same retailers get other labels"


def new_key() -> LabelKey:
    """Return a key without labels, its secret drawn by the system's source of random numbers."""
    return LabelKey(secrets.token_hex(32))


def read_key(path: Path) -> LabelKey | None:
    """Return the key in a file, ``None`` where there is no file yet.

    Raises
    ------
    InputError
        When it is no key, or others than its owner may read it. Messages never show its content.
    """
    try:
        content = path.read_text(encoding="utf-8")
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise InputError("the key file cannot be read", _MEND, str(path)) from None
    if os.name == "posix" and mode & 0o077:
        raise InputError(
            f"others may read the key file (mode {mode:o})",
            "think who may have read it, and make it yours alone: chmod 600",
            str(path),
        )
    try:
        return _key(json.loads(content))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise InputError("not a key file of switchstats", _MEND, str(path)) from None


def write_key(path: Path, key: LabelKey) -> None:
    """Write a key so that only its owner can read it, whole or not at all.

    Raises
    ------
    InputError
        When it cannot be written.
    """
    content = _SCHEMA | {
        "secret": key.secret,
        "given": dict(key.given),
        "labels": {group: dict(labels) for group, labels in key.labels.items()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes a file of mode 0600
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            fresh.chmod(_OWNER_ONLY)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise cannot_be_written("the key file", error, path) from None


def _key(content: object) -> LabelKey:
    fields = cast("dict[str, object]", content)
    if {name: fields.get(name) for name in _SCHEMA} != _SCHEMA:
        raise UsageError("another schema")
    labels = cast("dict[str, dict[str, str]]", fields["labels"])
    given = cast("dict[str, int]", fields["given"])
    return LabelKey(cast("str", fields["secret"]), labels, given)
