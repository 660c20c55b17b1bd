"""Request rows on the sheets of a workbook."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from switchstats.engines import read_requests
from switchstats.errors import InputError

HEAD = ["申込日", "新小売", "結果", "回数", "供給地点特定番号"]
POINT = "01" + "0" * 19
OPTIONS = {"settle_days": 0}


def _write(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_sheets_with_titles_and_notes(tmp_path: Path) -> None:
    january = [
        ["廃止取次申込 明細（2023年1月）"],
        [],
        HEAD,
        [datetime(2023, 1, 5, 9, 30), "北海道電力", "成立", 1, POINT + "1"],  # noqa: DTZ001
        [],
        ["R5.1.6", "謎電力", "ＮＧ", "1", POINT + "2"],
    ]
    february = [HEAD[::-1], [POINT + "3", 1, "成立", "東北電力", datetime(2023, 2, 1)]]  # noqa: DTZ001
    notes = [["※社外秘"], ["担当：業務部"]]
    path = _write(tmp_path / "a.xlsx", **{"1月": january, "2月": february, "注記": notes})
    loaded = read_requests(path, **OPTIONS)
    assert set(loaded.counts.frame["retailer"]) == {"hokkaido", "tohoku"}
    assert loaded.account.read == 3
    told = [(one.sheet, one.header_line, one.rows) for one in loaded.understood]
    assert told == [("1月", 3, 2), ("2月", 1, 1), ("注記", None, 0)]
    assert "2 lines were not read" in loaded.understood[2].remarks[0].en
    row = loaded.quarantine.frame.iloc[0]
    assert (row["file"], row["sheet"], row["line"], row["raw"]) == ("a.xlsx", "1月", 6, "謎電力")


def test_a_sheet_and_a_text_file_become_one(tmp_path: Path) -> None:
    _write(tmp_path / "a.xlsx", s=[HEAD[:4], ["2023-01-05", "北海道電力", "成立", 1]])
    (tmp_path / "b.csv").write_text("新小売,結果,申込日,回数\n東北電力,NG,R5.1.6,1\n", "utf-8")
    assert read_requests(tmp_path, **OPTIONS).counts.requests == 2


def test_days_of_old_macintosh_workbooks(tmp_path: Path) -> None:
    # 43474 days after 1904-01-01 is 2023-01-10, which Excel elsewhere calls 44936
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (HEAD[:4], [43474, "北海道電力", "成立", 1]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    loaded = read_requests(tmp_path / "a.xlsx", month=False, **OPTIONS)
    assert str(loaded.counts.periods[0].start) == "2023-01-10"


def test_supply_points_as_numbers_are_refused(tmp_path: Path) -> None:
    rows = [HEAD, ["2023-01-05", "北海道電力", "成立", 1, 10**21]]
    with pytest.raises(InputError, match="cannot hold 22 digits") as caught:
        read_requests(_write(tmp_path / "a.xlsx", s=rows), **OPTIONS)
    assert (caught.value.line, caught.value.field) == (2, "supply_point")
    assert "1000000" not in str(caught.value)


def test_a_workbook_without_requests_says_what_it_has(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.xlsx", s=[["社名"], ["甲"]])
    with pytest.raises(InputError, match="no column for submitted is found; the headers are '社名"):
        read_requests(path, **OPTIONS)
