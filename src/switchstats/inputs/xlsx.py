"""Reads of an xlsx workbook's XML what the sheet library does not tell."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from switchstats.inputs.limits import Limits
from switchstats.inputs.marks import Marks, Signs, local_name, parse

__all__ = ["xlsx_marks"]

# Digits that a spreadsheet keeps of a number.
_KEPT = Context(prec=15, rounding=ROUND_HALF_UP)
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_FORMAT = re.compile(
    r'(?:#,##)?0(?:\.(?P<decimals>0+))?(?P<percent>%)?(?:"(?P<words>[^"]*)"|\\.)?(?:_.)?'
)


def xlsx_marks(parts: dict[str, bytes], file: str, limits: Limits, *, printed: bool) -> Marks:
    """Return cells in error, formulas without a value and the calendar, and check used areas.

    Parameters
    ----------
    parts
        Unpacked members of the archive by their names.
    file
        Its name, for messages.
    limits
        Bounds.
    printed
        Whether to return numbers as their number format prints them, where it fixes the decimals.
    """
    book = _Book()
    parse(parts["xl/workbook.xml"], book.start)
    relations = _Relations()
    parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), relations.start)
    styles = _Styles()
    if printed:
        parse(parts.get("xl/styles.xml", b"<none/>"), styles.start, styles.end)
    cells: dict[str, Signs] = {}
    for name, relation in book.sheets:
        target = relations.targets.get(relation, "").removeprefix("/")
        part = parts.get(target if target.startswith("xl/") else f"xl/{target}")
        if part is not None:
            scan = _SheetScan(styles)
            parse(part, scan.start, scan.end, scan.text)
            limits.refuse_area(scan.line * scan.column, file, name)
            limits.refuse_marks(len(scan.signs), file, name)
            cells[name] = scan.signs
    return Marks(cells, book.from_1904)


class _Book:
    """Names of the sheets, and the calendar of their dates."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "sheet":
            relation = next((v for k, v in attributes.items() if local_name(k) == "id"), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif local_name(tag) == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")


class _Relations:
    """Which part of the archive holds which sheet."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Styles:
    """Number formats by the number of a cell's style."""

    def __init__(self) -> None:
        self.formats: list[str] = []
        self._codes = dict(_BUILT_IN)
        self._in_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "numFmt":
            self._codes[int(attributes.get("numFmtId", "-1"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.formats.append(self._codes.get(int(attributes.get("numFmtId", "0")), ""))

    def end(self, tag: str) -> None:
        if local_name(tag) == "cellXfs":
            self._in_cells = False

    def printed(self, value: str, style: str) -> str | None:
        """Return a number as its style prints it, ``None`` where that fixes no decimals."""
        number = int(style)
        code = self.formats[number] if number < len(self.formats) else ""
        match = _FORMAT.fullmatch(code.partition(";")[0])
        if match is None:
            return None
        digits = len(match["decimals"] or "")
        kept = _KEPT.create_decimal(value).scaleb(2 if match["percent"] else 0)
        shown = kept.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        return f"{shown}{match['percent'] or match['words'] or ''}"


class _SheetScan:
    """The used area of a sheet, and the cells that are to be read otherwise."""

    def __init__(self, styles: _Styles) -> None:
        self.line = self.column = 0
        self.signs: Signs = {}
        self._styles = styles
        self._place = (0, 0)
        self._row = 0
        self._kind = self._style = ""
        self._formula = False
        self._inside = ""
        self._value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._place = (self._row, 0)
        elif name == "c":
            reference = attributes.get("r")
            self._place = _place(reference) if reference else (self._row, self._place[1] + 1)
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._formula, self._value = False, ""
        elif name == "f":
            self._formula = True
        self._inside = name

    def text(self, data: str) -> None:
        if self._inside == "v":
            self._value += data

    def end(self, tag: str) -> None:
        self._inside = ""
        if local_name(tag) != "c":
            return
        self.line, self.column = max(self.line, self._place[0]), max(self.column, self._place[1])
        if self._kind == "e":
            self.signs[self._place] = self._value or "#ERROR"
        elif self._formula and not self._value and self._kind != "str":
            self.signs[self._place] = "="
        elif self._kind == "n" and self._value and self._styles.formats:
            shown = self._styles.printed(self._value, self._style)
            if shown is not None:
                self.signs[self._place] = shown


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]), column
