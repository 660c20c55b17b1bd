"""Page 16: what was viewed, by whom, when, on each basis."""

from datetime import date

import pandas as pd
import pytest

from switchstats import facts
from switchstats.errors import UsageError

# Typed from page 16: area, first day, last day, viewers, contracts. The start 2019/9 is a month.
EGC = [
    ("01", None, None, None, 0),
    ("02", date(2019, 9, 1), date(2023, 1, 6), 214, 37263),
    ("03", None, None, None, 0),
    ("04", date(2022, 11, 20), date(2023, 1, 20), 3394, 85784),
    ("05", None, None, None, 0),
    ("06", date(2022, 9, 12), date(2022, 12, 12), 726, 14805),
    ("07", date(2022, 10, 1), date(2022, 12, 31), None, 35414),
    ("08", date(2022, 10, 16), date(2023, 1, 16), None, 2896),
    ("09", date(2022, 10, 5), date(2023, 1, 5), None, 13608),
    ("10", date(2022, 10, 1), date(2022, 12, 31), 9, 8),
]
# The page's right-hand column; － is neither a window nor a count.
PPC = [
    ("01", None, None, None, None),
    ("02", date(2019, 9, 1), date(2023, 1, 6), 214, 37263),
    ("03", None, None, None, None),
    ("04", date(2022, 4, 1), date(2023, 1, 19), 4872, 373585),
    ("05", None, None, None, None),
    ("06", date(2022, 4, 1), date(2022, 12, 19), 1013, 40806),
    ("07", date(2022, 4, 1), date(2023, 1, 26), None, 113357),
    ("08", date(2022, 4, 1), date(2023, 1, 15), None, 10114),
    ("09", date(2022, 4, 1), date(2023, 1, 9), None, 44046),
    ("10", None, None, None, None),
]
# The footnote on Kansai.
ANRE = [("06", date(2019, 11, 26), date(2022, 12, 19), 1606, 153095)]
PRINTED = {"egc": EGC, "ppc": PPC, "anre": ANRE}
# The printed lengths of the windows.
LENGTHS = {
    "egc": "- 3年半 - 2か月 - 3か月 3か月 3か月 3か月 3か月",
    "ppc": "- 3年半 - 9か月半 - 8か月半 9か月半 9か月半 9か月半 -",
    "anre": "3年間",
}


@pytest.mark.parametrize("basis", PRINTED)
def test_every_printed_value(basis: str) -> None:
    frame = facts.viewings(basis)
    columns = ["area", "first_day", "last_day", "viewers", "contracts_viewed"]
    held = [
        tuple(
            None if pd.isna(cell) else cell.date() if isinstance(cell, pd.Timestamp) else cell
            for cell in row
        )
        for row in frame[columns].itertuples(index=False, name=None)
    ]
    assert held == PRINTED[basis]
    assert frame["length_ja"].fillna("-").to_list() == LENGTHS[basis].split()


def test_who_answered_that_nothing_was_viewed() -> None:
    egc = facts.viewings().set_index("area")["viewed"]
    assert egc.index[~egc.astype(bool)].to_list() == ["01", "03", "05"]
    ppc = facts.viewings("ppc").set_index("area")["viewed"]
    assert ppc.index[ppc.isna()].to_list() == ["01", "03", "05", "10"]
    assert ppc.dropna().all()


def test_tohoku_s_lower_bound_and_shared_card() -> None:
    frame = facts.viewings(None)
    special = frame[frame["viewers_at_least"].fillna(value=False)]
    assert list(zip(special["area"], special["basis"], strict=True)) == [
        ("02", "egc"),
        ("02", "ppc"),
    ]
    assert special["contracts_viewer_unknown"].to_list() == [154, 154]
    assert frame["contracts_viewer_unknown"].notna().sum() == 2
    assert set(special["first_day_precision"]) == {"month"}
    assert (frame["first_day_precision"] == "month").sum() == 2


def test_bases_and_the_one_in_use() -> None:
    frame = facts.viewings(None)
    assert frame.groupby("basis").size().to_dict() == {"anre": 1, "egc": 10, "ppc": 10}
    assert set(frame.loc[frame["used"], "basis"]) == {"egc"}
    assert frame["used"].sum() == 10
    assert (frame["counted"] == "customer_records").to_list() == [False] * 20 + [True]
    assert set(frame["page"]) == {16}


def test_an_unknown_basis_is_refused() -> None:
    with pytest.raises(UsageError, match="egc, ppc, anre"):
        facts.viewings("meti")


@pytest.mark.parametrize("basis", PRINTED)
def test_windows_end_on_the_day_after(basis: str) -> None:
    frame = facts.windows(basis)
    assert frame["area"].to_list() == [f"{number:02d}" for number in range(1, 11)]
    printed = {area: (first, last) for area, first, last, *_ in PRINTED[basis] if first}
    held = frame.dropna(subset="start")
    assert set(held["area"]) == set(printed)
    for row in held.itertuples(index=False):
        first, last = printed[row.area]
        assert row.start.date() == first
        assert (row.end.date() - last).days == 1


def test_windows_need_one_basis() -> None:
    with pytest.raises(UsageError, match="one basis"):
        facts.windows(None)
