"""Page 15: 17 items by 10 areas."""

import re
from pathlib import Path

from switchstats import facts

AREAS = [f"{number:02d}" for number in range(1, 11)]
# The 17 lines of the table as the text of page 15 gives them, ○ leaked, － not.
PAGE_15 = Path(__file__).parent / "data" / "page15.txt"

# Counted by hand on page 15, column by column.
LEAKED_BY_AREA = {
    "01": 0, "02": 11, "03": 0, "04": 14, "05": 0, "06": 13, "07": 16, "08": 12, "09": 16, "10": 11,
}  # fmt: skip
# Counted by hand on page 15, line by line.
LEAKED_BY_FIELD = {
    "contract_holder": 7,
    "telephone": 7,
    "retailer_name": 3,
    "consumption": 3,
    "contract_power": 5,
    "wheeling_menu": 4,
    "supply_point": 7,
    "address": 7,
    "contract_current": 4,
    "service_pole": 7,
    "meter_reading_date": 7,
    "meter_number": 7,
    "change_received_date": 7,
    "load_equipment": 6,
    "map": 4,
    "change_history": 4,
    "customer_statements": 4,
}
# Page 13, the three columns.
CLASSES = {
    "own_only": [
        "契約者名義",
        "連絡先電話番号",
        "小売電気事業者名",
        "電力使用量",
        "契約電力",
        "接続送電サービスメニュー",
    ],
    "others_too": [
        "供給地点特定番号",
        "住所",
        "契約電流",
        "引込柱番号",
        "検針日",
        "メーター番号",
        "異動申込受付日",
    ],
    "not_in_system": ["負荷設備情報", "地図", "託送異動申込履歴", "需要家からの申出事項"],
}
# Page 15, the small marks ※1 to ※3 behind an item.
FOOTNOTES = {"電力使用量": 1, "契約電流": 2, "検針日": 2, "メーター番号": 2, "異動申込受付日": 3}


def test_one_row_an_item_and_area() -> None:
    frame = facts.leaked_fields()
    assert len(frame) == 170
    assert len(frame[["field", "area"]].drop_duplicates()) == 170
    assert set(frame["area"]) == set(AREAS)
    assert frame["leaked"].dtype == bool


def test_totals_by_area_and_by_field() -> None:
    frame = facts.leaked_fields()
    assert frame.groupby("area")["leaked"].sum().to_dict() == LEAKED_BY_AREA
    assert frame.groupby("field")["leaked"].sum().to_dict() == LEAKED_BY_FIELD


def test_every_mark_is_the_page_s() -> None:
    printed: dict[tuple[str, str], bool] = {}
    for line in PAGE_15.read_text(encoding="utf-8").splitlines():
        parts = re.fullmatch(r"(\D+?)(?:※\d)?\s*((?:[○－]\s?){10})", line)
        assert parts, line
        name, marks = parts.groups()
        for area, mark in zip(AREAS, marks.split(), strict=True):
            printed[name, area] = mark == "○"
    frame = facts.leaked_fields()
    held = dict(
        zip(zip(frame["name_ja"], frame["area"], strict=True), frame["leaked"], strict=True)
    )
    assert held == printed


def test_classes_and_footnotes() -> None:
    fields = facts.leak_fields()
    assert fields.groupby("class")["name_ja"].agg(list).to_dict() == CLASSES
    marked = fields.dropna(subset="footnote")
    assert dict(zip(marked["name_ja"], marked["footnote"], strict=True)) == FOOTNOTES
