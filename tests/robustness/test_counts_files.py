"""Broken and hostile files: each one clear error, or an account that adds up."""

import gzip
import io
import os
import random
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from switchstats.errors import InputError
from switchstats.inputs import LIMITS, opened
from switchstats.readers.counts import read_counts

HEAD = ["社名", "年月", "申込件数", "エラー件数"]
ROWS = [["北海道電力", "2023年1月", 10, 1], ["東北電力", "2023年1月", 20, 2]]
TEXT = "\n".join(",".join(map(str, row)) for row in (HEAD, *ROWS)) + "\n"
# Raise for a long run: FUZZ_FILES=100000 pytest tests/robustness
FUZZ_FILES = int(os.environ.get("FUZZ_FILES", "300"))
SMALL = replace(LIMITS, content=2**16, line=2**12, columns=100, cells=10_000)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["題"], HEAD, *ROWS, ["合計", None, 30, 3]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refused(path: Path, content: bytes, match: str) -> InputError:
    path.write_bytes(content)
    with pytest.raises(InputError, match=match) as caught:
        read_counts(path)
    assert caught.value.file is not None
    assert caught.value.mend
    return caught.value


def test_cut_off_files(tmp_path) -> None:
    packed = gzip.compress(TEXT.encode() * 50)
    for cut in (4, 12, len(packed) - 1):
        refused(tmp_path / "t.csv.gz", packed[:cut], "gzip")
    refused(tmp_path / "t.csv.gz", packed + b"junk", "behind its end")
    zstd = pa.compress(TEXT.encode() * 50, "zstd", asbytes=True)
    refused(tmp_path / "t.csv.zst", zstd[:-5], "zstd")
    book = workbook()
    for cut in (10, len(book) // 2, len(book) - 1):
        refused(tmp_path / "t.xlsx", book[:cut], "cut off or damaged")
    out = io.BytesIO()
    pq.write_table(pa.table({"社名": ["北海道電力"]}), out)
    refused(tmp_path / "t.parquet", out.getvalue()[:-9], "Parquet")


def test_files_that_are_not_what_they_are_called(tmp_path) -> None:
    page = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
    refused(tmp_path / "t.xls", page, "web page")
    refused(tmp_path / "t.xls", b'<?xml version="1.0"?><Workbook/>', "web page")
    refused(tmp_path / "t.csv", b"%PDF-1.7", "a PDF")
    refused(tmp_path / "t.xlsx", b"\x01\x02\x00\x03" * 10, "no such file")
    refused(tmp_path / "t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read")
    refused(tmp_path / "t.csv", b"", "an empty file")
    refused(tmp_path / "t.csv", b" \n\n", "an empty file")
    refused(tmp_path / "t.csv", b"a,b\n1,2\n", "no table of counts")
    refused(tmp_path / "t.csv", (",".join(HEAD) + "\n").encode(), "a header without rows")


def test_a_workbook_named_csv_is_read(tmp_path) -> None:
    (tmp_path / "t.csv").write_bytes(workbook())
    assert read_counts(tmp_path / "t.csv").counts.requests == 30


def test_a_password(tmp_path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    refused(tmp_path / "t.xlsx", ole + "EncryptedPackage".encode("utf-16-le"), "password")
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out) as archive:
        name = archive.infolist()[0]
    content = bytearray(out.getvalue())
    start = content.rindex(b"PK\x01\x02", 0, content.index(name.filename.encode(), 100))
    content[start + 8] |= 1
    refused(tmp_path / "t.xlsx", bytes(content), "password|damaged")


def test_nul_bytes_and_mixed_encodings(tmp_path) -> None:
    error = refused(tmp_path / "t.csv", TEXT.replace(",20,", ",2\0,").encode(), "NUL")
    assert error.line == 3
    mixed = TEXT.encode() + "関西電力,2023年1月,5,1\n".encode("cp932")
    assert refused(tmp_path / "t.csv", mixed, "mixed encodings").line == 4
    refused(tmp_path / "t.csv", TEXT.encode() + b'"', "cannot be cut into cells")


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("bomb.csv.gz", gzip.compress(b"a" * 2**20), "more than 65,536 bytes"),
        ("bomb.csv.zst", pa.compress(b"a" * 2**20, "zstd", asbytes=True), "more than 65,536 bytes"),
        ("line.csv", b"a" * 2**15, "a line of more than 4,096 bytes"),
        ("second.csv", b"a\n" + b"b" * 2**15, "a line of more than 4,096 bytes"),
        ("big.csv", b"a\n" * 2**16, "more than 65,536 bytes"),
        ("wide.csv", b"," * 2000, "a line of 2,001 cells"),
        ("long.csv", (b"," * 99 + b"\n") * 150, "used area"),
    ],
)
def test_bounds(tmp_path, name, content, match) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=match):
        opened(tmp_path / name, name, None, SMALL)


