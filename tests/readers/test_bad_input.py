"""Every bad input gives one error that names file, line or page, field, value and the mend."""

from pathlib import Path
from typing import NamedTuple

import pytest

from switchstats.errors import InputError, UsageError
from switchstats.readers import read_published, read_published_text

HEADS = ["2022年度（～2023年2月末）", "2022年4～12月", "2023年1～2月"]
TIDY = """\
group,row,retailer,period,rate_pct
incumbent,unit,北海道電力,2022年4～12月,18.2
incumbent,unit,東北電力,2022年4～12月,16.7
incumbent,average,上記2社加重平均,2022年4～12月,17.0
"""
WIDE = """\
新電力,2022年度（～2023年2月末）,2022年4～12月,2023年1～2月
新電力A,21.1％,21.2％,17.0％
新電力B,16.6％,16.1％,19.6％
上記2社加重平均,18.0％,17.7％,18.5％
"""


class Bad(NamedTuple):
    """A change of a good file, and what the error must say."""

    text: str
    change: tuple[str, str]
    line: int
    field: str
    value: str
    problem: str
    mend: str


CASES = {
    "rate above 100, tidy": Bad(
        *(TIDY, ("18.2", "118.2"), 2, "rate_pct", "118.2"),
        *("a rate above 100 %", "correct the cell"),
    ),
    "rate above 100, wide": Bad(
        *(WIDE, ("16.1％", "161％"), 3, "2022年4～12月", "161％"),
        *("a rate above 100 %", "correct the cell"),
    ),
    "rate below 0": Bad(
        *(TIDY, ("18.2", "-18.2"), 2, "rate_pct", "-18.2"),
        *("a rate below 0", "correct the cell"),
    ),
    "decimal comma": Bad(
        *(TIDY, ("18.2", '"18,2"'), 2, "rate_pct", "18,2"),
        *("a comma in a rate", "write a decimal point"),
    ),
    "two points": Bad(
        *(WIDE, ("16.1％", "1.6.1％"), 3, "2022年4～12月", "1.6.1％"),
        *("two decimal points", "correct the cell"),
    ),
    "circle": Bad(
        *(WIDE, ("16.1％", "〇"), 3, "2022年4～12月", "〇"),
        *("a circle is not a number", "write 0.0 if zero is meant"),
    ),
    "words": Bad(
        *(WIDE, ("16.1％", "約16％"), 3, "2022年4～12月", "約16％"),
        *("not a rate", "write a number such as 18.5"),
    ),
    "footnote mark alone": Bad(
        *(WIDE, ("16.1％", "※1"), 3, "2022年4～12月", "※1"),
        *("a footnote mark without a number", "write the rate"),
    ),
    "mark against the head": Bad(
        *(TIDY, ("18.2", "182‰"), 2, "rate_pct", "182‰"),
        *("disagrees with the column's head", "agree"),
    ),
    "fraction column with percents": Bad(
        *(TIDY.replace("rate_pct", "rate"), ("16.7", "16.7"), 2, "rate", "18.2"),
        *("a rate above 1 in a column of fractions", "or its unit"),
    ),
    "unknown retailer": Bad(
        *(WIDE, ("新電力B", "新電刀B"), 3, "retailer", "新電刀B"),
        *("an unknown retailer; the nearest known names are 新電力B", "correct the name"),
    ),
    "unweighted average": Bad(
        *(WIDE, ("上記2社加重平均", "単純平均"), 4, "retailer", "単純平均"),
        *("an average that is not said to be weighted", "加重平均"),
    ),
    "another group than the registry's": Bad(
        *(WIDE, ("新電力A", "関西電力"), 2, "group", "関西電力"),
        *("the table lists it under '新電力', the registry of retailers under 'incumbent'", "row"),
    ),
    "unknown group": Bad(
        *(WIDE, ("新電力,", "新電気,"), 2, "group", "新電力A"),
        *("the table lists it under '新電気'", "correct the registry"),
    ),
    "retailer twice, tidy": Bad(
        *(TIDY, ("東北電力", "北海道電力"), 3, "retailer", "北海道電力"),
        *("a retailer stands twice for the same period, first in line 2", "delete one"),
    ),
    "retailer twice under two names, wide": Bad(
        *(WIDE, ("新電力B", "Entrant A"), 3, "retailer", "Entrant A"),
        *("a retailer stands twice for the same period, first in line 2", "delete one"),
    ),
    "average twice": Bad(
        *(TIDY, ("unit,東北電力", "average,加重平均"), 4, "retailer", "上記2社加重平均"),
        *("the average of a group stands twice for the same period, first in line 3", "delete"),
    ),
    "average of no known group": Bad(
        *(TIDY, ("incumbent,average", ",average"), 4, "group", "上記2社加重平均"),
        *("it is not clear of which group", "name the group"),
    ),
    "no such kind of row": Bad(
        *(TIDY, ("incumbent,unit,東", "incumbent,total,東"), 3, "row", "total"),
        *("an unknown kind of row", "write unit or average"),
    ),
    "period that does not exist": Bad(
        *(TIDY, ("東北電力,2022年4～12月", "東北電力,2022年4～13月"), 3, "period", "2022年4～13月"),
        *("there is no month 13", "write a month from 1 to 12"),
    ),
    "head that is no period": Bad(
        *(WIDE, (",2023年1～2月", ",備考"), 1, "period", "備考"),
        *("not a period", "write it like"),
    ),
    "column twice": Bad(
        *(TIDY, ("group,row", "period,row"), 1, "", "period"),
        *("a column stands twice", "keep one"),
    ),
    "comma that splits a rate, tidy": Bad(
        *(TIDY, ("18.2", "18,2"), 2, "", ""),
        *("a row has 6 cells for 5 columns", "quote a cell that holds a comma"),
    ),
    "comma that splits a rate, wide": Bad(
        *(WIDE, ("16.1％", "16,1％"), 3, "", "19.6％"),
        *("more rates than the 3 periods", "decimal points"),
    ),
    "row with too few cells": Bad(
        *(WIDE, ("新電力B,16.6％", "新電力B"), 3, "", "新電力B"),
        *("a row has fewer cells than its head", "write －"),
    ),
    "average that lost its comma": Bad(
        *(WIDE, ("平均,18.0％", "平均18.0％,18.1％"), 4, "retailer", "上記2社加重平均18.0％"),
        *("an unknown retailer", "correct the name"),
    ),
    "broken line": Bad(
        *(WIDE, ("16.1％,19.6％", "16.1％,1\n9.6％"), 4, "", "9.6％"),
        *("rates without a name", "write the retailer's name"),
    ),
    "leading zeros": Bad(
        *(WIDE, ("16.1％", "016.1％"), 3, "2022年4～12月", "016.1％"),
        *("not a rate", "write a number"),
    ),
    "period that one group lacks": Bad(
        *(TIDY, ("incumbent,unit,東北電力,2022年4～12月", "entrant,unit,新電力A,2022年4～11月")),
        *(2, "rate_pct", "2022年4～12月"),
        *("but not for every group: entrant lacks it", "the same periods"),
    ),
    "average broken over two lines": Bad(
        *(WIDE, ("平均,18.0％,17.7％,18.5％", "平均,18.0％,17.7％,\n18.5％")),
        *(5, "", "18.5％", "rates without a name", "write them in the row above"),
    ),
    "rates without a name": Bad(
        *(WIDE, ("新電力B", ""), 3, "", "16.6％"),
        *("rates without a name", "write the retailer's name"),
    ),
    "row below the average": Bad(
        *(WIDE, ("18.5％\n", "18.5％\n新電力C,20.5％,20.7％,13.6％\n"), 5, "retailer", "新電力C"),
        *("the rates of this row stand outside the table", "above the weighted average"),
    ),
    "quotes that do not match": Bad(
        *(WIDE, ("新電力B", '"新電力B'), 3, "", ""),
        *("a row of the CSV that cannot be cut into cells", "check the quotes"),
    ),
    "average of more retailers than listed": Bad(
        *(WIDE, ("上記2社", "上記10社"), 4, "retailer", "上記10社加重平均"),
        *("an average of 10 retailers, but the table lists 2", "add the missing rows"),
    ),
    # By hand: the parts print 20.2 and 17.0, which leave at most 20.25 for the whole.
    "whole outside its parts": Bad(
        *(WIDE, ("21.1％,21.2％", "21.1％,20.2％"), 2, HEADS[0], "21.1％"),
        *("lies outside those of its parts (Apr–Dec 2022: 20.2, Jan–Feb 2023: 17.0)", "check="),
    ),
    # By hand: the members print 21.1 and 16.6.
    "average outside its members": Bad(
        *(WIDE, ("18.0％,17.7％,18.5％", "21.3％,21.2％,21.6％"), 4, HEADS[0], "21.3％"),
        *("lies outside the rates of its members (16.6 to 21.1)", "compare the row"),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_error_names_place_field_value_and_mend(tmp_path: Path, case: Bad) -> None:
    path = tmp_path / "table.csv"
    path.write_text(case.text.replace(*case.change, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_published(path)
    error = caught.value
    assert error.file == str(path)
    assert error.line == case.line
    assert (error.field or "") == case.field
    assert (error.value or "") == case.value
    assert case.problem in error.problem
    assert case.mend in error.mend


@pytest.mark.parametrize("text", [TIDY, WIDE])
def test_the_unchanged_files_are_good(text: str) -> None:
    assert len(read_published_text(text).rows) == 2


@pytest.mark.parametrize(
    "case",
    [
        "whole outside its parts",
        "average outside its members",
        "average of more retailers than listed",
    ],
)
def test_implausible_rates_can_be_read_on_purpose(case: str) -> None:
    bad = CASES[case]
    assert read_published_text(bad.text.replace(*bad.change, 1), check=False).rows


# The rows of the entrants begin at line 18 of the text.
PASTED_CASES = [
    # a row with a rate less
    ("新電力 B 16.6％ 16.1％ 19.6％", "新電力 B 16.6％ 19.6％", "a row has 2 rates for the 3", 19),
    ("新電力 B 16.6％ 16.1％ 19.6％", "新電力 B 16.6％ 16,1％ 19.6％", "a comma in a rate", 19),
    ("新電力 B 16.6％ 16.1％ 19.6％", "新電力 B 16.6％ ○ 19.6％", "a circle is not a number", 19),
    ("新電力 B 16.6％ 16.1％ 19.6％", "新電力 A 16.6％ 16.1％ 19.6％", "stands twice", 19),
    ("新電力 B 16.6％ 16.1％ 19.6％", "新電力 Z 16.6％ 16.1％ 19.6％", "an unknown retailer", 19),
    # an average that is cut off by a line break is not lost in silence
    ("％ 21.5％\n", "％ 21.5％ （出典）\n", "stand outside the table", 28),
    ("新電力 J 17.8％ 17.9％ 12.4％\n", "新電力 J 17.8％ 17.9％ 12.4％", "an unknown retailer", 27),
    # a line amid the rows ends the block, and what follows is not lost in silence
    ("新電力 B ", "（注）\n新電力 B ", "stand outside the table", 20),
    # a head that has lost a period
    (
        "～12月 2023年1～2月\n新電力 A",
        "～12月\n新電力 A",
        "a row has 3 rates for the 2 periods",
        18,
    ),
]


@pytest.mark.parametrize(("old", "new", "problem", "line"), PASTED_CASES)
def test_pasted_text_with_a_mistake(
    pasted: str, old: str, new: str, problem: str, line: int
) -> None:
    with pytest.raises(InputError) as caught:
        read_published_text(pasted.replace(old, new))
    assert problem in caught.value.problem
    assert (caught.value.file, caught.value.line) == ("pasted text", line)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file") as caught:
        read_published(tmp_path / "absent.csv")
    assert caught.value.file == str(tmp_path / "absent.csv")
    assert "check its name and folder" in caught.value.mend


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder, not a file"):
        read_published(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match="an empty"):
        read_published(path)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("t.xlsx", b"PK\x03\x04rest", "cut off or damaged"),
        ("t.csv", b"PK\x03\x04rest", "cut off or damaged"),
        ("t.xls", b"\xd0\xcf\x11\xe0rest", "cannot be read"),
        (
            "t.xlsx",
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
    ],
)
def test_damaged_workbook(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=problem):
        read_published(path)


def test_file_without_a_table(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("name,age\nx,3\n", encoding="utf-8")
    with pytest.raises(InputError, match="no table of retailers: looked for a header") as caught:
        read_published(path)
    assert caught.value.file == str(path)


def test_header_without_rows() -> None:
    with pytest.raises(InputError, match="no table of retailers"):
        read_published_text("group,retailer,period,rate_pct\n")


def test_rates_without_any_head() -> None:
    with pytest.raises(InputError, match="the rates of this row stand outside the table") as caught:
        read_published_text("北海道電力 18.0％ 18.2％ 16.3％\n")
    assert caught.value.line == 1


def test_unknown_rounding_rule() -> None:
    with pytest.raises(UsageError, match="unknown rounding rule"):
        read_published_text(TIDY, rounding="up")  # pyright: ignore[reportArgumentType]


def test_nothing_of_a_long_cell_is_repeated(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(TIDY.replace("東北電力", "あ" * 500), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_published(path)
    assert len(caught.value.value or "") < 70


def test_check_uses_the_rounding_rule() -> None:
    # 18.0 over parts 18.1 and 18.2: under truncation and half-up the whole is below both parts;
    # under an unknown rule 18.0 may stand for 18.07 and 18.1 for 18.06.
    text = "新電力,2022年度,2022年度上期,2022年度下期\n新電力A,18.0％,18.1％,18.2％\n"
    for rule in ("half_up", "half_even", "truncation"):
        with pytest.raises(InputError, match="lies outside those of its parts"):
            read_published_text(text, rounding=rule)
    assert read_published_text(text, rounding="unknown").rows
