"""Exposure per incumbent, derived from pages 15, 16 and 18."""

import pandas as pd
import pytest

from switchstats import facts
from switchstats.errors import UsageError

# By hand: page 18 requires five entries. On page 15 契約者名義, 供給地点特定番号 and 住所 leaked in
# every area but 北海道, 東京 and 北陸; the contract number is no item there, the date is chosen.
READABLE = {
    "hokkaido": 0, "tohoku": 3, "tepco-ep": 0, "chubu-miraiz": 3, "hokuriku": 0,
    "kansai": 3, "chugoku": 3, "shikoku": 3, "kyushu": 3, "okinawa": 3,
}  # fmt: skip
SHARE = {0: 0.0, 3: 0.6}


@pytest.mark.parametrize("basis", ["egc", "ppc", "anre"])
def test_readable_share_does_not_depend_on_the_basis(basis: str) -> None:
    frame = facts.exposure(basis).set_index("retailer")
    assert frame["required_readable"].to_dict() == READABLE
    assert set(frame["required_total"]) == {5}
    assert frame["readable_share"].to_dict() == {k: SHARE[v] for k, v in READABLE.items()}


def test_viewed_agrees_with_page_16() -> None:
    frame = facts.exposure().set_index("retailer")
    assert frame.index[~frame["viewed"].astype(bool)].to_list() == [
        "hokkaido",
        "tepco-ep",
        "hokuriku",
    ]
    assert frame.loc["okinawa", "contracts_viewed"] == 8
    assert frame.loc["chubu-miraiz", "viewers"] == 3394
    assert frame.loc["kansai", "window_end"] == pd.Timestamp(2022, 12, 13)
    assert frame.loc["tohoku", "window_precision"] == "month"
    assert frame.index[frame["viewers_at_least"].fillna(value=False)].to_list() == ["tohoku"]


def test_a_basis_that_says_nothing_leaves_it_open() -> None:
    frame = facts.exposure("anre").set_index("retailer")
    assert frame["viewed"].isna().sum() == 9
    assert frame.loc["kansai", "contracts_viewed"] == 153095
    assert frame.loc["kansai", "counted"] == "customer_records"


def test_an_unknown_basis_is_refused() -> None:
    with pytest.raises(UsageError, match="egc, ppc, anre"):
        facts.exposure("all")


def test_every_incumbent_without_views_has_a_note_on_its_own() -> None:
    notes = facts.control_notes()
    own = set(notes.loc[notes["reason"] != "renewables_system", "area"])
    frame = facts.exposure()
    assert set(frame.loc[~frame["viewed"].astype(bool), "area"]) <= own
    assert (notes["reason"] == "renewables_system").sum() == 10
