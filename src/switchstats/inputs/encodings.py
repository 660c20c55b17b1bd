"""Turns the bytes of a text file into text, and refuses a file in two encodings."""

import codecs
import re

from switchstats.errors import InputError, UsageError

__all__ = [
    "codec_of",
    "decode",
    "encoding_name",
    "is_misread_utf8",
    "marked_codec",
    "refuse_unmarked",
    "refused_encoding",
]

_MEND = "open it in a text editor, check the Japanese text and save all of it as UTF-8"
# Longer marks first: that of UTF-32 begins like that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with BOM",
    "cp932": "CP932 (Shift_JIS)",
    "euc_jp": "EUC-JP",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
}
# Python's shift_jis lacks the signs ①, ㈱ and － that files so called do hold.
_BETTER_CODECS = {"utf-8": "utf-8-sig", "shift_jis": "cp932"}
_JIS = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_LOOKED_AT, _FEW, _NULS_ONE_IN = 2**16, 3, 20
_LINE_END = re.compile(rb"\r\n|\r|\n")
_HALF_WIDTH_KATAKANA = re.compile("[\uff61-\uff9f]")
_FIRST_JAPANESE = "\u3000"


def decode(content: bytes, file: str) -> str:
    """Return the text of `content`: by its byte-order mark, else UTF-8, CP932 or EUC-JP, strictly.

    A file that is both valid CP932 and valid EUC-JP is taken for the one that gives fewer
    half-width katakana, since EUC-JP kanji read as CP932 are just that.

    Parameters
    ----------
    content
        All bytes of the file.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        When it is empty, holds NUL bytes, fits no encoding, or holds lines in two encodings (the
        first line that differs is named). Undetected: lines of CP932 that hold half-width
        katakana only, amid EUC-JP, and the reverse.

    Examples
    --------
    >>> decode("北海道電力".encode("cp932"), "t.csv")
    '北海道電力'
    """
    if not content.strip():
        raise InputError("an empty file", "choose the file that holds the table", file)
    if marked := marked_codec(content):
        return _by_mark(content, marked, file)
    refuse_unmarked(content[:_LOOKED_AT], file)
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        mend = "choose a CSV, text or PDF file, or save the table again as CSV"
        raise InputError("a NUL byte: this is not a text file", mend, file, line)
    if _decoded(content, "utf-8") is not None:
        return content.decode("utf-8")
    lines = _LINE_END.split(content)
    encoding = _legacy(content) or _first_fit(lines)
    _refuse_other_lines(lines, encoding, file)
    return content.decode(encoding)


def marked_codec(content: bytes) -> str | None:
    """Return the codec that a byte-order mark at the beginning names.

    Examples
    --------
    >>> marked_codec("件".encode("utf-16")), marked_codec(b"a")
    ('utf-16', None)
    """
    return next((codec for mark, codec in _BYTE_ORDER_MARKS if content.startswith(mark)), None)


