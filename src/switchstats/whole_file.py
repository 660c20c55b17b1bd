"""A file that appears whole or not at all."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from switchstats.errors import InputError

__all__ = ["cannot_be_written", "whole_file"]


@contextmanager
def whole_file(path: Path) -> Generator[Path]:
    """Yield a name beside `path` to write to, and move it there at the end.

    An earlier file stays until the new one is complete; when the block raises, nothing new is left.

    Raises
    ------
    InputError
        When the file cannot be written there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "made.csv") as part:
    ...         _ = part.write_text("x")
    ...     [found.name for found in Path(folder).iterdir()]
    ['made.csv']
    """
    if path.exists() and not path.is_file():
        raise InputError("a folder, pipe or device, and no file", "choose another name", str(path))
    # the process keeps two writers apart; it never shows in the result
    part = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise cannot_be_written("the file", error, path) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def cannot_be_written(what: str, error: OSError, path: Path | str) -> InputError:
    """Return the error of a file or folder that the system refuses to write.

    Examples
    --------
    >>> print(cannot_be_written("the file", OSError(28, "No space left on device"), "a.csv"))
    a.csv: the file cannot be written (No space left on device). To mend: choose a folder that \
exists, that you may write to, and that has room.
    """
    words = os.strerror(error.errno) if error.errno else str(error)
    return InputError(
        f"{what} cannot be written ({words})",
        "choose a folder that exists, that you may write to, and that has room",
        str(path),
    )
