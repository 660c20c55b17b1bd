"""Styles in which a period is printed, and what a style cannot express."""

from datetime import date

import pytest

from switchstats.errors import UsageError
from switchstats.periods import Period, PeriodStyle, format_period

FISCAL_TO_FEBRUARY = Period(date(2022, 4, 1), date(2023, 3, 1))
APRIL_TO_DECEMBER = Period(date(2022, 4, 1), date(2023, 1, 1))
JANUARY = Period(date(2023, 1, 1), date(2023, 2, 1))
TWO_DAYS = Period(date(2023, 1, 24), date(2023, 1, 26))
ONE_DAY = Period(date(2022, 12, 27), date(2022, 12, 28))

# Written by hand after the forms of Japanese ministries and of British English.
PRINTED: list[tuple[Period, PeriodStyle, str, str | None]] = [
    (FISCAL_TO_FEBRUARY, "auto", "2022年度（～2023年2月末）", "FY2022 (Apr 2022 – Feb 2023)"),
    (FISCAL_TO_FEBRUARY, "month-range", "2022年4月～2023年2月", "Apr 2022 – Feb 2023"),
    (APRIL_TO_DECEMBER, "auto", "2022年4～12月", "Apr–Dec 2022"),
    (APRIL_TO_DECEMBER, "fiscal-to-date", "2022年度（～2022年12月末）", "FY2022 (Apr–Dec 2022)"),
    (APRIL_TO_DECEMBER, "day", "2022年4月1日～2022年12月31日", "1 Apr 2022 – 31 Dec 2022"),
    (APRIL_TO_DECEMBER, "slash", "2022/4/1～2022/12/31", "2022/4/1–2022/12/31"),
    (APRIL_TO_DECEMBER, "slash-month", "2022/4～2022/12", "2022/4–2022/12"),
    (APRIL_TO_DECEMBER, "iso", "2022-04..2022-12", "2022-04..2022-12"),
    (APRIL_TO_DECEMBER, "era", "令和4年4～12月", None),
    (APRIL_TO_DECEMBER, "era-short", "R4.4～R4.12", None),
    (JANUARY, "auto", "2023年1月", "Jan 2023"),
    (JANUARY, "era", "令和5年1月", None),
    (JANUARY, "era-short", "R5.1", None),
    (JANUARY, "compact", "202301", "202301"),
    (TWO_DAYS, "auto", "2023年1月24日～25日", "24–25 Jan 2023"),
    (
        TWO_DAYS,
        "weekday",
        "2023年1月24日（火）～2023年1月25日（水）",
        "Tue 24 Jan 2023 – Wed 25 Jan 2023",
    ),
    (TWO_DAYS, "iso", "2023-01-24..2023-01-25", "2023-01-24..2023-01-25"),
    (ONE_DAY, "auto", "2022年12月27日", "27 Dec 2022"),
    (ONE_DAY, "weekday", "2022年12月27日（火）", "Tue 27 Dec 2022"),
    (ONE_DAY, "era-short", "R4.12.27", None),
    (ONE_DAY, "compact", "20221227", "20221227"),
    (Period(date(2022, 4, 1), date(2023, 4, 1)), "auto", "2022年度", "FY2022"),
    (Period(date(2016, 1, 1), date(2017, 1, 1)), "auto", "2016年", "Jan–Dec 2016"),
    (Period(date(2016, 1, 1), date(2017, 1, 1)), "era", "平成28年", None),
    (Period(date(2019, 4, 1), date(2020, 4, 1)), "era", "令和元年度", None),
    (Period(date(1989, 1, 1), date(1989, 2, 1)), "era", "昭和64年1月～平成元年1月", None),
    (Period(date(2022, 10, 1), date(2023, 4, 1)), "fiscal-part", "2022年度下期", "FY2022 H2"),
    (Period(date(2023, 1, 1), date(2023, 4, 1)), "fiscal-part", "2022年度第4四半期", "FY2022 Q4"),
]


@pytest.mark.parametrize(("period", "style", "ja", "en"), PRINTED)
def test_style(period: Period, style: PeriodStyle, ja: str, en: str | None) -> None:
    assert format_period(period, "ja", style) == ja
    if en is None:
        with pytest.raises(UsageError, match="these can: auto"):
            format_period(period, "en", style)
    else:
        assert format_period(period, "en", style) == en


@pytest.mark.parametrize(
    ("period", "style"),
    [
        (TWO_DAYS, "month-range"),
        (TWO_DAYS, "compact"),
        (JANUARY, "fiscal-to-date"),
        (JANUARY, "fiscal-part"),
        (JANUARY, "month-end"),
        (TWO_DAYS, "fiscal-to-date"),
        # before the Gregorian calendar came to Japan
        (Period(date(1870, 1, 1), date(1870, 2, 1)), "era"),
        (Period(date(1870, 1, 1), date(1870, 2, 1)), "era-short"),
    ],
)
def test_style_that_cannot_express_the_period(period: Period, style: PeriodStyle) -> None:
    with pytest.raises(UsageError, match="cannot express"):
        format_period(period, "ja", style)


def test_without_year_needs_one_year() -> None:
    assert format_period(APRIL_TO_DECEMBER, "ja", "month-range", with_year=False) == "4～12月"
    assert format_period(APRIL_TO_DECEMBER, "en", "month-range", with_year=False) == "Apr–Dec"
    with pytest.raises(UsageError, match="without its year"):
        format_period(FISCAL_TO_FEBRUARY, "ja", "month-range", with_year=False)


def test_unknown_language() -> None:
    with pytest.raises(UsageError, match="unknown language"):
        format_period(JANUARY, "fr")  # pyright: ignore[reportArgumentType]
