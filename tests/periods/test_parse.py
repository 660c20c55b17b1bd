"""Forms beyond the committee's document, and what is refused."""

from datetime import date

import pytest

from switchstats.errors import InputError
from switchstats.periods import parse_period

# Read by hand: form, first day, last day.
FORMS = [
    ("FY2022", "2022-04-01", "2023-03-31"),
    ("fy 2022", "2022-04-01", "2023-03-31"),
    ("令和５年１月", "2023-01-01", "2023-01-31"),
    ("令和４年度", "2022-04-01", "2023-03-31"),
    ("R5.1", "2023-01-01", "2023-01-31"),
    ("Ｒ５．１．１３", "2023-01-13", "2023-01-13"),
    ("R5/1/13", "2023-01-13", "2023-01-13"),
    ("㋿5年1月", "2023-01-01", "2023-01-31"),
    ("H28.4", "2016-04-01", "2016-04-30"),
    ("S63.12.31", "1988-12-31", "1988-12-31"),
    ("T12.9.1", "1923-09-01", "1923-09-01"),
    ("明治45年7月29日", "1912-07-29", "1912-07-29"),
    ("R5", "2023-01-01", "2023-12-31"),
    ("令和元年5月", "2019-05-01", "2019-05-31"),
    ("R1.5.1", "2019-05-01", "2019-05-01"),
    ("R元.5", "2019-05-01", "2019-05-31"),
    ("令和4～5年度", "2022-04-01", "2024-03-31"),
    ("令和4年4月～5年2月", "2022-04-01", "2023-02-28"),
    ("令和4年度（～5年2月末）", "2022-04-01", "2023-02-28"),
    ("平成31年4月～令和元年5月", "2019-04-01", "2019-05-31"),
    ("202301", "2023-01-01", "2023-01-31"),
    ("20230113", "2023-01-13", "2023-01-13"),
    ("2023-01", "2023-01-01", "2023-01-31"),
    ("2023/1", "2023-01-01", "2023-01-31"),
    ("2023.1.6", "2023-01-06", "2023-01-06"),
    ("2022-04..2022-12", "2022-04-01", "2022-12-31"),
    ("2022-04-01..2022-12-31", "2022-04-01", "2022-12-31"),
    ("2022-04 - 2022-12", "2022-04-01", "2022-12-31"),
    ("2022-04-01–2022-12-31", "2022-04-01", "2022-12-31"),
    ("2022/4～12", "2022-04-01", "2022-12-31"),
    ("2022年10月1日～2022年12月31日", "2022-10-01", "2022-12-31"),
    ("2022年4月から12月まで", "2022-04-01", "2022-12-31"),
    ("2022年4月1日より2022年4月3日まで", "2022-04-01", "2022-04-03"),
    ("2022年4月→2023年2月", "2022-04-01", "2023-02-28"),
    ("2023年1月24日（火）～25日（水）", "2023-01-24", "2023-01-25"),
    ("2023年2月17日(金曜日)", "2023-02-17", "2023-02-17"),
    ("2024年2月末", "2024-02-29", "2024-02-29"),
    ("2022年度（2023年2月末まで）", "2022-04-01", "2023-02-28"),
    ("2022年度（～2月末）", "2022-04-01", "2023-02-28"),
    ("2022年度（10～2月）", "2022-10-01", "2023-02-28"),
    ("2022年度上期", "2022-04-01", "2022-09-30"),
    ("2022年度下半期", "2022-10-01", "2023-03-31"),
    ("令和4年度第４四半期", "2023-01-01", "2023-03-31"),
    ("FY2022 H2", "2022-10-01", "2023-03-31"),
    ("FY2022 Q1", "2022-04-01", "2022-06-30"),
    ("2022～2023年", "2022-01-01", "2023-12-31"),
    ("2022年度～2023年度", "2022-04-01", "2024-03-31"),
    ("Apr–Dec 2022", "2022-04-01", "2022-12-31"),
    ("April to December 2022", "2022-04-01", "2022-12-31"),
    ("Jan–Feb 2023", "2023-01-01", "2023-02-28"),
    ("FY2022 (Apr 2022 – Feb 2023)", "2022-04-01", "2023-02-28"),
    ("FY2022 (to Feb 2023)", "2022-04-01", "2023-02-28"),
    ("27 Dec 2022", "2022-12-27", "2022-12-27"),
    ("Tue 27 December 2022", "2022-12-27", "2022-12-27"),
    ("24–25 Jan 2023", "2023-01-24", "2023-01-25"),
    ("26 Nov 2019 – 19 Dec 2022", "2019-11-26", "2022-12-19"),
]


@pytest.mark.parametrize(("text", "first", "last"), FORMS)
def test_form_is_read(text: str, first: str, last: str) -> None:
    period = parse_period(text)
    assert period.start == date.fromisoformat(first)
    assert period.end.toordinal() - 1 == date.fromisoformat(last).toordinal()


