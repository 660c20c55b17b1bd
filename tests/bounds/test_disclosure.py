"""Before printing: who is pinned down too closely, and whether the advice mends it."""

import re
from datetime import date
from itertools import product

import numpy as np
import pytest

from switchstats.bounds import Disclosure, Volume, audit, disclose
from switchstats.bounds.coarser import Printing
from switchstats.bounds.given_away import given_away_html
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

TWO = {"d": NARROW, "e": ("20.0", "20.3", "18.7")}
AVERAGES = ("27.0", "28.1", "15.7")


def _narrowest(given_away: Disclosure) -> dict[str, float]:
    return {each.retailer: each.narrowest.width for each in given_away.retailers if each.narrowest}


def _changes(given_away: Disclosure) -> list[tuple[str | None, int, str, str | None]]:
    return [(each.retailer, each.column, each.before, each.after) for each in given_away.revisions]


def test_the_narrowest_range_by_hand() -> None:
    found = disclose(audit(table_of({**WIDE, "d": NARROW})), 0.02)
    # the share (before - whole) / (before - after) at the corners of the three rounded rates
    low = (30.95 - 30.05) / (30.95 - 10.95)
    high = (31.05 - 29.95) / (31.05 - 11.05)
    assert _narrowest(found)["d"] == pytest.approx(high - low, abs=PRINTED_DIGITS)
    assert found.exposed == ("d",)


def test_the_advice_mends_it_and_touches_nobody_else() -> None:
    table = table_of({**WIDE, "d": NARROW})
    found = disclose(audit(table), 0.02)
    # any of d's cells as a whole number leaves the share open within .05: (1 + .1) / 20
    assert [(each.retailer, each.after in ("30", "31", "11")) for each in found.revisions] == [
        ("d", True)
    ]
    assert found.proof == "least"
    assert found.sufficient
    again = disclose(audit(found.revised), 0.02)
    assert again.exposed == ()
    assert again.revisions == ()
    changed = [
        (row.retailer.retailer, place)
        for row, new in zip(table.rows, found.revised.rows, strict=True)
        for place, cells in enumerate(zip(row.cells, new.cells, strict=True))
        if cells[0] != cells[1]
    ]
    assert changed == [(each.retailer, each.column) for each in found.revisions]


def test_the_words_of_the_advice() -> None:
    table = table_of({"d": NARROW})
    rounded = disclose(audit(table), 0.02).revisions[0]
    assert rounded.message(table).en == "Print d, period 0, as 30 % instead of 30.0 %."
    # a share of .9 needs a blank: whole numbers leave .15 at most
    blank = next(each for each in disclose(audit(table), 0.9).revisions if each.after is None)
    assert "blank" in blank.message(table).en
    assert "空欄" in blank.message(table).ja


def test_the_share_of_a_groups_only_retailer_is_no_secret() -> None:
    kinds = {one.secret.kind for each in _one(0.05).retailers for one in each.ranges}
    assert kinds == {"share_of_period"}
    assert _one(0.05).sufficient


def _one(width: float) -> Disclosure:
    return disclose(audit(table_of({"d": NARROW})), width)


def test_a_blank_cell_that_the_others_give_away_is_flagged_and_covered() -> None:
    # the average of two retailers and all but one cell are printed
    rows = {"a": ("18.0", "18.2", "16.3"), "b": (None, "16.7", "17.8")}
    found = audit(table_of(rows, "17.4", "17.5", "17.0"))
    recovered = found.rate("b", PERIODS[0]).interval
    given_away = disclose(found, 0.02)
    narrow = [
        one
        for each in given_away.retailers
        for one in each.narrower_than(0.02)
        if one.secret.kind == "blank_cell"
    ]
    assert [(one.secret.retailer, one.secret.column) for one in narrow] == [("b", 0)]
    assert narrow[0].interval.low == pytest.approx(recovered.low, abs=1e-12)
    assert narrow[0].interval.high == pytest.approx(recovered.high, abs=1e-12)
    assert given_away.exposed == ("b",)
    covered = audit(given_away.revised).rate("b", PERIODS[0]).interval
    assert covered.width is not None
    assert covered.width >= 0.02


def test_averages_may_be_revised_too() -> None:
    # 70 requests of d (3.5 in the second part) and 30 of e (5.6) print these averages; that of the
    # year alone pins d's share to (27.0 - 20.0) / (30.0 - 20.0) within .02
    table = table_of(TWO, *AVERAGES)
    given_away = disclose(audit(table), 0.06)
    assert given_away.proof == "least"
    assert (None, 0, "27.0", "27") in _changes(given_away)
    words = next(each for each in given_away.revisions if each.retailer is None).message(table)
    assert "average of entrants" in words.en
    assert "新電力の加重平均" in words.ja


