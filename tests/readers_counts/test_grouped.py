"""Any table of units and months: its own column of groups stands for a registry."""

import pytest

import switchstats as ss
from switchstats.errors import InputError, UsageError
from switchstats.readers import read_counts

MAPPING = {
    "retailer": "病院",
    "group": "設置者",
    "period": "年月",
    "requests": "紹介",
    "errors": "差戻し",
}
HEAD = "設置者,病院,年月,紹介,差戻し\n"
ROWS = (
    "国立,みなと病院,2023年4月,100,10\n"
    "国立,やま病院,2023年4月,200,30\n"
    "国立,やま 病院,2023年5月,220,33\n"
    "私立,かわ医院,2023年4月,300,60\n"
    "私立,そら医院,2023年4月,50,12\n"
    "合計,,,870,145\n"
)


def test_units_and_groups_come_from_the_table(text_file) -> None:
    loaded = read_counts(text_file(HEAD + ROWS), mapping=MAPPING)
    assert len(loaded.quarantine) == 0
    named = {unit.retailer: unit.group for unit in loaded.counts.retailers}
    assert named == {
        "みなと病院": "国立",
        "やま病院": "国立",
        "かわ医院": "私立",
        "そら医院": "私立",
    }
    # two spellings of one hospital
    frame = loaded.counts.frame
    assert frame.loc[frame["retailer"] == "やま病院", "requests"].tolist() == [200, 220]
    finding = ss.GroupComparison(groups=("国立", "私立")).run(loaded.counts)
    # 10 % and 63 of 420 against 20 and 24 %
    expected = (0.1 + 63 / 420) / 2 - (0.2 + 0.24) / 2
    assert finding.verdict.estimate == pytest.approx(expected)
    assert "国立" in finding.paragraph("ja")


def test_the_usual_names_of_the_groups_are_known(text_file) -> None:
    text = HEAD + ROWS.replace("国立", "みなし小売電気事業者").replace("私立", "新電力")
    counts = read_counts(text_file(text), mapping=MAPPING).counts
    assert {unit.group for unit in counts.retailers} == {"incumbent", "entrant"}


def test_groups_of_several_files_and_values(text_file) -> None:
    mapping = {
        "layout": [
            {**MAPPING, "values": {"group": {"国立": "north", "私立": "south"}}},
            {
                "retailer": "unit",
                "period": "month",
                "requests": "n",
                "errors": "e",
                "constants": {"group": "south"},
            },
        ]
    }
    first = text_file(HEAD + ROWS, "a.csv")
    second = text_file("unit,month,n,e\nうみ医院,2023-04,10,1\n", "b.csv")
    counts = read_counts([first, second], mapping=mapping).counts
    groups = [unit.group for unit in counts.retailers]
    assert groups == ["north", "north", "south", "south", "south"]


def test_a_group_by_constant_in_a_frame() -> None:
    import pandas as pd

    frame = pd.DataFrame({"u": ["a", "b"], "m": ["2023-01"] * 2, "n": [10, 20], "e": [1, 2]})
    mapping = {"retailer": "u", "period": "m", "requests": "n", "errors": "e"}
    loaded = read_counts(frame, mapping=mapping | {"constants": {"group": "all"}})
    assert [unit.group for unit in loaded.counts.retailers] == ["all", "all"]


def test_a_unit_in_two_groups_is_refused_with_its_place(text_file) -> None:
    text = HEAD + ROWS + "私立,みなと 病院,2023年5月,10,1\n"
    with pytest.raises(InputError, match="stands in the group '国立' and in '私立'") as caught:
        read_counts(text_file(text), mapping=MAPPING)
    assert (caught.value.line, caught.value.field) == (8, "group")


def test_a_blank_group_is_refused(text_file) -> None:
    with pytest.raises(InputError, match="group of 'もり病院' is blank"):
        read_counts(text_file(HEAD + ",もり病院,2023年5月,10,1\n" + ROWS), mapping=MAPPING)


def test_groups_are_said_once(text_file) -> None:
    path = text_file(HEAD + ROWS)
    with pytest.raises(UsageError, match="said twice"):
        read_counts(path, mapping=MAPPING, registry=ss.facts.registry())
    layouts = [MAPPING, {name: word for name, word in MAPPING.items() if name != "group"}]
    with pytest.raises(UsageError, match="every layout"):
        read_counts(path, mapping={"layout": layouts})
