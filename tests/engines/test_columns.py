"""Columns by the text of their headers; a mapping goes first; what is unclear is refused."""

import json
from pathlib import Path

import pytest

from switchstats.engines import read_requests
from switchstats.engines.columns import Mapped, find_columns, read_mapping
from switchstats.errors import InputError, UsageError


def test_japanese_headers_in_any_order_width_and_bracket() -> None:
    headers = [
        "エラー理由",
        "供給地点特定番号",
        "結果",
        "新小売",
        "申込番号",
        "ｴﾘｱ",
        "申込 日",
        "旧小売",
    ]
    found = find_columns(headers, Mapped(), "a.csv").found
    assert found == {
        "reasons": "エラー理由",
        "supply_point": "供給地点特定番号",
        "outcome": "結果",
        "gaining": "新小売",
        "request_id": "申込番号",
        "area": "ｴﾘｱ",
        "submitted": "申込 日",
        "losing": "旧小売",
    }


def test_a_mapping_goes_before_the_aliases_and_can_leave_a_column_out() -> None:
    mapped = read_mapping({"gaining": "社名", "request_id": None, "constants": {"area": "03"}})
    columns = find_columns(["申込日", "社名", "結果", "申込番号", "エリア"], mapped, "a.csv")
    assert columns.found == {"gaining": "社名", "submitted": "申込日", "outcome": "結果"}
    assert columns.ignored == ("申込番号", "エリア")
    assert columns.constants == {"area": "03"}


def test_a_missing_column_lists_the_headers_and_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'submited'.*nearest is 'submited'") as caught:
        find_columns(["submited", "gaining", "outcome"], Mapped(), "a.csv")
    assert caught.value.field == "submitted"


def test_two_headers_for_one_column_are_refused_unless_one_is_the_name_itself() -> None:
    with pytest.raises(InputError, match="two columns can be submitted: '申込日' and '受付日'"):
        find_columns(["申込日", "受付日", "新小売", "結果"], Mapped(), "a.csv")
    found = find_columns(["申込日", "submitted", "新小売", "結果"], Mapped(), "a.csv").found
    assert found["submitted"] == "submitted"


def test_a_first_row_of_data_is_not_repeated_in_the_message() -> None:
    with pytest.raises(InputError) as caught:
        find_columns(["北電 太郎", "0100000000000000000000", "2023-01-01"], Mapped(), "a.csv")
    assert "太郎" not in str(caught.value)
    assert "0100" not in str(caught.value)
    assert "looks like data" in str(caught.value)


def test_a_mapping_in_toml_is_the_same_as_a_dict(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text('gaining = "社名"\nyear = 2023\n[values.outcome]\n"1" = "ok"\n', "utf-8")
    same = {"gaining": "社名", "year": 2023, "values": {"outcome": {"1": "ok"}}}
    assert read_mapping(file) == read_mapping(same)


def test_an_unknown_canonical_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="'gainning'; the nearest is 'gaining'"):
        read_mapping({"gainning": "社名"})


@pytest.mark.parametrize("header", ["社", ""])
def test_a_mapped_header_that_is_not_there(header: str) -> None:
    if not header:
        assert read_mapping({"gaining": header}).columns == {"gaining": None}
        return
    with pytest.raises(InputError, match="no column of that name"):
        find_columns(["申込日", "社名", "結果"], read_mapping({"gaining": header}), "a.csv")


@pytest.mark.parametrize(
    "head", ["0312345678901234567890", "電気太郎", "東京都架空市１丁目２番３号"]
)
def test_a_head_that_may_be_a_cell_of_data_is_never_told(tmp_path, head: str) -> None:
    """Found by mutated files: a head overwritten with a supply point was told as unused."""
    path = tmp_path / "a.csv"
    path.write_text(
        f"申込番号,申込日,新小売,現小売,結果,申込回数,{head}\n"
        "a1,2023-01-10,北海道電力,新電力A,成立,1,x\n",
        encoding="utf-8",
    )
    loaded = read_requests(path, settle_days=0)
    assert head not in json.dumps(loaded.to_dict(), ensure_ascii=False)
    assert loaded.understood[0].ignored[0].startswith("**** (")
