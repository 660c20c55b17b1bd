"""Every form in which the committee's document prints a date or a period, read and printed back.

The forms are those of 参考資料１ of the 83rd meeting (27 March 2023), typed as its text layer
holds them, stray spaces and full-width digits included, with the page they stand on.
"""

import unicodedata
from datetime import date

import pytest

from switchstats.errors import InputError
from switchstats.periods import PeriodStyle, format_period, parse_period

# page, printed form, style that prints it back, first day, last day
PRINTED: list[tuple[int, str, PeriodStyle, str, str]] = [
    (1, "2023年3月27日", "day", "2023-03-27", "2023-03-27"),
    (3, "2022年12月27日（火）", "weekday", "2022-12-27", "2022-12-27"),
    (3, "2023年1月13日（金）", "weekday", "2023-01-13", "2023-01-13"),
    (3, "2023年1月24日～25日", "day", "2023-01-24", "2023-01-25"),
    (3, "2023年3月24日（金）", "weekday", "2023-03-24", "2023-03-24"),
    (3, "2023年1月18日（水）", "weekday", "2023-01-18", "2023-01-18"),
    (3, "2023年1月27日（金）", "weekday", "2023-01-27", "2023-01-27"),
    (3, "2023年2月3日（金）", "weekday", "2023-02-03", "2023-02-03"),
    (3, "2023年2月15日～16日", "day", "2023-02-15", "2023-02-16"),
    (3, "2023年2月10日（金）", "weekday", "2023-02-10", "2023-02-10"),
    (3, "2023年2月14日（火）", "weekday", "2023-02-14", "2023-02-14"),
    (3, "2023年2月17日（金）", "weekday", "2023-02-17", "2023-02-17"),
    (3, "2023年3月8日～9日", "day", "2023-03-08", "2023-03-09"),
    (3, "2023年1月20日（金）", "weekday", "2023-01-20", "2023-01-20"),
    (3, "2023年2月28日（火）", "weekday", "2023-02-28", "2023-02-28"),
    (4, "2023年3月10日（金）", "weekday", "2023-03-10", "2023-03-10"),
    (6, "2023年3月1日", "day", "2023-03-01", "2023-03-01"),
    (10, "2016年", "month-range", "2016-01-01", "2016-12-31"),
    (12, "2023年2月20日", "day", "2023-02-20", "2023-02-20"),
    (16, "（ 2019/9～2023/1/6 ）", "slash-month", "2019-09-01", "2023-01-06"),
    (16, "（ 2022/11/20 ～2023/1/20 ）", "slash", "2022-11-20", "2023-01-20"),
    (16, "（ 2022/9/12 ～2022/12/12 ）", "slash", "2022-09-12", "2022-12-12"),
    (16, "（ 2022/10/1 ～2022/12/31 ）", "slash", "2022-10-01", "2022-12-31"),
    (16, "（ 2022/10/16 ～2023/1/16 ）", "slash", "2022-10-16", "2023-01-16"),
    (16, "（ 2022/10/5 ～2023/1/5 ）", "slash", "2022-10-05", "2023-01-05"),
    (16, "（ 2022/4/1 ～2023/1/19 ）", "slash", "2022-04-01", "2023-01-19"),
    (16, "（ 2022/4/1 ～2022/12/19 ）", "slash", "2022-04-01", "2022-12-19"),
    (16, "（ 2022/4/1 ～2023/1/26 ）", "slash", "2022-04-01", "2023-01-26"),
    (16, "（ 2022/4/1 ～2023/1/15 ）", "slash", "2022-04-01", "2023-01-15"),
    (16, "（ 2022/4/1 ～2023/1/9 ）", "slash", "2022-04-01", "2023-01-09"),
    (16, "（ 2019年11月26日～2022年12月19日）", "day", "2019-11-26", "2022-12-19"),
    (17, "2022年度\n（～2023年2月末）", "fiscal-to-date", "2022-04-01", "2023-02-28"),
    (17, "2022年4～12月", "month-range", "2022-04-01", "2022-12-31"),
    (17, "2023年1～2月", "month-range", "2023-01-01", "2023-02-28"),
    (17, " 2022年度", "fiscal-to-date", "2022-04-01", "2023-03-31"),
    (21, "2020年4月", "month-range", "2020-04-01", "2020-04-30"),
    (23, "昭和 40年", "era", "1965-01-01", "1965-12-31"),
    (30, "令和５年３月１５日", "era", "2023-03-15", "2023-03-15"),
]

