"""Finds a text file's encoding, header and separator without holding the file in memory."""

import codecs
import csv
import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from switchstats.errors import InputError

__all__ = ["TextFile", "look_at", "to_utf8"]

_CHUNK = 1 << 22
_HEAD = 1 << 20
_HEADER_WITHIN = 20
_MOST_COLUMNS = 2000
_CANDIDATES = ("utf-8", "cp932", "euc_jp")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a text file is.

    Parameters
    ----------
    path
        Where it is.
    encoding
        Of all of it, tried strictly to the last byte.
    separator
        Comma or tab.
    headers
        Cells of its header.
    header_line
        Line of the header, from 1.
    """

    path: Path
    encoding: str
    separator: str
    headers: tuple[str, ...]
    header_line: int


def look_at(path: Path, separator: str, score: Callable[[list[str]], int]) -> TextFile:
    """Read a text file once, and find what it is.

    Parameters
    ----------
    path
        A CSV or TSV file, also packed by gzip or zstd.
    separator
        As its name says; a header with tabs and no comma overrules a comma.
    score
        How many cells of a line are known headers; the best of the first lines is the header.

    Raises
    ------
    InputError
        When the file cannot be opened or unpacked, is empty, or is in no encoding from end to end.
    """
    encoding = _encoding(path)
    head = _head(path, encoding)
    if not head.strip():
        raise InputError("an empty file", "choose the file that holds the rows", str(path))
    lines = head.splitlines()[:_HEADER_WITHIN]
    if separator == "," and not any("," in line for line in lines) and "\t" in head:
        separator = "\t"
    rows = [next(csv.reader([line], delimiter=separator), list[str]()) for line in lines]
    best = max(range(len(rows)), key=lambda number: (score(rows[number]), -number))
    headers = [cell.strip() for cell in rows[best]]
    if len(headers) > _MOST_COLUMNS:
        raise InputError(
            f"a header of {len(headers):,} columns", "keep the columns that matter", str(path)
        )
    return TextFile(path, encoding, separator, tuple(_distinct(headers)), best + 1)


def to_utf8(file: TextFile, target: Path) -> None:
    """Write the file's text as UTF-8 from its header line on, a piece at a time."""
    with (
        _text(file.path, file.encoding) as source,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        while piece := source.read(_CHUNK):
            out.write(piece)


def _distinct(headers: list[str]) -> Iterator[str]:
    """Name blank and repeated headers apart, as a table's columns must be."""
    seen: set[str] = set()
    for place, header in enumerate(headers, start=1):
        name = header or f"column {place}"
        while name in seen:
            name = f"{name} "
        seen.add(name)
        yield name


def _head(path: Path, encoding: str) -> str:
    with _text(path, encoding) as stream:
        return stream.read(_HEAD)


def _text(path: Path, encoding: str) -> IO[str]:
    return io.TextIOWrapper(_bytes(path), encoding=encoding, newline="")


def _bytes(path: Path) -> IO[bytes]:
    try:
        if path.suffix.casefold() == ".gz":
            return cast("IO[bytes]", gzip.open(path, "rb"))
        if path.suffix.casefold() == ".zst":
            import pyarrow as pa

            return cast("IO[bytes]", pa.input_stream(str(path), compression="zstd"))
        return path.open("rb")
    except OSError as error:
        raise InputError(
            f"the file cannot be opened ({error.strerror or error})",
            "check its name and that you may read it",
            str(path),
        ) from None


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with _bytes(path) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
    except (OSError, EOFError) as error:
        raise InputError(
            f"the packed file is damaged or cut off ({error})", "fetch the file again", str(path)
        ) from None


def _encoding(path: Path) -> str:
    with _bytes(path) as stream:
        try:
            first = stream.read(4)
        except (OSError, EOFError):
            first = b""
    marked = next((name for mark, name in _MARKS if first.startswith(mark)), None)
    candidates = (marked,) if marked else _CANDIDATES
    katakana: dict[str, int] = {}
    for name in candidates:
        count = _half_width_katakana(path, name)
        if count is not None:
            katakana[name] = count
            if name not in ("cp932", "euc_jp"):
                return name
    if not katakana:
        raise InputError(
            "not in one encoding from end to end (tried UTF-8, CP932 and EUC-JP)",
            "open it in a text editor, check the Japanese text and save all of it as UTF-8",
            str(path),
        )
    # EUC-JP kanji read as CP932 are half-width katakana.
    return min(katakana, key=lambda name: katakana[name])


def _half_width_katakana(path: Path, encoding: str) -> int | None:
    """Return how many half-width katakana the text holds, ``None`` when it does not decode."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    counted = 0
    try:
        for piece in _pieces(path):
            text = decoder.decode(piece)
            if encoding in ("cp932", "euc_jp") and not text.isascii():
                counted += sum("\uff61" <= character <= "\uff9f" for character in text)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return counted
