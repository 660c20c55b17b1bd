"""The bundled table is what page 17 prints, number by number."""

import csv
import hashlib
from datetime import date

import pytest

from switchstats.bundled import bundled_path
from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.readers import load_published
from switchstats.values import PublishedTable

# Typed from page 17 of 参考資料１, 83rd meeting (27 March 2023): fiscal year to February,
# April to December, January and February, in percent.
GOLDEN = {
    "hokkaido": ("18.0", "18.2", "16.3"),
    "tohoku": ("16.8", "16.7", "17.8"),
    "tepco-ep": ("16.8", "16.4", "20.4"),
    "chubu-miraiz": ("20.0", "20.3", "18.7"),
    "hokuriku": ("30.4", "30.1", "32.9"),
    "kansai": ("20.5", "21.7", "17.4"),
    "chugoku": ("17.3", "17.1", "19.0"),
    "shikoku": ("15.0", "16.3", "9.3"),
    "kyushu": ("18.6", "19.0", "16.8"),
    "okinawa": ("16.7", "17.3", "12.6"),
    "entrant-a": ("21.1", "21.2", "17.0"),
    "entrant-b": ("16.6", "16.1", "19.6"),
    "entrant-c": ("20.5", "20.7", "13.6"),
    "entrant-d": ("17.4", "17.1", "29.9"),
    "entrant-e": ("14.7", "14.4", "17.1"),
    "entrant-f": ("10.0", "9.9", "11.7"),
    "entrant-g": ("16.3", "15.4", "26.3"),
    "entrant-h": ("28.4", "28.5", "28.1"),
    "entrant-i": ("16.9", "17.0", "0.0"),
    "entrant-j": ("17.8", "17.9", "12.4"),
}
GOLDEN_AVERAGES = {
    "incumbent": ("18.5", "18.6", "17.9"),
    "entrant": ("18.0", "17.7", "21.5"),
}
PERIODS = (
    Period(date(2022, 4, 1), date(2023, 3, 1)),
    Period(date(2022, 4, 1), date(2023, 1, 1)),
    Period(date(2023, 1, 1), date(2023, 3, 1)),
)


def test_sixty_six_numbers_as_text(committee: PublishedTable) -> None:
    printed = {
        row.retailer.retailer: tuple(cell.text for cell in row.cells if cell is not None)
        for row in committee.rows
        if row.retailer is not None
    }
    averages = {
        row.group: tuple(cell.text for cell in row.cells if cell is not None)
        for row in committee.averages
    }
    assert printed == GOLDEN
    assert averages == GOLDEN_AVERAGES
    assert 3 * (len(printed) + len(averages)) == 66


def test_order_periods_and_groups_are_those_of_the_slide(committee: PublishedTable) -> None:
    assert [retailer.retailer for retailer in committee.retailers] == list(GOLDEN)
    assert tuple(column.period for column in committee.periods) == PERIODS
    assert [column.label.ja for column in committee.periods] == [
        "2022年度（～2023年2月末）",
        "2022年4～12月",
        "2023年1～2月",
    ]
    assert committee.groups == ("incumbent", "entrant")
    assert committee.parts(PERIODS[0]) == PERIODS[1:]
    assert {cell.unit for row in committee.rows for cell in row.cells if cell} == {"pct"}


def test_file_is_tidy_text(pasted: str) -> None:
    path = bundled_path("published", "egc-083.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["group", "row", "retailer", "period", "rate_pct"]
    # Every number of the page's text layer, in its order.
    words = [word.removesuffix("％") for word in pasted.split() if word.endswith("％")]
    assert [row["rate_pct"] for row in rows] == words
    assert len(words) == 66
    assert [row["row"] for row in rows].count("average") == 6
    assert {row["retailer"] for row in rows if row["row"] == "average"} == {"上記10社加重平均"}


def test_source_says_where_it_stands(committee: PublishedTable) -> None:
    source = committee.source
    assert source.page == 17
    assert source.title.ja == (
        "みなし小売電気事業者及び主な新電力における廃止取次ぎ申し込みのエラー率（2022年度）"
    )
    assert source.credit.ja == "電力広域的運営推進機関"
    assert "第83回制度設計専門会合" in source.document.ja
    assert "27 March 2023" in source.document.en
    assert len(source.notes) == 1
    assert source.notes[0].ja.startswith("廃止取次ぎデータの情報と現小売契約の情報が一致しなかった")
    assert source.file == "egc-083.csv"
    content = bundled_path("published", "egc-083.csv").read_bytes()
    assert source.sha256 == hashlib.sha256(content).hexdigest()
    assert committee.rounding == "half_up"


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no bundled table is called 'egc-084'; known: egc-083"):
        load_published("egc-084")
    with pytest.raises(UsageError, match="known: egc-083"):
        load_published("../facts/retailers")
