"""The same rows give the same counts, account and quarantine whichever engine holds them."""

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from switchstats.engines import estimand_sensitivity, read_journeys, read_requests
from switchstats.errors import InputError
from switchstats.values import JOURNEY_EVENTS, Loaded, LoadedJourneys

Table = dict[str, list[str | None]]
_OTHER_ROW = r"(?:: |the same as )\S+, line \d+$"
ESTIMANDS = ("first_attempt", "all_attempts", "cases")
STRATA = ("area", "losing", "losing_group", "home", "reason", "voltage", "attempt")


def _relation(rows: Table, _folder: Path) -> duckdb.DuckDBPyRelation:
    return duckdb.connect().from_arrow(pa.table(rows))


def _parquet(rows: Table, folder: Path) -> Path:
    pq.write_table(pa.table(rows), folder / "rows.parquet", row_group_size=50)
    return folder / "rows.parquet"


def _csv(rows: Table, folder: Path) -> Path:
    pd.DataFrame(rows).to_csv(folder / "rows.csv", index=False)
    return folder / "rows.csv"


def _cp932(rows: Table, folder: Path) -> Path:
    pd.DataFrame(rows).to_csv(folder / "rows932.csv", index=False, encoding="cp932")
    return folder / "rows932.csv"


FORMS: dict[str, Callable[[Table, Path], object]] = {
    "polars": lambda rows, _: pl.DataFrame(rows),
    "polars lazy": lambda rows, _: pl.LazyFrame(rows),
    "arrow": lambda rows, _: pa.table(rows),
    "duckdb relation": _relation,
    "parquet": _parquet,
    "csv": _csv,
    "csv in CP932": _cp932,
}


def _read(source: object, estimand: str, **options: Any) -> Loaded:
    return read_requests(source, estimand=estimand, settle_days=10, cases_days=20, **options)


def _quarantine(loaded: Loaded | LoadedJourneys, *columns: str) -> list[str]:
    frame = loaded.quarantine.frame[["code", "field", "raw", "note", *columns]]
    # where the other row of a pair stands, which not every engine knows
    frame["note"] = frame["note"].str.replace(_OTHER_ROW, "", regex=True)
    return sorted(frame.astype("string").fillna("").agg("|".join, axis=1).tolist())


def _agree(one: Loaded, other: Loaded, *columns: str) -> None:
    assert one.account == other.account
    assert one.counts == other.counts
    assert _quarantine(one, *columns) == _quarantine(other, *columns)


JOURNEYS: dict[str, Any] = {
    "strata": ("area", "losing_group", "home"),
    "days": 40,
    "as_of": date(2023, 3, 25),
}


def _agree_on_journeys(one: LoadedJourneys, other: LoadedJourneys) -> None:
    assert one.account == other.account
    assert one.journeys == other.journeys
    assert _quarantine(one) == _quarantine(other)


@pytest.fixture(scope="module")
def journey_rows(awkward_rows: Table) -> Table:
    """Return the same rows by one gaining retailer at fewer points, so that most have a journey."""
    known = {"新電力A", "新電力Ｂ", "東京電力EP", "北海道電力（株）", "㈱北海道電力"}
    gaining = ["北海道電力" if cell in known else cell for cell in awkward_rows["新小売"]]
    points = [
        cell and re.sub("[2-5](?=.$)", "1", cell) for cell in awkward_rows["供給地点特定番号"]
    ]
    return awkward_rows | {"新小売": gaining, "供給地点特定番号": points}


@pytest.fixture(scope="module")
def journeys(journey_rows: Table) -> LoadedJourneys:
    return read_journeys(pd.DataFrame(journey_rows), **JOURNEYS)


@pytest.fixture(scope="module")
def expected(awkward_rows: Table) -> dict[str, Loaded]:
    frame = pd.DataFrame(awkward_rows)
    return {estimand: _read(frame, estimand, strata=STRATA) for estimand in ESTIMANDS}


def test_the_rows_are_awkward_in_every_way(expected: dict[str, Loaded]) -> None:
    codes = set(expected["first_attempt"].quarantine.by_code())
    assert codes == {
        *("bad_date", "missing_value", "unknown_retailer", "unknown_area", "bad_supply_point"),
        *("wrong_area", "bad_outcome", "unknown_reason", "fractional", "negative"),
        *("resolved_before_submitted", "duplicate", "conflicting_request"),
    }
    excluded = set(expected["first_attempt"].account.excluded)
    assert excluded == {"settling", "later_attempt", "pending", "withdrawn"}


