"""Notices that a file was changed by somebody else while it was read."""

from pathlib import Path

from switchstats.errors import InputError

__all__ = ["State", "changed", "refuse_changed", "state_of"]

# size, inode and time of the last change
State = tuple[int, int, int]


def state_of(path: Path) -> State:
    """Return what tells one content of a file from another without reading it.

    Raises
    ------
    InputError
        When it is not there.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise InputError("there is no such file", "check its name and folder", str(path)) from None
    return found.st_size, found.st_ino, found.st_mtime_ns


def refuse_changed(path: Path, before: State, name: str) -> None:
    """Refuse a file that is no longer as it was when its reading began.

    Raises
    ------
    InputError
        Also when it is gone.
    """
    try:
        same = state_of(path) == before
    except (InputError, OSError):
        same = False
    if not same:
        raise changed(name)


def changed(name: str) -> InputError:
    """Return the error of a file that was not one and the same all the while."""
    return InputError(
        "the file changed while it was read", "read it again when nothing writes to it", name
    )
