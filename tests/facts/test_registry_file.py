"""A user's own list of retailers, from a file or a frame."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pytest

from switchstats.errors import InputError
from switchstats.facts import read_registry

LIST = """retailer,name_ja,name_en,group,area,alias
alpha,アルファ電力,Alpha Power,incumbent,3,アルファ；α電力
beta,ベータ電力,,entrant,,
"""


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_a_file_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    found = read_registry(write(tmp_path, LIST, encoding))
    alpha, beta = found.retailers
    assert (alpha.retailer, alpha.name.en, alpha.group, alpha.area) == (
        "alpha",
        "Alpha Power",
        "incumbent",
        "03",
    )
    assert (beta.name.ja, beta.name.en, beta.area) == ("ベータ電力", "ベータ電力", None)
    assert found.aliases == (("アルファ", "alpha"), ("α電力", "alpha"))
    assert found.find("Α電力") == alpha  # capital alpha
    assert read_registry(str(tmp_path / "list.csv")) == found


def test_a_frame_with_blanks() -> None:
    frame = pd.DataFrame(
        {
            "Retailer": ["x", "y", "z"],
            "name": ["X", "Y", "Z"],
            "group": ["a", "b", "b"],
            "area": [np.nan, 10.0, 1.0],
            "alias": [None, pd.NA, "zed"],
            "remark": [1, 2, 3],
        }
    )
    found = read_registry(frame)
    assert [r.area for r in found.retailers] == [None, "10", "01"]
    assert found.aliases == (("zed", "z"),)


HEAD = "retailer,name,group,area,alias\n"


@pytest.mark.parametrize(
    ("text", "line", "field", "value", "problem"),
    [
        ("remark,group\nX,a\n", 1, "retailer", None, "column is missing"),
        ("retailer,name\nx,X\n", 1, "group", None, "column is missing"),
        ("retailer,name,group,name\nx,X,a,X\n", 1, "name", None, "column stands twice"),
        (HEAD + "x,X,a,,\nx,Y,a,,\n", 3, "retailer", "x", "stands twice"),
        (HEAD + "x,X,a,,\ny,Ｘ株式会社,a,,\n", 3, "name", "Ｘ株式会社", "'x' in line 2"),
        (HEAD + "x,X,a,,エックス\ny,Y,a,,エックス;W\n", 3, "alias", "エックス", "'x' in line 2"),
        (HEAD + "x,X,a,,\ny,Y,a,,\n甲,乙,a,,\n丙,甲,a,,\n", 5, "name", "甲", "'甲' in line 4"),
        (HEAD + "x,X,a,,\n,Y,a,,\n", 3, "retailer", "", "blank"),
        (HEAD + "x,X,,,\n", 2, "group", "", "blank"),
        (HEAD + "x,,a,,\n", 2, "name", "", "without a name"),
        (HEAD + "x,X,a,11,\n", 2, "area", "11", "not an area"),
        (HEAD + "x,X,a,江戸,\n", 2, "area", "江戸", "not an area"),
        ("コード,名称,区分,エリア\nx,X,a,11\n", 2, "エリア", "11", "not an area"),
        ("コード,名称,区分,事業者名\nx,X,a,Y\n", 1, "事業者名", None, "column stands twice"),
        (HEAD + "x,X,a,,（株）\n", 2, "alias", "（株）", "without letters"),
        (HEAD + "x,X,a\n", 2, None, None, "3 cells for 5 columns"),
        (HEAD + 'x,"X"Y,a,,\n', 2, None, None, "cannot be cut into cells"),
        (HEAD, None, None, None, "without retailers"),
        ("", None, None, None, "an empty file"),
    ],
)
def test_one_clear_error(
    tmp_path: Path,
    text: str,
    line: int | None,
    field: str | None,
    value: str | None,
    problem: str,
) -> None:
    with pytest.raises(InputError) as caught:
        read_registry(write(tmp_path, text))
    error = caught.value
    assert (error.file, error.line, error.field, error.value) == ("list.csv", line, field, value)
    assert problem in error.problem
    assert error.mend


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_registry(tmp_path / "none.csv")
    with pytest.raises(InputError, match="a folder, not a file"):
        read_registry(tmp_path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"retailer,name,group\nx,\xff\xfe\x81,a\n")
    with pytest.raises(InputError, match="no known encoding"):
        read_registry(path)


def test_a_workbook_with_japanese_heads_below_a_title(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["表紙"])
    sheet = book.create_sheet("一覧")
    for row in (
        ["小売電気事業者一覧", None, None, None, None],
        ["事業者コード", "小売電気事業者名", "事業者区分", "エリア", "旧社名"],
        ["A01", "甲電力株式会社", "みなし小売電気事業者", "東京エリア", "甲パワー；旧甲"],
        [102, "乙電力", "新電力", None, None],
        ["C03", "丙ガス", "ガス系", "沖縄", None],
    ):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    found = read_registry(tmp_path / "list.xlsx")
    # areas 03 and 10 as data/facts/areas.csv names them
    assert [(r.retailer, r.name.ja, r.group, r.area) for r in found.retailers] == [
        ("A01", "甲電力株式会社", "incumbent", "03"),
        ("102", "乙電力", "entrant", None),
        ("C03", "丙ガス", "ガス系", "10"),
    ]
    assert found.aliases == (("甲パワー", "A01"), ("旧甲", "A01"))


@pytest.mark.parametrize("head", ["name", "retailer", "事業者名", "小売電気事業者"])
def test_one_column_serves_as_identifier_and_name(tmp_path: Path, head: str) -> None:
    found = read_registry(write(tmp_path, f"{head},区分\n甲電力,北\n"))
    (only,) = found.retailers
    assert (only.retailer, only.name.ja, only.group) == ("甲電力", "甲電力", "北")


def test_other_frames_and_parquet(tmp_path: Path) -> None:
    columns = {"retailer": ["x"], "name": ["X"], "group": ["a"], "area": [3]}
    frame = pl.DataFrame(columns)
    frame.write_parquet(tmp_path / "list.parquet")
    for source in (frame, tmp_path / "list.parquet", pd.DataFrame(columns)):
        assert read_registry(source).find("Ｘ").area == "03"


def test_a_frame_names_its_row() -> None:
    frame = pd.DataFrame({"retailer": ["x", "y"], "name": ["X", "Y"], "group": ["a", None]})
    with pytest.raises(InputError, match="blank") as caught:
        read_registry(frame)
    assert (caught.value.file, caught.value.line, caught.value.field) == ("frame", 2, "group")
