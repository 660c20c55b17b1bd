"""One form of mapping for counts and for request rows: as a dict, and the same in TOML."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from switchstats.engines import read_requests
from switchstats.engines.columns import read_mapping as read_requests_mapping
from switchstats.errors import InputError, UsageError
from switchstats.facts import registry
from switchstats.readers import read_counts
from switchstats.readers.counts.mapping import read_mapping as read_counts_mapping
from switchstats.values import Loaded

COUNTS = "甲欄,乙欄,丙欄,丁欄\nほく,4月,10,2\n"
REQUESTS = "甲欄,乙欄,丙欄,丁欄\nほく,4月5日,可,再\nほく,4月6日,可,初\n"
MAPPINGS = {
    "counts": """
        retailer = "甲欄"
        period = "乙欄"
        requests = "丙欄"
        errors = "丁欄"
        year = 2022
        encoding = "cp932"
        [constants]
        area = "03"
        [values.retailer]
        "ほく" = "北海道電力"
    """,
    "requests": """
        gaining = "甲欄"
        submitted = "乙欄"
        outcome = "丙欄"
        attempt = "丁欄"
        year = 2022
        encoding = "cp932"
        [constants]
        area = "03"
        [values.gaining]
        "ほく" = "北海道電力"
        [values.attempt]
        "初" = 1
        "再" = 2
    """,
}
Read = Callable[..., Loaded]


def _requests(source: object, **options: Any) -> Loaded:
    return read_requests(source, settle_days=0, strata=("area",), **options)


READS: dict[str, tuple[Read, str, int]] = {
    "counts": (read_counts, COUNTS, 10),
    "requests": (_requests, REQUESTS, 1),
}


@pytest.fixture(params=list(READS))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


def test_columns_constants_values_year_and_encoding(tmp_path: Path, kind: str) -> None:
    read, text, requests = READS[kind]
    (tmp_path / "t.csv").write_bytes(text.encode("cp932"))
    (tmp_path / "m.toml").write_text(MAPPINGS[kind], "utf-8-sig")
    for mapping in (tmp_path / "m.toml", tomllib.loads(MAPPINGS[kind])):
        loaded = read(tmp_path / "t.csv", mapping=mapping)
        (row,) = loaded.counts.frame.to_dict("records")
        assert (row["retailer"], row["area"], row["requests"]) == ("hokkaido", "03", requests)
        assert str(loaded.counts.periods[0].start) == "2022-04-01"
        assert loaded.understood[0].encoding == "CP932 (Shift_JIS) (forced)"
    # the argument goes before the mapping
    loaded = read(tmp_path / "t.csv", mapping=tmp_path / "m.toml", year=2023)
    assert loaded.counts.periods[0].start.year == 2023
    with pytest.raises(InputError, match="not utf-8"):
        read(tmp_path / "t.csv", mapping=tmp_path / "m.toml", encoding="utf-8")


def test_layouts_of_several_makers(tmp_path: Path, kind: str) -> None:
    read, text, requests = READS[kind]
    own, _, values = MAPPINGS[kind].partition("year = 2022")
    layouts = f"""
        year = 2022
        {values.partition("[constants]")[2].replace('area = "03"', "")}
        [[layout]]
        name = "A社"
        {own}
        [layout.constants]
        area = "03"
        [[layout]]
        name = "B社"
        {own.replace("欄", "列")}
        [layout.constants]
        area = "01"
    """
    (tmp_path / "a.csv").write_text(text, "utf-8")
    (tmp_path / "b.csv").write_text(text.replace("欄", "列").replace("4月", "5月"), "utf-8")
    (tmp_path / "m.toml").write_text(layouts, "utf-8")
    loaded = read(tmp_path, mapping=tmp_path / "m.toml")
    table = loaded.counts.frame.sort_values("period_start")
    assert table["area"].tolist() == ["03", "01"]
    assert table["requests"].tolist() == [requests, requests]
    remarks = [" ".join(remark.ja for remark in one.remarks) for one in loaded.understood]
    assert "A社" in remarks[0]
    assert "B社" in remarks[1]
    (tmp_path / "c.csv").write_text(text.replace("欄", "項"), "utf-8")
    with pytest.raises(InputError, match=r"甲欄|丙欄|no table"):
        read(tmp_path, mapping=tmp_path / "m.toml")


def test_a_column_can_be_left_alone(tmp_path: Path, kind: str) -> None:
    read, text, _ = READS[kind]
    if kind == "counts":
        text, left = "社名,年月,申込,エラー,成立\n北海道電力,R5.1,10,1,8\n", {"accepted": None}
    else:
        text = (
            "申込番号,申込日,新小売,結果,エリア,申込回数\n" + "a,R5.1.5,北海道電力,成立,01,1\n" * 2
        )
        left = {"request_id": ""}
    (tmp_path / "t.csv").write_text(text, "utf-8")
    assert len(read(tmp_path / "t.csv").quarantine) == 1
    assert len(read(tmp_path / "t.csv", mapping=left).quarantine) == 0


def test_a_constant_goes_before_a_column(tmp_path: Path, kind: str) -> None:
    read, _, _ = READS[kind]
    text = "社名,年月,申込,エラー,エリア\n北海道電力,R5.1,10,1,02\n"
    if kind == "requests":
        text = "申込日,新小売,結果,エリア,申込回数\nR5.1.5,北海道電力,成立,02,1\n"
    (tmp_path / "t.csv").write_text(text, "utf-8")
    loaded = read(tmp_path / "t.csv", mapping={"constants": {"area": "01"}})
    assert loaded.counts.frame["area"].tolist() == ["01"]
    assert loaded.understood[0].ignored == ("エリア",)


def test_a_registry_by_its_file(tmp_path: Path, kind: str) -> None:
    read, text, requests = READS[kind]
    (tmp_path / "t.csv").write_text(text, "utf-8")
    (tmp_path / "who.csv").write_text("retailer,name,group\nn,ほく,north\n", "utf-8")
    mapping = tomllib.loads(MAPPINGS[kind])
    del mapping["encoding"]
    mapping["values"] = {"attempt": {"初": 1, "再": 2}} if kind == "requests" else {}
    loaded = read(tmp_path / "t.csv", mapping=mapping, registry=tmp_path / "who.csv")
    assert loaded.counts.frame["group"].tolist() == ["north"]
    assert loaded.counts.requests == requests
    loaded = read(tmp_path / "t.csv", mapping=mapping, registry=registry())
    assert set(loaded.quarantine.by_code()) == {"unknown_retailer"}


WRONG = [
    ({"nobody": "x"}, "knows no column 'nobody'; the nearest is"),
    ({"losing": 5}, "must be its head, as text"),
    ({"losing": "a", "voltage": "Ａ"}, "names one column twice"),
    ({"losing": "a", "constants": {"losing": "b"}}, "both a column and a constant"),
    ({"constants": "x"}, "'constants' in a mapping is a table"),
    ({"constants": {"nobody": "x"}}, "constants of a mapping know no 'nobody'"),
    ({"values": {"nobody": {"a": "b"}}}, "values of a mapping know no column 'nobody'"),
    ({"values": {"losing": {"a": "b", "Ａ": "c"}}}, "two meanings"),
    ({"values": {"losing": "x"}}, "'values.losing' in a mapping is a table"),
    ({"layout": []}, "a list of tables"),
    ({"layout": [5]}, "'layout' in a mapping is a table"),
    ({"layout": [{"encoding": "cp932"}]}, "stands outside of the layouts"),
    ({"year": True}, "a calendar year such as 2022"),
    ({"encoding": "utf-99"}, "unknown encoding 'utf-99'"),
    ({"encoding": "rot13"}, "unknown encoding 'rot13'"),
    ({"encoding": 5}, "is a name such as 'cp932'"),
]


@pytest.mark.parametrize(("mapping", "problem"), WRONG, ids=[problem for _, problem in WRONG])
@pytest.mark.parametrize("read", [read_counts_mapping, read_requests_mapping])
def test_a_wrong_mapping(
    read: Callable[[object], object], mapping: dict[str, object], problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        read(mapping)


@pytest.mark.parametrize("read", [read_counts_mapping, read_requests_mapping])
def test_a_wrong_mapping_file(read: Callable[[object], object], tmp_path: Path) -> None:
    for text, problem in (("area = ", "no TOML"), ('nobody = "x"', "nobody")):
        (tmp_path / "m.toml").write_text(text, "utf-8")
        with pytest.raises(InputError, match=problem) as caught:
            read(tmp_path / "m.toml")
        assert caught.value.file == "m.toml"
    (tmp_path / "m.toml").write_bytes('area = "エリア"'.encode("cp932"))
    with pytest.raises(InputError, match="no TOML"):
        read(tmp_path / "m.toml")
    with pytest.raises(InputError, match="cannot be opened"):
        read(tmp_path / "none.toml")


def test_values_and_year_of_request_rows_hold_for_all_layouts() -> None:
    one = {"layout": [{"values": {"outcome": {"1": "ok"}}}, {"outcome": "判"}]}
    with pytest.raises(UsageError, match="outside of the layouts"):
        read_requests_mapping(one)
