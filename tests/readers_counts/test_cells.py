"""Cells of counts and dates, each with the number, the days or the code that they mean."""

from datetime import date, datetime

import pytest

from switchstats.readers.counts import read_counts
from switchstats.readers.counts.months import Year, period_of, year_of
from switchstats.readers.counts.numbers import count_of

HEAD = ["社名", "年月", "申込件数", "エラー件数"]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (1200, 1200),
        (1200.0, 1200),
        ("1200", 1200),
        ("1,200", 1200),
        ("１，２００", 1200),
        ("１２００件", 1200),
        ("1.2千件", 1200),
        (" 12 ", 12),
        ("+5", 5),
        ("123※1", 123),
        ("0", 0),
        ("1.0", 1),
    ],
)
def test_numbers(raw: object, value: int) -> None:
    assert count_of(raw).value == value


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (None, "missing_value"),
        ("", "missing_value"),
        ("－", "missing_value"),
        ("―", "missing_value"),
        ("…", "missing_value"),
        ("x", "missing_value"),
        ("Ｘ", "missing_value"),
        ("***", "missing_value"),
        ("#N/A", "missing_value"),
        ("=SUM(A1)", "missing_value"),
        ("▲5", "negative"),
        ("△ 1,200", "negative"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("(5)", "negative"),
        ("（５）", "negative"),
        (-5, "negative"),
        (0.5, "fractional"),
        ("1.5", "fractional"),
        ("1,23", "not_a_number"),
        ("1 234", "not_a_number"),
        ("約5", "not_a_number"),
        ("18%", "not_a_number"),
        ("1E+05", "not_a_number"),
        ("#REF!", "not_a_number"),
        ("○", "not_a_number"),
        (True, "not_a_number"),
        (float("inf"), "not_a_number"),
        (1e300, "not_a_number"),
        (date(2023, 1, 1), "not_a_number"),
        ("9" * 400, "not_a_number"),
    ],
)
def test_what_is_no_number(raw: object, code: str) -> None:
    assert (count_of(raw).value, count_of(raw).code) == (None, code)


def test_kinds_of_missing_are_told_apart() -> None:
    notes = {count_of(raw).note for raw in ("", "－", "…", "x", "n/a", "不明", "=A1")}
    assert len(notes) == 7


@pytest.mark.parametrize(
    ("raw", "scale", "value"), [(1.2, 1000, 1200), ("0.0012", 1000, None), ("3", 10000, 30000)]
)
def test_units(raw: object, scale: int, value: int | None) -> None:
    assert count_of(raw, scale).value == value


@pytest.mark.parametrize(
    ("raw", "start", "end"),
    [
        ("2023年1月", "2023-01-01", "2023-02-01"),
        ("2023年1月分", "2023-01-01", "2023-02-01"),
        ("２０２３年１月", "2023-01-01", "2023-02-01"),
        ("令和5年1月", "2023-01-01", "2023-02-01"),
        ("R5.1", "2023-01-01", "2023-02-01"),
        ("202301", "2023-01-01", "2023-02-01"),
        (202301, "2023-01-01", "2023-02-01"),
        ("2023-01", "2023-01-01", "2023-02-01"),
        ("2023/01", "2023-01-01", "2023-02-01"),
        ("Jan 2023", "2023-01-01", "2023-02-01"),
        ("2022年度1月", "2023-01-01", "2023-02-01"),
        ("令和4年度1月分", "2023-01-01", "2023-02-01"),
        ("2022年度", "2022-04-01", "2023-04-01"),
        ("2022年4～12月", "2022-04-01", "2023-01-01"),
        ("05", "2023-05-01", "2023-06-01"),
        (5, "2023-05-01", "2023-06-01"),
        ("5月", "2023-05-01", "2023-06-01"),
        (2023.02, "2023-02-01", "2023-03-01"),
        (2023.12, "2023-12-01", "2024-01-01"),
        (44927, "2023-01-01", "2023-01-02"),
        ("44927", "2023-01-01", "2023-01-02"),
    ],
)
def test_dates(raw: object, start: str, end: str) -> None:
    assert period_of(raw, Year(2023)).to_dict() == {"start": start, "end": end}


def test_serial_dates_of_old_macintosh_workbooks() -> None:
    # 44927 days after 1904-01-01; the two calendars are 1462 days apart
    assert str(period_of(44927, None, from_1904=True).start) == "2027-01-02"


def test_years() -> None:
    assert [year_of(raw) for raw in (2022, "2022年", "令和4年", "R4")] == [Year(2022)] * 4
    assert [year_of(raw) for raw in ("2022年度", "FY2022")] == [Year(2022, fiscal=True)] * 2
    assert Year(2022, fiscal=True).of_month(3) == 2023


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2023年13月", "bad_date"),
        ("2023年2月30日", "bad_date"),
        ("令和4年", None),
        ("令和40年", "bad_date"),
        ("2203年1月", "bad_date"),
        ("1023年1月", "bad_date"),
        ("1900-01", "bad_date"),
        (2023.1, "bad_date"),
        ("近日", "bad_date"),
        (None, "missing_value"),
        ("平成35年1月", "bad_date"),
        (True, "bad_date"),
    ],
)
def test_impossible_dates_are_rejected(book, codes, cell, code) -> None:
    others = [["北海道電力", "2023年3月", 10, 1], ["関西電力", "2023年3月", 10, 1]]
    rows = [HEAD, *others, ["東北電力", cell, 10, 1]]
    found = codes(read_counts(book(s=rows)))
    assert [(c, line, field) for c, line, field, _ in found] == (
        [(code, 4, "年月")] if code else []
    )


