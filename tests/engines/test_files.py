"""Files by path, folder and glob; encodings, packing and damage; several layouts at once."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from switchstats import read_counts
from switchstats.engines import read_requests
from switchstats.errors import InputError, UsageError

Rows = Callable[..., pd.DataFrame]
HEADER = "申込日,新小売,結果\n"
LINE = "2023-01-10,北海道電力,エラー\n"
OPTIONS = {"settle_days": 0, "estimand": "all_attempts"}


def _requests(source: object) -> int:
    return read_requests(source, **OPTIONS).counts.requests


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_encodings_are_found_and_reported(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes((HEADER + LINE * 3).encode(encoding))
    loaded = read_requests(file, **OPTIONS)
    assert loaded.counts.requests == 3
    names = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with BOM", "cp932": "CP932 (Shift_JIS)"}
    names |= {"euc_jp": "EUC-JP", "utf-16": "UTF-16"}
    assert loaded.understood[0].encoding == names[encoding]


def test_a_file_in_two_encodings_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes((HEADER + LINE).encode() + LINE.encode("cp932"))
    with pytest.raises(InputError, match="not in one encoding"):
        _requests(file)


def test_packed_files(tmp_path: Path) -> None:
    content = (HEADER + LINE * 3).encode()
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(content))
    with pa.CompressedOutputStream(str(tmp_path / "b.csv.zst"), "zstd") as stream:
        stream.write(content)
    assert _requests(tmp_path / "*.gz") == 3
    assert _requests(tmp_path / "*.zst") == 3
    assert _requests(tmp_path) == 6


def test_a_cut_off_gzip_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv.gz"
    content = HEADER + "".join(f"2023-01-10,{number},エラー\n" for number in range(5000))
    file.write_bytes(gzip.compress(content.encode())[:-2000])
    with pytest.raises(InputError, match="damaged or cut off"):
        _requests(file)


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    file.write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(InputError, match="not a readable Parquet file"):
        _requests(file)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "an empty file"),
        ("a.csv", HEADER.encode(), "no row has a submission day"),
        ("a.docx", b"x", "no column for submitted is found"),
    ],
)
def test_files_that_hold_no_rows(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        _requests(tmp_path / name)


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        _requests(tmp_path / "none-*.csv")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    for read in (read_requests, read_counts):
        with pytest.raises(InputError, match="a pipe or device"):
            read(tmp_path / "a.csv")


def test_spark_without_a_server_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    util = pytest.importorskip("pyspark.util", reason="the extra 'spark' is not installed")
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    if not util.is_remote_only():
        pytest.skip("Apache Spark itself is installed, and needs no server")
    with pytest.raises(UsageError, match="SPARK_REMOTE"):
        read_requests(tmp_path / "a.parquet", engine="spark")


def test_tabs_and_a_comma_in_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text(HEADER.replace(",", "\t") + LINE.replace(",", "\t"), "utf-8")
    (tmp_path / "b.csv").write_text(HEADER + LINE.replace("エラー", '"エラー"'), "utf-8")
    assert _requests([tmp_path / "a.tsv", tmp_path / "b.csv"]) == 2


def test_files_of_several_layouts_become_one(rows: Rows, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("結果,申込日,新小売,備考\nOK,R5.1.10,北海道電力,x\n", "utf-8")
    frame = rows({"submitted": pd.Timestamp("2023-01-11")})
    frame.to_parquet(tmp_path / "b.parquet")
    loaded = read_requests(tmp_path, **OPTIONS)
    assert loaded.counts.requests == 2
    assert [file.ignored for file in loaded.understood] == [("備考",), ()]


def test_supply_points_as_numbers_are_refused(rows: Rows) -> None:
    frame = rows({"supply_point": 1e21})
    with pytest.raises(InputError, match="cannot hold 22 digits"):
        _requests(frame)


def test_no_folder_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    (tmp_path / "a.csv").write_text(HEADER + LINE, "utf-8")
    _requests(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InputError):
        _requests(tmp_path / "b.csv")
    assert list(place.iterdir()) == []
