"""Opens gzip and zstd, never beyond a given size."""

import io
import zlib
from typing import IO, cast

from switchstats.errors import InputError
from switchstats.inputs.kinds import GZIP, ZSTD
from switchstats.inputs.limits import Limits

__all__ = ["decompressed"]

_CHUNK = 2**20
_GZIP_WINDOW = 31
_MEND = "copy or download the file again"


def decompressed(content: bytes, file: str, limits: Limits) -> bytes:
    """Return the content of a gzip or zstd file, other content as it is.

    Raises
    ------
    InputError
        When the file is cut off or damaged, or holds more than the limit.

    Examples
    --------
    >>> import gzip
    >>> from switchstats.inputs.limits import LIMITS
    >>> decompressed(gzip.compress(b"a,b"), "t.csv.gz", LIMITS)
    b'a,b'
    """
    if content.startswith(GZIP):
        return _gzip(content, file, limits)
    return _zstd(content, file, limits) if content.startswith(ZSTD) else content


def _gzip(content: bytes, file: str, limits: Limits) -> bytes:
    """Unpack every member: there may be several, one after the other."""
    out, rest = io.BytesIO(), content
    try:
        while rest.startswith(GZIP):
            member = zlib.decompressobj(_GZIP_WINDOW)
            while not member.eof:
                piece = member.decompress(rest, _CHUNK)
                rest = member.unused_data if member.eof else member.unconsumed_tail
                out.write(piece)
                limits.refuse_content(out.tell(), file)
                if not piece and not rest and not member.eof:
                    raise InputError("a gzip file that is cut off", _MEND, file)
    except zlib.error:
        raise InputError("a damaged gzip file", _MEND, file) from None
    if rest.strip(b"\0"):
        raise InputError("a gzip file with something else behind its end", _MEND, file)
    return out.getvalue()


def _zstd(content: bytes, file: str, limits: Limits) -> bytes:
    import pyarrow as pa

    out = io.BytesIO()
    try:
        stream = cast("IO[bytes]", pa.CompressedInputStream(pa.BufferReader(content), "zstd"))
        while piece := stream.read(_CHUNK):
            out.write(piece)
            limits.refuse_content(out.tell(), file)
    except (OSError, pa.ArrowException):
        raise InputError("a zstd file that is cut off or damaged", _MEND, file) from None
    return out.getvalue()