@pytest.mark.parametrize(
    "cells",
    [
        (date(2022, 12, 1), date(2023, 1, 1)),
        (datetime(2022, 12, 1), datetime(2023, 1, 1)),  # noqa: DTZ001 - as Excel stores it
        ("2022-12-01", "2023/1/1"),
        (44896, 44927),
        ("2022-12-31", "2023-01-31"),
    ],
)
def test_first_or_last_days_stand_for_their_months(book, numbers, cells) -> None:
    rows = [HEAD, *[["北海道電力", cell, 10, 1] for cell in cells]]
    loaded = read_counts(book(s=rows))
    assert set(numbers(loaded)) == {
        ("hokkaido", "2022-12-01", "2023-01-01"),
        ("hokkaido", "2023-01-01", "2023-02-01"),
    }


def test_other_days_stay_days_and_that_is_said(book, numbers) -> None:
    rows = [HEAD, *[["北海道電力", date(2023, 1, day), 10, 1] for day in (1, 2)]]
    loaded = read_counts(book(s=rows))
    assert ("hokkaido", "2023-01-01", "2023-01-02") in numbers(loaded)
    assert any("single days" in remark.en for remark in loaded.understood[0].remarks)


def test_first_and_last_days_together_leave_the_month_open(book, codes) -> None:
    # 44652 and 44681 are 2022-04-01 and 2022-04-30 in the calendar from 1900
    cells = [date(2022, 4, 1), 44652, 44681]
    names = ["北海道電力", "東北電力", "関西電力"]
    rows = [HEAD, *[[name, cell, 10, 1] for name, cell in zip(names, cells, strict=True)]]
    loaded = read_counts(book(s=[*rows, ["四国電力", "2022年4月", 7, 1]]))
    assert [(code, line) for code, line, *_ in codes(loaded)] == [
        ("bad_date", n) for n in (2, 3, 4)
    ]
    assert loaded.counts.requests == 7


def test_a_single_day_among_months_is_rejected(book, codes) -> None:
    rows = [HEAD, ["北海道電力", "2022年4月", 10, 1], ["東北電力", date(2022, 4, 15), 10, 1]]
    assert [(code, line) for code, line, *_ in codes(read_counts(book(s=rows)))] == [
        ("bad_date", 3)
    ]


def test_years_without_any_period_are_pointed_out(book) -> None:
    rows = [HEAD, *[["北海道電力", f"{year}年4月", 10, 1] for year in (2022, 2032)]]
    (report,) = read_counts(book(s=rows)).understood
    assert "Apr 2022" in report.remarks[-1].en
    assert "2032年4月" in report.remarks[-1].ja


def test_a_note_on_a_date_is_in_japanese_too(book) -> None:
    rows = [HEAD, ["北海道電力", "2023年2月30日", 10, 1], ["東北電力", "2023年2月", 10, 1]]
    frame = read_counts(book(s=rows)).quarantine.frame
    assert "there is no day 30" in frame["note"][0]
    assert "2023-02に30日はない" in frame["note_ja"][0]


@pytest.mark.parametrize(
    ("requests", "errors", "accepted", "code"),
    [
        (10, 2, 8, None),
        (10, 2, 7, "inconsistent_counts"),
        (10, None, 7, None),
        (None, None, 7, "missing_value"),
        (10, 11, None, "errors_above_requests"),
        (10, None, 11, "inconsistent_counts"),
        (10, "x", 8, None),
        (10, "約2", 8, "not_a_number"),
        (10, 2, -8, "negative"),
        (10.5, 2, 8, "fractional"),
        (0, 0, 0, None),
    ],
)
def test_three_counts(book, codes, requests, errors, accepted, code) -> None:
    head = [*HEAD, "成立件数"]
    row = ["北海道電力", "2023年1月", requests, errors, accepted]
    other = ["東北電力", "2023年1月", 5, 1, 4]
    loaded = read_counts(book(s=[head, row, other]))
    assert [found for found, *_ in codes(loaded)] == ([code] if code else [])


def test_one_error_reads_well(book) -> None:
    rows = [HEAD, ["北海道電力", "2023年1月", 0, 1], ["東北電力", "2023年1月", 5, 1]]
    assert read_counts(book(s=rows)).quarantine.frame["note"][0] == "requests 0, errors 1"


def test_thousands_rounded_apart_still_fit(book, codes) -> None:
    # 1,249 = 449 + 800 prints as 1.2, 0.4 and 0.8; 1,251 = 449 + 802 as 1.3, 0.4 and 0.8
    head = ["社名", "年月", "申込件数（千件）", "エラー件数（千件）", "成立件数（千件）"]
    rows = [
        head,
        ["北海道電力", "2023年1月", "1.3", "0.4", "0.8"],
        ["東北電力", "2023年1月", "1.5", "0.4", "0.8"],
    ]
    assert [(c, line) for c, line, *_ in codes(read_counts(book(s=rows)))] == [
        ("inconsistent_counts", 3)
    ]


def test_unknown_names_are_kept_out_with_the_nearest(book) -> None:
    rows = [HEAD, ["北海電力", "2023年1月", 10, 1], ["東北電力", "2023年1月", 10, 1]]
    loaded = read_counts(book(s=rows))
    row = loaded.quarantine.frame.iloc[0]
    assert (row["code"], row["raw"]) == ("unknown_retailer", "北海電力")
    assert "北海道電力" in row["note"]
    assert set(loaded.counts.frame["retailer"]) == {"tohoku"}


def test_unknown_areas_are_rejected(book, codes) -> None:
    rows = [
        [*HEAD, "エリア"],
        ["北海道電力", "2023年1月", 10, 1, "江戸"],
        ["東北電力", "2023年1月", 10, 1, "東北"],
    ]
    assert codes(read_counts(book(s=rows))) == [("unknown_area", 2, "エリア", "江戸")]
