"""One end of a printed period: a year, a fiscal year, a month or a day, perhaps not all written."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from switchstats.errors import InputError
from switchstats.periods.eras import Era
from switchstats.periods.fiscal import fiscal_part
from switchstats.periods.period import Period

__all__ = ["WEEKDAYS", "Point"]

# Monday first, as date.weekday() counts.
WEEKDAYS = {
    "ja": ("月", "火", "水", "木", "金", "土", "日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_FIRST_FOUR_DIGIT_YEAR = 1000
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Point:
    """What is written of a year, month or day; ``None`` where nothing is.

    Parameters
    ----------
    year, month, day
        Numbers as written; the year counts within `era` where there is one.
    era
        The era written before the year.
    fiscal
        Whether the year is a fiscal year.
    part
        ``(2, 1)`` for 上期, ``(4, 3)`` for 第3四半期.
    month_end
        Whether 末 stands after the month.
    weekday
        0 (Monday) to 6, as written.
    bare
        A number without its unit, which stands only at the other end, as the 4 of ``4～12月``;
        right after an era it is a year.

    Examples
    --------
    >>> Point(year=2023, month=2, month_end=True).span().to_dict()
    {'start': '2023-02-28', 'end': '2023-03-01'}
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    era: Era | None = None
    fiscal: bool = False
    part: tuple[int, int] | None = None
    month_end: bool = False
    weekday: int | None = None
    bare: int | None = None

    @property
    def finest(self) -> str | None:
        """The smallest unit written: ``"day"``, ``"month"``, ``"year"`` or ``None``."""
        written = (("day", self.day), ("month", self.month), ("year", self.year))
        return next((unit for unit, number in written if number is not None), None)

    @property
    def bare_year(self) -> bool:
        """Whether the number without a unit stands right after an era, as in R5."""
        return self.bare is not None and self.era is not None and self.year is None

    def span(self) -> Period:
        """Return the days that this end names, by itself.

        Raises
        ------
        InputError
            When no such days exist, something needed is missing, or the weekday does not fit.
        """
        if self.bare_year:
            return replace(self, bare=None, year=self.bare).span()
        if self.bare is not None:
            raise InputError(
                f"the number {self.bare} has no unit",
                "write its unit: 年, 年度 (or FY), 月 or 日",
            )
        year = self._calendar_year()
        if self.fiscal or self.part:
            return self._fiscal_span(year)
        span = _within_era(self._calendar_span(year), self.era)
        self._check_weekday(span.start)
        return span

    def _calendar_year(self) -> int:
        if self.year is None:
            raise InputError("the year is missing", "write the year, or give it as `year`")
        if self.era is None and self.year < _FIRST_FOUR_DIGIT_YEAR:
            raise InputError(
                f"the year {self.year} has neither four digits nor an era",
                "write it with four digits, or with its era, such as 令和5年 or R5",
            )
        year = self.year if self.era is None else self.era.calendar_year(self.year)
        if self.year < 1 or year >= date.max.year:
            raise InputError(f"there is no year {self.year}", "correct the year")
        return year

    def _fiscal_span(self, year: int) -> Period:
        if not self.fiscal:
            raise InputError(
                "a half or a quarter of a calendar year and of a fiscal year are different days",
                "write 年度 or FY before it, or the months",
            )
        if self.month is not None or self.day is not None:
            raise InputError(
                "a month of a fiscal year leaves its calendar year open",
                "write the calendar year of the month, such as 2023年1月",
            )
        # Fiscal 2019 is 令和元年度 and 平成31年度: the era needs only some of its days.
        whole = fiscal_part(year, 1, 1)
        if self.era is not None and not _overlaps(self.era, whole):
            raise _outside(self.era, self.year)
        return fiscal_part(year, *(self.part or (1, 1)))

    def _calendar_span(self, year: int) -> Period:
        if self.month is None:
            if self.day is not None:
                raise InputError("the month is missing", "write the month before the day")
            return Period(date(year, 1, 1), date(year + 1, 1, 1))
        if not 1 <= self.month <= _MONTHS:
            raise InputError(f"there is no month {self.month}", "write a month from 1 to 12")
        last = calendar.monthrange(year, self.month)[1]
        if self.day is None and not self.month_end:
            first = date(year, self.month, 1)
            return Period(first, first + timedelta(days=last))
        number = last if self.day is None else self.day
        if not 1 <= number <= last:
            raise InputError(
                f"there is no day {number} in {year}-{self.month:02d}, which has {last} days",
                f"write a day from 1 to {last}, or correct the month",
            )
        day = date(year, self.month, number)
        return Period(day, day + timedelta(days=1))

    def _check_weekday(self, day: date) -> None:
        if self.weekday is None:
            return
        if self.day is None:
            raise InputError("a weekday without a day", "write the day, or leave the weekday out")
        right = day.weekday()
        if right != self.weekday:
            ja, en = WEEKDAYS["ja"], WEEKDAYS["en"]
            raise InputError(
                f"{day} was a {calendar.day_name[right]} ({ja[right]}), "
                f"not a {calendar.day_name[self.weekday]} ({ja[self.weekday]})",
                f"write ({ja[right]}) or {en[right]}, or correct the date",
            )


def _overlaps(era: Era, span: Period) -> bool:
    return era.start < span.end and span.start < era.end


def _within_era(span: Period, era: Era | None) -> Period:
    if era is None:
        return span
    if not _overlaps(era, span):
        raise _outside(era, era.year(span.start))
    return Period(max(span.start, era.start), min(span.end, era.end))


def _outside(era: Era, year: int | None) -> InputError:
    last = "" if era.end == date.max else f" and ended before {era.end}"
    return InputError(
        f"{era.name}{year}年 ({era.letter}{year}) names no such days: "
        f"this era can be written from {era.start}{last}",
        "correct the era or its year, or write the year with four digits",
    )
