"""Reads of an OpenDocument sheet's XML what the sheet library does not tell."""

import re

from switchstats.inputs.limits import Limits
from switchstats.inputs.marks import Marks, Signs, local_name, parse

__all__ = ["ods_marks"]

_ERROR = re.compile(r"#[A-Z0-9/!?]+|Err:[0-9]+")
_NUMBERS = ("float", "percentage", "currency")
_WITH_DECIMALS = re.compile(r"[0-9]+\.[0-9]+\s*[%％]?")


def ods_marks(parts: dict[str, bytes], file: str, limits: Limits, *, printed: bool) -> Marks:
    """Return cells in error and formulas without a value, and check the used areas.

    Parameters
    ----------
    parts
        Unpacked members of the archive by their names.
    file
        Its name, for messages.
    limits
        Bounds.
    printed
        Whether to return numbers as they are printed, where that shows decimals.
    """
    scan = _Scan(file, limits, printed=printed)
    parse(parts["content.xml"], scan.start, scan.end, scan.text)
    return Marks(scan.cells)


class _Scan:
    """Used areas and signs of all sheets, repeated cells and rows unrolled."""

    def __init__(self, file: str, limits: Limits, *, printed: bool) -> None:
        self.cells: dict[str, Signs] = {}
        self._file, self._limits, self._printed = file, limits, printed
        self._sheet = ""
        self._line = self._column = self._last = self._repeat = self._width = 0
        self._row_signs: dict[int, str] = {}
        self._cell: dict[str, str] = {}
        self._words: list[str] = []
        # how deep within a paragraph, and within a comment, whose words are not the cell's
        self._in_words = self._in_note = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "table":
            self._line = self._width = 0
            self._sheet = attributes.get("table:name", "")
            self.cells.setdefault(self._sheet, {})
        elif name == "table-row":
            self._repeat = int(attributes.get("table:number-rows-repeated", "1"))
            self._column = self._last = 0
            self._row_signs = {}
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._words = attributes, []
            self._column += int(attributes.get("table:number-columns-repeated", "1"))
            if any(key.startswith("office:") or key == "table:formula" for key in attributes):
                self._last = self._column
        elif name == "annotation":
            self._in_note += 1
        elif name == "p":
            self._last = self._column
            self._in_words += 1

    def text(self, data: str) -> None:
        if self._in_words and not self._in_note:
            self._words.append(data)

    def end(self, tag: str) -> None:
        name = local_name(tag)
        if name == "p":
            self._in_words -= 1
        elif name == "annotation":
            self._in_note -= 1
        elif name in ("table-cell", "covered-table-cell"):
            self._note_cell()
        elif name == "table-row":
            self._note_row()

    def _note_cell(self) -> None:
        sign = self._sign("".join(self._words).strip())
        if sign is not None:
            repeat = int(self._cell.get("table:number-columns-repeated", "1"))
            self._limits.refuse_width(self._column, self._file, self._line + 1)
            for column in range(self._column - repeat + 1, self._column + 1):
                self._row_signs[column] = sign

    def _sign(self, words: str) -> str | None:
        kind = self._cell.get("office:value-type", "")
        formula = "table:formula" in self._cell
        if self._cell.get("calcext:value-type") == "error":
            return words or "#ERROR"
        if formula and _ERROR.fullmatch(words):
            return words
        value = self._cell.get("office:value") if kind in _NUMBERS else kind
        if formula and not value and not words:
            return "="
        if self._printed and kind in _NUMBERS and _WITH_DECIMALS.fullmatch(words):
            return words
        return None

    def _note_row(self) -> None:
        first, self._line = self._line + 1, self._line + self._repeat
        if not self._last:
            return
        self._width = max(self._width, self._last)
        self._limits.refuse_area(self._line * self._width, self._file, self._sheet)
        signs = self.cells[self._sheet]
        n_signs = len(signs) + self._repeat * len(self._row_signs)
        self._limits.refuse_marks(n_signs, self._file, self._sheet)
        for line in range(first, self._line + 1) if self._row_signs else ():
            for column, sign in self._row_signs.items():
                signs[line, column] = sign
