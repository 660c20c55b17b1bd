"""Prints a period as Japanese and English documents do, in a named style."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from switchstats.errors import UsageError
from switchstats.periods.eras import era_of
from switchstats.periods.fiscal import fiscal_part, fiscal_year, fiscal_year_of
from switchstats.periods.period import Period
from switchstats.periods.point import WEEKDAYS

__all__ = ["PeriodLanguage", "PeriodStyle", "format_period"]

PeriodLanguage = Literal["ja", "en"]
PeriodStyle = Literal[
    "auto",
    "month-range",
    "fiscal-to-date",
    "fiscal-part",
    "month-end",
    "day",
    "weekday",
    "slash",
    "slash-month",
    "era",
    "era-short",
    "iso",
    "compact",
]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JANUARY, _APRIL, _DECEMBER = 1, 4, 12


@dataclass(frozen=True, slots=True)
class _Printed:
    """A period with what every style asks of it."""

    period: Period
    lang: PeriodLanguage
    with_year: bool

    @property
    def first(self) -> date:
        return self.period.start

    @property
    def last(self) -> date:
        return self.period.end - timedelta(days=1)

    @property
    def whole_months(self) -> bool:
        return self.period.start.day == self.period.end.day == 1

    @property
    def calendar_year(self) -> bool:
        months = (self.first.month, self.last.month)
        same_year = self.first.year == self.last.year
        return self.whole_months and same_year and months == (_JANUARY, _DECEMBER)

    @property
    def one_month(self) -> bool:
        return (self.first.year, self.first.month) == (self.last.year, self.last.month)

    def choose(self, ja: str, en: str) -> str:
        return ja if self.lang == "ja" else en

    def year(self, day: date) -> str:
        if not self.with_year:
            return ""
        return self.choose(f"{day.year}年", f" {day.year}")


def format_period(
    period: Period,
    lang: PeriodLanguage = "ja",
    style: PeriodStyle = "auto",
    *,
    with_year: bool = True,
) -> str:
    """Print a period so that `parse_period` reads the same days back.

    Digits are half-width and nothing holds stray spaces; brackets and tildes are full-width in
    Japanese, as ministries print them.

    Parameters
    ----------
    period
        What to print.
    lang
        ``"ja"`` or ``"en"``.
    style
        ``"auto"``: a fiscal year or a fiscal year to date that crosses new year, else months,
        else days. ``"month-range"`` 2022年4～12月, ``"fiscal-to-date"`` 2022年度（～2023年2月末）,
        ``"fiscal-part"`` 2022年度上期, ``"month-end"`` 2023年2月末, ``"day"`` 2023年1月24日～25日,
        ``"weekday"`` 2022年12月27日（火）, ``"slash"`` 2022/10/1～2022/12/31, ``"slash-month"``
        2019/9～2023/1/6, ``"era"`` 令和5年1月, ``"era-short"`` R5.1, ``"iso"`` 2022-04..2022-12,
        ``"compact"`` 202301.
    with_year
        Whether the year is printed; without it, styles month-range, month-end, day, weekday and
        slash print a period inside one calendar year, and reading back needs that year.

    Raises
    ------
    UsageError
        When the style cannot express the period; the message names the styles that can.

    Examples
    --------
    >>> from switchstats.periods.parse import parse_period
    >>> to_february = parse_period("2022-04..2023-02")
    >>> format_period(to_february), format_period(to_february, "en")
    ('2022年度（～2023年2月末）', 'FY2022 (Apr 2022 – Feb 2023)')
    >>> format_period(parse_period("2019/9～2023/1/6"), "ja", "slash-month")
    '2019/9～2023/1/6'
    """
    if lang not in get_args(PeriodLanguage) or style not in get_args(PeriodStyle):
        raise UsageError(f"unknown language or style of a period: {lang!r}, {style!r}")
    printed = _Printed(period, lang, with_year)
    text = _in_style(printed, style)
    if text is None:
        able = [each for each in get_args(PeriodStyle) if _in_style(printed, each) is not None]
        raise UsageError(
            f"style {style!r} cannot express {period.start} .. {period.end} in {lang!r}"
            + (f"; these can: {', '.join(able)}" if able else " without its year")
        )
    return text


def _in_style(printed: _Printed, style: PeriodStyle) -> str | None:
    if not printed.with_year and (
        style not in _STYLES_WITHOUT_YEAR or printed.first.year != printed.last.year
    ):
        return None
    return _STYLES[style](printed)


def _auto(p: _Printed) -> str | None:
    crosses_new_year = p.first.year < p.last.year
    return (crosses_new_year and _fiscal_to_date(p)) or _month_range(p) or _day(p)


def _month_range(p: _Printed) -> str | None:
    if not p.whole_months:
        return None
    first, last = p.first, p.last
    if p.one_month:
        return p.choose(f"{p.year(first)}{first.month}月", f"{_month(first)}{p.year(first)}")
    if first.year < last.year:
        return p.choose(
            f"{first.year}年{first.month}月～{last.year}年{last.month}月",
            f"{_month(first)} {first.year} – {_month(last)} {last.year}",
        )
    if p.lang == "ja" and p.with_year and p.calendar_year:
        return f"{first.year}年"
    return p.choose(
        f"{p.year(first)}{first.month}～{last.month}月",
        f"{_month(first)}–{_month(last)}{p.year(last)}",
    )


def _fiscal_to_date(p: _Printed) -> str | None:
    year = fiscal_year_of(p.first)
    starts = (p.first.month, p.first.day) == (_APRIL, 1)
    if not (starts and p.whole_months and fiscal_year(year).contains(p.period)):
        return None
    name = p.choose(f"{year}年度", f"FY{year}")
    if p.period == fiscal_year(year):
        return name
    to_date = f"（～{p.last.year}年{p.last.month}月末）"
    return name + p.choose(to_date, f" ({_month_range(p)})")


def _fiscal_part(p: _Printed) -> str | None:
    year = fiscal_year_of(p.first)
    for number, half in ((1, "上期"), (2, "下期")):
        if p.period == fiscal_part(year, 2, number):
            return p.choose(f"{year}年度{half}", f"FY{year} H{number}")
    for number in (1, 2, 3, 4):
        if p.period == fiscal_part(year, 4, number):
            return p.choose(f"{year}年度第{number}四半期", f"FY{year} Q{number}")
    return None


def _month_end(p: _Printed) -> str | None:
    if p.lang == "en" or p.period.end.day != 1 or p.period.n_days != 1:
        return None
    return f"{p.year(p.last)}{p.last.month}月末"


def _day(p: _Printed) -> str:
    first, last = p.first, p.last
    last_ja = f"{p.year(last)}{last.month}月{last.day}日"
    last_en = f"{last.day} {_month(last)}{p.year(last)}"
    if first == last:
        return p.choose(last_ja, last_en)
    if p.one_month:
        return p.choose(
            f"{p.year(first)}{first.month}月{first.day}日～{last.day}日", f"{first.day}–{last_en}"
        )
    return p.choose(
        f"{p.year(first)}{first.month}月{first.day}日～{last_ja}",
        f"{first.day} {_month(first)}{p.year(first)} – {last_en}",
    )


def _weekday(p: _Printed) -> str:
    def one(day: date) -> str:
        ja, en = (WEEKDAYS[lang][day.weekday()] for lang in ("ja", "en"))
        return p.choose(
            f"{p.year(day)}{day.month}月{day.day}日（{ja}）",
            f"{en} {day.day} {_month(day)}{p.year(day)}",
        )

    return _joined(one(p.first), one(p.last), p.choose("～", " – "))


def _slash(p: _Printed) -> str:
    def one(day: date) -> str:
        return f"{day.year}/{day.month}/{day.day}" if p.with_year else f"{day.month}/{day.day}"

    return _joined(one(p.first), one(p.last), p.choose("～", "–"))


def _slash_month(p: _Printed) -> str:
    first = f"{p.first.year}/{p.first.month}" + ("" if p.first.day == 1 else f"/{p.first.day}")
    ends_month = p.period.end.day == 1
    last = f"{p.last.year}/{p.last.month}" + ("" if ends_month else f"/{p.last.day}")
    return _joined(first, last, p.choose("～", "–"))


def _era(p: _Printed) -> str | None:
    first, last = era_of(p.first), era_of(p.last)
    if p.lang == "en" or first is None or last is None:
        return None
    fiscal = fiscal_year_of(p.first)
    # All of fiscal 2019 is 令和元年度: the era one month into the fiscal year names it.
    if p.period == fiscal_year(fiscal) and (named := era_of(date(fiscal, 5, 1))):
        return f"{named.name}{_era_number(fiscal - named.year_one + 1)}年度"

    def year(day: date) -> str:
        era = first if day == p.first else last
        return f"{era.name}{_era_number(era.year(day))}年"

    if p.whole_months:
        one_year = first == last and p.first.year == p.last.year
        if one_year and p.calendar_year:
            return year(p.first)
        if one_year and not p.one_month:
            return f"{year(p.first)}{p.first.month}～{p.last.month}月"
        return _joined(f"{year(p.first)}{p.first.month}月", f"{year(p.last)}{p.last.month}月", "～")
    return _joined(
        f"{year(p.first)}{p.first.month}月{p.first.day}日",
        f"{year(p.last)}{p.last.month}月{p.last.day}日",
        "～",
    )


def _era_short(p: _Printed) -> str | None:
    def one(day: date) -> str:
        era = era_of(day)
        if era is None:
            return ""
        month = f"{era.letter}{era.year(day)}.{day.month}"
        return month if p.whole_months else f"{month}.{day.day}"

    first, last = one(p.first), one(p.last)
    return _joined(first, last, "～") if p.lang == "ja" and first and last else None


def _iso(p: _Printed) -> str:
    length = len("2022-04") if p.whole_months else len("2022-04-01")
    return _joined(p.first.isoformat()[:length], p.last.isoformat()[:length], "..")


def _compact(p: _Printed) -> str | None:
    digits = p.first.isoformat().replace("-", "")
    if p.whole_months and p.one_month:
        return digits[: len("202301")]
    return digits if p.period.n_days == 1 else None


def _joined(first: str, last: str, mark: str) -> str:
    return first if first == last else f"{first}{mark}{last}"


def _month(day: date) -> str:
    return _MONTHS[day.month - 1]


def _era_number(year: int) -> str:
    return "元" if year == 1 else str(year)


_STYLES_WITHOUT_YEAR = ("month-range", "month-end", "day", "weekday", "slash")
_STYLES: dict[PeriodStyle, Callable[[_Printed], str | None]] = {
    "auto": _auto,
    "month-range": _month_range,
    "fiscal-to-date": _fiscal_to_date,
    "fiscal-part": _fiscal_part,
    "month-end": _month_end,
    "day": _day,
    "weekday": _weekday,
    "slash": _slash,
    "slash-month": _slash_month,
    "era": _era,
    "era-short": _era_short,
    "iso": _iso,
    "compact": _compact,
}
