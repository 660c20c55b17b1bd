"""A user's own list of retailers, from a file or a frame."""

from pathlib import Path

import numpy as np
import pandas as pd
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
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
        ("name,group\nX,a\n", 1, "retailer", None, "column is missing"),
        ("retailer,group\nx,a\n", 1, "name", None, "column is missing"),
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
        (HEAD + "x,X,a,東京,\n", 2, "area", "東京", "not an area"),
        (HEAD + "x,X,a,,（株）\n", 2, "alias", "（株）", "without letters"),
        (HEAD + "x,X,a\n", 2, None, None, "3 cells for 5 columns"),
        (HEAD + 'x,"X"Y,a,,\n', 2, None, None, "not a readable CSV"),
        (HEAD, None, None, None, "without retailers"),
        ("", 1, "retailer", None, "column is missing"),
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


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_registry(tmp_path / "none.csv")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"retailer,name,group\nx,\xff\xfe\x81,a\n")
    with pytest.raises(InputError, match="CP932"):
        read_registry(path)


def test_a_frame_names_its_row() -> None:
    frame = pd.DataFrame({"retailer": ["x", "y"], "name": ["X", "Y"], "group": ["a", None]})
    with pytest.raises(InputError, match="blank") as caught:
        read_registry(frame)
    assert (caught.value.file, caught.value.line, caught.value.field) == ("frame", 2, "group")