def test_a_million_columns(tmp_path) -> None:
    refused(tmp_path / "t.csv", (",".join(["1"] * 500_000) + "\n").encode(), "500,000 cells")
    refused(tmp_path / "t.csv", (",".join(["1"] * 10**6) + "\n").encode(), "a line of more than")


def test_a_zip_bomb_and_a_zip_that_lies(tmp_path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 260 * 2**20)
    tracemalloc.start()
    refused(tmp_path / "t.xlsx", out.getvalue(), "bytes of content")
    assert tracemalloc.get_traced_memory()[1] < 400 * 2**20
    tracemalloc.stop()
    content = bytearray(workbook())
    place = content.index(b"PK\x01\x02") + 24
    content[place : place + 4] = (5).to_bytes(4, "little")
    refused(tmp_path / "t.xlsx", bytes(content), "damaged")


def test_cells_far_apart_do_not_fill_the_memory(tmp_path) -> None:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "x")
        sheet.write(1_048_575, 16_383, "y")
    with pytest.raises(InputError, match="used area"):
        read_counts(path)


def test_entities_are_refused(tmp_path) -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        b"<workbook>&b;</workbook>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(
                info.filename, bomb if info.filename == "xl/workbook.xml" else old.read(info)
            )
    refused(tmp_path / "t.xlsx", out.getvalue(), "damaged inside")


def test_cells_in_error_and_formulas_without_value(tmp_path) -> None:
    book = openpyxl.Workbook()
    rows = [
        HEAD,
        ["北海道電力", "2023年1月", "=SUM(A1:A2)", 1],
        ["東北電力", "2023年1月", "#REF!", 2],
        ["関西電力", "2023年1月", "#N/A", 2],
        ["四国電力", "2023年1月", 30, 2],
    ]
    for row in rows:
        book.active.append(row)
    for cell in ("C3", "C4"):
        book.active[cell].data_type = "e"
    book.save(tmp_path / "t.xlsx")
    loaded = read_counts(tmp_path / "t.xlsx")
    assert loaded.counts.requests == 30
    found = [(row.code, row.line) for row in loaded.quarantine.frame.itertuples()]
    assert found == [("missing_value", 2), ("not_a_number", 3), ("missing_value", 4)]
    assert "formula" in loaded.quarantine.frame["note"][0]


def test_columns_that_change_their_order_half_way(tmp_path) -> None:
    text = TEXT + "2023年2月,北海道電力,1,10\n2023年2月,東北電力,2,20\n"
    (tmp_path / "t.csv").write_text(text, "utf-8")
    loaded = read_counts(tmp_path / "t.csv")
    assert loaded.counts.requests == 30
    assert loaded.quarantine.by_code() == {"unknown_retailer": 2}


def test_rows_with_too_many_cells(tmp_path) -> None:
    text = TEXT + "関西電力,2023年1月,1,234,5\n四国電力,2023年1月\n"
    (tmp_path / "t.csv").write_text(text, "utf-8")
    loaded = read_counts(tmp_path / "t.csv")
    assert loaded.counts.requests == 30
    assert loaded.quarantine.by_code() == {"ragged_row": 1, "missing_value": 1}


def test_hostile_names_stay_text(tmp_path) -> None:
    text = TEXT + "=cmd|' /C calc'!A0,2023年1月,5,1\n" + "あ" * 5000 + ",2023年1月,5,1\n"
    (tmp_path / "t.csv").write_text(text, "utf-8")
    assert read_counts(tmp_path / "t.csv").quarantine.by_code() == {"unknown_retailer": 2}


