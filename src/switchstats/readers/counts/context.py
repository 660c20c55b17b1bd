"""What the words around a table say of all its rows: the period, the year or the retailer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from switchstats.errors import InputError
from switchstats.periods import Period, half_width
from switchstats.readers.counts.areas import AREA_SUFFIXES, area_code
from switchstats.readers.counts.months import Year, period_of, year_of
from switchstats.readers.layout import RetailerLookup, find_retailer

__all__ = [
    "Words",
    "area_in",
    "month_in",
    "retailer_in",
    "span_in",
    "words_around",
    "year_in",
]

_ERA = "(?:令和|平成|[RH](?=[0-9]))?"
_MONTH = re.compile(
    rf"{_ERA}(?<![0-9])(?:[0-9]{{1,4}}|元)年度?[0-9]{{1,2}}月(?:末)?"
    r"(?:[~〜～\-][0-9年]*[0-9]{1,2}月末?)?(?![0-9]*日)"
    r"|(?<![0-9])20[0-9]{2}[-./]?(?:0[1-9]|1[0-2])(?![-./]?[0-9])"
    r"|[RH][0-9]{1,2}\.[0-9]{1,2}(?![.0-9])"
)
_YEAR = re.compile(
    rf"{_ERA}(?<![0-9])(?:[0-9]{{1,4}}|元)年度?|FY[0-9]{{4}}|(?<![0-9])20[0-9]{{2}}(?![0-9])",
    re.IGNORECASE,
)
_SPACES = re.compile(r"(?<![0-9])\s+|\s+(?![0-9\s])")
_BARE_MONTH = re.compile(r"(?<![0-9年度])(0?[1-9]|1[0-2])月(?:分|度|中)?(?![0-9])")
_PARTS = re.compile(r"[\s_()\[\]【】「」:：・/、,。\-]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Words around a table, and what to call their place in a report."""

    text: str
    place: str


def words_around(titles: Sequence[str], sheet: str | None, file: str) -> tuple[Words, ...]:
    """Return the titles, nearest first, the name of the sheet and that of the file."""
    around = [Words(title, "title") for title in reversed(titles)]
    if sheet is not None:
        around.append(Words(sheet, "sheet"))
    stem = PurePath(file).name
    while PurePath(stem).suffix and not PurePath(stem).suffix[1:].isdecimal():
        stem = PurePath(stem).stem
    return (*around, Words(stem.replace("_", "-"), "file"))


def span_in(around: Sequence[Words], file: str) -> tuple[Period, Words] | None:
    """Return the month (or longer span of months) that the nearest words with one name.

    Raises
    ------
    InputError
        When these words name several.
    """
    for words in around:
        text = _together(words.text)
        spans = {span for part in _MONTH.findall(text) if (span := _span(part)) is not None}
        if len(spans) > 1:
            raise InputError(
                f"no column tells the period, and these words name several: {words.text!r}",
                "add a column, or name the period among the constants of a mapping",
                file,
            )
        if spans:
            return spans.pop(), words
    return None


def year_in(around: Sequence[Words]) -> tuple[Year, Words] | None:
    """Return the only year that the nearest words with a year name."""
    for words in around:
        text = _together(words.text)
        years = {year for part in _YEAR.findall(text) if (year := _year(part)) is not None}
        if years:
            return (years.pop(), words) if len(years) == 1 else None
    return None


def retailer_in(around: Sequence[Words], registry: RetailerLookup) -> tuple[str, Words] | None:
    """Return the only retailer whose exact name stands in the nearest words with one."""
    for words in around:
        parts = [words.text, *_PARTS.split(half_width(words.text))]
        known = {part: find_retailer(part, registry) for part in parts if part.strip()}
        found = {item.retailer: part for part, item in known.items() if item is not None}
        if found:
            return (next(iter(found.values())), words) if len(found) == 1 else None
    return None


def month_in(around: Sequence[Words]) -> tuple[int, Words] | None:
    """Return the only month without a year in the nearest title, or name of a sheet, with one."""
    for words in around:
        months = {int(month) for month in _BARE_MONTH.findall(_together(words.text))}
        if months and words.place != "file":
            return (months.pop(), words) if len(months) == 1 else None
    return None


def area_in(around: Sequence[Words]) -> tuple[str, Words] | None:
    """Return the area that a title or the name of a sheet is, or names as such (東京エリア)."""
    for words in around:
        text = half_width(words.text).strip()
        named = [part for part in _PARTS.split(text) if part.endswith(AREA_SUFFIXES)]
        codes = {code for part in (text, *named) if (code := area_code(part)) is not None}
        if codes and words.place != "file":
            return (codes.pop(), words) if len(codes) == 1 else None
    return None


def _together(text: str) -> str:
    """Return words without spaces, but those between two digits: 表1 2022年 names no year 12022."""
    return _SPACES.sub("", half_width(text).strip())


def _span(text: str) -> Period | None:
    try:
        return period_of(text, None)
    except InputError:
        return None


def _year(text: str) -> Year | None:
    try:
        return year_of(text)
    except InputError:
        return None