@pytest.mark.parametrize("estimand", ESTIMANDS)
@pytest.mark.parametrize("form", FORMS)
def test_engines_agree(
    expected: dict[str, Loaded], awkward_rows: Table, form: str, estimand: str, tmp_path: Path
) -> None:
    source = FORMS[form](awkward_rows, tmp_path)
    loaded = _read(source, estimand, strata=STRATA)
    numbered = () if form == "duckdb relation" else ("line",)
    if form.startswith("csv"):
        # a CSV file has its header in line 1
        lines = loaded.quarantine.frame["line"] - 1
        others = expected[estimand].quarantine.frame["line"]
        assert sorted(lines.tolist()) == sorted(others.tolist())
        numbered = ()
    _agree(loaded, expected[estimand], *numbered)


@pytest.mark.parametrize("strata", [(), ("area",), ("home", "reason")])
def test_links_without_attempt_numbers_agree(
    awkward_rows: Table, strata: tuple[str, ...], tmp_path: Path
) -> None:
    options = {"mapping": {"attempt": None}, "strata": strata, "as_of": date(2023, 4, 5)}
    first = _read(pd.DataFrame(awkward_rows), "first_attempt", **options)
    assert first.account.excluded["later_attempt"] > 50
    for make in FORMS.values():
        _agree(_read(make(awkward_rows, tmp_path), "first_attempt", **options), first)


def test_the_journeys_are_of_every_kind(journeys: LoadedJourneys) -> None:
    frame = journeys.journeys.frame
    assert set(frame["followed"]) == {"yes", "no"}
    sums = frame[list(JOURNEY_EVENTS)].sum()
    assert sums["entered"] > 40
    assert (sums > 0).all(), sums.to_dict()
    assert set(journeys.account.excluded) == {"without_error", "before_error", "after_as_of"}


@pytest.mark.parametrize("form", FORMS)
def test_engines_agree_on_journeys(
    journeys: LoadedJourneys, journey_rows: Table, form: str, tmp_path: Path
) -> None:
    source = FORMS[form](journey_rows, tmp_path)
    _agree_on_journeys(read_journeys(source, **JOURNEYS), journeys)


def test_order_of_rows_and_key_do_not_matter_to_journeys(
    journeys: LoadedJourneys, journey_rows: Table
) -> None:
    frame = pd.DataFrame(journey_rows).iloc[::-1].reset_index(drop=True)
    for key in (b"a", b"b" * 32):
        _agree_on_journeys(read_journeys(frame, key=key, **JOURNEYS), journeys)


def test_order_of_rows_and_key_do_not_matter(
    expected: dict[str, Loaded], awkward_rows: Table
) -> None:
    frame = pd.DataFrame(awkward_rows).iloc[::-1].reset_index(drop=True)
    for key in (b"a", b"b" * 32):
        for estimand in ESTIMANDS:
            _agree(_read(frame, estimand, strata=STRATA, key=key), expected[estimand])


def test_typed_days_and_numbers_are_read_as_text_is(tmp_path: Path) -> None:
    text = {
        "submitted": ["2023-01-06", "2023-01-07", None, "2023-01-08"],
        "gaining": ["北海道電力"] * 4,
        "outcome": ["OK", "NG", "OK", "NG"],
        "attempt": ["1", "2", "1", None],
        "resolved": [None, "2023-01-09", None, "2023-01-01"],
    }
    as_days = {
        name: [cell and date.fromisoformat(cell) for cell in text[name]]
        for name in text
        if name in ("submitted", "resolved")
    }
    typed = text | as_days | {"attempt": [1, 2, 1, None]}
    pq.write_table(pa.table(typed), tmp_path / "typed.parquet")
    stamped = pd.DataFrame(typed).assign(
        submitted=pd.to_datetime(text["submitted"]), resolved=pd.to_datetime(text["resolved"])
    )
    plain = _read(pd.DataFrame(text), "first_attempt")
    assert plain.quarantine.by_code() == {"missing_value": 2}
    forms = (tmp_path / "typed.parquet", pa.table(typed), pl.DataFrame(typed), stamped)
    for form in (*forms, pd.DataFrame(typed)):
        _agree(_read(form, "first_attempt"), plain, "line")


BLANKS: dict[str, Callable[[Table, Path], object]] = FORMS | {
    "pandas": lambda rows, _: pd.DataFrame(rows),
    "pandas, numbers": lambda rows, _: pd.DataFrame(rows).astype(
        {name: "float64" for name, cells in rows.items() if cells[0] is None}
    ),
    "pandas, times": lambda rows, _: pd.DataFrame(rows).astype(
        {name: "datetime64[ns]" for name, cells in rows.items() if cells[0] is None}
    ),
}


