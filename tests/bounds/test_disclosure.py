"""Before printing: who is pinned down too closely, and whether the advice mends it."""

from datetime import date

import pytest

from switchstats.bounds import audit
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import (
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    Source,
    TableRow,
)

PRINTED_DIGITS = 1e-6
PARTS = (Period(date(2022, 4, 1), date(2023, 1, 1)), Period(date(2023, 1, 1), date(2023, 3, 1)))
PERIODS = (Period(date(2022, 4, 1), date(2023, 3, 1)), *PARTS)
SOURCE = Source(Text("表", "Table"), Text("文書", "Document"), 1, Text("作成", "Made"))


def table_of(rows: dict[str, tuple[str | None, ...]], *average: str) -> PublishedTable:
    """Return one group in the year and its two parts."""
    labels = [Text(f"期{place}", f"period {place}") for place in range(3)]
    printed = [
        TableRow(
            Retailer(name, Text(name, name), "entrant", None),
            "entrant",
            tuple(None if cell is None else PrintedRate(cell) for cell in cells),
        )
        for name, cells in rows.items()
    ]
    averages = [TableRow(None, "entrant", tuple(map(PrintedRate, average)))] if average else []
    periods = tuple(map(PrintedPeriod, PERIODS, labels))
    return PublishedTable("made", periods, tuple(printed), tuple(averages), SOURCE)


WIDE = {"a": ("18.0", "18.2", "16.3"), "b": ("16.8", "16.7", "17.8"), "c": ("20.0", "20.3", "18.7")}
NARROW = ("30.0", "31.0", "11.0")  # share of the second part: (31 - 30) / (31 - 11), within .01


def test_the_narrowest_range_by_hand() -> None:
    found = audit(table_of({**WIDE, "d": NARROW})).disclosure(0.02)
    by_name = {each.retailer: each for each in found.retailers}
    # the share (before - whole) / (before - after) at the corners of the three rounded rates
    low = (30.95 - 30.05) / (30.95 - 10.95)
    high = (31.05 - 29.95) / (31.05 - 11.05)
    assert by_name["d"].narrowest == pytest.approx(high - low, abs=PRINTED_DIGITS)
    assert found.exposed == ("d",)


def test_the_advice_mends_it_and_touches_nobody_else() -> None:
    table = table_of({**WIDE, "d": NARROW})
    found = audit(table).disclosure(0.02)
    assert {each.retailer for each in found.revisions} == {"d"}
    assert found.sufficient
    again = audit(found.revised).disclosure(0.02)
    assert again.exposed == ()
    assert again.revisions == ()
    changed = [
        (row.retailer.retailer, place)
        for row, new in zip(table.rows, found.revised.rows, strict=True)
        for place, cells in enumerate(zip(row.cells, new.cells, strict=True))
        if cells[0] != cells[1]
    ]
    assert changed == [(each.retailer, each.column) for each in found.revisions]


def test_a_cell_is_named_once_even_when_it_is_left_out_at_last() -> None:
    # in whole percent the share is still known within .1; a share of .5 needs a blank
    found = audit(table_of({"d": NARROW})).disclosure(0.5)
    cells = [(each.retailer, each.column) for each in found.revisions]
    assert len(cells) == len(set(cells))
    assert any(each.decimals is None for each in found.revisions)
    for each in found.revisions:
        assert each.before in NARROW
        assert each.before in each.message(found.revised).en
        assert each.before in each.message(found.revised).ja


def test_the_only_retailer_of_a_group_keeps_no_share() -> None:
    # its share of its group is 1 whatever is left out, and the advice does not pretend otherwise
    found = audit(table_of({"d": NARROW})).disclosure(0.05)
    assert found.exposed == ("d",)
    assert not found.sufficient


def test_small_cells() -> None:
    # 0.0 and 100.0 print from one request
    found = audit(table_of({**WIDE, "a": ("50.0", "0.0", "100.0")}))
    by_name = {each.retailer: each for each in found.disclosure(0.01).retailers}
    assert by_name["a"].least_requests == 2
    assert by_name["a"].small_cells == (0, 1)


def test_the_frame_and_the_plain_types_agree() -> None:
    found = audit(table_of({**WIDE, "d": NARROW})).disclosure(0.02)
    frame = found.to_frame()
    assert list(frame["retailer"]) == ["a", "b", "c", "d"]
    assert list(frame["exposed"]) == [False, False, False, True]
    assert found.to_dict()["retailers"] == frame.to_dict("records")


@pytest.mark.parametrize("width", [0, 1, -0.1, 5])
def test_a_width_out_of_range_is_refused(width: float) -> None:
    with pytest.raises(UsageError, match=r"0\.05"):
        audit(table_of(WIDE)).disclosure(width)


def test_an_impossible_table_is_refused() -> None:
    with pytest.raises(NotAnswerableError, match="impossible"):
        audit(table_of({"a": ("28.0", "18.2", "16.3")})).disclosure(0.05)
