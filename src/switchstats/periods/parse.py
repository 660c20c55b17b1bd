"""Reads a printed period, Japanese or English, into the days that it means."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from switchstats.errors import InputError
from switchstats.periods.notation import fold, point_in
from switchstats.periods.period import Period
from switchstats.periods.point import Point

__all__ = ["parse_period"]

_FORMS = "write it like 2022年4～12月, 2022年度（～2023年2月末）, 2022-04..2022-12, Apr–Dec 2022"
_SHOWN = 40
_FIRST_LONG_YEAR = 1000  # a shorter one counts within an era
_SPLIT_NUMBER = re.compile(r"[0-9０-９]\s+[0-9０-９]")
_FISCAL_WITH_BRACKET = re.compile(r"(?P<fiscal>[^()]*(?:年度|FY[0-9]{4}))\((?P<inside>.+)\)", re.I)
_BRACKETED = re.compile(r"\((?P<inside>[^()]*(?:\([月火水木金土日]\)[^()]*)*)\)")


def parse_period(text: str, *, year: int | None = None) -> Period:
    """Return the days that a printed period means.

    Full-width digits, every dash, tilde and arrow, and stray spaces are read alike. What stands
    once in a range holds for both ends (``2022年4～12月``). The later end is always included, as
    print does; the returned period is half-open.

    Parameters
    ----------
    text
        As printed: ``2022年度（～2023年2月末）``, ``2022年4～12月``, ``2023年1月24日～25日``,
        ``令和5年1月``, ``R5.1.13``, ``202301``, ``2019/9～2023/1/6``, ``2022-04..2022-12``,
        ``FY2022 (Apr 2022 – Feb 2023)``, ``27 Dec 2022`` and their kin.
    year
        Calendar year of a text that has none, such as ``2月3日``.

    Returns
    -------
    Period
        An era year or month in which the era changed means its days in that era
        (昭和64年 is 7 days); a fiscal year named by an era is the whole fiscal year.

    Raises
    ------
    InputError
        When the text is no period, the days do not exist, the ends are reversed, the era had
        ended, a bracket lies outside its fiscal year, or a weekday does not fit its date.

    Examples
    --------
    >>> parse_period("2022年度（～2023年2月末）").to_dict()
    {'start': '2022-04-01', 'end': '2023-03-01'}
    >>> parse_period("2月1７日", year=2023).to_dict()
    {'start': '2023-02-17', 'end': '2023-02-18'}
    >>> parse_period("2022年3月22日（水）")
    Traceback (most recent call last):
    ...
    switchstats.errors.InputError: value '2022年3月22日（水）': 2022-03-22 was a Tuesday (火), not a
    Wednesday (水). To mend: write (火) or Tue, or correct the date.
    """
    try:
        return _read(text, year)
    except InputError as error:
        error.value = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
        raise


def _read(text: str, year: int | None) -> Period:
    if _SPLIT_NUMBER.search(text):
        raise InputError("a space between two digits", "join the number or part the two")
    folded = fold(text)
    if not folded:
        raise InputError("an empty period", _FORMS)
    if match := _BRACKETED.fullmatch(folded):
        folded = match["inside"]
    if match := _FISCAL_WITH_BRACKET.fullmatch(folded):
        return _within_fiscal_year(match["fiscal"], match["inside"])
    return _span(*_ends(folded), year)


def _within_fiscal_year(fiscal: str, inside: str) -> Period:
    named = _one(fiscal)
    whole = named.span()
    if inside[0] in "~-":
        start, end = whole.start, _in_fiscal_year(_one(inside[1:]), named, whole).span().end
    else:
        first, last = (_in_fiscal_year(point, named, whole) for point in _ends(inside))
        if first == last and first.month_end:
            raise InputError(
                "the end of a month alone in the bracket leaves open whether it means until then",
                "write ～ before it",
            )
        part = _span(first, last, None)
        start, end = part.start, part.end
    if not whole.start <= start < end <= whole.end:
        raise InputError(
            f"the bracket ({start} .. {end}) leaves the fiscal year "
            f"({whole.start} .. {whole.end}, last day not included)",
            "correct the year before the bracket or the dates inside",
        )
    return Period(start, end)


def _in_fiscal_year(end: Point, named: Point, whole: Period) -> Point:
    """Complete an end inside the bracket: the era, or the year that its month has in this year."""
    if end.year is None and end.month is not None:
        return replace(end, year=whole.start.year + (end.month < whole.start.month))
    short = end.era is None and end.year is not None and end.year < _FIRST_LONG_YEAR
    return replace(end, era=named.era) if short else end


def _span(first: Point, last: Point, year: int | None) -> Period:
    start, end = (
        (replace(end, year=year) if end.year is None else end).span() for end in (first, last)
    )
    if start.start >= end.end:
        raise InputError(
            f"the period ends ({end.end - timedelta(days=1)}) before it starts ({start.start})",
            "write the earlier end first, or correct the years",
        )
    return Period(start.start, end.end)


def _ends(folded: str) -> tuple[Point, Point]:
    """Return both ends, what is written once given to both; a single date is both ends."""
    if "~" not in folded:
        single = point_in(folded)
        if single is not None:
            return single, single
    readings = [(_one(left), _one(right)) for left, right in _halves(folded)]
    if len(readings) != 1:
        raise InputError("not a period that can be read", _FORMS)
    return _shared(*readings[0])


def _halves(folded: str) -> Iterator[tuple[str, str]]:
    """Yield every way to cut in two at a from-to mark; a dash counts only where both sides read."""
    parts = folded.split("~")
    if len(parts) > 1:
        if len(parts) == 2 and all(parts):  # noqa: PLR2004
            yield parts[0], parts[1]
        return
    for cut in (match.start() for match in re.finditer("-", folded)):
        left, right = folded[:cut], folded[cut + 1 :]
        if point_in(left) and point_in(right):
            yield left, right


def _one(folded: str) -> Point:
    point = point_in(folded)
    if point is None:
        raise InputError("not a period that can be read", _FORMS)
    return point


def _shared(left: Point, right: Point) -> tuple[Point, Point]:
    """Give each end what stands only at the other: the unit, the era, the year, the month."""
    left, right = _with_unit(left, right), _with_unit(right, left)
    if left.finest == right.finest == "year" and left.fiscal != right.fiscal:
        raise InputError(
            "one end is a calendar year and the other a fiscal year",
            "write 年 or 年度 at both ends",
        )
    if right.era is None and left.era is not None:
        short = right.year is None or right.year < _FIRST_LONG_YEAR
        right = replace(right, era=left.era if short else None)
    if left.year is None:
        left = replace(left, year=right.year, era=right.era)
    if right.year is None:
        right = replace(right, year=left.year, fiscal=left.fiscal)
    if left.month is None and left.day is not None:
        left = replace(left, month=right.month)
    if right.month is None and right.day is not None:
        right = replace(right, month=left.month)
    return left, right


def _with_unit(end: Point, other: Point) -> Point:
    """Read the bare number of one end in the unit of the other, after an era always as a year."""
    unit = "year" if end.bare_year else other.finest
    if end.bare is None or unit is None:
        return end
    fiscal = other.fiscal and unit == other.finest == "year"
    return replace(end, bare=None, fiscal=fiscal, **{unit: end.bare})