@pytest.mark.parametrize("estimand", ESTIMANDS)
@pytest.mark.parametrize("blank", ["エリア", "結果", "供給地点特定番号", "理由", "解消日"])
def test_a_column_without_a_value_is_the_same_in_every_engine(
    blank: str, estimand: str, tmp_path: Path
) -> None:
    """A column of nulls has no type in Polars and Arrow, and that of numbers in pandas."""
    rows: Table = {
        "申込日": ["2023-01-05", "2023-01-06"],
        "新小売": ["北海道電力", "東北電力"],
        "エリア": ["01", "02"],
        "供給地点特定番号": ["01" + "1" * 20, "02" + "1" * 20],
        "結果": ["OK", "NG"],
        "理由": ["なし", "住所"],
        "申込回数": ["1", "1"],
        "解消日": ["2023-01-06", "2023-01-08"],
    }
    rows[blank] = [None, None]
    needed = blank == "結果" or (blank == "供給地点特定番号" and estimand == "cases")
    for form, make in BLANKS.items():
        loaded = read_requests(make(rows, tmp_path), estimand=estimand, settle_days=0, cases_days=0)
        assert loaded.quarantine.by_code() == ({"missing_value": 2} if needed else {}), form
        assert loaded.account.counted == (0 if needed else 2), form


@pytest.mark.parametrize("form", [*FORMS, "pandas"])
def test_a_frame_without_rows_says_so_in_every_engine(form: str, tmp_path: Path) -> None:
    rows: Table = {name: [] for name in ("申込日", "新小売", "結果", "申込回数", "エリア")}
    with pytest.raises(InputError, match="a header without rows"):
        read_requests(BLANKS[form](rows, tmp_path))


# 15:30 UTC is 00:30 of the next day in Japan, which is nine hours ahead: one request in each month
MOMENTS = [datetime(2023, 1, 31, 14, 30, tzinfo=UTC), datetime(2023, 1, 31, 15, 30, tzinfo=UTC)]
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")


def _months(source: object) -> list[str]:
    counts = read_requests(source, estimand="all_attempts", settle_days=0).counts.frame
    return [str(start.date()) for start in counts["period_start"]]


@pytest.mark.parametrize("machine", ZONES)
@pytest.mark.parametrize("zone", ZONES)
def test_moments_count_by_the_calendar_of_japan(
    zone: str, machine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", machine)
    time.tzset()
    rows = {
        "submitted": pa.array(MOMENTS, pa.timestamp("us", zone)),
        "gaining": ["北海道電力"] * 2,
        "outcome": ["OK"] * 2,
    }
    table = pa.table(rows)
    pq.write_table(table, tmp_path / "a.parquet")
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{machine}'")
    written = table.to_pandas().astype({"submitted": str})
    forms = (
        *(tmp_path / "a.parquet", table, connection.from_arrow(table), table.to_pandas()),
        *(pl.DataFrame(table), written),
    )
    for form in forms:
        assert _months(form) == ["2023-01-01", "2023-02-01"], type(form)
    monkeypatch.undo()
    time.tzset()


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_moments_in_spark_count_by_the_calendar_of_japan(spark: Any) -> None:
    rows = [(moment, "北海道電力", "OK") for moment in MOMENTS]
    frame = spark.createDataFrame(rows, "submitted timestamp, gaining string, outcome string")
    assert _months(frame) == ["2023-01-01", "2023-02-01"]


@pytest.mark.parametrize("estimand", ESTIMANDS)
@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_connect_agrees(
    expected: dict[str, Loaded], awkward_rows: Table, spark: Any, estimand: str
) -> None:
    _agree(_read(_in_spark(spark, awkward_rows), estimand, strata=STRATA), expected[estimand])


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_links_and_sensitivity_agree(awkward_rows: Table, spark: Any) -> None:
    same: dict[str, Any] = {"mapping": {"attempt": None}, "settle_days": 10, "cases_days": 20}
    frame, rows = pd.DataFrame(awkward_rows), _in_spark(spark, awkward_rows)
    pd.testing.assert_frame_equal(
        estimand_sensitivity(rows, **same), estimand_sensitivity(frame, **same)
    )


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_agrees_on_journeys(
    journeys: LoadedJourneys, journey_rows: Table, spark: Any
) -> None:
    _agree_on_journeys(read_journeys(_in_spark(spark, journey_rows), **JOURNEYS), journeys)


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_reads_parquet_itself(
    expected: dict[str, Loaded], awkward_rows: Table, spark: Any, tmp_path: Path
) -> None:
    from switchstats.engines import Spark

    path = _parquet(awkward_rows, tmp_path)
    loaded = _read(path, "all_attempts", strata=STRATA, engine=Spark(spark))
    _agree(loaded, expected["all_attempts"])


def _in_spark(session: Any, rows: Table) -> Any:
    schema = ", ".join(f"`{name}` string" for name in rows)
    return session.createDataFrame(list(zip(*rows.values(), strict=True)), schema=schema)
