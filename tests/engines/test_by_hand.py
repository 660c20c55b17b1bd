"""Request rows whose counts can be worked out by hand, through every engine without a server."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import switchstats as ss
from switchstats.values import Loaded

SP = "01" + "0" * 17  # area 01, three digits to fill
TOKYO = "03" + "0" * 17

COLUMNS = (
    "申込番号",
    "申込日",
    "新小売",
    "現小売",
    "エリア",
    "供給地点特定番号",
    "結果",
    "理由",
    "回数",
)
# Ten rows. Worked out by hand with settle_days=10 and as_of 2023-02-28:
#  r1 error, r2 its accepted retry; r3 accepted; r4 repeats r3's id; r5 a supply point too short;
#  r6 an unknown retailer; r7 pending; r8 withdrawn; r9 too recent; r10 error by Tokyo, era date.
ROWS = [
    ("r1", "2023-01-05", "北海道電力", "新電力A", "北海道", SP + "001", "エラー", "需要者名", "1"),
    ("r2", "2023-01-09", "北海道電力", "新電力A", "北海道", SP + "001", "成立", "", "2"),
    ("r3", "2023-01-06", "北海道電力", "新電力B", "北海道", SP + "002", "成立", "", "1"),
    ("r3", "2023-01-06", "北海道電力", "新電力B", "北海道", SP + "002", "成立", "", "1"),
    ("r5", "2023-01-06", "北海道電力", "新電力B", "北海道", "0112345", "成立", "", "1"),
    ("r6", "2023-01-07", "謎の電力", "新電力B", "北海道", SP + "003", "成立", "", "1"),
    ("r7", "2023-01-08", "新電力Ａ", "北海道電力", "北海道", SP + "004", "処理中", "", "1"),
    ("r8", "2023-01-08", "新電力A", "北海道電力", "北海道", SP + "005", "取下げ", "", "1"),
    ("r9", "2023-02-27", "新電力A", "北海道電力", "北海道", SP + "006", "エラー", "住所", "1"),
    (
        "r10",
        "R5.2.1",
        "東京電力EP",
        "新電力A",
        "東京",
        TOKYO + "001",
        "エラー",
        "住所、需要者名",
        "1",
    ),
]
FRAME = pd.DataFrame(ROWS, columns=list(COLUMNS))


def _parquet(tmp_path: Path) -> object:
    FRAME.to_parquet(tmp_path / "rows.parquet")
    return tmp_path / "rows.parquet"


def _csv(encoding: str) -> Callable[[Path], object]:
    def write(tmp_path: Path) -> object:
        FRAME.to_csv(tmp_path / "rows.csv", index=False, encoding=encoding)
        return tmp_path / "rows.csv"

    return write


def _arrow(tmp_path: Path) -> object:
    import pyarrow as pa

    return pa.Table.from_pandas(FRAME)


def _polars(tmp_path: Path) -> object:
    import polars as pl

    return pl.DataFrame({name: FRAME[name].to_list() for name in COLUMNS})


SOURCES = {
    "pandas": lambda tmp_path: FRAME,
    "polars": _polars,
    "arrow": _arrow,
    "parquet": _parquet,
    "csv_utf8": _csv("utf-8"),
    "csv_cp932": _csv("cp932"),
}


def _load(source: object, **options: object) -> Loaded:
    return ss.read_requests(source, settle_days=10, as_of=date(2023, 2, 28), **options)  # type: ignore[arg-type]


def _table(loaded: Loaded, *columns: str) -> list[tuple]:
    frame = loaded.counts.frame
    frame["month"] = frame["period_start"].dt.month
    return sorted(
        frame[["retailer", "month", *columns, "requests", "errors"]].itertuples(
            index=False, name=None
        )
    )


@pytest.mark.parametrize("source", SOURCES)
def test_first_attempts(source: str, tmp_path: Path) -> None:
    loaded = _load(SOURCES[source](tmp_path))
    assert _table(loaded) == [("hokkaido", 1, 2, 1), ("tepco-ep", 2, 1, 1)]
    account = loaded.account
    assert account.read == 10
    assert account.quarantined == 3
    assert dict(account.excluded) == {
        "later_attempt": 1,
        "pending": 1,
        "withdrawn": 1,
        "settling": 1,
    }
    assert account.counted == 3
    assert loaded.quarantine.by_code() == {
        "duplicate": 1,
        "bad_supply_point": 1,
        "unknown_retailer": 1,
    }


@pytest.mark.parametrize("source", SOURCES)
def test_all_attempts(source: str, tmp_path: Path) -> None:
    loaded = _load(SOURCES[source](tmp_path), estimand="all_attempts")
    assert _table(loaded) == [("hokkaido", 1, 3, 1), ("tepco-ep", 2, 1, 1)]


@pytest.mark.parametrize("source", SOURCES)
def test_cases(source: str, tmp_path: Path) -> None:
    # r1 is accepted at its second attempt, within 30 days: no error as a case
    loaded = _load(SOURCES[source](tmp_path), estimand="cases", cases_days=20)
    assert ("hokkaido", 1, 2, 0) in _table(loaded)


@pytest.mark.parametrize("source", SOURCES)
def test_strata_survive_only_when_named(source: str, tmp_path: Path) -> None:
    loaded = _load(SOURCES[source](tmp_path), strata=("area", "losing_group", "home", "reason"))
    assert loaded.counts.strata == ("area", "losing_group", "home", "reason")
    assert (loaded.counts.requests, loaded.counts.errors) == (3, 2)
    reasons = loaded.counts.frame.set_index("retailer")["reason"]
    assert reasons["tepco-ep"] == "address+customer_name"
    assert set(loaded.counts.frame["home"]) == {"yes"}
    assert set(loaded.counts.frame["losing_group"]) == {"entrant"}


@pytest.mark.parametrize("source", SOURCES)
def test_no_supply_point_leaves_the_reader(source: str, tmp_path: Path) -> None:
    loaded = _load(SOURCES[source](tmp_path), strata=("area",))
    shown = str(loaded.to_dict()) + loaded.quarantine.frame.to_string() + repr(loaded)
    for row in ROWS:
        assert row[5] not in shown


def test_the_engines_agree_row_by_row(tmp_path: Path) -> None:
    loads = {name: _load(make(tmp_path)) for name, make in SOURCES.items()}
    counts = {name: _table(loaded) for name, loaded in loads.items()}
    rejected = {
        name: sorted(loaded.quarantine.frame[["code", "field"]].itertuples(index=False, name=None))
        for name, loaded in loads.items()
    }
    assert all(table == counts["pandas"] for table in counts.values())
    assert all(table == rejected["pandas"] for table in rejected.values())
