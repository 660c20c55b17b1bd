"""Cuts a CSV or tab-separated file in any of the usual encodings into raw cells."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from switchstats.errors import InputError
from switchstats.inputs.encodings import (
    codec_of,
    decode,
    encoding_name,
    is_misread_utf8,
    marked_codec,
    refused_encoding,
)
from switchstats.inputs.limits import Limits
from switchstats.inputs.sheet import Line, Sheet

__all__ = ["refuse_semicolons", "text_sheet"]

_REPLACEMENT = "\ufffd"
# Enough lines to tell tabs from commas.
_SAMPLE = 200
_MOST = 0.8


def text_sheet(content: bytes, file: str, encoding: str | None, limits: Limits) -> Sheet:
    r"""Return the lines of a text file as one sheet.

    Parameters
    ----------
    content
        All bytes.
    file
        Name for messages; an ending ``.tsv`` decides for tabs.
    encoding
        Forced encoding, by any name that Python knows; ``None`` to detect it.
    limits
        Bounds.

    Raises
    ------
    InputError
        When the text is in no known or not in the forced encoding, holds replacement characters
        or NUL bytes, has odd quotes, or exceeds a bound.

    Examples
    --------
    >>> from switchstats.inputs.limits import LIMITS
    >>> sheet = text_sheet("社名,件数\n甲,5\n".encode("cp932"), "t.csv", None, LIMITS)
    >>> sheet.encoding, sheet.lines[1].cells
    ('CP932 (Shift_JIS)', ('甲', '5'))
    """
    _refuse_long_lines(content, file, limits)
    text, found = _forced(content, encoding, file) if encoding else _detected(content, file)
    if _REPLACEMENT in text:
        line = text[: text.index(_REPLACEMENT)].count("\n") + 1
        raise InputError(
            "a replacement character: some text was lost when this file was saved",
            "export the file again from where it came from, or correct the text",
            file,
            line,
        )
    lines = tuple(_lines(text, file, limits))
    return Sheet(file, None, lines, encoding=found, cut_from_text=True)


def _refuse_long_lines(content: bytes, file: str, limits: Limits) -> None:
    start, number = 0, 1
    while start <= len(content) - limits.line:
        end = max(content.rfind(b"\n", start, start + limits.line), -1)
        if end < 0 and content.rfind(b"\r", start, start + limits.line) < 0:
            number += content[:start].count(b"\n")
            raise InputError(
                f"a line of more than {limits.line:,} bytes",
                "check that this is the right file, and that its quotes match",
                file,
                number,
            )
        start = (end if end >= 0 else content.rfind(b"\r", start, start + limits.line)) + 1


def _detected(content: bytes, file: str) -> tuple[str, str]:
    text = decode(content, file)
    codec = marked_codec(content) or next(
        name for name in ("utf-8", "cp932", "euc_jp") if _decodes(content, name, text)
    )
    return text, encoding_name(codec)


def _decodes(content: bytes, encoding: str, text: str) -> bool:
    try:
        return content.decode(encoding) == text
    except UnicodeDecodeError:
        return False


def _forced(content: bytes, encoding: str, file: str) -> tuple[str, str]:
    codec = codec_of(encoding)
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refused_encoding(encoding, file, line) from None
    misread = (
        number
        for number, line in enumerate(text.split("\n"), start=1)
        if is_misread_utf8(line, codec)
    )
    if line := next(misread, None):
        raise refused_encoding(encoding, file, line)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError("a NUL byte", "save the table again as CSV", file, line)
    return text, encoding_name(codec, forced=True)


def _lines(text: str, file: str, limits: Limits) -> Iterator[Line]:
    delimiter = _delimiter(text, file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, cells = 1, 0
    try:
        for row in reader:
            limits.refuse_width(len(row), file, number)
            cells += len(row)
            limits.refuse_area(cells, file)
            stripped = tuple(cell.strip() for cell in row)
            if any(stripped):
                yield Line(number, stripped)
            number = reader.line_num + 1
    except csv.Error as error:
        problem = f"a row of the CSV that cannot be cut into cells ({error})"
        mend = "check the quotes, or save the CSV again"
        raise InputError(problem, mend, file, number) from None


def refuse_semicolons(beginning: str, file: str) -> None:
    r"""Refuse a table whose cells are separated by semicolons.

    Raises
    ------
    InputError
        When nearly all of its lines hold as many of them, two or more, and fewer commas and tabs.

    Examples
    --------
    >>> refuse_semicolons("a,b\n1,2;3;4\n", "t.csv")
    """
    lines = [line for line in beginning.splitlines()[:_SAMPLE] if line.strip()]
    numbers = Counter(line.count(";") for line in lines)
    commonest, n = numbers.most_common(1)[0] if numbers else (0, 0)
    others = sum(line.count(",") + line.count("\t") for line in lines)
    if commonest > 1 and n > _MOST * len(lines) and others < commonest * n:
        raise InputError(
            "cells separated by semicolons", "save it as CSV with commas or tabs", file
        )


def _delimiter(text: str, file: str) -> str:
    """Return a tab when most lines hold one: amounts may hold commas, but no tabs."""
    if ".tsv" in file.casefold():
        return "\t"
    lines = [line for line in text[: 2**16].splitlines()[:_SAMPLE] if line.strip()]
    refuse_semicolons(text[: 2**16], file)
    tabbed = sum("\t" in line for line in lines)
    return "\t" if tabbed > len(lines) / 2 else ","
