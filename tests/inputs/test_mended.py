"""Rejected rows are written, mended in a spreadsheet program, and read back; nothing is lost."""

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import switchstats as ss
from switchstats.errors import InputError
from switchstats.values import Loaded

# 東北 has its count in letters, 関西 is misspelt and dated by a month that does not exist.
COUNTS = """社名,エリア,2022年4月 申込,2022年4月 エラー
北海道電力,01,10,1
東北電力,02,一二,1
関西電刀,06,7,1
四国電力,08,=1+1,1
"""
REQUESTS = """申込日,新小売,結果,回数,供給地点特定番号,備考
2023-01-10,北海道電力,成立,1,0100000000000000000001,
2023-02-30,東北電力,成立,1,0200000000000000000001,"二
行"
2023-01-12,関西電刀,成立,1,060000000000000000001,
2023-01-13,四国電力,？,－,0800000000000000000001,
"""


def _requests(source: object, **options: Any) -> Loaded:
    return ss.read_requests(source, settle_days=0, **options)


READS: dict[str, tuple[Callable[..., Loaded], str, dict[tuple[int, str], object]]] = {
    "counts": (
        ss.read_counts,
        COUNTS,
        {
            (3, "2022年4月 申込"): 12,
            (4, "社名"): "関西電力",
            (5, "2022年4月 申込"): "２",
        },
    ),
    "requests": (
        _requests,
        REQUESTS,
        {
            (3, "submitted"): datetime(2023, 1, 11),  # noqa: DTZ001 - as Excel stores a day
            (5, "gaining"): "関西電力",
            (6, "outcome"): "NG",
        },
    ),
}


