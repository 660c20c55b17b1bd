"""Bad files, one by one and for both readers: one clear error, or a quarantine that adds up."""

import gzip
import io
import subprocess
import sys
import textwrap
import zipfile
from dataclasses import replace

import pyarrow as pa
import pytest

from switchstats.errors import InputError
from switchstats.inputs import LIMITS

FORMULA = '<table:table-cell table:formula="of:=SUM([.A1:.A2])"/>'
ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)
# More than one piece of the file as it is read, so that the end of a line is looked for in vain.
LONG_LINE = 64 * 2**20
# What the readers may hold of such a file: itself, and as text.
MOST_MIB = 200


def found(loaded) -> list[tuple[str, int]]:
    """Code and line of the rejected rows, after the account is checked."""
    account = loaded.account
    assert account.read == account.accepted + len(loaded.quarantine)
    frame = loaded.quarantine.frame
    return [(row.code, int(row.line)) for row in frame.itertuples()]


@pytest.mark.parametrize(
    ("codec", "cause"),
    [
        ("utf-16-le", "UTF-16 without the byte-order mark"),
        ("utf-16-be", "UTF-16 without the byte-order mark"),
        ("iso2022_jp", "ISO-2022-JP"),
    ],
)
def test_encodings_that_are_not_looked_for_are_named(reader, refused, write, codec, cause) -> None:
    content = reader.text().encode(codec)
    error = refused(reader, "t.csv", content, cause)
    assert codec in error.mend
    # and so they can be asked for
    assert len(reader.read(write("t.csv", content), encoding=codec).quarantine) == 0


def test_semicolons_between_cells_are_named(reader, refused) -> None:
    refused(reader, "t.csv", reader.text().replace(",", ";"), "separated by semicolons")


@pytest.mark.parametrize("ending", ["csv.gz", "csv.zst", "xlsx", "ods", "parquet"])
def test_cut_off_files(reader, packed, refused, ending) -> None:
    whole = packed(reader.text(*reader.rows * 20), ending)
    for cut in (len(whole) // 2, len(whole) - 3):
        refused(reader, f"t.{ending}", whole[:cut], "cut off|damaged|not a readable Parquet")


def test_damaged_gzip_files(reader, packed, refused) -> None:
    whole = packed(reader.text(*reader.rows * 20), "csv.gz")
    refused(reader, "t.csv.gz", whole[:20] + b"\xff\xff\xff" + whole[23:], "damaged")
    refused(reader, "t.csv.gz", whole + b"junk", "damaged|behind its end")


def test_a_bomb_in_a_workbook(reader, xlsx, refused, monkeypatch) -> None:
    small = replace(LIMITS, content=2**16)
    monkeypatch.setattr("switchstats.readers.counts.read.LIMITS", small)
    monkeypatch.setattr("switchstats.engines.workbooks.WORKBOOK_OF_ROWS", small)
    out = io.BytesIO(xlsx(reader.head, *reader.rows))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"0" * 2**20)
    refused(reader, "t.xlsx", out.getvalue(), "more than 65,536 bytes of content")


def test_a_bomb_in_a_packed_text(reader, refused, monkeypatch) -> None:
    monkeypatch.setattr("switchstats.engines.streams._LARGE", 2**16)
    monkeypatch.setattr("switchstats.engines.streams.CHUNK", 2**14)
    small = replace(LIMITS, content=2**16)
    monkeypatch.setattr("switchstats.readers.counts.read.LIMITS", small)
    bomb = gzip.compress(reader.text().encode() + b",,,\n" * 2**18)
    refused(reader, "t.csv.gz", bomb, "no table does|more than 65,536 bytes of content")
    bomb = pa.compress(reader.text().encode() + b",,,\n" * 2**18, "zstd", asbytes=True)
    refused(reader, "t.csv.zst", bomb, "no table does|more than 65,536 bytes of content")


def test_a_password(reader, xlsx, ods, refused) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    refused(reader, "t.xlsx", ole + "EncryptedPackage".encode("utf-16-le"), "password")
    refused(reader, "t.ods", ods(reader.head, encrypted=True), "password")