# Forms without a year, of which the context says 2023.
WITHOUT_YEAR: list[tuple[int, str, PeriodStyle, str, str]] = [
    (3, "1月16日", "day", "2023-01-16", "2023-01-16"),
    (4, "2月17日（金）", "weekday", "2023-02-17", "2023-02-17"),
    (5, "３／１", "slash", "2023-03-01", "2023-03-01"),
    (5, "３月１日", "day", "2023-03-01", "2023-03-01"),
    (10, "3月2日", "day", "2023-03-02", "2023-03-02"),
    (27, "２月末", "month-end", "2023-02-28", "2023-02-28"),
    (27, "４月", "month-range", "2023-04-01", "2023-04-30"),
    (27, "８月", "month-range", "2023-08-01", "2023-08-31"),
    (28, "2月3日", "day", "2023-02-03", "2023-02-03"),
    (28, "2月1７日", "day", "2023-02-17", "2023-02-17"),
    (29, "3月24日", "day", "2023-03-24", "2023-03-24"),
    (30, "３月１６日", "day", "2023-03-16", "2023-03-16"),
]

# page, printed form, weekday of that date (perpetual calendar: 2023-01-01 was a Sunday)
MISPRINTED = [
    (3, "2022年3月22日（水）", "Tuesday (火)"),
    (4, "2023年1月30日（金）", "Monday (月)"),
]


def plain(text: str) -> str:
    """NFKC without spaces and without a bracket around the whole."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return folded[1:-1] if folded.startswith("(") else folded


@pytest.mark.parametrize(("page", "text", "style", "first", "last"), PRINTED)
def test_printed_form_is_read_and_printed_back(
    page: int, text: str, style: PeriodStyle, first: str, last: str
) -> None:
    period = parse_period(text)
    assert period.start == date.fromisoformat(first)
    assert period.end.toordinal() - 1 == date.fromisoformat(last).toordinal()
    assert plain(format_period(period, "ja", style)) == plain(text)


@pytest.mark.parametrize(("page", "text", "style", "first", "last"), WITHOUT_YEAR)
def test_form_without_a_year_is_read_with_one(
    page: int, text: str, style: PeriodStyle, first: str, last: str
) -> None:
    period = parse_period(text, year=2023)
    assert period.start == date.fromisoformat(first)
    assert period.end.toordinal() - 1 == date.fromisoformat(last).toordinal()
    assert plain(format_period(period, "ja", style, with_year=False)) == plain(text)
    with pytest.raises(InputError, match="the year is missing"):
        parse_period(text)


@pytest.mark.parametrize(("page", "text", "right"), MISPRINTED)
def test_misprinted_weekday_is_refused_with_the_right_one(page: int, text: str, right: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_period(text)
    assert f"was a {right}" in str(caught.value)
    assert caught.value.value == text


def test_heads_of_the_table_are_printed_as_on_the_slide() -> None:
    # Page 17, with the full-width brackets and tildes of the slide.
    heads = ["2022年度（～2023年2月末）", "2022年4～12月", "2023年1～2月"]
    assert [format_period(parse_period(head)) for head in heads] == heads
    english = ["FY2022 (Apr 2022 – Feb 2023)", "Apr–Dec 2022", "Jan–Feb 2023"]
    assert [format_period(parse_period(head), "en") for head in heads] == english