@pytest.fixture(params=list(READS))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def rejected(tmp_path: Path, kind: str) -> list[dict[str, str]]:
    """The lines of the file of rejected rows."""
    read, text, _ = READS[kind]
    (tmp_path / "t.csv").write_text(text, "utf-8")
    loaded = read(tmp_path / "t.csv")
    ss.write_quarantine(loaded, tmp_path / "q.csv")
    content = (tmp_path / "q.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == len(loaded.quarantine) == 3
    return rows


def _mend(rows: list[dict[str, str]], cells: dict[tuple[int, str], object]) -> list[list[object]]:
    """Return the file as a person leaves it: places as they were, the right cells in `mended`."""
    left = dict(cells)
    for row in rows:
        row["mended"] = left.pop((int(row["line"]), row["field"].removeprefix("'")), "")  # type: ignore[assignment]
    assert not left
    return [list(rows[0]), *(list(row.values()) for row in rows)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_with_japanese_heads_is_read_back(tmp_path: Path, kind: str, ending: str) -> None:
    read, text, cells = READS[kind]
    (tmp_path / "t.csv").write_text(text, "utf-8")
    ss.write_quarantine(read(tmp_path / "t.csv"), tmp_path / "q.csv", language="ja")
    heads, *rows = csv.reader((tmp_path / "q.csv").read_text("utf-8-sig").splitlines())
    assert heads == [
        *("区分記号", "不採用の理由", "ファイル", "シート", "行", "列", "元の値", "説明"),
        *("ファイルのsha256", "修正後の値"),
    ]
    reasons = {row[0]: row[1] for row in rows}
    assert reasons["unknown_retailer"] == "名簿にない事業者"
    assert any("近い名称：" in row[7] for row in rows)
    for row in rows:
        row[-1] = cells[int(row[4]), row[5].removeprefix("'")]  # type: ignore[call-overload]
    mended = _save(tmp_path, ending, [heads, *rows])
    loaded = read(tmp_path / "t.csv", mended=mended)
    # every cell that was named is mended; the requests hold two more faults that came behind
    assert loaded.account.quarantined == {"counts": 0, "requests": 2}[kind]


def _save(folder: Path, ending: str, table: list[list[object]]) -> Path:
    path = folder / f"mended.{ending}"
    if ending == "csv":
        # as Excel in Japan saves it
        text = io.StringIO(newline="")
        csv.writer(text).writerows(table)
        path.write_bytes(text.getvalue().encode("cp932"))
    else:
        book = openpyxl.Workbook()
        for row in table:
            book.active.append([_as_excel(cell) for cell in row])
        book.save(path)
    return path


def _as_excel(cell: object) -> object:
    """Return a cell as a spreadsheet program takes it from a CSV."""
    return int(cell) if isinstance(cell, str) and cell.isdecimal() else cell


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_mended_rows_count(
    tmp_path: Path, kind: str, rejected: list[dict[str, str]], ending: str
) -> None:
    read, _, cells = READS[kind]
    mended = _save(tmp_path, ending, _mend(rejected, cells))
    if kind == "requests":
        # the supply point of line 5 lacks a digit: once its name is mended, this comes to light
        loaded = read(tmp_path / "t.csv", mended=mended)
        assert loaded.quarantine.by_code() == {"bad_supply_point": 1, "not_a_number": 1}
        more = {"file": "t.csv", "sheet": "", "code": "", "reason": "", "raw": "", "note": ""}
        more |= {"sha256": ""}
        table = _mend(rejected, cells)
        for line, field, value in (
            (5, "supply_point", "'0600000000000000000001"),
            (6, "attempt", "1"),
        ):
            row = more | {"line": str(line), "field": field, "mended": value}
            table.append([row[str(name)] for name in table[0]])
        mended = _save(tmp_path, ending, table)
    loaded = read(tmp_path / "t.csv", mended=mended)
    assert len(loaded.quarantine) == 0
    assert loaded.account.counted == loaded.account.read == 4
    assert loaded.counts.requests == {"counts": 10 + 12 + 7 + 2, "requests": 4}[kind]
    assert [file.name for file in loaded.provenance.inputs] == ["t.csv", mended.name]


def test_the_written_file_is_for_people(kind: str, rejected: list[dict[str, str]]) -> None:
    reasons = {row["code"]: row["reason"] for row in rejected}
    assert reasons["unknown_retailer"] == "a retailer that the registry lacks"
    (unknown,) = (row for row in rejected if row["code"] == "unknown_retailer")
    assert "nearest known names: " in unknown["note"]
    if kind == "counts":
        # a formula is not run, and the head of a month not turned into a date
        assert [row["field"] for row in rejected][::2] == ["'2022年4月 申込"] * 2
        assert rejected[2]["raw"] == "'=1+1"


def test_a_file_that_nobody_mended_changes_nothing(
    tmp_path: Path, kind: str, rejected: list[dict[str, str]]
) -> None:
    assert rejected
    loaded = READS[kind][0](tmp_path / "t.csv", mended=tmp_path / "q.csv")
    assert len(loaded.quarantine) == 3


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"line": "99"}, "no such cell is read"),
        ({"field": "x"}, "no such cell is read"),
        ({"file": "u.csv"}, "no such cell is read"),
        ({"sheet": "s"}, "no such cell is read"),
        ({"field": ""}, "without a single cell to mend"),
        ({"line": ""}, "without a single cell to mend"),
    ],
)
def test_a_mended_cell_that_is_nowhere(
    tmp_path: Path,
    kind: str,
    rejected: list[dict[str, str]],
    change: dict[str, str],
    problem: str,
) -> None:
    table = [list(rejected[0]), list((rejected[0] | {"mended": "x"} | change).values())]
    with pytest.raises(InputError, match=problem):
        READS[kind][0](tmp_path / "t.csv", mended=_save(tmp_path, "csv", table))


def test_mended_cells_that_cannot_be_meant(tmp_path: Path, rejected: list[dict[str, str]]) -> None:
    head, row = list(rejected[0]), rejected[0]
    twice = [head, *(list((row | {"mended": value}).values()) for value in ("1", "2"))]
    with pytest.raises(InputError, match="mended twice"):
        ss.read_counts(tmp_path / "t.csv", mended=_save(tmp_path, "csv", twice))
    # 22 digits typed into a cell of numbers
    long = [head, [*list(row.values())[:-1], 1e20]]
    with pytest.raises(InputError, match="more than 15 digits"):
        ss.read_counts(tmp_path / "t.csv", mended=_save(tmp_path, "xlsx", long))
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InputError, match="not a file of rejected rows"):
        ss.read_counts(tmp_path / "t.csv", mended=tmp_path / "other.csv")


