"""Raw cells of one sheet of a file, each line with its number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from switchstats.values import InputFile

__all__ = ["JAPAN", "Line", "Opened", "Raw", "Sheet", "day_of_serial", "raw_of", "shown"]

# The clock by which days and months of requests count.
JAPAN = "Asia/Tokyo"
# 2000-01-01 to 2050-12-31, as days from the calendars of Excel.
_SERIALS = range(36526, 55153)
_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)

Raw = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet, numbered from 1 as a spreadsheet or text editor does.

    Cells are text, numbers, dates or ``None``, as the file stores them.
    """

    number: int
    cells: tuple[Raw, ...]

    def at(self, column: int) -> Raw:
        """Return the cell of a column from 0, ``None`` beyond the end of the line."""
        return self.cells[column] if column < len(self.cells) else None

    def filled(self) -> Iterator[int]:
        """Yield the columns of the cells that hold something."""
        return (column for column, raw in enumerate(self.cells) if shown(raw))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one sheet that hold anything.

    Parameters
    ----------
    file
        Name for messages.
    name
        Of the sheet; ``None`` where a file has only one table of cells.
    lines
        Blank lines are left out; the others keep their numbers.
    encoding
        Of a text file.
    cut_from_text
        Whether cells were cut at separators, so that a stray separator can shift them.
    from_1904
        Whether serial dates count from 1904, as in workbooks of old Macintosh versions.
    """

    file: str
    name: str | None
    lines: tuple[Line, ...]
    encoding: str | None = None
    cut_from_text: bool = False
    from_1904: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A file with its digest and its sheets; ``None`` instead of a file for a frame in memory."""

    file: InputFile | None
    sheets: tuple[Sheet, ...]


def raw_of(value: object) -> Raw:
    """Return a cell of any library as one of the plain types.

    Whole floats become integers, times with a zone the clock of Japan, midnights dates; text loses
    the spaces around it.

    Examples
    --------
    >>> raw_of(100.0), raw_of(" 5 "), raw_of(float("nan")), raw_of(datetime(2023, 1, 1))
    (100, '5', None, datetime.date(2023, 1, 1))
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT only
        return None
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float | Decimal):
        return int(value) if value == int_or_zero(value) else float(value)
    if isinstance(value, datetime):
        local = value if value.tzinfo is None else value.astimezone(ZoneInfo(JAPAN))
        plain = local.replace(tzinfo=None)
        return plain.date() if plain.time() == time() else plain.isoformat(" ")
    return value if isinstance(value, date) else _plain(value)


def int_or_zero(value: float | Decimal) -> int:
    """Return the whole part of a finite number, 0 of an infinite one."""
    return int(value) if abs(value) < float("inf") else 0


def shown(raw: Raw) -> str:
    """Return a cell as a reader of the sheet would write it; ``""`` for an empty one.

    Examples
    --------
    >>> shown(None), shown(1234), shown(0.5), shown(date(2023, 1, 1))
    ('', '1234', '0.5', '2023-01-01')
    """
    return "" if raw is None else str(raw).strip()


def day_of_serial(number: int, *, from_1904: bool = False) -> date | None:
    """Return the day that a spreadsheet stores as a number, ``None`` for other numbers.

    Examples
    --------
    >>> day_of_serial(44927), day_of_serial(202301)
    (datetime.date(2023, 1, 1), None)
    """
    if number not in _SERIALS:
        return None
    return (_FROM_1904 if from_1904 else _FROM_1900) + timedelta(days=number)


def _plain(value: object) -> Raw:
    item = getattr(value, "item", None)  # a number of numpy
    plain = item() if callable(item) else value
    return raw_of(plain) if isinstance(plain, bool | int | float) else str(plain).strip()