def test_the_memory_of_a_long_table_is_bounded() -> None:
    months = [f"{2022 + m // 12}年{m % 12 + 1}月" for m in range(24)]
    names = [f"r{n:03d}" for n in range(80)]
    known = pd.DataFrame({"retailer": names, "group": "entrant"})
    rows = [(name, month, area) for name in names for month in months for area in range(1, 11)]
    frame = pd.DataFrame(rows, columns=["社名", "年月", "エリア"])
    frame["申込件数"] = frame.index % 97 + 7
    frame["エラー件数"] = frame.index % 7
    read_counts(frame.head(), registry=known)  # imports
    tracemalloc.start()
    loaded = read_counts(frame, registry=known)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(loaded.counts) == len(rows) == 19_200
    # 0.9 kB when this was written, 2.0 kB before equal cells were one object
    assert peak / len(rows) < 1_400


def test_too_long_a_table(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("switchstats.readers.counts.load.MOST_ROWS", 1)
    refused(tmp_path / "t.csv", TEXT.encode(), "a table of 2 rows; at most 1")


def seeds() -> dict[str, bytes]:
    wide = "社名,2022年4月,,2022年5月,,合計,\n,申込,エラー,申込,エラー,申込,エラー\n"
    wide += "北海道電力,10,1,20,2,30,3\n東北電力,1,0,2,1,3,1\n計,11,1,22,3,33,4\n※注\n"
    cumulative = (
        "年度,社名,区分,4月,5月\n2022年度,北海道電力,累計申込件数,5,9\n,,累計エラー件数,1,2\n"
    )
    parquet = io.BytesIO()
    columns = dict(zip(HEAD, map(list, zip(*ROWS, strict=True)), strict=True))
    pq.write_table(pa.table(columns), parquet)
    return {
        "a.csv": TEXT.encode("cp932"),
        "b.csv": wide.encode(),
        "c.csv": cumulative.encode("euc_jp"),
        "d.csv.gz": gzip.compress(TEXT.encode(), mtime=0),
        "e.xlsx": workbook(),
        "f.parquet": parquet.getvalue(),
    }


AWKWARD = (
    *(None, float("nan"), float("inf"), -1, 0, 0.5, 10**20, True, b"x", "", " ", "計", "x", "▲5"),
    *(
        "2022年4月",
        "4",
        date(2022, 4, 1),
        datetime(2022, 4, 1, 5, tzinfo=UTC),
        "北海道電力",
        "エラー",
        ["a"],
    ),
)


def test_frames_of_awkward_cells_give_clear_errors_or_an_account_that_adds_up() -> None:
    heads = [*HEAD, "区分", "エリア", "住所不一致", "月", "累計申込件数", ""]
    outcomes = {"read": 0, "refused": 0}
    for seed in range(FUZZ_FILES):
        rng = random.Random(seed)  # noqa: S311 - reproducible damage
        names = rng.sample(heads, rng.randint(2, 6)) if seed % 2 else HEAD
        rows = [[rng.choice(AWKWARD) for _ in names] for _ in range(rng.randint(0, 4))]
        if not seed % 2:
            rows += ROWS
        frame = pd.DataFrame(rows, columns=names, dtype=object)
        try:
            loaded = read_counts(frame, year=2022)
        except InputError:
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        account = loaded.account
        assert account.read == account.accepted + len(loaded.quarantine)
        assert account.counted == len(loaded.counts)
    assert min(outcomes.values()) > FUZZ_FILES / 20


def test_mutated_files_give_clear_errors_or_an_account_that_adds_up(tmp_path, mutants) -> None:
    outcomes = {"read": 0, "refused": 0}
    for name, content in mutants(seeds(), FUZZ_FILES):
        (tmp_path / name).write_bytes(content)
        try:
            loaded = read_counts(tmp_path / name)
        except InputError:
            outcomes["refused"] += 1
            continue
        outcomes["read"] += 1
        account = loaded.account
        assert account.read == account.accepted + len(loaded.quarantine)
        assert account.counted == len(loaded.counts)
        frame = loaded.counts.frame
        assert (frame["errors"] <= frame["requests"]).all()
    assert min(outcomes.values()) > FUZZ_FILES / 20


def test_a_frame_that_is_too_wide_has_no_line() -> None:
    """A frame and a Parquet file have rows, and no line that is too long: 20,000 may be read."""
    with pytest.raises(InputError, match=r"a table of 20,001 columns") as caught:
        read_counts(pd.DataFrame(index=[0], columns=[str(n) for n in range(20_001)]))
    assert caught.value.line is None