def test_demands_name_no_cell_that_does_not_matter() -> None:
    # A demand that names more cells than matter is met by one that does not, so that the search
    # goes on: measured by leaving out each step of `_demand` in turn, 263 ranges do with the fewest
    # cells, and 322 to 511 are needed with more.
    found = disclose(audit(table_of(TWO, *AVERAGES)), 0.06, most_checks=280)
    assert found.proof == "least"


def _width_of_all(table: PublishedTable) -> float:
    """Return the narrowest range by the audit's own methods."""
    found = audit(table)
    names = [each.retailer for each in table.retailers]
    shares = [found.unit_share(name, column.period) for name in names for column in table.periods]
    shares += [found.period_share(name, PARTS[1]) for name in names]
    return min(share.interval.width or 0.0 for share in shares)


@pytest.mark.parametrize(
    ("rows", "average", "width"),
    [
        (TWO, (), 0.2),
        (TWO, AVERAGES, 0.06),
        ({"d": ("30.5", "31.0", "11.0"), "e": ("9.9", "9.6", "13.2")}, (), 0.1),
    ],
)
def test_nothing_that_withholds_fewer_digits_is_enough(
    rows: dict, average: tuple[str, ...], width: float
) -> None:
    table = table_of(rows, *average)
    printing = Printing(table, "half_up")
    given_away = disclose(audit(table), width)
    assert given_away.proof == "least"
    assert _width_of_all(given_away.revised) >= width

    def lost(levels: tuple[int, ...]) -> int:
        return sum(printing.digits_lost(cell, level) for cell, level in enumerate(levels))

    after = [
        next(
            level
            for level, form in enumerate(printing.forms[cell])
            if form == _printed(given_away.revised, printing, cell)
        )
        for cell in range(len(printing.cells))
    ]
    cost = lost(tuple(after))
    tried = 0
    # every cheaper advice, one after the other
    for levels in product(*(range(last + 1) for last in printing.last_levels)):
        if lost(levels) < cost:
            tried += 1
            assert _width_of_all(printing.at(levels)) < width
    assert tried > 1


def _printed(table: PublishedTable, printing: Printing, cell: int) -> PrintedRate | None:
    place, column = printing.cells[cell]
    return (table.rows + table.averages)[place].cells[column]


def test_a_search_that_is_cut_short_says_so_and_is_enough_all_the_same() -> None:
    table = table_of({**WIDE, "d": NARROW})
    cut = disclose(audit(table), 0.2, most_checks=0)
    assert cut.proof == "greedy"
    assert disclose(audit(cut.revised), 0.2).exposed == ()
    assert disclose(audit(table), 0.2).proof == "least"


def test_small_cells_are_columns_of_the_table() -> None:
    # 0.0 and 100.0 print from one request each, 50.0 over both from two
    found = audit(table_of({**WIDE, "a": ("50.0", "0.0", "100.0")}))
    given_away = disclose(found, small_cell=2)
    by_name = {each.retailer: each for each in given_away.retailers}
    assert by_name["a"].least_requests == (2, 1, 1)
    assert by_name["a"].small_cells == (1, 2)
    assert given_away.exposed == ("a",)
    assert given_away.revisions == ()  # without a width nothing is advised
    assert given_away.sufficient is None


def test_small_cells_are_left_blank_and_stay_covered() -> None:
    # 33.3 prints from three requests; with the year and the other part it could be worked out
    rows = {**WIDE, "a": ("20.3", "17.1", "33.3")}
    given_away = disclose(audit(table_of(rows)), 0.05, small_cell=4)
    assert ("a", 2, "33.3", None) in _changes(given_away)
    again = audit(given_away.revised).rate("a", PARTS[1]).interval
    assert again.width is not None
    assert again.width >= 0.05


def test_a_volume_by_hand() -> None:
    # d has at most .1018 of the group's requests (18.55 - 16.8.. by linear programme below), so of
    # 1,000 at most 101.8; nothing keeps it from 0
    found = audit(table_of({**WIDE, "d": NARROW}, "18.5", "18.6", "17.9"))
    share = found.unit_share("d", PERIODS[0]).interval
    volume = next(e for e in disclose(found, total=1000).retailers if e.retailer == "d").volume
    assert volume is not None
    assert share.high is not None
    assert volume.low == 0
    assert volume.high == pytest.approx(1000 * share.high, rel=PRINTED_DIGITS)


