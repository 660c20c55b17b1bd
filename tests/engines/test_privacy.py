"""Names, addresses and supply points stay in the reader, in whatever column they stand."""

import json
from pathlib import Path

import pandas as pd
import pytest

from switchstats.engines import read_requests
from switchstats.errors import InputError
from switchstats.readers import write_quarantine
from switchstats.values import Loaded

from .conftest import Rows

NAME, ADDRESS, POINT = "電気太郎", "東京都千代田区霞が関一丁目", "0300000000000000001234"
SHORT_NAME, COMPANY = "佐藤", "株式会社山田商店"
PERSONAL = (NAME, ADDRESS, POINT, POINT[8:], SHORT_NAME, COMPANY)


def _everything_said(loaded: Loaded, folder: Path) -> str:
    write_quarantine(loaded, folder / "rejected.csv")
    return "\n".join(
        [
            loaded.quarantine.frame.to_csv(),
            json.dumps(loaded.to_dict(), ensure_ascii=False),
            (folder / "rejected.csv").read_text("utf-8-sig"),
            loaded.counts.frame.to_csv(),
            repr(loaded.quarantine),
        ]
    )


@pytest.mark.parametrize("secret", [NAME, ADDRESS, POINT, SHORT_NAME, COMPANY])
@pytest.mark.parametrize(
    "field",
    ["submitted", "gaining", "losing", "area", "outcome", "reasons", "attempt", "resolved"],
)
def test_a_personal_cell_in_any_column_is_masked(
    rows: Rows, tmp_path: Path, field: str, secret: str
) -> None:
    plain = {"attempt": "1", "reasons": None, "resolved": None}
    loaded = read_requests(rows(plain, plain | {field: secret}), settle_days=0)
    assert loaded.account.quarantined == 1
    said = _everything_said(loaded, tmp_path)
    assert [part for part in PERSONAL if part in said] == []


@pytest.mark.parametrize("secret", [NAME, ADDRESS])
def test_free_text_behind_a_known_reason_is_masked(rows: Rows, tmp_path: Path, secret: str) -> None:
    row = {"attempt": "1", "outcome": "error", "reasons": f"需要者名不一致（{secret}）"}
    loaded = read_requests(rows({"attempt": "1", "reasons": None}, row), settle_days=0)
    said = _everything_said(loaded, tmp_path)
    assert secret not in said
    assert "需要者名不一致" in said  # what the cell says of the error may be read


def test_names_as_repeated_request_numbers_are_masked(rows: Rows, tmp_path: Path) -> None:
    row = {"request_id": NAME, "attempt": "1"}
    loaded = read_requests(rows(row, row), settle_days=0)
    assert loaded.quarantine.by_code() == {"duplicate": 1}
    assert NAME not in _everything_said(loaded, tmp_path)


def test_a_voltage_that_is_none_is_rejected_and_masked(rows: Rows, tmp_path: Path) -> None:
    plain = {"attempt": "1", "voltage": "低圧"}
    loaded = read_requests(
        rows(plain, plain | {"voltage": NAME}), settle_days=0, strata=("voltage",)
    )
    assert loaded.quarantine.by_code() == {"bad_voltage": 1}
    assert NAME not in _everything_said(loaded, tmp_path)
    own = read_requests(
        rows(plain, plain | {"voltage": "V6"}),
        settle_days=0,
        strata=("voltage",),
        mapping={"values": {"voltage": {"V6": "six"}}},
    )
    assert sorted(set(own.counts.frame["voltage"])) == ["low", "six"]


def test_a_first_row_of_data_is_not_shown_as_headers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"q1,R5.1.5,北海道電力,新電力A,{NAME},{ADDRESS},成立,,1\n" * 2, "utf-8")
    with pytest.raises(InputError) as raised:
        read_requests(path)
    assert [part for part in PERSONAL if part in str(raised.value)] == []
    assert "looks like data" in str(raised.value)


def test_a_word_that_recurs_is_no_less_personal(rows: Rows) -> None:
    # one company has many supply points, one person may file many times
    unknown = [{"attempt": "1", "outcome": "ペンディング"}] * 5
    loaded = read_requests(rows({"attempt": "1"}, *unknown), settle_days=0)
    assert set(loaded.quarantine.frame["raw"]) == {"**** (6)"}


