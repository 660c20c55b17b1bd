"""Cuts a CSV or tab-separated file in any of the usual encodings into raw cells."""

import codecs
import csv
import io
from collections.abc import Iterator

from switchstats.errors import InputError, UsageError
from switchstats.readers.encodings import decode
from switchstats.readers.sheets.limits import Limits
from switchstats.readers.sheets.sheet import Line, Sheet

__all__ = ["text_sheet"]

_NAMES = {"utf-8": "UTF-8", "cp932": "CP932 (Shift_JIS)", "euc_jp": "EUC-JP"}
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8 with BOM"),
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_REPLACEMENT = "\ufffd"
# Enough lines to tell tabs from commas.
_SAMPLE = 200


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
    >>> from switchstats.readers.sheets.limits import LIMITS
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
    for mark, name in _MARKS:
        if content.startswith(mark):
            return text, name
    fits = (name for name in _NAMES if _decodes(content, name, text))
    return text, _NAMES[next(fits)]


def _decodes(content: bytes, encoding: str, text: str) -> bool:
    try:
        return content.decode(encoding) == text
    except UnicodeDecodeError:
        return False


def _forced(content: bytes, encoding: str, file: str) -> tuple[str, str]:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise UsageError(f"unknown encoding {encoding!r}; try utf-8, cp932 or euc_jp") from None
    # Python's shift_jis lacks the signs ①, ㈱ and － that files so called do hold.
    name = {"utf-8": "utf-8-sig", "shift_jis": "cp932"}.get(name, name)
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = f"this line is not {encoding}, the encoding that was asked for"
        raise InputError(problem, "leave the encoding open, or name another", file, line) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise InputError("a NUL byte", "save the table again as CSV", file, line)
    return text, f"{_NAMES.get(name.removesuffix('-sig'), encoding)} (forced)"


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


def _delimiter(text: str, file: str) -> str:
    """Return a tab when most lines hold one: amounts may hold commas, but no tabs."""
    if ".tsv" in file.casefold():
        return "\t"
    lines = [line for line in text[: 2**16].splitlines()[:_SAMPLE] if line.strip()]
    tabbed = sum("\t" in line for line in lines)
    return "\t" if tabbed > len(lines) / 2 else ","
