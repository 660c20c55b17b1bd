"""Counts the lines of UTF-8 that passes by in pieces, and refuses those that no table has."""

from switchstats.errors import InputError

__all__ = ["LineCounter"]

_LONGEST = 1 << 19
# A line of more than twice this is looked at by itself.
_WINDOW = 1 << 12
_SEPARATORS = (b",", b"\t")
# Lines of no more bytes than this on average hold no absurd number of cells.
_SHORT = 1 << 8
# Cells beyond the header: on one line, and on the average line.
_MOST_BEYOND, _MOST_ON_AVERAGE, _FEW_LINES = 1_000, 100, 100
_REPLACEMENT = "\ufffd".encode()
_MEND = "check that this is the right file, its separator, and that its quotes match"


class LineCounter:
    r"""What is to be known of all lines before another program cuts them into cells.

    Examples
    --------
    >>> counter = LineCounter("t.csv")
    >>> counter.feed(b"a,b\n1,"), counter.feed(b"2\n\n"), counter.end()
    (None, None, None)
    >>> counter.lines, counter.plain
    (2, True)

    Attributes
    ----------
    lines
        How many there are.
    plain
        Whether they hold no quotes and no NUL, and all end in LF or all in CRLF, so that a
        separator always parts two cells and a line is always a row.
    """

    def __init__(self, name: str) -> None:
        self.lines = 0
        self.plain = True
        self._name = name
        self._break = b""
        self._open = self._last = b""
        self._separators: dict[bytes, int] = dict.fromkeys(_SEPARATORS, 0)
        self._widest: dict[bytes, tuple[int, int]] = dict.fromkeys(_SEPARATORS, (0, 0))

    def feed(self, piece: bytes) -> None:
        """Take the next piece, which ends between two characters.

        Raises
        ------
        InputError
            For a replacement character, or a line without end.
        """
        if not self._break:
            self._break = b"\r" if b"\r" in piece and b"\n" not in piece else b"\n"
        text = self._open + piece
        end = text.rfind(self._break) + 1
        whole, self._open = text[:end], text[end:]
        if len(self._open) > _LONGEST:
            raise self._too_long(self.lines + whole.count(self._break) + 1)
        self._look(whole)

    def end(self) -> None:
        """Take the last line, and leave blank lines at the end out of the count."""
        if self._open:
            self._look(self._open + self._break)
            return
        blank = self._last[len(self._last.rstrip(b"\r\n")) :].count(self._break) - 1
        self.lines -= max(blank, 0)

    def refuse_wide(self, separator: str, columns: int) -> None:
        """Refuse lines of far more cells than the header has.

        Raises
        ------
        InputError
            When one has, or all have on average.
        """
        mark = separator.encode()
        cells, line = self._widest[mark]
        if cells > columns + _MOST_BEYOND:
            problem = f"a line of {cells:,} cells below a header of {columns:,}"
            raise InputError(problem, _MEND, self._name, line)
        beyond = self._separators[mark] - self.lines * (columns - 1)
        if beyond > _MOST_ON_AVERAGE * max(self.lines, _FEW_LINES):
            problem = f"lines of many more cells than the {columns:,} of the header"
            raise InputError(problem, _MEND, self._name)

    def _look(self, whole: bytes) -> None:
        # one byte is found ten times as fast as three
        if _REPLACEMENT[:1] in whole and _REPLACEMENT in whole:
            raise InputError(
                "a replacement character: some text was lost when this file was saved",
                "export the file again from where it came from, or correct the text",
                self._name,
                self._line(whole, whole.index(_REPLACEMENT)),
            )
        lines = whole.count(self._break)
        self.plain = self.plain and _is_plain(whole, lines)
        if len(whole) > _SHORT * lines:
            for separator in _SEPARATORS:
                self._separators[separator] += whole.count(separator)
        start = 0
        while start < len(whole):
            if whole.find(self._break, start, start + _WINDOW) >= 0:
                start += _WINDOW
                continue
            first = whole.rfind(self._break, 0, start) + 1
            last = whole.find(self._break, start)
            if last < 0:
                break
            self._look_at_line(whole, first, last)
            start = last + 1
        self.lines += lines
        self._last = whole or self._last

    def _look_at_line(self, whole: bytes, first: int, last: int) -> None:
        if last - first > _LONGEST:
            raise self._too_long(self._line(whole, first))
        for separator in _SEPARATORS:
            cells = whole.count(separator, first, last) + 1
            if cells > self._widest[separator][0]:
                self._widest[separator] = (cells, self._line(whole, first))

    def _line(self, whole: bytes, place: int) -> int:
        return self.lines + whole.count(self._break, 0, place) + 1

    def _too_long(self, line: int) -> InputError:
        problem = f"a line of more than {_LONGEST:,} bytes"
        return InputError(problem, _MEND, self._name, line)


def _is_plain(whole: bytes, lines: int) -> bool:
    if b'"' in whole or b"\0" in whole:
        return False
    return b"\r" not in whole or whole.count(b"\r") == whole.count(b"\r\n") == lines
