"""A user's own words, constants and values; layouts of several makers; mending; thresholds."""

import hashlib

import pandas as pd
import pytest

from switchstats.errors import InputError, UsageError
from switchstats.facts import read_registry
from switchstats.readers import read_counts, write_quarantine

OWN = "甲欄,乙欄,丙欄,丁欄\n北海道電力,2023年1月,10,8\n"
MAPPING = {"retailer": "甲欄", "period": "乙欄", "requests": "丙欄", "accepted": "丁欄"}
JANUARY = ("hokkaido", "2023-01-01", "2023-02-01")


def test_a_mapping_as_dict_and_toml(text_file, numbers) -> None:
    toml = text_file("\n".join(f'{k} = "{v}"' for k, v in MAPPING.items()), "m.toml")
    for mapping in (MAPPING, toml):
        assert numbers(read_counts(text_file(OWN), mapping=mapping)) == {JANUARY: (10, 2)}


def test_a_mapping_goes_before_the_usual_words(text_file) -> None:
    text = "社名,年月,申込件数,受付件数2,エラー\n北海道電力,2023年1月,99,10,2\n"
    loaded = read_counts(text_file(text), mapping={"requests": "受付件数2", "accepted": "申込件数"})
    assert loaded.quarantine.by_code() == {"inconsistent_counts": 1}


def test_constants_values_and_year(text_file) -> None:
    text = "社名,月,申込,エラー\nほ,4,10,2\nと,5,20,3\n"
    loaded = read_counts(
        text_file(text),
        mapping={
            "year": 2022,
            "constants": {"area": "01", "voltage": "低圧"},
            "values": {"retailer": {"ほ": "hokkaido", "と": "東北電力"}},
        },
    )
    frame = loaded.counts.frame
    assert frame["retailer"].tolist() == ["hokkaido", "tohoku"]
    assert set(frame["area"]) == {"01"}
    assert set(frame["voltage"]) == {"low"}
    assert str(frame["period_start"].iloc[1].date()) == "2022-05-01"


def test_layouts_of_several_makers(text_file, numbers) -> None:
    other = "社名,年月,申込件数,エラー件数\n東北電力,2023年1月,20,3\n"
    mapping = {
        "layout": [
            {"name": "甲社", **MAPPING},
            {"name": "others", "retailer": "社名"},
        ]
    }
    paths = [text_file(OWN, "a.csv"), text_file(other, "b.csv")]
    loaded = read_counts(paths, mapping=mapping)
    assert numbers(loaded) == {JANUARY: (10, 2), ("tohoku", *JANUARY[1:]): (20, 3)}
    remarks = [" ".join(r.en for r in report.remarks) for report in loaded.understood]
    assert "甲社" in remarks[0]
    assert "others" in remarks[1]


def test_a_mapping_that_does_not_fit_names_what_is_missing(text_file) -> None:
    with pytest.raises(InputError, match="no column is called '丁欄'"):
        read_counts(text_file(OWN.replace("丁欄", "成立件数")), mapping=MAPPING)


@pytest.mark.parametrize(
    "mapping",
    [
        {"retailers": "社名"},
        {"retailer": 5},
        {"retailer": "a", "period": "Ａ"},
        {"constants": {"requests": "5"}},
        {"constants": "x"},
        {"values": {"requests": {"a": "b"}}},
        {"layout": []},
        {"year": True},
    ],
)
def test_a_wrong_mapping(text_file, mapping) -> None:
    with pytest.raises(UsageError):
        read_counts(text_file(OWN), mapping=mapping)


def test_a_wrong_mapping_file(text_file, tmp_path) -> None:
    for text in ("retailer = ", 'nobody = "x"'):
        with pytest.raises(InputError, match="mapping"):
            read_counts(text_file(OWN), mapping=text_file(text, "m.toml"))
    with pytest.raises(InputError, match="cannot be opened"):
        read_counts(text_file(OWN), mapping=tmp_path / "none.toml")


