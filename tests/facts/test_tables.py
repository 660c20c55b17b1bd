"""The other files of facts, against the pages they come from."""

import subprocess
import sys
from collections.abc import Callable

import pandas as pd
import pytest

from switchstats import facts

AREAS = [f"{number:02d}" for number in range(1, 11)]
# Page 15, the table's head.
PLACES = ["北海道", "東北", "東京", "中部", "北陸", "関西", "中国", "四国", "九州", "沖縄"]
# Page 17, first column.
INCUMBENTS = [
    "北海道電力",
    "東北電力",
    "東京電力EP",
    "中部電力ミライズ",
    "北陸電力",
    "関西電力",
    "中国電力",
    "四国電力",
    "九州電力",
    "沖縄電力",
]
READERS = [
    facts.sources,
    facts.retailers,
    facts.aliases,
    facts.areas,
    facts.leak_types,
    facts.leak_attributions,
    facts.leak_fields,
    facts.leaked_fields,
    facts.required_fields,
    facts.error_rules,
    facts.viewings,
    facts.separation,
    facts.safeguards,
    facts.safeguard_figures,
    facts.control_notes,
    facts.events,
]


@pytest.mark.parametrize("read", READERS)
def test_frames_are_fresh_and_typed(read: Callable[[], pd.DataFrame]) -> None:
    first = read()
    assert first["used"].dtype == bool
    assert first["page"].dtype == "Int64"
    assert first["note"].dtype == "string"
    kept = first.copy()
    first["page"] = 0
    pd.testing.assert_frame_equal(read(), kept)


def test_importing_facts_leaves_pandas_alone() -> None:
    code = "import sys, switchstats.facts as f; f.registry(); sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_retailers_are_those_of_page_17() -> None:
    frame = facts.retailers()
    incumbents = frame[frame["group"] == "incumbent"]
    assert incumbents["name_ja"].to_list() == INCUMBENTS
    assert incumbents["area"].to_list() == AREAS
    assert incumbents["grid_page"].to_list() == [4, 3, 4, 3, 4, 3, 4, 3, 3, 4]
    entrants = frame[frame["group"] == "entrant"]
    assert entrants["retailer"].to_list() == [f"entrant-{letter}" for letter in "abcdefghij"]
    assert entrants["name_ja"].to_list() == [f"新電力{letter}" for letter in "ABCDEFGHIJ"]
    assert entrants["name_en"].to_list() == [f"Entrant {letter}" for letter in "ABCDEFGHIJ"]
    assert entrants[["area", "grid_ja", "grid_en", "grid_page"]].isna().all(axis=None)
    assert frame["retailer"].is_unique


def test_aliases_are_unique_and_no_area() -> None:
    frame = facts.aliases()
    keys = frame["alias"].map(facts.registry_key)
    assert keys.is_unique
    known = facts.retailers()
    assert set(frame["retailer"]) <= set(known["retailer"])
    taken = {facts.registry_key(name) for name in pd.concat([known["name_ja"], known["name_en"]])}
    assert not taken & set(keys)
    places = facts.areas()
    assert not {facts.registry_key(n) for n in [*places["name_ja"], *places["name_en"]]} & set(keys)


def test_an_alias_that_names_an_area_belongs_to_its_incumbent() -> None:
    owners = facts.retailers().set_index("retailer")["name_en"]
    places = set(facts.areas()["name_en"])
    for row in facts.aliases().itertuples(index=False):
        named = places & set(row.alias.split())
        assert named <= set(owners[row.retailer].split())


def test_areas_in_the_order_of_page_15() -> None:
    frame = facts.areas()
    assert frame["area"].to_list() == AREAS
    assert frame["name_ja"].to_list() == PLACES


