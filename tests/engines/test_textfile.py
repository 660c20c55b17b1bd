"""Text files: which line is the header, which row stands on which line, what is refused."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from switchstats.engines import checked, read_requests
from switchstats.engines.failures import in_words
from switchstats.engines.lines import LineCounter
from switchstats.engines.streams import pieces_of
from switchstats.errors import InputError, UsageError

HEAD = "申込日,新小売,結果,回数\n"
LINE = "2023-01-10,北海道電力,成立,1\n"
BAD = "2023-02-30,北海道電力,成立,1\n"
COLUMNS = {"申込日": ["2023-01-10"], "新小売": ["北海道電力"], "結果": ["成立"], "回数": ["1"]}


def _read(path: Path, **options: Any) -> Any:
    return read_requests(path, settle_days=0, **options)


def _bad_lines(path: Path) -> list[int]:
    return _read(path).quarantine.frame["line"].tolist()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def make(content: str | bytes, name: str = "t.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (HEAD + LINE + BAD, [3]),
        (HEAD + LINE + BAD + "\n\n\n", [3]),
        (HEAD + LINE + "\n" + BAD, [4]),
        (HEAD + LINE.replace("成立", '"成\n立"') + BAD, [4]),
        (HEAD.replace("結果", '"結\n果"') + LINE + BAD, [4]),
        ("題\n\n" + HEAD + "a,b\n" + BAD + LINE, [4, 5]),
        (HEAD + "a\n" + LINE.replace("成立", '"成\n立"') + "b\n" + BAD, [2, 5, 6]),
        ((HEAD + LINE + BAD).replace("\n", "\r\n"), [3]),
        ((HEAD + LINE + BAD).replace("\n", "\r"), [3]),
    ],
)
def test_rows_stand_on_the_lines_that_an_editor_shows(
    write: Callable[..., Path], text: str, lines: list[int]
) -> None:
    assert _bad_lines(write(text)) == lines


def test_a_header_of_the_users_own_words_below_a_title(write: Callable[..., Path]) -> None:
    mapping = {"submitted": "甲欄", "gaining": "乙欄", "outcome": "丙欄", "attempt": "丁欄"}
    path = write("題名\n甲欄,乙欄,丙欄,丁欄\n" + LINE)
    assert _read(path, mapping=mapping).understood[0].header_line == 2


def test_tabs_whatever_the_name(write: Callable[..., Path]) -> None:
    text = (HEAD + LINE).replace(",", "\t").replace("成立", "成立")
    assert _read(write(text, "t.csv")).counts.requests == 1
    assert _read(write(HEAD + LINE, "t.tsv")).counts.requests == 1


def test_packed_in_several_parts(write: Callable[..., Path]) -> None:
    first, second = (HEAD + LINE).encode(), LINE.encode()
    assert _read(write(gzip.compress(first) + gzip.compress(second), "t.gz")).counts.requests == 2
    parts = b"".join(pa.compress(part, "zstd", asbytes=True) for part in (first, second))
    assert _read(write(parts, "t.csv.zst")).counts.requests == 2


def test_rows_without_one_good_day_name_the_first(write: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="no row has a submission day") as caught:
        _read(write(HEAD + BAD))
    assert (caught.value.line, caught.value.value) == (2, "2023-02-30")


def test_an_unknown_encoding_is_a_bad_argument(write: Callable[..., Path]) -> None:
    with pytest.raises(UsageError, match="unknown encoding"):
        _read(write(HEAD + LINE), encoding="utf-99")


def test_a_file_that_vanishes_while_it_is_read(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.BytesIO()
    pq.write_table(pa.table(COLUMNS), out)
    checked_rows = checked.code_rows

    def gone(*given: Any) -> Any:
        (tmp_path / "t.parquet").unlink()
        return checked_rows(*given)

    monkeypatch.setattr(checked, "code_rows", gone)
    with pytest.raises(InputError, match="the file changed while it was read"):
        _read(write(out.getvalue(), "t.parquet"))


def test_damaged_pages_of_parquet(write: Callable[..., Path]) -> None:
    out = io.BytesIO()
    rows = pa.table({name: cells * 500 for name, cells in COLUMNS.items()})
    pq.write_table(rows, out, compression="gzip", use_dictionary=False)
    content = bytearray(out.getvalue())
    content[60:90] = bytes(30)
    with pytest.raises(InputError, match=r"cannot be read to their end \(|not a readable Parquet"):
        _read(write(bytes(content), "t.parquet"))


def test_a_column_of_parquet_whose_name_is_no_text(write: Callable[..., Path]) -> None:
    out = io.BytesIO()
    pq.write_table(pa.table(COLUMNS), out, store_schema=False)
    name = next(iter(COLUMNS)).encode()
    content = out.getvalue().replace(name, b"\xe7\xff" + name[2:])
    with pytest.raises(InputError, match="not a readable Parquet"):
        _read(write(content, "t.parquet"))


def test_words_of_a_library_that_may_repeat_cells_are_not_shown() -> None:
    with pytest.raises(InputError, match=r"\(Invalid Input Error\)") as caught, in_words():
        raise duckdb.InvalidInputException('Invalid Input Error: value "北電 太郎" is wrong')
    assert "太郎" not in str(caught.value)
    with pytest.raises(InputError, match="more memory"), in_words():
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to pin block")
    with pytest.raises(InputError, match="no space left"), in_words():
        raise duckdb.IOException("IO Error: Could not write: No space left on device")
    with pytest.raises(KeyError), in_words():
        raise KeyError("x")


def _fed(text: str, pieces: int) -> LineCounter:
    counter = LineCounter("t.csv")
    content = text.encode()
    size = max(1, len(content) // pieces)
    for start in range(0, len(content), size):
        counter.feed(content[start : start + size])
    counter.end()
    return counter


@pytest.mark.parametrize("pieces", [1, 3, 50])
def test_lines_are_counted_over_pieces(pieces: int) -> None:
    assert _fed("a,b\n" * 100, pieces).lines == 100
    assert _fed("a,b\n" * 99 + "a,b", pieces).lines == 100
    assert _fed("a,b\r\n" * 100, pieces).lines == 100


@pytest.mark.parametrize("pieces", [1, 3, 50])
def test_wide_lines_are_found_wherever_they_stand(pieces: int) -> None:
    text = "a,b\n" * 5000 + "1," * 9000 + "\n" + "a,b\n" * 5000
    with pytest.raises(InputError, match="a line of 9,001 cells below a header of 2") as caught:
        _fed(text, pieces).refuse_wide(",", 2)
    assert caught.value.line == 5001
    # commas within long cells are no cells of their own where the separator is a tab
    _fed(text, pieces).refuse_wide("\t", 2)
    with pytest.raises(InputError, match="many more cells than the 2 of the header"):
        _fed(("1," * 300 + "\n") * 200, pieces).refuse_wide(",", 2)


def test_what_unpacks_to_an_absurd_size(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("switchstats.engines.streams._LARGE", 2**20)
    path = write(gzip.compress(b"a\n" * 2**21), "t.csv.gz")
    with pytest.raises(InputError, match="no table does"):
        list(pieces_of(path, "t.csv.gz"))
    # the same size, but of a table
    assert sum(map(len, pieces_of(write(b"a\n" * 2**21, "u.csv"), "u.csv"))) == 2**22