@pytest.mark.parametrize(
    ("field", "shown", "hidden"),
    [
        ("submitted", ["2023-02-30", "R5.13.1", "２０２３年", "2023/1/45 9:30"], ["090-1234-5678"]),
        ("submitted", ["令和5年2月30日（木）", "20230145"], ["1-2-3", "5450001", "佐藤", "元"]),
        ("gaining", ["北海道電カ", "なぞ電力", "しろくまでんき株式会社"], ["佐藤", "株式会社山田"]),
        ("losing", ["謎エナジー", "Nazo Power"], ["電力太郎", "東京都電力ビル3階", "ガス田"]),
        ("outcome", ["?", "9", "NG2", "マッチング不成率"], ["佐藤", "一郎", "成功", "可奈子"]),
        ("area", ["99", "神奈川県", "東京都"], ["千代田区", "本州", "山田美都"]),
        ("attempt", ["1.5", "-1", "十回"], ["花子", "12345"]),
        ("voltage", ["低圧電燈"], ["林", "ていあつ"]),
    ],
)
def test_only_what_has_the_form_of_its_field_is_shown(
    rows: Rows, field: str, shown: list[str], hidden: list[str]
) -> None:
    plain = {"attempt": "1", "voltage": "低圧"}
    bad = rows(plain, *(plain | {field: cell} for cell in (*shown, *hidden)))
    loaded = read_requests(bad, settle_days=0)
    table = loaded.quarantine.frame.set_index("line")["raw"]
    found = dict(zip((*shown, *hidden), (table.get(line) for line in range(2, 20)), strict=False))
    assert {cell: found[cell] for cell in shown} == {cell: cell for cell in shown}
    assert all(found[cell] == f"**** ({len(cell)})" for cell in hidden), found


def test_what_is_known_of_a_reason_or_outcome_is_shown_and_the_rest_is_not(rows: Rows) -> None:
    cells = {"outcome": "成立しました", "reasons": "名義 山田花子"}
    bad = [{"attempt": "1", "reasons": None} | {name: cell} for name, cell in cells.items()]
    raw = read_requests(rows({"attempt": "1"}, *bad), settle_days=0).quarantine.frame["raw"]
    assert raw.tolist() == ["成立**** (4)", "名義**** (5)"]


def test_of_a_row_with_more_wrong_no_name_is_shown(rows: Rows) -> None:
    # 東京ガス may be the customer, when the next cell is not what it should be either
    plain = {"attempt": "1", "supply_point": POINT, "area": "03"}
    frame = rows(
        plain,
        plain | {"gaining": "謎電力"},
        plain | {"gaining": "謎電力", "outcome": "?"},
        plain | {"gaining": "謎電力", "supply_point": "1"},
    )
    raw = read_requests(frame, settle_days=0).quarantine.frame["raw"]
    assert raw.tolist() == ["謎電力", "**** (3)", "**** (3)"]


def test_the_same_number_with_another_attempt_is_no_copy(rows: Rows) -> None:
    first = {"request_id": "q1", "attempt": "1", "outcome": "NG", "submitted": "2023-01-05"}
    second = {"request_id": "q1", "attempt": "2", "outcome": "成立", "submitted": "2023-01-10"}
    loaded = read_requests(rows(first, second), settle_days=0, estimand="all_attempts")
    assert loaded.counts.requests == 2
    assert loaded.account.quarantined == 0


def test_the_same_number_of_two_makers_is_no_copy(rows: Rows) -> None:
    one = {"request_id": "q1", "attempt": "1"}
    loaded = read_requests(rows(one, one | {"gaining": "東北電力"}), settle_days=0)
    assert loaded.counts.requests == 2


def test_one_number_for_two_things_is_a_conflict(rows: Rows) -> None:
    one = {"request_id": "q1", "attempt": "1", "outcome": "NG"}
    loaded = read_requests(rows(one, one | {"outcome": "成立"}), settle_days=0)
    assert loaded.quarantine.by_code() == {"conflicting_request": 1}
    assert "first is counted" in loaded.quarantine.frame["note"][0]


def test_a_mistyped_year_does_not_move_the_settling_window(rows: Rows) -> None:
    days = pd.date_range("2023-01-01", periods=80).strftime("%Y-%m-%d")
    good = [{"attempt": "1", "submitted": day} for day in days]
    loaded = read_requests(rows(*good, {"attempt": "1", "submitted": "2033-01-05"}))
    assert loaded.quarantine.by_code() == {"implausible_day": 1}
    # 30 days up to 21 March 2023 are settling: 20 February is the last of 51 days that count
    assert loaded.account.counted == 80 - 30
