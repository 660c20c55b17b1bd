"""Finds a text file's encoding, header and separator without holding the file in memory."""

import csv
import io
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from switchstats.engines.lines import LineCounter
from switchstats.engines.streams import beginning_of, pieces_of, readable, text_of
from switchstats.engines.transcoded import UTF8, NotDecodedError, utf8_pieces
from switchstats.errors import InputError
from switchstats.inputs.encodings import (
    codec_of,
    encoding_name,
    is_misread_utf8,
    marked_codec,
    refuse_unmarked,
    refused_encoding,
)
from switchstats.inputs.text import refuse_semicolons

__all__ = [
    "HEADER_WITHIN",
    "TextFile",
    "best_header",
    "distinct",
    "look_at",
    "row_lines",
]

_HEAD = 1 << 20
HEADER_WITHIN = 20
_MOST_COLUMNS = 2000
_CANDIDATES = ("utf-8", "cp932", "euc_jp")
_HALF_WIDTH_KATAKANA = re.compile("[\uff61-\uff9f]")
_SEPARATORS = (",", "\t")
# First line, cells, and the line behind it.
_Record = tuple[int, list[str], int]


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a text file is.

    Parameters
    ----------
    path
        Where it is.
    name
        What messages call it.
    encoding
        Codec of all of it, tried strictly to the last byte.
    told
        What reports call the encoding.
    separator
        Comma or tab.
    headers
        Cells of its header.
    header_line, first_line
        Line of the header, from 1, and the line below it.
    lines
        Lines of all of it; a row with a line break in a cell has several.
    readable
        The same in UTF-8: the file itself, or a copy.
    plain
        Whether every separator parts two cells, and every line is a row.
    """

    path: Path
    name: str
    encoding: str
    told: str
    separator: str
    headers: tuple[str, ...]
    header_line: int
    first_line: int
    lines: int
    readable: Path
    plain: bool


def look_at(
    path: Path,
    name: str,
    separator: str,
    score: Callable[[Sequence[str]], int],
    new_file: Callable[[], Path],
    encoding: str | None = None,
) -> TextFile:
    """Read a text file once, and find what it is.

    Parameters
    ----------
    path
        A CSV or TSV file, also packed by gzip or zstd.
    name
        What messages call it.
    separator
        As its name says; the one that gives a header with more known cells goes before it.
    score
        How many cells of a line are known headers; the best of the first lines is the header.
    new_file
        Gives a place for a copy in UTF-8, which is made of a file in another encoding.
    encoding
        Forced encoding; detected by default.

    Raises
    ------
    InputError
        When the file cannot be opened or unpacked, is empty, is in no encoding (or not in the
        forced one) from end to end, holds replacement characters, a line without end or lines of
        far more cells than the header, or unpacks to an amount that no table packs into so little.
    """
    codec, seen = _decoded(path, name, new_file, encoding)
    head = _head(path, codec, name)
    if not head.strip():
        raise InputError("an empty file", "choose the file that holds the rows", name)
    for number, row in enumerate(head.split("\n"), start=1):
        if is_misread_utf8(row, codec):
            raise _mixed(encoding, name, number)
    refuse_semicolons(head, name)
    separator, (line, cells, following) = _header(head, separator, score, name)
    if len(cells) > _MOST_COLUMNS:
        raise InputError(
            f"a header of {len(cells):,} columns", "keep the columns that matter", name, line
        )
    seen.counter.refuse_wide(separator, len(cells))
    return TextFile(
        path,
        name,
        codec,
        encoding_name(codec, forced=encoding is not None),
        separator,
        tuple(distinct([cell.strip() for cell in cells])),
        line,
        following,
        seen.counter.lines,
        seen.readable,
        seen.counter.plain,
    )


def _header(
    head: str, named: str, score: Callable[[Sequence[str]], int], name: str
) -> tuple[str, _Record]:
    """Return the separator and the record of the header: those that give most known headers."""
    found: dict[str, _Record] = {}
    for separator in (named, *(other for other in _SEPARATORS if other != named)):
        records = _records(io.StringIO(head, newline=""), separator, name)
        rows = list(islice(records, HEADER_WITHIN))
        found[separator] = rows[best_header([cells for _, cells, _ in rows], score)]
    return max(found.items(), key=lambda pair: score(pair[1][1]))


def best_header(rows: list[list[str]], score: Callable[[Sequence[str]], int]) -> int:
    """Return the place of the row with most known headers, the first of several."""
    return max(range(len(rows)), key=lambda number: (score(rows[number]), -number))


def row_lines(file: TextFile) -> "tuple[array[int], array[int]]":
    """Return the line of every row, and of every row with too many or too few cells.

    This cuts all of the file into cells once more, slowly and strictly; it is needed where rows
    are not simply lines.

    Raises
    ------
    InputError
        When a quote is not closed, or has something other than a separator behind it.
    """
    good, ragged = array("q"), array("q")
    with text_of(file.path, file.encoding, file.name) as stream:
        for line, cells, _ in _records(stream, file.separator, file.name, strict=True):
            if line > file.header_line and cells:
                (good if len(cells) == len(file.headers) else ragged).append(line)
    return good, ragged


def distinct(headers: list[str]) -> Iterator[str]:
    """Name blank and repeated headers apart, as a table's columns must be."""
    seen: set[str] = set()
    for place, header in enumerate(headers, start=1):
        name = header or f"column {place}"
        while name in seen:
            name = f"{name} "
        seen.add(name)
        yield name


