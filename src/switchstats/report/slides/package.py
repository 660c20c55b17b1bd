"""What a presentation's package can hold: no control characters, and no time of its making."""

import io
import zipfile

__all__ = ["LONG_AGO", "plain", "repacked"]

LONG_AGO = (1980, 1, 1, 0, 0, 0)


def plain(words: str) -> str:
    """Drop control characters, which XML cannot hold.

    Examples
    --------
    >>> plain("東北" + chr(11) + "電力")
    '東北電力'
    """
    return "".join(letter for letter in words if letter >= " " or letter == "\n")


def repacked(content: bytes) -> bytes:
    """Return a zip archive with the same members, in the same order, of no particular time."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            fresh = zipfile.ZipInfo(member.filename, LONG_AGO)
            fresh.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fresh, source.read(member))
    return buffer.getvalue()
