"""Names a run of the past that cannot be read any more, and says how to go on."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from switchstats.errors import InputError

__all__ = ["unharmed"]


@contextmanager
def unharmed(folder: Path) -> Generator[None]:
    """Turn what goes wrong while a run is read into an error that names its folder.

    Raises
    ------
    InputError
        When a file of the run is missing, cut off or not what a run writes.

    Examples
    --------
    >>> with unharmed(Path("runs/0003")):
    ...     raise KeyError("findings")
    Traceback (most recent call last):
    switchstats.errors.InputError: ...0003: a run that is damaged: a file of it is missing or ...
    """
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(
            "a run that is damaged: a file of it is missing or not as it was written",
            "restore this folder from a copy, or remove it: what follows then rests on the runs "
            "that are left",
            str(folder),
        ) from None
