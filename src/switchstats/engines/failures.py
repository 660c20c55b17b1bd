"""Says in words what goes wrong inside an engine's library."""

from collections.abc import Generator
from contextlib import contextmanager

from switchstats.errors import InputError

__all__ = ["in_words"]

_FRAMES = ("polars", "narwhals")
_LIBRARIES = ("duckdb", "_duckdb", "pyarrow", *_FRAMES)
_NO_MEMORY, _NO_SPACE = "out of memory", "no space left"


@contextmanager
def in_words() -> Generator[None]:
    """Turn an error of DuckDB, Arrow, Polars or Narwhals into one for the user.

    Their own texts are not shown, since they may repeat cells.

    Examples
    --------
    >>> import duckdb
    >>> with in_words():
    ...     raise duckdb.IOException("IO Error: page 5")
    Traceback (most recent call last):
    switchstats.errors.InputError: the rows cannot be read to their end (IO Error). To mend: ...
    """
    try:
        yield
    except Exception as error:
        library = type(error).__module__.partition(".")[0]
        if library not in _LIBRARIES:
            raise
        # before the first colon DuckDB and Arrow name what went wrong, the others may name cells
        named = library in _FRAMES
        raise _told(type(error).__name__ if named else str(error)) from None


def _told(words: str) -> InputError:
    if _NO_MEMORY in words.casefold():
        return InputError(
            "the rows need more memory than DuckDB may use",
            'allow more, as engine=DuckDB(memory_limit="4GB"), or name fewer strata',
        )
    if _NO_SPACE in words.casefold():
        return InputError(
            "there is no space left on the disk for what does not fit into memory",
            "name a folder on a larger disk, as engine=DuckDB(folder=...)",
        )
    kind = words.partition(":")[0].splitlines()[0][:60] if words else "unknown error"
    return InputError(
        f"the rows cannot be read to their end ({kind})",
        "write or fetch the files again; if they are whole, save them as CSV",
    )
