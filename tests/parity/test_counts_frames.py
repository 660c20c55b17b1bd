"""A table of counts in any frame, Spark's too, gives the counts of the same table in a file."""

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from switchstats.readers import read_counts

COLUMNS = {
    "社名": ["北海道電力", "東北電力", "謎電力"],
    "年月": ["2023年1月", "R5.1", "202301"],
    "申込件数": [10, 20, 5],
    "NG件数": [1, 2, None],
}
ROWS = list(zip(*COLUMNS.values(), strict=True))


@pytest.fixture
def in_a_file(tmp_path):
    pd.DataFrame(COLUMNS).astype({"NG件数": "Int64"}).to_csv(tmp_path / "t.csv", index=False)
    return read_counts(tmp_path / "t.csv")


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table])
def test_frames_in_memory(in_a_file, make) -> None:
    loaded = read_counts(make(COLUMNS))
    assert loaded.counts == in_a_file.counts
    assert loaded.quarantine.by_code() == in_a_file.quarantine.by_code() == {"unknown_retailer": 1}


def test_a_duckdb_relation(in_a_file) -> None:
    with duckdb.connect() as connection:
        connection.register("t", pa.table(COLUMNS))
        loaded = read_counts(connection.sql("select * from t"))
    assert loaded.counts == in_a_file.counts
    assert loaded.quarantine.by_code() == in_a_file.quarantine.by_code()


def test_a_spark_frame(in_a_file, spark) -> None:
    frame = spark.createDataFrame(ROWS, list(COLUMNS))
    loaded = read_counts(frame)
    assert loaded.counts == in_a_file.counts
    assert loaded.quarantine.by_code() == in_a_file.quarantine.by_code()
