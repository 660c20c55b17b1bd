"""Every rejected row is named with its place and reason; nothing personal is shown; all adds up."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from switchstats.engines import DuckDB, read_requests
from switchstats.errors import InputError

Rows = Callable[..., pd.DataFrame]
POINT = "01" + "2" * 20


def _entries(frame: object, **options: object) -> list[tuple[object, ...]]:
    loaded = read_requests(frame, **{"settle_days": 0, "estimand": "all_attempts"} | options)
    table = loaded.quarantine.frame[["code", "line", "field", "raw"]].astype(object)
    return [tuple(row) for row in table.where(table.notna(), None).to_numpy().tolist()]


@pytest.mark.parametrize(
    ("differing", "entry"),
    [
        ({"submitted": "2023-02-30"}, ("bad_date", 2, "submitted", "2023-02-30")),
        ({"submitted": None}, ("missing_value", 2, "submitted", None)),
        ({"gaining": "なぞ電力"}, ("unknown_retailer", 2, "gaining", "なぞ電力")),
        ({"losing": "なぞ電力"}, ("unknown_retailer", 2, "losing", "なぞ電力")),
        ({"area": "本州"}, ("unknown_area", 2, "area", "**** (2)")),
        ({"outcome": "?"}, ("bad_outcome", 2, "outcome", "?")),
        ({"supply_point": "01"}, ("bad_supply_point", 2, "supply_point", "**** (2)")),
        (
            {"supply_point": "99" + "2" * 20},
            ("bad_supply_point", 2, "supply_point", "**** (22)"),
        ),
        (
            {"supply_point": "x" * 21},
            ("bad_supply_point", 2, "supply_point", "**** (21)"),
        ),
        ({"supply_point": "03" + "2" * 20}, ("wrong_area", 2, "supply_point", "**** (22)")),
        ({"reasons": "住所、ひみつ"}, ("unknown_reason", 2, "reasons", "住所**** (4)")),
        ({"attempt": "1.5"}, ("fractional", 2, "attempt", "1.5")),
        ({"resolved": "2023-01-09"}, ("resolved_before_submitted", 2, "resolved", "2023-01-09")),
    ],
)
def test_one_bad_row(rows: Rows, differing: dict[str, object], entry: tuple[object, ...]) -> None:
    plain = dict.fromkeys(differing) | {"supply_point": POINT}
    fine = {name: cell for name, cell in plain.items() if name not in ("submitted", "gaining")}
    for name in ("area", "outcome", "losing"):
        fine.pop(name, None)
    assert _entries(rows(fine, fine | differing)) == [entry]


def test_a_supply_point_is_nowhere_to_be_seen(rows: Rows) -> None:
    points = ["99" + "7" * 20, "03" + "8" * 20, "0123456789012345678901"]
    frame = rows(
        *({"supply_point": point, "request_id": "same"} for point in points),
        {"supply_point": points[2], "request_id": points[2], "outcome": points[2]},
    )
    loaded = read_requests(frame, settle_days=0)
    seen = loaded.quarantine.frame.to_csv() + repr(loaded.provenance) + repr(loaded.understood)
    seen += loaded.counts.frame.to_csv()
    assert len(loaded.quarantine) == 3
    assert not any(point in seen for point in points)


def test_full_width_and_dashed_supply_points_are_the_same_point(rows: Rows) -> None:
    dashed = "-".join([POINT[:2], *(POINT[start : start + 4] for start in range(2, 22, 4))])
    wide = "".join(chr(0xFF10 + int(digit)) for digit in POINT)
    frame = rows({"supply_point": POINT}, {"supply_point": dashed}, {"supply_point": wide})
    loaded = read_requests(frame, settle_days=0)
    assert len(loaded.quarantine) == 0
    assert loaded.account.excluded == {"later_attempt": 2}


def test_the_earliest_of_equal_identifiers_stays(rows: Rows) -> None:
    frame = rows(
        {"request_id": "a", "submitted": "2023-01-12", "outcome": "error"},
        {"request_id": "a"},
        {"request_id": "b"},
        {"request_id": "a", "submitted": "2023-01-11", "outcome": "error"},
    )
    loaded = read_requests(frame, settle_days=0, estimand="all_attempts")
    assert loaded.quarantine.frame["line"].tolist() == [1, 4]
    assert (loaded.counts.requests, loaded.counts.frame["errors"].sum()) == (2, 0)


def test_a_bad_row_is_no_copy_of_a_good_one(rows: Rows) -> None:
    frame = rows({"request_id": "a", "outcome": "?"}, {"request_id": "a"})
    assert [entry[0] for entry in _entries(frame)] == ["bad_outcome"]


def test_rows_without_identifier_are_copies_only_when_every_cell_is_equal(rows: Rows) -> None:
    frame = rows(
        {"request_id": None},
        {"request_id": None},
        {"request_id": None, "losing": "新電力B"},
        {"request_id": "a"},
    )
    assert _entries(frame) == [("duplicate", 2, "request_id", None)]


def test_without_a_column_of_identifiers_nothing_is_called_a_copy(rows: Rows) -> None:
    assert _entries(rows({}, {})) == []
    assert (
        _entries(rows({"request_id": "a"}, {"request_id": "a"}), mapping={"request_id": None}) == []
    )


def test_too_many_rejected_rows_are_an_error(rows: Rows) -> None:
    frame = rows({"outcome": "?"}, {"outcome": "?"}, {}, {})
    assert len(_entries(frame, max_rejected=2)) == 2
    assert len(_entries(frame, max_rejected=0.5)) == 2
    for limit in (1, 0.4):
        with pytest.raises(InputError, match=r"2 of 4 rows are rejected.*2: not an outcome"):
            _entries(frame, max_rejected=limit)


def test_lines_of_a_csv_file_with_ragged_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    lines = [
        "表題,,",
        "申込日,新小売,結果",
        "2023-01-10,北海道電力,成立",
        "2023-01-10,北海道電力",
        "2023-01-10,北海道電力,成立,余分",
        "2023-02-30,北海道電力,成立",
        "2023-01-10,北海道\0電力,成立",
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    loaded = read_requests(file, settle_days=0, estimand="all_attempts")
    table = loaded.quarantine.frame
    assert table[["code", "file", "line"]].to_numpy().tolist() == [
        ["ragged_row", "a.csv", 4],
        ["ragged_row", "a.csv", 5],
        ["bad_date", "a.csv", 6],
        ["nul_byte", "a.csv", 7],
    ]
    assert loaded.account.read == 5
    assert loaded.understood[0].header_line == 2


def test_quarantine_of_parquet_names_file_and_row(rows: Rows, tmp_path: Path) -> None:
    for name in ("b", "a"):
        rows({}, {"outcome": "?"}).to_parquet(tmp_path / f"{name}.parquet")
    loaded = read_requests(
        tmp_path, settle_days=0, estimand="all_attempts", engine=DuckDB(memory_limit="200MB")
    )
    table = loaded.quarantine.frame
    assert table[["file", "line", "raw"]].to_numpy().tolist() == [
        ["a.parquet", 2, "?"],
        ["b.parquet", 2, "?"],
    ]
    assert [file.name for file in loaded.provenance.inputs] == ["a.parquet", "b.parquet"]


def test_a_users_relation_is_read_on_its_own_connection(rows: Rows) -> None:
    connection = duckdb.connect()
    frame = rows({"request_id": "a"}, {"request_id": "a"}, {"request_id": "b"})
    connection.register("given", frame)
    relation = connection.sql("SELECT * FROM given")
    loaded = read_requests(relation, settle_days=0, estimand="all_attempts")
    assert loaded.quarantine.by_code() == {"duplicate": 1}
    views = connection.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert views == [("given",)]
