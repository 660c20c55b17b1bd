"""Reads the bytes of a file, unpacked, a piece at a time; what goes wrong is said in words."""

import gzip
import io
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, cast

from switchstats.errors import InputError
from switchstats.inputs.kinds import BEGINNING, GZIP, ZSTD

__all__ = ["CHUNK", "beginning_of", "bytes_of", "packing_of", "pieces_of", "readable", "text_of"]

CHUNK = 1 << 22
# What unpacks to more than this is refused when it was packed to less than one part in so many.
_LARGE, _MOST_PACKED = 1 << 30, 250


def packing_of(path: Path, name: str) -> Literal["gzip", "zstd", "none"]:
    """Return how a file is packed, by its first bytes."""
    with readable(name), path.open("rb") as stream:
        magic = stream.read(4)
    return "gzip" if magic.startswith(GZIP) else "zstd" if magic.startswith(ZSTD) else "none"


def bytes_of(path: Path, name: str) -> IO[bytes]:
    """Return a stream of the unpacked bytes of a file."""
    packing = packing_of(path, name)
    with readable(name):
        if packing == "gzip":
            return cast("IO[bytes]", gzip.open(path, "rb"))
        if packing == "zstd":
            import pyarrow as pa

            return cast("IO[bytes]", pa.input_stream(str(path), compression="zstd"))
        return path.open("rb")


def text_of(path: Path, codec: str, name: str) -> IO[str]:
    """Return a stream of the unpacked text of a file, its line breaks as they are."""
    return io.TextIOWrapper(bytes_of(path, name), encoding=codec, newline="")


def beginning_of(path: Path, name: str) -> bytes:
    """Return the first bytes of a file, unpacked."""
    with bytes_of(path, name) as stream, readable(name):
        return stream.read(BEGINNING)


def pieces_of(path: Path, name: str) -> Iterator[bytes]:
    """Yield the unpacked bytes of a file.

    Raises
    ------
    InputError
        When it cannot be read, is damaged or cut off, or unpacks to far more than a table does.
    """
    with readable(name):
        size, unpacked = path.stat().st_size, 0
        with bytes_of(path, name) as stream:
            while piece := stream.read(CHUNK):
                unpacked += len(piece)
                if unpacked > max(_LARGE, _MOST_PACKED * size):
                    problem = f"{size:,} bytes that unpack to more than {unpacked:,}"
                    raise InputError(f"{problem}: no table does", "check that it is one", name)
                yield piece


@contextmanager
def readable(name: str) -> Generator[None]:
    """Turn what goes wrong while a file is read into an error for the user."""
    try:
        yield
    except FileNotFoundError:
        raise InputError("there is no such file", "check its name and folder", name) from None
    except PermissionError as error:
        problem = f"the file cannot be opened ({error.strerror})"
        raise InputError(problem, "check that you may read it", name) from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        problem = f"the file is damaged or cut off ({error})"
        raise InputError(problem, "fetch the file again", name) from None
