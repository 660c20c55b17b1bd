"""Whatever a style prints, reading it gives the same days back."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchstats.errors import InputError, UsageError
from switchstats.periods import (
    Period,
    PeriodLanguage,
    PeriodStyle,
    fiscal_part,
    format_period,
    parse_period,
)

# From before the first printable era until well past the present one.
DAYS = st.dates(date(1865, 1, 1), date(2199, 12, 31))
MONTHS = DAYS.map(lambda day: day.replace(day=1))


def between(ends: tuple[date, date]) -> Period:
    first, last = sorted(ends)
    return Period(first, last + timedelta(days=1))


def months_between(ends: tuple[date, date]) -> Period:
    first, last = sorted(ends)
    return Period(first, (last + timedelta(days=31)).replace(day=1))


PERIODS = st.one_of(
    st.tuples(DAYS, DAYS).map(between),
    DAYS.map(lambda day: between((day, day))),
    st.tuples(DAYS, st.integers(0, 40)).map(
        lambda pair: between((pair[0], pair[0] + timedelta(days=pair[1])))
    ),
    st.tuples(MONTHS, MONTHS).map(months_between),
    MONTHS.map(lambda month: months_between((month, month))),
    st.tuples(MONTHS, st.integers(0, 400)).map(
        lambda pair: months_between((pair[0], (pair[0] + timedelta(days=pair[1])).replace(day=1)))
    ),
    st.builds(fiscal_part, st.integers(1865, 2199), st.just(4), st.integers(1, 4)),
    st.builds(fiscal_part, st.integers(1865, 2199), st.just(2), st.integers(1, 2)),
    st.builds(fiscal_part, st.integers(1865, 2199), st.just(1), st.just(1)),
    st.integers(1865, 2199).map(lambda year: Period(date(year, 1, 1), date(year + 1, 1, 1))),
)


@pytest.mark.parametrize("style", get_args(PeriodStyle))
@pytest.mark.parametrize("lang", get_args(PeriodLanguage))
@given(period=PERIODS)
def test_parse_undoes_format(style: PeriodStyle, lang: PeriodLanguage, period: Period) -> None:
    try:
        printed = format_period(period, lang, style)
    except UsageError:
        return  # the style cannot express this period; test_format.py says which it can
    assert parse_period(printed) == period


@pytest.mark.parametrize("style", ["auto", "day", "weekday", "slash", "iso"])
@pytest.mark.parametrize("lang", get_args(PeriodLanguage))
@given(period=PERIODS)
def test_every_period_has_these_styles(
    style: PeriodStyle, lang: PeriodLanguage, period: Period
) -> None:
    assert format_period(period, lang, style)


@pytest.mark.parametrize("style", ["month-range", "month-end", "day", "weekday", "slash"])
@pytest.mark.parametrize("lang", get_args(PeriodLanguage))
@given(period=PERIODS)
def test_year_given_apart(style: PeriodStyle, lang: PeriodLanguage, period: Period) -> None:
    try:
        printed = format_period(period, lang, style, with_year=False)
    except UsageError:
        return
    assert parse_period(printed, year=period.start.year) == period


@given(period=PERIODS, style=st.sampled_from(get_args(PeriodStyle)))
def test_full_width_and_spaces_change_nothing(period: Period, style: PeriodStyle) -> None:
    try:
        printed = format_period(period, "ja", style)
    except UsageError:
        return
    wide = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789/.-"}
    between_digits_nothing = "".join(
        mark if mark.isdecimal() else f" {mark}　" for mark in printed.translate(wide)
    )
    if ".." not in printed:
        assert parse_period(between_digits_nothing) == period


@given(st.text(alphabet="0123456789年度月日～-/.()（）末火RHS令和元上期FYQApr 　²", max_size=20))
def test_any_text_is_a_period_or_an_input_error(text: str) -> None:
    try:
        period = parse_period(text)
    except InputError:
        return
    assert period.start < period.end