def test_the_two_dates_of_kyushu() -> None:
    everything = facts.events(alternatives=True)
    kyushu = everything[
        (everything["area"] == "09") & (everything["kind"] == "additional_report_ordered")
    ]
    days = dict(zip(kyushu["first_day"], kyushu["used"], strict=True))
    assert days == {pd.Timestamp(2022, 3, 22): False, pd.Timestamp(2023, 3, 22): True}
    # page 3 prints 水 (Wednesday) beside the date
    assert [day.day_name() for day in days] == ["Tuesday", "Wednesday"]
    assert kyushu["note"].notna().all()
    assert facts.events()["first_day"].min() == pd.Timestamp(2022, 12, 27)


# Pages 3 and 4, read again utility by utility: kind -> days (month/day; 2023 unless it starts 12).
DATES = {
    "06": "report_ordered 12/27, report_received 1/13, on_site_inspection 1/24-25, "
    "additional_report_ordered 3/24",
    "02": "report_ordered 1/13, on_site_survey 1/16, additional_report_ordered 1/18, "
    "report_received 1/27",
    "09": "report_ordered 1/18, report_received 2/3, on_site_inspection 2/15-16, "
    "additional_report_ordered 3/22",
    "08": "report_ordered 1/20, report_received 2/3, voluntary_hearing 2/28",
    "04": "report_ordered 1/27, report_received 2/10, additional_report_ordered 2/14, "
    "additional_report_received 2/17, on_site_inspection 3/8-9",
    "07": "report_ordered 1/30, report_received 2/10, voluntary_hearing 3/10, "
    "voluntary_hearing 3/14",
    "10": "report_ordered 2/3, report_received 2/17",
    "01": "additional_survey_requested 2/3, additional_survey_received 2/17",
    "03": "additional_survey_requested 2/3, additional_survey_received 2/17",
    "05": "additional_survey_requested 2/3, additional_survey_received 2/17",
}


@pytest.mark.parametrize("area", DATES)
def test_investigation_dates(area: str) -> None:
    frame = facts.events()
    rows = frame[(frame["area"] == area) & frame["first_day"].notna()]
    held = []
    for row in rows.itertuples(index=False):
        first, last = row.first_day, row.last_day
        assert first.year == (2022 if first.month == 12 else 2023)
        tail = "" if first == last else f"-{last.day}"
        held.append(f"{row.kind} {first.month}/{first.day}{tail}")
    assert ", ".join(held) == DATES[area]
    # page 3 holds Kansai, Tohoku, Kyushu, Shikoku and Chubu; page 4 the others
    assert set(rows["page"]) == {3 if area in {"02", "04", "06", "08", "09"} else 4}


def test_every_area_has_its_outline() -> None:
    frame = facts.events()
    outlines = frame[frame["kind"] == "outline"]
    assert outlines["first_day"].isna().all()
    # page 3 tells two cases for Chubu
    assert outlines.groupby("area").size().to_dict() == {a: 1 + (a == "04") for a in AREAS}


def test_events_of_no_single_area() -> None:
    frame = facts.events()
    common = frame[frame["area"].isna()]
    assert (common["first_day"] == common["last_day"]).all()
    days = common.groupby("kind")["first_day"].agg(lambda d: [f"{x.month}/{x.day}" for x in d])
    assert days.to_dict() == {
        "information_form_announced": ["2/3"],  # pages 28, 29
        "information_form_count": ["2/17", "3/24"],  # 22 on page 28, 34 on page 29
        "meeting": ["2/20", "3/1", "3/27"],  # pages 12, 5, 1
        "opinion_given": ["3/16"],  # page 30
        "opinion_requested": ["3/15"],  # page 30
        "recommendation": ["3/2"],  # page 10
    }


def test_separation_of_page_14() -> None:
    frame = facts.separation().set_index("area")
    # last column: 物理分割 in 東京, 四国, 九州
    assert frame.index[frame["physical_mark"]].to_list() == ["03", "08", "09"]
    # only 論理分割 is named for these; 物理分割 is named besides for the others
    assert frame.index[frame["separation"] == "logical"].to_list() == ["01", "02", "04", "06"]
    assert frame.index[frame["separation"] == "mixed"].to_list() == [
        "03",
        "05",
        "07",
        "08",
        "09",
        "10",
    ]


