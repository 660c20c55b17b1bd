"""Which days a cell of a date column or the head of a month means."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from switchstats.errors import InputError
from switchstats.inputs import Raw, shown
from switchstats.inputs.sheet import day_of_serial
from switchstats.periods import Period, half_width, parse_period
from switchstats.readers.cells import without_footnotes

__all__ = [
    "PLAUSIBLE_YEARS",
    "Year",
    "bare_month",
    "is_plausible",
    "month_span",
    "period_of",
    "reads_as_period",
    "year_of",
]

# Retail choice began in Japan in March 2000; a later year than these is a slip of the pen. So are
# serial dates outside of them (`day_of_serial`).
PLAUSIBLE_YEARS = range(2000, 2051)

_BARE_MONTH = re.compile(r"(?P<month>0?[1-9]|1[0-2])(?:月分|月度|月)?")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(
    r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:(?<=jan)uary|(?<=feb)ruary|(?<=mar)ch|(?<=apr)il|(?<=jun)e|(?<=jul)y|(?<=aug)ust"
    r"|(?<=sep)t(?:ember)?|(?<=oct)ober|(?<=nov)ember|(?<=dec)ember)?\.?"
)
_FISCAL_MONTH = re.compile(r"(?P<year>.*年度|FY\s*[0-9]{4})[\s,]*(?P<month>[0-9]{1,2})月?", re.I)
_BARE_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_TRAILING = re.compile(r"(?<=月)(?:分|度|中|実績|現在)+$")
_FIRST_FISCAL_MONTH, _LAST_MONTH = 4, 12


@dataclass(frozen=True, slots=True)
class Year:
    """The year of months written without one: a calendar or a fiscal year."""

    number: int
    fiscal: bool = False

    def of_month(self, month: int) -> int:
        """Return the calendar year of a month."""
        return self.number + (self.fiscal and month < _FIRST_FISCAL_MONTH)


def reads_as_period(raw: Raw) -> bool:
    """Whether a cell of a header names a period: with its year, or a bare month with 月.

    Examples
    --------
    >>> [reads_as_period(raw) for raw in ("2022年4月", "4月", "R5.1", "4", 202204, "甲社")]
    [True, True, True, False, True, False]
    """
    if isinstance(raw, date):
        return True
    if isinstance(raw, int) and not isinstance(raw, bool):
        return 190001 <= raw <= 209912 and 1 <= raw % 100 <= _LAST_MONTH  # noqa: PLR2004
    if not isinstance(raw, str) or len(raw) > 60:  # noqa: PLR2004
        return False
    return _reads(raw)


@lru_cache(maxsize=4096)
def _reads(text: str) -> bool:
    words = half_width(text).strip()
    if words.endswith(("月", "分", "度")) and _BARE_MONTH.fullmatch(words):
        return True
    if _NAMED.fullmatch(words.casefold()):
        return True
    try:
        period_of(text, None)
    except InputError:
        return False
    return True


def bare_month(raw: Raw) -> int | None:
    """Return the month of ``4``, ``"05"``, ``"４月分"`` or ``"Apr"``, else ``None``."""
    if isinstance(raw, date | float | bool):
        return None
    return _bare_month(shown(raw))


@lru_cache(maxsize=2**14)
def _bare_month(text: str) -> int | None:
    words = without_footnotes(text)
    if match := _BARE_MONTH.fullmatch(words):
        return int(match["month"])
    named = _NAMED.fullmatch(words.casefold())
    return _NAMES.index(named["name"]) + 1 if named else None


@lru_cache(maxsize=2**14, typed=True)
def period_of(raw: Raw, year: Year | None, *, from_1904: bool = False) -> Period:
    """Return the days that a cell means.

    Parameters
    ----------
    raw
        Text as `parse_period` reads it, perhaps with 分 behind; a bare month; a month of a fiscal
        year (``2022年度1月``); a date (one day); a number such as 202301 or a serial date.
    year
        Of a bare month.
    from_1904
        Calendar of serial dates.

    Raises
    ------
    InputError
        When it is no period, or a bare month without its year.

    Examples
    --------
    >>> period_of("05", Year(2022)).to_dict()
    {'start': '2022-05-01', 'end': '2022-06-01'}
    >>> period_of("令和4年度1月分", None).to_dict()
    {'start': '2023-01-01', 'end': '2023-02-01'}
    """
    if isinstance(raw, date):
        return Period(raw, raw + timedelta(days=1))
    if isinstance(raw, bool):
        raise InputError("not a date", "write a month such as 2023年1月")
    if isinstance(raw, float):
        return _of_float(raw)
    if (month := bare_month(raw)) is not None:
        if year is None:
            raise InputError("a month without its year", "write the year, or give it as `year`")
        return month_span(year.of_month(month), month)
    text = _TRAILING.sub("", without_footnotes(shown(raw)))
    if text.isdecimal() and (day := day_of_serial(int(text), from_1904=from_1904)):
        return Period(day, day + timedelta(days=1))
    if match := _FISCAL_MONTH.fullmatch(text):
        month = int(match["month"])
        start = parse_period(match["year"]).start.year
        if not 1 <= month <= _LAST_MONTH:
            raise InputError(f"there is no month {month}", "write a month from 1 to 12")
        return month_span(start + (month < _FIRST_FISCAL_MONTH), month)
    return parse_period(text)


def is_plausible(period: Period) -> bool:
    """Whether a period lies within the years that counts of switching can be of.

    Examples
    --------
    >>> is_plausible(month_span(2023, 1)), is_plausible(month_span(2203, 1))
    (True, False)
    """
    last = period.end - timedelta(days=1)
    return period.start.year in PLAUSIBLE_YEARS and last.year in PLAUSIBLE_YEARS


def month_span(year: int, month: int) -> Period:
    """Return the days of a month."""
    following = date(year + month // _LAST_MONTH, month % _LAST_MONTH + 1, 1)
    return Period(date(year, month, 1), following)


def year_of(raw: Raw, *, fiscal: bool = False) -> Year:
    """Return the year that a cell names: 2022, 2022年, 令和4年, 2022年度, FY2022.

    Raises
    ------
    InputError
        When it names none.

    Examples
    --------
    >>> year_of("令和4年度"), year_of(2022)
    (Year(number=2022, fiscal=True), Year(number=2022, fiscal=False))
    """
    text = half_width(shown(raw)).strip()
    if _BARE_YEAR.fullmatch(text):
        return Year(int(text), fiscal)
    named = re.search("年度|FY", text, re.IGNORECASE) is not None
    if not named and "年" not in text:
        text += "年度" if fiscal else "年"
    span = parse_period(text)
    return Year(span.start.year, fiscal or named)


def _of_float(number: float) -> Period:
    """Read 2023.1 stored as a number: October would be stored alike."""
    text = repr(number)
    if re.fullmatch(r"(?:19|20)[0-9]{2}\.(?:0[1-9]|1[12]|[2-9])", text):
        return parse_period(text)
    raise InputError(
        "a number with decimals, which is no certain month (2023.1 is January or October)",
        "write the month as text, such as 2023-01",
    )