def test_cells_that_no_text_file_may_hold(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"申込日": ["2023-01-10"] * 3, "新小売": ["北海道\0電力", "東北\ufffd", "四国電力"]}
    ).assign(結果="成立", 回数="1")
    loaded = _requests(frame)
    assert loaded.quarantine.by_code() == {"nul_byte": 1, "garbled": 1}
    ss.write_quarantine(loaded, tmp_path / "q.csv")
    text = (tmp_path / "q.csv").read_text("utf-8-sig")
    mended = text.replace("cell with a NUL byte,frame,,1,gaining,", "x,frame,,1,gaining,")
    lines = [line + "北海道電力" * (",1,gaining," in line) for line in mended.splitlines()]
    (tmp_path / "m.csv").write_text("\n".join(lines), "utf-8")
    again = _requests(frame, mended=tmp_path / "m.csv")
    assert again.quarantine.by_code() == {"garbled": 1}
    assert set(again.counts.frame["retailer"]) == {"hokkaido", "shikoku"}


def test_mending_a_sheet_and_parquet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "1月"
    for row in (["題"], [], ["申込日", "新小売", "結果", "回数"], ["R5.1.5", "ほ", "OK", 1]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    pd.DataFrame(
        {"submitted": ["2023-01-06"] * 2, "gaining": ["東北電力", "と"], "attempt": [1, 1]}
    ).assign(outcome="ok").to_parquet(tmp_path / "b.parquet")
    loaded = _requests(tmp_path)
    places = loaded.quarantine.frame[["file", "sheet", "line"]].astype(object)
    assert places.where(places.notna(), None).to_numpy().tolist() == [
        ["a.xlsx", "1月", 4],
        ["b.parquet", None, 2],
    ]
    ss.write_quarantine(loaded, tmp_path / "q.csv")
    lines = (tmp_path / "q.csv").read_text("utf-8-sig").splitlines()
    lines[1] += "北海道電力"
    lines[2] += "四国電力"
    (tmp_path / "m.txt").write_text("\n".join(lines), "utf-8")
    again = _requests([tmp_path / "a.xlsx", tmp_path / "b.parquet"], mended=tmp_path / "m.txt")
    assert set(again.counts.frame["retailer"]) == {"hokkaido", "shikoku", "tohoku"}


def test_a_mend_never_reaches_another_row(
    tmp_path: Path, kind: str, rejected: list[dict[str, str]]
) -> None:
    """A row put above moves all others down, the mended cell's place is then another row's."""
    read, text, cells = READS[kind]
    mended = _save(tmp_path, "csv", _mend(rejected, cells))
    head, first, rest = text.split("\n", 2)
    (tmp_path / "t.csv").write_text("\n".join((head, first, first, rest)), "utf-8")
    with pytest.raises(InputError, match="the file has changed") as caught:
        read(tmp_path / "t.csv", mended=mended)
    assert (caught.value.file, caught.value.line) == ("t.csv", 3)


def test_a_mend_of_a_frame_never_reaches_another_row(tmp_path: Path, kind: str) -> None:
    read, text, cells = READS[kind]
    frame = pd.read_csv(io.StringIO(text), dtype=str)
    ss.write_quarantine(read(frame), tmp_path / "q.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "q.csv").read_text("utf-8-sig"))))
    # lines of a frame are its rows from 1, those of the file below one line of headers
    before = {
        (line - 1 - (kind == "requests" and line > 4), field): cell
        for (line, field), cell in cells.items()
    }
    mended = _save(tmp_path, "csv", _mend(rows, before))
    assert len(read(frame, mended=mended).quarantine) < 3
    moved = pd.concat([frame.iloc[:1], frame], ignore_index=True)
    with pytest.raises(InputError, match="another cell") as caught:
        read(moved, mended=mended)
    assert (caught.value.file, caught.value.line) == ("frame", 2)


def test_a_masked_cell_without_a_digest_is_not_mended(tmp_path: Path) -> None:
    frame = pd.read_csv(io.StringIO(REQUESTS.replace("電刀", "電力")), dtype=str)
    ss.write_quarantine(_requests(frame), tmp_path / "q.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "q.csv").read_text("utf-8-sig"))))
    mended = _save(tmp_path, "xlsx", _mend(rows, {(3, "supply_point"): "'" + "0" * 22}))
    with pytest.raises(InputError, match="masked cell"):
        _requests(frame, mended=mended)