def refuse_unmarked(beginning: bytes, file: str) -> None:
    """Refuse text in an encoding that is not looked for, and say which it is.

    Parameters
    ----------
    beginning
        Its first bytes, unpacked.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        For UTF-16 without a byte-order mark, and for ISO-2022-JP.

    Examples
    --------
    >>> refuse_unmarked("件数".encode("iso2022_jp"), "t.csv")
    Traceback (most recent call last):
    switchstats.errors.InputError: t.csv: ISO-2022-JP (JIS), which is not looked for. To mend: ...
    """
    if marked_codec(beginning):
        return
    # separators and digits of UTF-16 have a NUL for their other byte, always the same
    evens, odds = beginning[0::2].count(0), beginning[1::2].count(0)
    many = max(_FEW, len(beginning) // _NULS_ONE_IN)
    if (evens == 0) != (odds == 0) and max(evens, odds) > many:
        codec = "utf-16-le" if odds else "utf-16-be"
        raise InputError(
            "UTF-16 without the byte-order mark that says so",
            f"name the encoding, {codec}, or save it as UTF-8",
            file,
        )
    if any(mark in beginning for mark in _JIS):
        raise InputError(
            "ISO-2022-JP (JIS), which is not looked for",
            "name the encoding, iso2022_jp, or save it as UTF-8",
            file,
        )


def codec_of(encoding: str) -> str:
    """Return Python's codec for an encoding that the user names.

    Raises
    ------
    UsageError
        When no encoding of text goes by that name.

    Examples
    --------
    >>> codec_of("Shift_JIS"), codec_of("UTF8")
    ('cp932', 'utf-8-sig')
    """
    try:
        name = codecs.lookup(encoding).name
        "a".encode(name)
    except (LookupError, ValueError):
        raise UsageError(f"unknown encoding {encoding!r}; try utf-8, cp932 or euc_jp") from None
    return _BETTER_CODECS.get(name, name)


def encoding_name(codec: str, *, forced: bool = False) -> str:
    """Return what a report calls a codec.

    Examples
    --------
    >>> encoding_name("cp932"), encoding_name("utf-8-sig", forced=True)
    ('CP932 (Shift_JIS)', 'UTF-8 (forced)')
    """
    if forced:
        return f"{_NAMES.get(codec.removesuffix('-sig'), codec)} (forced)"
    return _NAMES.get(codec, codec)


def is_misread_utf8(text: str, codec: str = "cp932") -> bool:
    """Whether a text is Japanese in UTF-8 that was read as `codec`.

    Examples
    --------
    >>> is_misread_utf8("東京".encode().decode("cp932")), is_misread_utf8("東京")
    (True, False)
    """
    if text.isascii() or codec.startswith("utf"):
        return False
    try:
        return max(text.encode(codec).decode("utf-8")) >= _FIRST_JAPANESE
    except UnicodeError:
        return False


def refused_encoding(encoding: str, file: str, line: int) -> InputError:
    """Return the error of a forced encoding that a line is not in."""
    problem = f"this line is not {encoding}, the encoding that was asked for"
    return InputError(problem, "leave the encoding open, or name another", file, line)


def _by_mark(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        name = encoding.upper().removesuffix("-SIG")
        problem = f"the file begins as {name}, but this line is not {name}"
        raise InputError(problem, _MEND, file, line) from None


def _refuse_other_lines(lines: list[bytes], encoding: str, file: str) -> None:
    """Refuse the first line that is in another encoding than the first Japanese line."""
    first: tuple[int, str] | None = None
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            continue
        found = _line_encoding(line, encoding)
        if found is None:
            raise InputError("a line in no known encoding", _MEND, file, number)
        if first is None:
            first = (number, found)
        elif found != first[1]:
            raise InputError(
                f"mixed encodings: this line is {_NAMES[found]}, "
                f"line {first[0]} is {_NAMES[first[1]]}",
                _MEND,
                file,
                number,
            )


def _line_encoding(line: bytes, encoding: str) -> str | None:
    """Return the encoding of one line; `encoding` is that of the file as far as it has one."""
    text = _decoded(line, "utf-8")
    if text is not None and max(text) >= _FIRST_JAPANESE:
        return "utf-8"
    text = _decoded(line, encoding)
    if text is None:
        return _legacy(line)
    # Half-width katakana amid rare kanji, where EUC-JP reads cleanly, are EUC-JP misread.
    rest = [mark for mark in _HALF_WIDTH_KATAKANA.sub("", text) if not mark.isascii()]
    misread = len(rest) > 0 and _legacy(line) == "euc_jp"
    return "euc_jp" if misread else encoding


def _first_fit(lines: list[bytes]) -> str:
    """Return the encoding of the first Japanese line, where the file as a whole has none."""
    fits = (_line_encoding(line, "utf-8") for line in lines if not line.isascii())
    return next(fits, None) or "utf-8"


def _legacy(content: bytes) -> str | None:
    """Return CP932 or EUC-JP, whichever decodes with fewer half-width katakana, else ``None``."""
    texts = [(name, _decoded(content, name)) for name in ("cp932", "euc_jp")]
    fits = [(len(_HALF_WIDTH_KATAKANA.findall(text)), name) for name, text in texts if text]
    return min(fits)[1] if fits else None


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
