"""The Japanese fiscal year, April to March, and its halves and quarters."""

from datetime import date

from switchstats.errors import UsageError
from switchstats.periods.period import Period

__all__ = ["fiscal_part", "fiscal_year", "fiscal_year_of"]

_FIRST_MONTH = 4
_MONTHS = 12


def fiscal_year(year: int) -> Period:
    """Return the fiscal year that begins on 1 April of `year`.

    Parameters
    ----------
    year
        Calendar year of its April, 1 to 9998.

    Raises
    ------
    UsageError
        When the calendar does not reach so far.

    Examples
    --------
    >>> fiscal_year(2022).to_dict()
    {'start': '2022-04-01', 'end': '2023-04-01'}
    """
    return fiscal_part(year, 1, 1)


def fiscal_part(year: int, parts: int, number: int) -> Period:
    """Return one of the equal parts of a fiscal year.

    Parameters
    ----------
    year
        Calendar year of its April, 1 to 9998.
    parts
        2 for halves (上期, 下期), 4 for quarters.
    number
        Which part, from 1.

    Raises
    ------
    UsageError
        When there is no such part, or the calendar does not reach so far.

    Examples
    --------
    >>> fiscal_part(2022, 4, 4).to_dict()
    {'start': '2023-01-01', 'end': '2023-04-01'}
    """
    if _MONTHS % parts or not 1 <= number <= parts or not date.min.year <= year < date.max.year:
        raise UsageError(f"fiscal {year} has no part {number} of {parts}")
    length = _MONTHS // parts
    return Period(
        _month_from_april(year, (number - 1) * length), _month_from_april(year, number * length)
    )


def fiscal_year_of(day: date) -> int:
    """Return the calendar year in which the fiscal year of `day` began.

    Examples
    --------
    >>> fiscal_year_of(date(2023, 3, 31)), fiscal_year_of(date(2023, 4, 1))
    (2022, 2023)
    """
    return day.year - (day.month < _FIRST_MONTH)


def _month_from_april(year: int, months: int) -> date:
    years, month = divmod(_FIRST_MONTH - 1 + months, _MONTHS)
    return date(year + years, month + 1, 1)
