"""Turns pieces of any encoding into pieces of UTF-8, strictly, to the last byte."""

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

__all__ = ["UTF8", "NotDecodedError", "utf8_pieces"]

UTF8 = ("utf-8", "utf-8-sig")
# A character has no more bytes than this; the first of them says how many.
_LONGEST = 4
_CONTINUED, _TWO, _THREE, _FOUR = 0x80, 0xC0, 0xE0, 0xF0


class NotDecodedError(Exception):
    """A line that is not in the encoding that was tried, counted from 1 where its piece begins."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def utf8_pieces(pieces: Iterable[bytes], codec: str) -> Iterator[bytes]:
    """Yield the same text in UTF-8, each piece ending between two characters.

    Raises
    ------
    NotDecodedError
        When a byte does not fit.

    Examples
    --------
    >>> b"".join(utf8_pieces(["東京".encode("cp932")], "cp932")).decode()
    '東京'
    """
    return _checked(pieces) if codec in UTF8 else _transcoded(pieces, codec)


def _transcoded(pieces: Iterable[bytes], codec: str) -> Iterator[bytes]:
    decoder = getincrementaldecoder(codec)("strict")
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeDecodeError as error:
        raise NotDecodedError(_line_of(error)) from None


def _checked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield UTF-8 as it is. Arrow checks it several times as fast as a decoder."""
    pa: Any = import_module("pyarrow")
    kept = b""
    for piece in pieces:
        text = kept + piece
        end = _end_of_characters(text)
        text, kept = text[:end], text[end:]
        try:
            pa.array([text], pa.large_binary()).cast(pa.large_string())
        except pa.ArrowInvalid:
            raise NotDecodedError(_first_wrong(text)) from None
        yield text
    if kept:
        raise NotDecodedError(1)


def _end_of_characters(text: bytes) -> int:
    """Return where the last whole character ends."""
    for back in range(1, min(_LONGEST, len(text)) + 1):
        byte = text[-back]
        if byte >= _TWO:
            length = 4 if byte >= _FOUR else 3 if byte >= _THREE else 2
            return len(text) - back if back < length else len(text)
        if byte < _CONTINUED:
            break
    return len(text)


def _first_wrong(text: bytes) -> int:
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return _line_of(error)
    return 1


def _line_of(error: UnicodeDecodeError) -> int:
    return bytes(error.object[: error.start]).count(b"\n") + 1
