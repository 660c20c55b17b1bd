"""Tells folders that live runs are making from those that killed ones left, by their locks."""

import os
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["OLD", "alone", "fresh_folder"]

_PART = ".part"
# the run that is being replaced, for the moment between two renamings
OLD = "-old"


@contextmanager
def alone(folder: Path) -> Generator[bool]:
    """Let processes work on the entries of a folder one after the other, where it has locks."""
    held = _locked(folder, wait=True)
    try:
        yield held is not None
    finally:
        if held is not None:
            os.close(held)


@contextmanager
def fresh_folder(target: Path) -> Generator[Path]:
    """Yield a new folder beside `target`, removed at the end unless it was moved away.

    It is locked as long as this process lives. Folders for the same target that nobody holds are
    what killed runs left: they are removed, and a run that was being replaced takes its place
    again. Nothing is swept on systems without such locks.
    """
    with alone(target.parent) as sure:
        if sure:
            _sweep(target)
        fresh = Path(tempfile.mkdtemp(_PART, f".{target.name}-", target.parent))
        held = _locked(fresh, wait=False)
    try:
        fresh.chmod(0o755)
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if held is not None:
            os.close(held)


def _sweep(target: Path) -> None:
    own = re.compile(rf"\.{re.escape(target.name)}-\w{{8}}{re.escape(_PART)}({OLD})?")
    for each in sorted(target.parent.iterdir()):
        match = own.fullmatch(each.name)
        if match is None or not each.is_dir():
            continue
        if match[1] and not target.exists():
            each.rename(target)
        elif match[1] or _is_left(each):
            shutil.rmtree(each, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether no process holds a folder; one that is gone meanwhile is no longer left."""
    held = _locked(folder, wait=False)
    if held is not None:
        os.close(held)
    return held is not None


def _locked(folder: Path, *, wait: bool) -> int | None:
    """Return a descriptor that holds a folder; ``None`` where another does, or nothing can."""
    try:
        import fcntl
    except ImportError:  # Windows lets nobody rename over a folder in use
        return None
    with suppress(OSError):
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BaseException:  # a file system without locks, another's, or an interruption
            os.close(held)
            raise
        return held
    return None
