"""Looks into the zip file that a workbook is, before any other library opens it."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from switchstats.errors import InputError
from switchstats.readers.sheets.limits import Limits

__all__ = ["Marks", "looked_into"]

_CHUNK = 2**20
_HEADER = 30
_ENCRYPTED = 0x1
_MEND = "open it in Excel and save it again, or copy or download the file again"


@dataclass(frozen=True, slots=True)
class Marks:
    """What the sheet library does not tell: cells in error, and formulas without a value.

    Parameters
    ----------
    cells
        Sheet's name → (line, column), both from 1 → the text to show instead of nothing.
    from_1904
        Whether serial dates count from 1904.
    """

    cells: dict[str, dict[tuple[int, int], str]] = field(
        default_factory=dict[str, dict[tuple[int, int], str]]
    )
    from_1904: bool = False


def looked_into(content: bytes, file: str, limits: Limits) -> Marks:
    """Check a zipped workbook's size when unpacked and the used area of each of its sheets.

    Raises
    ------
    InputError
        When it is cut off, damaged or encrypted, unpacks to more than the limit, or holds cells
        too far apart.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpacked(content, archive, file, limits)
        if "content.xml" in parts:
            _measure_ods(parts["content.xml"], file, limits)
            return Marks()
        return _xlsx_marks(parts, file, limits)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError):
        raise InputError("a workbook that is cut off or damaged", _MEND, file) from None
    except (KeyError, ValueError, UnicodeError):
        raise InputError("a workbook that is damaged inside", _MEND, file) from None


def _unpacked(
    content: bytes, archive: zipfile.ZipFile, file: str, limits: Limits
) -> dict[str, bytes]:
    """Unpack every member by counting: the sizes that a zip file states may be lies."""
    total, parts = 0, dict[str, bytes]()
    for info in archive.infolist():
        if info.flag_bits & _ENCRYPTED:
            raise InputError("a workbook protected by a password", "remove the password", file)
        start = info.header_offset
        names = int.from_bytes(content[start + 26 : start + 28], "little")
        extra = int.from_bytes(content[start + 28 : start + 30], "little")
        begin = start + _HEADER + names + extra
        packed = content[begin : begin + info.compress_size]
        pieces: list[bytes] = []
        for piece in _pieces(packed, info.compress_type):
            total += len(piece)
            limits.refuse_content(total, file)
            pieces.append(piece)
        parts[info.filename] = b"".join(pieces)
        if (
            len(parts[info.filename]) != info.file_size
            or zlib.crc32(parts[info.filename]) != info.CRC
        ):
            raise zipfile.BadZipFile
    return parts


def _pieces(packed: bytes, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield packed
        return
    if method != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    stream = zlib.decompressobj(-15)
    while not stream.eof:
        piece = stream.decompress(packed, _CHUNK)
        packed = stream.unconsumed_tail
        if not piece and not packed and not stream.eof:
            raise EOFError
        yield piece


def _xlsx_marks(parts: dict[str, bytes], file: str, limits: Limits) -> Marks:
    book = _Book()
    _parse(parts["xl/workbook.xml"], book.start)
    relations = _Relations()
    _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"), relations.start)
    cells: dict[str, dict[tuple[int, int], str]] = {}
    for name, relation in book.sheets:
        target = relations.targets.get(relation, "").removeprefix("/")
        part = parts.get(target if target.startswith("xl/") else f"xl/{target}")
        if part is not None:
            scan = _SheetScan()
            _parse(part, scan.start, scan.end, scan.text)
            limits.refuse_area(scan.line * scan.column, file, name)
            cells[name] = scan.marks
    return Marks(cells, book.from_1904)


class _Book:
    """Names of the sheets, and the calendar of their dates."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            relation = next((v for k, v in attributes.items() if _local(k) == "id"), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif _local(tag) == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")


class _Relations:
    """Which part of the archive holds which sheet."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _SheetScan:
    """The used area of a sheet, its cells in error and its formulas without a value."""

    def __init__(self) -> None:
        self.line = self.column = 0
        self.marks: dict[tuple[int, int], str] = {}
        self._place = (0, 0)
        self._row = 0
        self._kind = ""
        self._formula = False
        self._inside = ""
        self._value = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._place = (self._row, 0)
        elif name == "c":
            reference = attributes.get("r")
            self._place = _place(reference) if reference else (self._row, self._place[1] + 1)
            self._kind, self._formula, self._value = attributes.get("t", "n"), False, ""
        elif name == "f":
            self._formula = True
        self._inside = name

    def text(self, data: str) -> None:
        if self._inside == "v":
            self._value += data

    def end(self, tag: str) -> None:
        self._inside = ""
        if _local(tag) != "c":
            return
        self.line, self.column = max(self.line, self._place[0]), max(self.column, self._place[1])
        if self._kind == "e":
            self.marks[self._place] = self._value or "#ERROR"
        elif self._formula and not self._value and self._kind != "str":
            self.marks[self._place] = "="


def _place(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]), column


class _OdsScan:
    """The used area of the sheet at hand, repeated cells and rows unrolled."""

    def __init__(self, file: str, limits: Limits) -> None:
        self._file, self._limits = file, limits
        self._line = self._column = self._last = self._repeat = self._width = 0
        self._name = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "table":
            self._line = self._width = 0
            self._name = attributes.get("table:name", "")
        elif name == "table-row":
            self._repeat = int(attributes.get("table:number-rows-repeated", "1"))
            self._column = self._last = 0
        elif name in ("table-cell", "covered-table-cell"):
            self._column += int(attributes.get("table:number-columns-repeated", "1"))
            if any(key.startswith("office:") for key in attributes):
                self._last = self._column
        elif name == "p":
            self._last = self._column

    def end(self, tag: str) -> None:
        if _local(tag) == "table-row":
            self._line += self._repeat
            if self._last:
                self._width = max(self._width, self._last)
                self._limits.refuse_area(self._line * self._width, self._file, self._name)


def _measure_ods(part: bytes, file: str, limits: Limits) -> None:
    scan = _OdsScan(file, limits)
    _parse(part, scan.start, scan.end)


def _parse(
    part: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run a parser that refuses document types, and with them all entities."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(part, True)  # noqa: FBT003


def _refuse_doctype(*_: object) -> None:
    raise ValueError


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