# Pages 21 and 27 print 有; page 23 tells of information passed on; page 25 of a mend.
FINDINGS = {
    "disaster": ["07", "08", "09"],
    "contractor": ["06", "07"],
    "terminals": ["02", "09"],
    "passwords": ["02", "04", "06", "09", "10"],
}
# The last column of pages 21, 23 and 25 (現在の運用状況), where it is not －.
STATES = {
    "disaster": ["07", "08", "09"],
    "contractor": ["02", "06", "07"],
    "terminals": ["02", "09"],
    "passwords": [],
}
TOPIC_PAGE = {"disaster": 21, "contractor": 23, "terminals": 25, "passwords": 27}


@pytest.mark.parametrize("topic", FINDINGS)
def test_safeguards(topic: str) -> None:
    frame = facts.safeguards()
    rows = frame[frame["topic"] == topic].set_index("area")
    assert rows.index.to_list() == AREAS
    assert rows.index[rows["finding"]].to_list() == FINDINGS[topic]
    assert rows.index[rows["state_ja"].notna()].to_list() == STATES[topic]
    assert set(rows["page"]) == {TOPIC_PAGE[topic]}
    if topic in {"disaster", "passwords"}:
        assert ((rows["mark"] == "有") == rows["finding"]).all()
    else:
        assert rows["mark"].isna().all()


def test_safeguard_figures() -> None:
    frame = facts.safeguard_figures()
    held = {(r.area, r.page, r.value, r.unit) for r in frame.itertuples(index=False)}
    assert len(frame) == len(held)
    assert held == {
        ("04", 3, 1, "persons"),  # 1名の社員
        ("03", 14, 1, "terminals"),  # 端末１台
        ("04", 21, 1, "weeks"),  # 最大1週間
        ("01", 25, 1, "times"),  # 毎年
        ("02", 25, 2, "terminals"),  # ２台
        ("02", 25, 98, "terminals"),  # 計98台
        ("02", 25, 4, "terminals"),  # 端末４台
        ("03", 25, 2356, "terminals"),  # 2,356台
        ("03", 25, 30, "terminals"),  # 30台
        ("06", 25, 1, "times"),  # 年１回
        ("09", 25, 102, "terminals"),  # 102台分
        ("06", 27, 1, "years"),  # 最大利用期限１年間
        ("08", 27, 2, "times"),  # 年２回
        ("09", 27, 17, "systems"),  # 全17システム
    }


def test_leak_types_and_their_areas() -> None:
    assert facts.leak_types()["leak_type"].to_list() == ["A", "B", "C1", "C2", "C3"]
    assert facts.leak_types()["page"].to_list() == [12, 19, 22, 24, 26]
    frame = facts.leak_attributions()
    by_type = frame.groupby("leak_type")["area"].agg(lambda areas: sorted(set(areas))).to_dict()
    assert by_type == {
        "A": ["04", "06", "07"],  # pages 3, 4: masking and access limits of shared systems
        "B": FINDINGS["disaster"],
        "C1": FINDINGS["contractor"],
        "C2": FINDINGS["terminals"],
        "C3": FINDINGS["passwords"],
    }
    unused = facts.leak_attributions(alternatives=True).query("not used")
    assert list(zip(unused["area"], unused["leak_type"], strict=True)) == [("10", "A")]


def test_required_fields_of_page_18() -> None:
    frame = facts.required_fields()
    assert frame["name_ja"].to_list() == [
        "供給地点特定番号",
        "需要者名",
        "現（旧）小売電気事業者の契約番号",
        "住所",
        "廃止年月日",
    ]
    through = frame.set_index("field")["readable_through"].dropna().to_dict()
    assert through == {
        "supply_point": "supply_point",
        "customer_name": "contract_holder",
        "address": "address",
    }
    assert set(through.values()) <= set(facts.leak_fields()["field"])
    assert set(facts.error_rules()["rule"]) == {"mismatch", "date_inconsistent"}