@pytest.mark.parametrize("mark", "～〜~－-–—‐‑−ー→⇒")
def test_every_tilde_dash_and_arrow_means_from_to(mark: str) -> None:
    assert parse_period(f"2022年4{mark}12月") == parse_period("2022-04..2022-12")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        # The era changed on 8 January 1989 and on 1 May 2019.
        ("昭和64年", ("1989-01-01", "1989-01-07")),
        ("平成元年1月", ("1989-01-08", "1989-01-31")),
        ("H31", ("2019-01-01", "2019-04-30")),
        ("令和元年", ("2019-05-01", "2019-12-31")),
        # A fiscal year is whole: the government's budgets call all of fiscal 2019 令和元年度.
        ("令和元年度", ("2019-04-01", "2020-03-31")),
        ("平成31年度", ("2019-04-01", "2020-03-31")),
    ],
)
def test_year_in_which_the_era_changed(text: str, days: tuple[str, str]) -> None:
    period = parse_period(text)
    first, last = (date.fromisoformat(day) for day in days)
    assert (period.start, period.end.toordinal() - 1) == (first, last.toordinal())


REFUSED = [
    ("", "an empty period", "write it like"),
    (" 　", "an empty period", "write it like"),
    ("（）", "not a period", "write it like"),
    ("北海道電力", "not a period", "write it like"),
    ("～", "not a period", "write it like"),
    ("2020年4月より", "not a period", "write it like"),
    ("～2023年2月末", "not a period", "write it like"),
    ("2023年3月10日（金）、 14日（火）", "not a period", "write it like"),
    ("2016年以前", "not a period", "write it like"),
    ("18.0", "not a period", "write it like"),
    ("2023 01", "a space between two digits", "join the number"),
    ("2022", "the number 2022 has no unit", "年度"),
    ("2022年13月", "there is no month 13", "1 to 12"),
    ("202313", "there is no month 13", "1 to 12"),
    ("2022年0月", "there is no month 0", "1 to 12"),
    ("2023年2月29日", "there is no day 29 in 2023-02, which has 28 days", "1 to 28"),
    ("2023-04-31", "there is no day 31", "1 to 30"),
    ("2023年15日", "the month is missing", "write the month"),
    ("9999年12月", "there is no year 9999", "correct the year"),
    ("令和0年", "there is no year 0", "correct the year"),
    ("22年4月", "the year 22 has neither four digits nor an era", "R5"),
    ("H40", "平成40年 (H40) names no such days", "correct the era"),
    ("平成32年度", "平成32年 (H32) names no such days", "correct the era"),
    ("H31.5.1", "平成31年 (H31) names no such days", "correct the era"),
    ("平成31年4月30日～R1.4.30", "令和1年 (R1) names no such days", "correct the era"),
    ("S64.1.8", "昭和64年 (S64) names no such days", "correct the era"),
    ("M5.12.3", "明治5年 (M5) names no such days", "four digits"),
    ("2023年1月～2022年4月", "ends (2022-04-30) before it starts (2023-01-01)", "earlier end"),
    ("2022年12～4月", "before it starts", "earlier end"),
    ("2022年～2023年度", "one end is a calendar year and the other a fiscal year", "both ends"),
    ("2022年上期", "of a calendar year and of a fiscal year are different", "write 年度"),
    ("2022年度4月", "leaves its calendar year open", "2023年1月"),
    ("2022年度（～2024年2月末）", "leaves the fiscal year", "inside"),
    ("2022年度（～2022年3月末）", "leaves the fiscal year", "inside"),
    ("2022年度（2022年3～5月）", "leaves the fiscal year", "inside"),
    ("2022年度（2023年2月末）", "leaves open whether it means until then", "write ～"),
    ("2023年2月（火）", "a weekday without a day", "write the day"),
    (
        "2023年1月24日（火）～25日（木）",
        "2023-01-25 was a Wednesday (水), not a Thursday (木)",
        "水",
    ),
    ("Mon 27 Dec 2022", "2022-12-27 was a Tuesday (火), not a Monday (月)", "Tue"),
]


@pytest.mark.parametrize(("text", "problem", "mend"), REFUSED)
def test_what_is_refused(text: str, problem: str, mend: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_period(text)
    assert problem in caught.value.problem
    assert mend in caught.value.mend
    assert caught.value.value == text


def test_long_text_is_not_repeated_in_the_error() -> None:
    with pytest.raises(InputError) as caught:
        parse_period("あ" * 1000)
    assert len(caught.value.value or "") < 50


def test_raised_digit_is_not_a_decimal_of_the_month() -> None:
    # Plain NFKC would read December.
    with pytest.raises(InputError, match="not a period"):
        parse_period("2022/1²")