def test_a_registry_of_the_users_own(text_file) -> None:
    registry = read_registry(
        pd.DataFrame({"retailer": ["n"], "name": ["甲電力"], "group": ["north"], "area": [None]})
    )
    text = "社名,年月,申込,エラー\n（株）甲電力,2023年1月,10,1\n北海道電力,2023年1月,10,1\n"
    loaded = read_counts(text_file(text), registry=registry)
    assert loaded.counts.frame["group"].tolist() == ["north"]
    assert loaded.quarantine.by_code() == {"unknown_retailer": 1}


BAD = (
    "社名,年月,申込,NG\n北海電力,2023年1月,10,1\n東北電力,2023年1月,1o,1\n関西電力,2023年1月,7,1\n"
)


def test_rejected_rows_can_be_mended(text_file, tmp_path, codes) -> None:
    path = text_file(BAD)
    loaded = read_counts(path)
    write_quarantine(loaded, tmp_path / "q.csv")
    text = (tmp_path / "q.csv").read_text("utf-8-sig")
    assert text.splitlines()[0] == "code,reason,file,sheet,line,field,raw,note,sha256,mended"
    lines = text.splitlines()
    lines[1] += "北海道電力"
    lines[2] += "10"
    mended = text_file("\n".join(lines), "q2.csv", "cp932")
    again = read_counts(path, mended=mended)
    assert codes(again) == []
    assert again.counts.requests == 27
    assert [file.name for file in again.provenance.inputs] == ["t.csv", "q2.csv"]


def test_a_mended_cell_that_is_nowhere_is_an_error(text_file) -> None:
    path = text_file(BAD)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = f"code,file,sheet,line,field,raw,sha256,mended\nx,t.csv,,9,申込,1o,{digest},10\n"
    with pytest.raises(InputError, match="no such cell"):
        read_counts(path, mended=text_file(text, "q.csv"))
    with pytest.raises(InputError, match="not a file of rejected rows"):
        read_counts(text_file(BAD), mended=text_file("a,b\n1,2\n", "q.csv"))


def test_too_many_rejected_rows(text_file) -> None:
    path = text_file(BAD)
    assert len(read_counts(path, max_rejected=2).quarantine) == 2
    assert len(read_counts(path, max_rejected=0.7).quarantine) == 2
    for most in (1, 0, 0.5):
        with pytest.raises(InputError, match=r"2 of 3 rows.*not a number.*the registry lacks"):
            read_counts(path, max_rejected=most)
    for most in (-1, 1.5):
        with pytest.raises(UsageError, match="max_rejected"):
            read_counts(path, max_rejected=most)
    with pytest.raises(UsageError, match="year"):
        read_counts(path, year=22)


def test_tables_with_different_strata_are_refused(text_file) -> None:
    with_area = "社名,年月,エリア,申込,エラー\n北海道電力,2023年1月,01,10,1\n"
    without = "社名,年月,申込,エラー\n東北電力,2023年1月,10,1\n"
    paths = [text_file(with_area, "a.csv"), text_file(without, "b.csv")]
    with pytest.raises(InputError, match="tells area apart"):
        read_counts(paths)


def test_a_mapping_decides_between_two_columns_for_one_count(text_file) -> None:
    text = "社名,年月,申込件数,受付件数,エラー,エラー件数（うち氏名）\n北海道電力,R5.1,10,12,3,1\n"
    with pytest.raises(InputError, match="two columns for the same count"):
        read_counts(text_file(text))
    loaded = read_counts(text_file(text), mapping={"requests": "受付件数", "errors": "エラー"})
    assert (loaded.counts.requests, loaded.counts.errors) == (12, 3)
    assert loaded.understood[0].ignored == ("申込件数", "エラー件数（うち氏名）")


def test_months_beside_a_column_of_fiscal_years(text_file) -> None:
    names = (("1月", "北海道電力"), ("", "東北電力"), ("1月", "関西電力"), ("1月", "四国電力"))
    rows = "".join(f"2022年度,{month},{name},10,1\n" for month, name in names)
    text = "年度,対象月,社名,申込,エラー\n" + rows
    loaded = read_counts(text_file(text))
    assert str(loaded.counts.periods[0].start) == "2023-01-01"
    assert loaded.quarantine.by_code() == {"missing_value": 1}
