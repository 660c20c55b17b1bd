"""A file that appears whole or not at all."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from switchstats.errors import UsageError

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: Path) -> Generator[Path]:
    """Yield a name beside `path` to write to, and move it there at the end.

    An earlier file stays until the new one is complete; when the block raises, nothing new is left.

    Raises
    ------
    UsageError
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
    # the process keeps two writers apart; it never shows in the result
    part = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise UsageError(
            f"the file {path} cannot be written ({error.strerror or error}); "
            "choose a folder that exists and that you may write to"
        ) from None
    finally:
        part.unlink(missing_ok=True)
