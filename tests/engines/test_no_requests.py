"""Rows that are no requests, and what is worth knowing of those that are."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from switchstats.engines import estimand_sensitivity, read_requests
from switchstats.errors import InputError

Rows = Callable[..., pd.DataFrame]
OPTIONS = {"settle_days": 0}
HEAD = "申込番号,申込日,新小売,結果,申込回数\n"
POINT = "01" + "0" * 20


def _remarks(loaded: object) -> list[str]:
    return [remark.en for table in loaded.understood for remark in table.remarks]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "total",
    ["合計,,,3,", ",,合計,,3", "１月 小計,,,,", "Total,2023-01-31,,,3", ",,,総計,", "計,,,,"],
)
def test_rows_of_totals_are_left_out_and_counted(tmp_path: Path, total: str) -> None:
    rows = "q1,2023-01-05,北海道電力,OK,1\nq2,2023-01-06,東北電力,NG,1\n"
    (tmp_path / "a.csv").write_text(f"{HEAD}{rows}{total}\n", "utf-8")
    loaded = read_requests(tmp_path / "a.csv", **OPTIONS)
    assert loaded.account.excluded == {"total_row": 1}
    assert (loaded.account.read, loaded.account.counted, len(loaded.quarantine)) == (3, 2, 0)


def test_rows_of_separators_only_are_blank(tmp_path: Path) -> None:
    rows = "q1,2023-01-05,北海道電力,OK,1\n,,,,\n\n , ,,,　\nq2,2023-01-06,東北電力,NG,1\n"
    (tmp_path / "a.csv").write_text(HEAD + rows, "utf-8")
    loaded = read_requests(tmp_path / "a.csv", **OPTIONS)
    assert loaded.account.excluded == {"blank_row": 2}
    assert loaded.account.counted == 2
    # what the mapping says of every row does not fill it
    same = {"mapping": {"constants": {"area": "03"}}, "strata": ["area"]}
    again = read_requests(tmp_path / "a.csv", **same, **OPTIONS)
    assert again.account == loaded.account


def test_a_row_of_which_only_the_supply_point_stands_is_a_request(rows: Rows) -> None:
    blank = dict.fromkeys(("submitted", "gaining", "losing", "area", "outcome"))
    loaded = read_requests(rows({"attempt": "1"}, blank | {"supply_point": POINT}), **OPTIONS)
    assert loaded.quarantine.by_code() == {"missing_value": 1}
    assert loaded.account.excluded == {}


def test_a_total_below_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        HEAD.strip().split(","),
        ["q1", "R5.1.5", "北海道電力", "OK", 1],
        ["合計", None, 1],
    ):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    loaded = read_requests(tmp_path / "a.xlsx", **OPTIONS)
    assert (loaded.account.excluded, loaded.account.counted) == ({"total_row": 1}, 1)


def test_accepted_rows_with_a_reason_are_told(rows: Rows) -> None:
    plain = {"attempt": "1", "reasons": None}
    cells = ["住所", "契約番号、住所", "なし", "", None]
    frame = rows(plain, *(plain | {"reasons": cell} for cell in cells))
    frame = pd.concat([frame, frame.assign(outcome="NG")])
    told = [said for said in _remarks(read_requests(frame, **OPTIONS)) if "accepted" in said]
    assert [said.partition(";")[0] for said in told] == [
        "2 accepted rows name a reason of an error"
    ]
    without = read_requests(frame.assign(reasons=None), **OPTIONS)
    assert not any("accepted" in said for said in _remarks(without))


def test_rejected_rows_that_may_have_been_first_are_told(rows: Rows) -> None:
    first = {"supply_point": POINT, "submitted": "2023-01-32", "outcome": "NG"}
    second = {"supply_point": POINT}
    loaded = read_requests(rows(first, second), **OPTIONS)
    assert any("among the 1 rejected rows" in said for said in _remarks(loaded))
    # attempt numbers say it themselves
    numbered = rows(first | {"attempt": "1"}, second | {"attempt": "2"})
    assert not any("rejected rows" in said for said in _remarks(read_requests(numbered, **OPTIONS)))


def test_too_many_rejected_rows_are_all_told(rows: Rows) -> None:
    # two rows that are bad by themselves, and one copy, which is found later
    good = {"attempt": "1", "request_id": "a"}
    frame = rows(good, good, *({"attempt": "1", "request_id": n, "outcome": "?"} for n in "bc"))
    with pytest.raises(InputError, match=r"3 of 4 rows are rejected.*2: not an outcome.*1: the"):
        read_requests(frame, max_rejected=1, **OPTIONS)


def test_a_last_day_a_year_behind_all_others_does_not_say_when_the_data_are_of(rows: Rows) -> None:
    few = [{"attempt": "1", "submitted": f"2023-01-{day:02d}"} for day in (5, 6, 7)]
    frame = rows(*few, {"attempt": "1", "submitted": "2033-01-05"})
    with pytest.raises(InputError, match="2033-01-05, lies more than a year behind") as caught:
        read_requests(frame)
    assert caught.value.field == "submitted"
    assert read_requests(frame, as_of=date(2033, 3, 1)).counts.requests == 4
    # nothing hangs on it without a settling window
    assert read_requests(frame, settle_days=0).counts.requests == 4


@pytest.mark.parametrize("day", ["2203-01-05", "1023-01-05", "1900-01-01", "令和50年1月1日"])
def test_days_without_any_retail_choice_are_mistyped(rows: Rows, day: str) -> None:
    # retail choice began in Japan in 2000
    loaded = read_requests(rows({"attempt": "1"}, {"attempt": "1", "submitted": day}))
    assert loaded.quarantine.by_code() == {"bad_date": 1}
    assert loaded.quarantine.frame["raw"].tolist() == [day]


def test_a_copy_names_the_row_that_it_repeats(rows: Rows) -> None:
    one = {"attempt": "1", "request_id": "a"}
    loaded = read_requests(rows(one, one, one | {"outcome": "NG"}), **OPTIONS)
    # an error goes before what is accepted on the same day
    assert loaded.quarantine.by_code() == {"conflicting_request": 2}
    assert set(loaded.quarantine.notes("ja")) == {"先に提出されたframe 3行目の行を数えた"}
    copies = read_requests(rows(one, one), **OPTIONS).quarantine
    assert copies.notes("en") == ["the same as frame, line 1"]


def test_named_levels_of_an_index_are_columns(rows: Rows) -> None:
    frame = rows({"attempt": "1"}, {"attempt": "2"})
    by_retailer = frame.set_index(["gaining", "submitted"])
    assert read_requests(by_retailer, **OPTIONS).counts == read_requests(frame, **OPTIONS).counts


def test_an_estimand_of_which_nothing_is_settled_is_listed(rows: Rows) -> None:
    frame = rows(
        {"supply_point": POINT, "attempt": "1"},
        {"supply_point": POINT, "attempt": "2", "submitted": "2023-01-12"},
    )
    table = estimand_sensitivity(frame, settle_days=0, cases_days=30)
    assert table[["estimand", "requests", "errors"]].to_numpy().tolist() == [
        ["first_attempt", 1, 0],
        ["all_attempts", 2, 0],
        ["cases", 0, 0],
    ]
    assert table["rate"].isna().tolist() == [False, False, True]
