"""Months and areas that sheets, titles and names of files tell; numbers are those typed in."""

import pytest

from switchstats.errors import InputError
from switchstats.readers.counts import read_counts

APRIL, MAY = ("2022-04-01", "2022-05-01"), ("2022-05-01", "2022-06-01")


def test_a_sheet_for_each_month_and_a_cover(book, numbers, words, expected) -> None:
    head = ["社名", "申込", "エラー"]
    path = book(
        **{
            "表紙": [["集計表"], ["担当：企画課"]],
            "2022年4月": [head, ["北海道電力", 1200, 200], ["東北電力", 2200, 150]],
            "2022年5月": [head, ["北海道電力", 1300, 300], ["東北電力", 2300, 350]],
        }
    )
    loaded = read_counts(path)
    assert numbers(loaded) == expected
    assert [report.sheet for report in loaded.understood] == ["表紙", "2022年4月", "2022年5月"]
    assert "2 lines were not read" in words(loaded)
    assert "name of the sheet “2022年4月”" in words(loaded)


def test_a_sheet_for_each_retailer(book, numbers, expected) -> None:
    head = ["年月", "申込", "エラー"]
    path = book(
        北海道電力=[head, ["2022年4月", 1200, 200], ["2022年5月", 1300, 300]],
        東北電力=[head, ["2022年4月", 2200, 150], ["2022年5月", 2300, 350]],
    )
    assert numbers(read_counts(path)) == expected


def test_the_month_from_the_name_of_the_file(book, numbers, words) -> None:
    path = book("2023-01.xlsx", s=[["社名", "申込", "エラー"], ["北海道電力", 10, 1]])
    loaded = read_counts(path)
    assert numbers(loaded) == {("hokkaido", "2023-01-01", "2023-02-01"): (10, 1)}
    assert "name of the file “2023-01”" in words(loaded)


def test_the_day_on_which_a_table_was_made_is_no_period(book) -> None:
    rows = [["2023年2月10日現在"], ["社名", "申込", "エラー"], ["北海道電力", 10, 1]]
    with pytest.raises(InputError, match="nothing tells the period"):
        read_counts(book(s=rows))


def test_a_title_of_two_months_leaves_the_period_open(book) -> None:
    rows = [
        ["2023年1月分（2023年2月公表）"],
        ["社名", "申込", "エラー"],
        ["北海道電力", 10, 1],
    ]
    with pytest.raises(InputError, match="name several"):
        read_counts(book(s=rows))


def test_bare_months_run_on_into_the_next_year(book, numbers, words) -> None:
    months = [11, 12, 1]
    rows = [
        ["社名", "区分", *months],
        ["北海道電力", "申込", 5, 6, 7],
        ["北海道電力", "NG", 1, 2, 3],
    ]
    loaded = read_counts(book(s=rows), year=2022)
    assert numbers(loaded) == {
        ("hokkaido", "2022-11-01", "2022-12-01"): (5, 1),
        ("hokkaido", "2022-12-01", "2023-01-01"): (6, 2),
        ("hokkaido", "2023-01-01", "2023-02-01"): (7, 3),
    }
    assert "next year" in words(loaded)
    with pytest.raises(InputError, match="months without a year"):
        read_counts(book("b.xlsx", s=rows))


@pytest.mark.parametrize("months", [[4, 12, 1, 3], [4, 5, 7, 6], [11, 1]])
def test_bare_months_that_do_not_follow_one_another(book, months) -> None:
    rows = [["社名", "月", "申込", "エラー"], *[["北海道電力", m, 10, 1] for m in months]]
    with pytest.raises(InputError, match="do not follow one another"):
        read_counts(book(s=rows), year=2022)
    loaded = read_counts(book(s=rows), mapping={"constants": {"fiscal_year": 2022}})
    years = {(p.start.year, p.start.month) for p in loaded.counts.periods}
    assert years == {(2022 + (m < 4), m) for m in months}


def test_the_year_of_bare_months_is_always_said(book, words) -> None:
    rows = [["社名", "月", "申込", "エラー"], *[["北海道電力", m, 10, 1] for m in (4, 7)]]
    loaded = read_counts(book(s=rows), year=2022)
    assert "as those of 2022" in words(loaded)
    assert [p.start.month for p in loaded.counts.periods] == [4, 7]


def sheets_of(months: list[int]) -> dict[str, list]:
    return {f"{m}月": [["社名", "申込", "エラー"], ["北海道電力", 10 * m, m]] for m in months}


def test_a_sheet_for_each_month_of_a_fiscal_year(book, numbers) -> None:
    months = [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    loaded = read_counts(book("廃止取次_2022年度.xlsx", **sheets_of(months)))
    found = {(start[:7], requests) for (_, start, _), (requests, _) in numbers(loaded).items()}
    assert found == {(f"{2022 + (m < 4)}-{m:02d}", 10 * m) for m in months}


def test_sheets_of_bare_months_run_on_like_rows(book) -> None:
    loaded = read_counts(book(**sheets_of([11, 12, 1])), year=2022)
    assert [str(p.start) for p in loaded.counts.periods] == [
        "2022-11-01",
        "2022-12-01",
        "2023-01-01",
    ]
    with pytest.raises(InputError, match="do not follow one another"):
        read_counts(book("b.xlsx", **sheets_of([11, 1])), year=2022)


def test_a_sheet_for_each_area(book, words) -> None:
    head = ["社名", "年月", "申込", "エラー"]
    path = book(
        北海道=[head, ["北海道電力", "2022/4", 10, 1], ["新電力A", "2022/4", 5, 0]],
        東北エリア=[head, ["東北電力", "2022/4", 20, 2], ["新電力A", "2022/4", 5, 0]],
    )
    loaded = read_counts(path)
    found = loaded.counts.frame[["retailer", "area", "requests"]].to_numpy().tolist()
    # codes 01 and 02 as data/facts/areas.csv has them
    assert found == [
        ["entrant-a", "01", 5],
        ["entrant-a", "02", 5],
        ["hokkaido", "01", 10],
        ["tohoku", "02", 20],
    ]
    assert "area: it was taken from the name of the sheet “東北エリア”" in words(loaded)


def test_english_months(book, numbers) -> None:
    rows = [["Supplier", "Month", "Year", "Requests", "Rejected"], ["hokkaido", "Apr", 2022, 9, 1]]
    rows += [["hokkaido", "September", 2022, 8, 2]]
    assert numbers(read_counts(book(s=rows))) == {
        ("hokkaido", *APRIL): (9, 1),
        ("hokkaido", "2022-09-01", "2022-10-01"): (8, 2),
    }


def test_a_month_without_any_cell_is_left_out_and_said(book, codes, words) -> None:
    rows = [
        ["社名", "2022年4月", None, "2022年5月", None],
        [None, "申込", "エラー", "申込", "エラー"],
        ["北海道電力", 10, 1, None, None],
        ["東北電力", None, None, None, None],
    ]
    loaded = read_counts(book(s=rows))
    assert codes(loaded) == [("missing_value", 4, "2022年4月 申込", "")]
    assert "2022年5月 申込 … 2022年5月 エラー (2)" in words(loaded)