def _records(
    stream: Iterable[str], separator: str, name: str, *, strict: bool = False
) -> Iterator[_Record]:
    reader = csv.reader(stream, delimiter=separator, strict=strict)
    line = 1
    try:
        for cells in reader:
            yield line, cells, reader.line_num + 1
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"a row of the CSV that cannot be cut into cells ({error})",
            "check the quotes, or save the CSV again",
            name,
            line,
        ) from None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file that was decoded to its end: its lines, and where it stands in UTF-8."""

    counter: LineCounter
    readable: Path


def _decoded(
    path: Path, name: str, new_file: Callable[[], Path], forced: str | None
) -> tuple[str, _Seen]:
    """Return the codec of all of the file, and what was seen of it."""
    if forced is not None:
        codec = codec_of(forced)
        try:
            return codec, _seen(path, name, codec, new_file)
        except NotDecodedError as error:
            raise refused_encoding(forced, name, error.line) from None
    beginning = beginning_of(path, name)
    refuse_unmarked(beginning, name)
    marked = marked_codec(beginning)
    fits: dict[str, _Seen] = {}
    first_wrong = 0
    for codec in (marked,) if marked else _CANDIDATES:
        try:
            fits[codec] = _seen(path, name, codec, new_file)
        except NotDecodedError as error:
            first_wrong = max(first_wrong, error.line)
            continue
        if codec == "utf-8":
            break
    if not fits:
        raise _mixed(None, name, first_wrong)
    if len(fits) == 1:
        return fits.popitem()
    # EUC-JP kanji read as CP932 are half-width katakana
    codec = min(fits, key=lambda codec: _half_width_katakana(fits[codec].readable, name))
    return codec, fits[codec]


def _seen(path: Path, name: str, codec: str, new_file: Callable[[], Path]) -> _Seen:
    """Look at all of a file, and copy one that is not in UTF-8."""
    counter = LineCounter(name)
    copy = None if codec in UTF8 else new_file()
    try:
        with nullcontext() if copy is None else copy.open("wb") as out:
            for piece in utf8_pieces(pieces_of(path, name), codec):
                counter.feed(piece)
                if out is not None:
                    out.write(piece)
        counter.end()
    except BaseException as error:
        if copy is not None:
            copy.unlink()
        if isinstance(error, NotDecodedError):
            raise NotDecodedError(counter.lines + error.line) from None
        raise
    return _Seen(counter, copy or path)


def _half_width_katakana(copy: Path, name: str) -> int:
    with text_of(copy, "utf-8", name) as stream:
        return sum(len(_HALF_WIDTH_KATAKANA.findall(line)) for line in stream)


def _mixed(forced: str | None, name: str, line: int) -> InputError:
    if forced is not None:
        return refused_encoding(forced, name, line)
    return InputError(
        "not in one encoding from end to end (tried UTF-8, CP932 and EUC-JP): this line is in "
        "another than those above",
        "open it in a text editor, check the Japanese text and save all of it as UTF-8",
        name,
        line,
    )


def _head(path: Path, codec: str, name: str) -> str:
    with text_of(path, codec, name) as stream, readable(name):
        return stream.read(_HEAD)
