"""Kinds of files, encodings, folders and frames; the same two rows come out of each."""

import gzip
import hashlib
import runpy
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from switchstats.errors import InputError, UsageError
from switchstats.readers.counts import read_counts

TEXT = "事業者名,対象年月,申込件数,エラー件数\n北海道電力,2023年1月,10,1\n東北電力,2023年1月,20,2\n"
EXPECTED = {
    ("hokkaido", "2023-01-01", "2023-02-01"): (10, 1),
    ("tohoku", "2023-01-01", "2023-02-01"): (20, 2),
}
FRAME = {
    "社名": ["北海道電力", "東北電力"],
    "年月": ["2023-01"] * 2,
    "申込件数": [10, 20],
    "NG件数": [1, 2],
}


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with BOM"),
        ("cp932", "CP932 (Shift_JIS)"),
        ("euc_jp", "EUC-JP"),
        ("utf-16", "UTF-16"),
    ],
)
def test_encodings_are_found_and_reported(text_file, numbers, encoding, name) -> None:
    path = text_file(TEXT, encoding=encoding)
    loaded = read_counts(path)
    assert numbers(loaded) == EXPECTED
    assert loaded.understood[0].encoding == name
    assert loaded.provenance.inputs[0].sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_forced_encoding(text_file, numbers) -> None:
    path = text_file(TEXT, encoding="cp932")
    loaded = read_counts(path, encoding="shift_jis")
    assert numbers(loaded) == EXPECTED
    assert loaded.understood[0].encoding == "CP932 (Shift_JIS) (forced)"
    with pytest.raises(InputError, match="not utf-8"):
        read_counts(path, encoding="utf-8")
    with pytest.raises(UsageError, match="unknown encoding"):
        read_counts(path, encoding="utf-99")


def test_a_replacement_character_is_an_error(text_file) -> None:
    with pytest.raises(InputError, match="replacement character") as caught:
        read_counts(text_file(TEXT.replace("東北", "\ufffd\ufffd")))
    assert caught.value.line == 3


def test_separators(text_file, numbers) -> None:
    tabs = TEXT.replace(",", "\t").replace("10", "1,000").replace("20", "2,000", 1)
    loaded = read_counts(text_file(TEXT.replace(",", "\t"), "t.tsv"))
    assert numbers(loaded) == EXPECTED
    loaded = read_counts(text_file(tabs.replace("2,00023", "2023"), "t.txt"))
    assert loaded.counts.requests == 1000 + 20


def test_quoted_separators_and_line_breaks(text_file, numbers) -> None:
    text = '社名,年月,"申込\n件数",エラー\n"北海道電力","2023年1月","1,200","1"\n'
    loaded = read_counts(text_file(text))
    assert numbers(loaded) == {("hokkaido", "2023-01-01", "2023-02-01"): (1200, 1)}
    assert loaded.understood[0].header_line == 1


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_compressed(tmp_path, numbers, ending) -> None:
    path = tmp_path / f"t.csv.{ending}"
    content = TEXT.encode("cp932")
    if ending == "gz":
        path.write_bytes(gzip.compress(content[:40]) + gzip.compress(content[40:]))
    else:
        path.write_bytes(pa.compress(content, "zstd", asbytes=True))
        with pa.CompressedOutputStream(path, "zstd") as stream:
            stream.write(content)
    assert numbers(read_counts(path)) == EXPECTED


def test_parquet_and_frames(tmp_path, numbers) -> None:
    pq.write_table(pa.table(FRAME), tmp_path / "t.parquet")
    sources = [
        tmp_path / "t.parquet",
        pd.DataFrame(FRAME),
        pl.DataFrame(FRAME),
        pl.LazyFrame(FRAME),
        pa.table(FRAME),
    ]
    for source in sources:
        assert numbers(read_counts(source)) == EXPECTED
    assert read_counts(pd.DataFrame(FRAME)).provenance.inputs == ()
    with pytest.raises(UsageError, match="not int"):
        read_counts(5)


def test_ods(tmp_path, numbers) -> None:
    path = tmp_path / "t.ods"
    write_ods(path, [line.split(",") for line in TEXT.splitlines()])
    assert numbers(read_counts(path)) == EXPECTED


def test_excel_97(tmp_path, numbers) -> None:
    maker = runpy.run_path(str(Path(__file__).with_name("old_excel.py")))
    rows = [list(FRAME), *zip(*FRAME.values(), strict=True)]
    (tmp_path / "t.xls").write_bytes(maker["old_workbook"](rows))
    loaded = read_counts(tmp_path / "t.xls")
    assert numbers(loaded) == EXPECTED
    assert loaded.understood[0].sheet == "s"


def test_folders_patterns_and_lists(tmp_path, numbers) -> None:
    months = ("2023年1月", "2023年2月")
    (tmp_path / "sub").mkdir()
    for folder, month in zip((tmp_path, tmp_path / "sub"), months, strict=True):
        (folder / "t.csv").write_text(TEXT.replace("2023年1月", month), "utf-8")
    (tmp_path / "readme.md").write_text("x", "utf-8")
    (tmp_path / "~$t.xlsx").write_text("x", "utf-8")
    loaded = read_counts(tmp_path)
    assert loaded.counts.requests == 60
    assert {file.name for file in loaded.provenance.inputs} == {"t.csv", "sub/t.csv"}
    assert loaded.provenance.config["not_read"] == ["readme.md", "~$t.xlsx"]
    assert read_counts(str(tmp_path / "**" / "*.csv")).counts.requests == 60
    assert numbers(read_counts([tmp_path / "t.csv"])) == EXPECTED
    with pytest.raises(InputError, match="none fits this pattern"):
        read_counts(tmp_path / "*.xls")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="a folder without tables"):
        read_counts(tmp_path / "empty")
    with pytest.raises(InputError, match="no such file"):
        read_counts(tmp_path / "none.csv")
    with pytest.raises(InputError, match="no file was named"):
        read_counts([])


def write_ods(path, rows) -> None:
    """Write the least that is an OpenDocument sheet."""
    import zipfile

    def cell(text: str) -> str:
        kind = (
            f'office:value-type="float" office:value="{text}"'
            if text.isdecimal()
            else ('office:value-type="string"')
        )
        return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"

    body = "".join(
        "<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>" for row in rows
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="s">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
