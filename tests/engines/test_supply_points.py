"""DuckDB tells whole supply points by their value; the pattern says which those are."""

import re

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from switchstats.engines.columns import Mapped, Understanding
from switchstats.engines.duckdb import DuckDB

PATTERN = re.compile(r"(?:0[1-9]|10)[0-9]{20}")
AWKWARD = [
    "0100000000000000000001",
    "1099999999999999999999",
    "1100000000000000000000",
    "0000000000000000000001",
    "010000000000000000e002",  # a number of the right size, by its exponent
    "01000000000000000001E1",
    "0x00000000000000000001",
    "0b00000000000000000001",
    "0_10000000000000000001",
    "01000000000000000000.1",
    "010000000000000000000.",
    "01 0000000000000000001",
    "01000000000000000000 1",
    "010000000000000000001 ",
    " 010000000000000000001",
    "+010000000000000000001",
    "-010000000000000000001",
    "010000000000000000000１",
    "010000000000000000001",
    "01000000000000000000011",
    "10000000000000000000.0",
    # 10^20 in base 16, which a cast to a number reads
    "0x00056BC75E2D63100000",
    "1000000000000000000000",
    "",
]
nearly = st.builds(
    lambda digits, place, other: digits[:place] + other + digits[place + 1 :],
    st.from_regex(PATTERN, fullmatch=True),
    st.integers(0, 22),
    st.sampled_from(["", *"0123456789eExXbB._,+- :/１a\t"]),
)


def marked(cells: list[str | None]) -> list[object]:
    engine = DuckDB()
    try:
        rows = pa.table({"申込日": cells, "新小売": cells, "結果": cells})
        opened = engine.open(rows, Understanding(Mapped()))
        frame = engine.marked_whole(opened.frame, "outcome", "whole")
        found = frame.collect().sort("line_").to_dict(as_series=False)
        return found["whole"]
    finally:
        engine.close()


def test_duckdb_marks_what_the_pattern_matches() -> None:
    wanted = [PATTERN.fullmatch(cell) is not None for cell in AWKWARD]
    assert marked([*AWKWARD]) == wanted
    assert sum(wanted) == 3


@given(st.lists(nearly, min_size=1, max_size=200))
def test_it_marks_no_number_with_one_other_character(cells: list[str]) -> None:
    assert marked([*cells]) == [PATTERN.fullmatch(cell) is not None for cell in cells]


def test_a_missing_cell_is_not_marked_as_whole() -> None:
    assert marked([None, AWKWARD[0]])[0] is not True