def test_a_web_page_named_xls(reader, refused) -> None:
    page = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
    refused(reader, "t.xls", page, "web page")
    refused(reader, "t.csv", b"\xef\xbb\xbf<!DOCTYPE html>" + page, "web page")
    refused(reader, "t.xls", b"<!-- saved from\n a <page> -->\n<!-- 2 -->" + page, "web page")
    refused(reader, "t.xls", b"%PDF-1.7 ...", "a PDF")


@pytest.mark.parametrize("ending", ["csv.gz", "csv.zst", "xlsx", "ods", "parquet"])
def test_a_wrong_ending_does_not_matter(reader, packed, write, ending) -> None:
    content = packed(reader.text(), ending)
    for name in ("t.csv", "t.parquet", "t.xls"):
        assert reader.read(write(name, content)).account.read == 2
    assert reader.read(write("t.csv.gz", reader.text())).account.read == 2


def test_a_second_header_in_another_order(reader, write) -> None:
    turned = [list(reversed(row)) for row in (reader.head, *reader.rows)]
    path = write("t.csv", reader.text(*(row[:1] + row[1:] for row in turned)))
    if reader.name == "requests":
        with pytest.raises(InputError, match="its columns are in another order") as caught:
            reader.read(path)
        assert caught.value.line == 4
        return
    # for counts it heads a second table, which says the same as the first
    loaded = reader.read(path)
    assert (loaded.counts.requests, loaded.quarantine.by_code()) == (30, {"duplicate": 2})


def test_a_second_header_with_gaining_and_losing_swapped(refused, reader) -> None:
    # every row below it would be a valid row the other way round
    if reader.name == "counts":
        pytest.skip("counts have one column of names that matters")
    head = list(reader.head)
    head[2], head[3] = head[3], head[2]
    text = reader.text(head, ("a3", "2023-01-12", "新電力A", "北海道電力", "成立", "1"))
    assert (
        refused(reader, "t.csv", text, "that of gaining is now headed as that of losing").line == 4
    )


def test_a_header_that_stands_again(reader, write) -> None:
    other = [list(row) for row in reader.rows]
    for row in other:
        row[0], row[1] = ("x" + row[0], row[1]) if reader.name == "requests" else (row[0], "R5.2")
    loaded = reader.read(write("t.csv", reader.text(reader.head, *other)))
    # for counts it heads a second table; among requests it is a row that is none
    again = [("header_row", 4)] if reader.name == "requests" else []
    assert found(loaded) == again
    assert loaded.account.read == 4 + len(again)


def test_nul_bytes(reader, write) -> None:
    text = reader.text().replace("東北電力", "東北\0電力")
    if reader.name == "counts":
        with pytest.raises(InputError, match="a NUL byte") as caught:
            reader.read(write("t.csv", text))
        assert caught.value.line == 3
        return
    loaded = reader.read(write("t.csv", text))
    assert found(loaded) == [("nul_byte", 3)]


@pytest.mark.parametrize("place", ["header", "row"])
def test_a_million_columns(reader, refused, place) -> None:
    wide = ",".join(["a"] * 10**6)
    text = wide + "\n" + reader.text() if place == "header" else reader.text() + wide + "\n"
    error = refused(reader, "t.csv", text, "line of|cells")
    assert error.line == (1 if place == "header" else 4)


def test_thousands_of_cells_below_a_header_of_few(reader, refused) -> None:
    text = reader.text() + ",".join(["1"] * 25_000) + "\n" + reader.text()
    assert refused(reader, "t.csv", text, "a line of 25,000 cells").line == 4


