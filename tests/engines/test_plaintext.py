"""Plain text, cut by its own way: the same rows on the same lines as by the way for any CSV."""

import dataclasses
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from switchstats.engines import duckdb, plaintext
from switchstats.engines.columns import Mapped, Understanding
from switchstats.engines.lines import LineCounter
from switchstats.engines.scans import Scan

HEAD = "申込日,新小売,供給地点特定番号,結果"
WIDTH = HEAD.count(",") + 1
CELLS = st.sampled_from(
    ["", "", " ", "成立", "新電力A", "0", "NULL", "nan", "#N/A", "\\", "'", "　", "\t"]
)
LINES = st.one_of(
    st.lists(CELLS, min_size=WIDTH, max_size=WIDTH).map(",".join),
    st.lists(CELLS, max_size=WIDTH + 2).map(",".join),
)


def _scan(text: str, *, plain: bool) -> Scan:
    """Read text by the plain way where it goes, or by the way for any text, and keep its rows."""
    engine = duckdb.DuckDB()
    look_at = duckdb.look_at
    try:
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            path = Path(folder) / "t.csv"
            path.write_bytes(text.encode())
            if not plain:
                patch.setattr(
                    duckdb,
                    "look_at",
                    lambda *given: dataclasses.replace(look_at(*given), plain=False),
                )
            scan = engine._text(path, "t.csv", Understanding(Mapped()), None)
            return dataclasses.replace(scan, path=pq.read_table(scan.path).to_pylist())
    finally:
        engine.close()


def _same(text: str) -> None:
    ours, theirs = _scan(text, plain=True), _scan(text, plain=False)
    assert ours.path == theirs.path
    places = [[scan.line(row) for row in range(scan.read.rows)] for scan in (ours, theirs)]
    assert places[0] == places[1]
    assert tuple(ours.ragged) == tuple(theirs.ragged)


@given(
    st.lists(LINES, min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.sampled_from(["", "題名,,\n\n"]),
)
@example([",".join(["x"] * WIDTH) + ","], "\n", True, "")
@example(["a,b,c,d", "", " ", "a,b,c,d"], "\r\n", False, "")
def test_the_same_as_by_the_way_for_any_text(
    lines: list[str], break_: str, ended: bool, above: str
) -> None:
    _same((above.replace("\n", break_) + break_.join([HEAD, *lines])) + (break_ if ended else ""))


def test_rows_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "題\n" + HEAD + "\n" + "".join(f"{n},新電力{n % 7},{n:022d},成立\n" for n in range(3000))
    whole = _scan(text, plain=True)
    monkeypatch.setattr(plaintext, "_BLOCK", 1_000)
    monkeypatch.setattr("switchstats.engines.streams.CHUNK", 700)
    assert _scan(text, plain=True) == whole
    assert len(whole.path) == 3000
    assert whole.path[-1]["submitted"] == "2999"
    assert whole.line(2999) == 3002


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (b"a,b\n1,2\n", True),
        (b"a,b\n1,2", True),
        (b"a,b\r\n1,2\r\n", True),
        (b"a,b\r\n1,2\n", False),
        (b"a,b\r1,2\r", False),
        (b"a,b\n1,2\r3\n", False),
        (b'a,b\n1,"2"\n', False),
        (b"a,b\n1,\0\n", False),
    ],
)
def test_what_is_plain(text: bytes, plain: bool) -> None:
    counter = LineCounter("t.csv")
    counter.feed(text)
    counter.end()
    assert counter.plain is plain


def test_what_is_plain_goes_the_plain_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the way for any text")

    monkeypatch.setattr(duckdb.DuckDB, "_keep_any", refuse)
    assert _scan(HEAD + "\na,b,c,d\n", plain=True).read.rows == 1