def test_a_known_volume_makes_the_others_known() -> None:
    # 15.0 from 10.0 and 20.0: as many requests of each, within a hundredth; a's are known
    table = table_of({"a": ("10.0", None, None), "b": ("20.0", None, None)}, "15.0", "15.0", "15.0")
    found = audit(table, [Volume(retailer="a", low=1000, high=1000, period=PERIODS[0])])
    volume = next(each for each in disclose(found).retailers if each.retailer == "b").volume
    assert volume is not None
    # (14.95 - 10.05) / (20.05 - 14.95) and (15.05 - 9.95) / (19.95 - 15.05)
    assert volume.low == pytest.approx(1000 * 4.9 / 5.1, rel=PRINTED_DIGITS)
    assert volume.high == pytest.approx(1000 * 5.1 / 4.9, rel=PRINTED_DIGITS)


def test_what_other_knowledge_pins_is_beyond_help() -> None:
    table = table_of({"a": ("10.0", None, None), "b": ("20.0", None, None)})
    found = audit(table, [Volume(retailer="a", low=1000, high=1000, period=PERIODS[0])])
    given_away = disclose(found, 0.05)
    assert [(each.kind, each.retailer) for each in given_away.beyond_help] == [("volume", "a")]
    assert not given_away.sufficient


def test_the_truth_is_inside_every_range() -> None:
    rng = np.random.default_rng(5)
    for _ in range(5):
        requests = rng.integers(200, 5000, size=(3, 2))
        errors = rng.binomial(requests, rng.uniform(0.05, 0.4, size=(3, 2)))
        n, e = _with_whole(requests), _with_whole(errors)
        rows = {name: tuple(map(_one_decimal, e[i], n[i])) for i, name in enumerate("abc")}
        average = tuple(map(_one_decimal, e.sum(axis=0), n.sum(axis=0)))
        found = disclose(audit(table_of(rows, *average)), total=int(requests.sum()))
        for each, own in zip(found.retailers, n, strict=True):
            for one in each.ranges:
                column = one.secret.column
                truth = {
                    "share_of_group": own[column] / n[:, column].sum(),
                    "share_of_period": own[column] / own[0],
                    "volume": own[0],
                }[one.secret.kind]
                assert one.interval.contains(float(truth))


def _with_whole(parts: np.ndarray) -> np.ndarray:
    return np.column_stack([parts.sum(axis=1), parts])


def _one_decimal(errors: int, requests: int) -> str:
    tenths = (2000 * int(errors) + int(requests)) // (2 * int(requests))
    return f"{tenths // 10}.{tenths % 10}"


def test_the_frame_and_the_plain_types_agree() -> None:
    found = disclose(audit(table_of({**WIDE, "d": NARROW})), 0.02)
    frame = found.to_frame()
    plain = found.to_dict()["retailers"]
    assert [len(each["ranges"]) for each in plain] == list(frame.groupby("retailer").size())
    assert [each["exposed"] for each in plain] == [False, False, False, True]
    assert set(frame[frame["too_narrow"]]["retailer"]) == {"d"}


@pytest.mark.parametrize("width", [0, 1, -0.1, 5])
def test_a_width_out_of_range_is_refused(width: float) -> None:
    with pytest.raises(UsageError, match=r"0\.05"):
        disclose(audit(table_of(WIDE)), width)


def test_a_small_cell_of_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="small cell"):
        disclose(audit(table_of(WIDE)), small_cell=0)


def test_an_impossible_table_is_refused() -> None:
    with pytest.raises(NotAnswerableError, match="impossible"):
        audit(table_of({"a": ("28.0", "18.2", "16.3")})).disclosure(0.05)


def test_notebooks_show_a_row_a_retailer_and_the_advice() -> None:
    # d's share of the second part lies within .01, see NARROW: exposed at .05, covered at .001
    table = table_of(TWO)
    for width, results, advice in (
        (0.05, ["exposed", "covered"], "Printed as follows"),
        (0.001, ["covered", "covered"], "exposes nobody"),
        (None, [], "Nothing is judged"),
    ):
        shown = given_away_html(disclose(audit(table), width), "en")
        head = re.findall("<th(?: [^>]*)?>(.*?)</th>", shown)
        cells = re.findall("<td(?: [^>]*)?>(.*?)</td>", shown)
        columns = 4 if results else 3
        assert head[:3] == ["Retailer", "What is pinned most closely", "Range"]
        assert head[3:] == (["Result"] if results else [])
        assert cells[::columns] == ["d", "e"]
        assert [cell for cell in cells if cell in {"exposed", "covered"}] == results
        assert advice in shown
        assert ("<li>" in shown) == ("exposed" in results)