def test_a_line_without_end_takes_little_memory(tmp_path, reader) -> None:
    program = f"""
        import resource, sys
        from pathlib import Path
        from switchstats.engines import read_requests
        from switchstats.errors import InputError
        from switchstats.readers import read_counts
        read = {{"counts": read_counts, "requests": read_requests}}[{reader.name!r}]
        folder = Path({str(tmp_path)!r})
        (folder / "small.csv").write_bytes(b"a,b\\n1,2\\n")
        (folder / "t.csv").write_bytes({reader.text().encode()!r})
        with (folder / "t.csv").open("ab") as stream:
            for _ in range({LONG_LINE // 2**20}):
                stream.write(b"a" * 2**20)
        def most():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        for name in ("small.csv", "t.csv"):
            before = most()
            try:
                read(folder / name)
            except InputError as error:
                print(error.line, error.problem, "|", most() - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    problem, _, mib = done.stdout.splitlines()[-1].partition("|")
    assert problem.startswith("4 a line of more than")
    assert int(mib) < MOST_MIB


def test_a_line_of_a_gigabyte(reader, tmp_path) -> None:
    # as good as empty on the disk
    with (tmp_path / "t.csv").open("wb") as stream:
        stream.write(reader.text().encode())
        stream.truncate(2**30)
    with pytest.raises(InputError, match=r"a line of more than|more than 268,435,456"):
        reader.read(tmp_path / "t.csv")


def test_nothing_to_read(reader, refused, tmp_path) -> None:
    refused(reader, "t.csv", b"", "an empty file")
    refused(reader, "t.csv", b" \n\n", "an empty file")
    refused(reader, "t.csv", ",".join(reader.head) + "\n", "a header without rows")
    refused(reader, "t.csv", gzip.compress(b""), "an empty file")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="a folder without tables"):
        reader.read(tmp_path / "folder")
    with pytest.raises(InputError, match="there is no such file"):
        reader.read(tmp_path / "none.csv")


def test_a_workbook_without_rows(reader, xlsx, refused) -> None:
    refused(reader, "t.xlsx", xlsx(), "no table|an empty workbook")
    refused(reader, "t.xlsx", xlsx(reader.head), "a header without rows")


def test_a_file_that_vanishes(reader, tmp_path) -> None:
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="there is no such file"):
        reader.read(str(tmp_path / "gone*.csv"))


def test_a_forced_encoding_that_is_wrong(reader, write) -> None:
    for encoding, wrong in (("cp932", "utf-8"), ("utf-8", "cp932"), ("utf-8", "latin-1")):
        with pytest.raises(InputError, match=f"not {wrong}"):
            reader.read(write("t.csv", reader.text(), encoding), encoding=wrong)
    loaded = reader.read(write("t.csv", reader.text(), "cp932"), encoding="Shift_JIS")
    assert loaded.understood[0].encoding == "CP932 (Shift_JIS) (forced)"
    loaded = reader.read(write("t.csv", reader.text(), "euc_jp"), mapping={"encoding": "euc-jp"})
    assert loaded.understood[0].encoding == "EUC-JP (forced)"


def test_mixed_encodings(reader, refused) -> None:
    row = ",".join(reader.rows[1]) + "\n"
    mixed = reader.text().encode() + row.encode("cp932")
    assert refused(reader, "t.csv", mixed, "mixed encodings|not in one encoding").line == 4
    lost = reader.text().replace("東北", "\ufffd\ufffd")
    assert refused(reader, "t.csv", lost, "replacement character").line == 3


def test_utf8_amid_cp932_that_happens_to_decode(reader, write) -> None:
    # 東京 and エラー are six and nine bytes, which are characters of CP932 too
    row = ["東京", "2023年1月", "1", "0"]
    if reader.name == "requests":
        row = ["a3", "2023-01-12", "東京", "新電力A", "成立", "1"]
    line = ",".join(row).encode("cp932").replace("東京".encode("cp932"), "東京".encode())
    path = write("t.csv", reader.text().encode("cp932") + line + b"\n")
    code = "garbled" if reader.name == "requests" else "unknown_retailer"
    assert found(reader.read(path)) == [(code, 4)]


def test_counts_that_cannot_be(reader, write) -> None:
    if reader.name == "requests":
        cells = ("-1", "1.5", "0", "x")
        more = [(f"b{n}", "2023-01-12", "関西電力", "", "成立", n) for n in cells]
        codes = ["negative", "fractional", "not_a_number", "not_a_number"]
    else:
        pairs = (("▲5", "1"), ("5.5", "1"), ("5", "6"), ("5", "-1"), ("五", "1"))
        more = [(name, "R5.1", *pair) for name, pair in zip(("関西電力",) * 5, pairs, strict=True)]
        codes = ["negative", "fractional", "errors_above_requests", "negative", "not_a_number"]
    loaded = reader.read(write("t.csv", reader.text(*more)))
    assert found(loaded) == [(code, line) for line, code in enumerate(codes, start=4)]


def test_impossible_dates(reader, write) -> None:
    days = ("2023-02-30", "令和40年1月1日", "2023-13-01", "昨日", "0000-00-00")
    more = [("関西電力", day, "5", "1") for day in days]
    if reader.name == "requests":
        more = [(f"b{day}", day, "関西電力", "", "成立", "1") for day in days]
    loaded = reader.read(write("t.csv", reader.text(*more)))
    # 令和40年 is a year to come, and too far off
    assert [code for code, _ in found(loaded)] == ["bad_date"] * len(days)


def test_numbers_as_text_and_days_as_numbers(reader, xlsx, write) -> None:
    # 44937 is the 11th of January 2023 in Excel's calendar
    if reader.name == "counts":
        rows = [("北海道電力", 44927, "１，０００", "10"), ("東北電力", "44927", 20, "2件")]
        loaded = reader.read(write("t.xlsx", xlsx(reader.head, *rows)))
        assert loaded.counts.requests == 1020
    else:
        rows = [("a1", 44937, "北海道電力", "新電力A", "成立", "１"), ("a2", "44937", *rows_rest())]
        loaded = reader.read(write("t.xlsx", xlsx(reader.head, *rows)))
        assert loaded.counts.requests == 2
    assert str(loaded.counts.periods[0].start) == "2023-01-01"
    assert found(loaded) == []


def rows_rest() -> tuple[object, ...]:
    return ("東北電力", "新電力A", "成立", 2.0)


def test_formulas_without_value_and_cells_in_error(reader, xlsx, ods, write) -> None:
    good = [list(row) for row in reader.rows]
    bad = [[*good[0]], [*good[0]], [*good[0]]]
    column = 2 if reader.name == "counts" else 4
    for row, cell in zip(bad, ("=SUM(A1:A2)", "#REF!", "#N/A"), strict=True):
        row[column] = cell
    letter = "CE"[column // 4]
    book = xlsx(reader.head, *good, *bad, in_error=[f"{letter}5", f"{letter}6"])
    codes = ["missing_value", "not_a_number", "missing_value"]
    if reader.name == "requests":
        codes = ["error_cell"] * 3
    assert found(reader.read(write("t.xlsx", book))) == list(zip(codes, (4, 5, 6), strict=True))
    for row, cell in zip(bad, (FORMULA, ERROR, "#N/A"), strict=True):
        row[column] = cell
    sheet = ods(reader.head, *good, *bad)
    assert found(reader.read(write("t.ods", sheet))) == list(zip(codes, (4, 5, 6), strict=True))


def test_many_cells_in_error(reader, ods, refused) -> None:
    more = "<table:table-cell table:number-columns-repeated='900'"
    repeated = ERROR.replace("<table:table-cell", more)
    rows = [[*reader.rows[0], repeated] for _ in range(200)]
    refused(reader, "t.ods", ods(reader.head, *rows), "more than 100,000 cells on the sheet")


def test_quotes_that_do_not_match(reader, refused) -> None:
    text = reader.text() + '"' + reader.text() * 3
    assert refused(reader, "t.csv", text, "cannot be cut into cells").line == 4


def test_lines_are_right_below_line_breaks_and_blank_lines(reader, write) -> None:
    lines = reader.text().splitlines()
    broken = '"北海道電力"' if reader.name == "counts" else '"a1"'
    first = lines[1].replace(broken.strip('"'), broken[:-1] + '\n"', 1)
    bad = lines[2].replace("2023年1月", "x").replace("R5.1.11", "x")
    path = write("t.csv", "\n".join([lines[0], first, "", bad]) + "\n")
    loaded = reader.read(path)
    assert found(loaded) == [("bad_date", 5)]
    assert loaded.account.read == 2
