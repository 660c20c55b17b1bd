"""The key stays with its owner; the table comes out whole, the same each time, or not at all."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import switchstats as ss
from switchstats.bounds import IdentityLeakError
from switchstats.errors import InputError, UsageError
from switchstats.facts import read_registry
from switchstats.readers import Labelled, read_published
from switchstats.runs import anonymise, table_csv
from switchstats.values import PrintedRate, PublishedTable

REGISTRY = """\
retailer,name,group,area
kansai,関西電力,incumbent,06
x-power,X電力,entrant,03
y-den,Y電気,entrant,
"""
DRAFT = """\
group,row,retailer,period,rate_pct
incumbent,unit,関西電力,2022年4～12月,21.7
entrant,unit,X電力,2022年4～12月,21.2
entrant,unit,Y電気,2022年4～12月,－
entrant,average,加重平均,2022年4～12月,21.2
"""


@pytest.fixture
def draft(tmp_path: Path) -> PublishedTable:
    (tmp_path / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    (tmp_path / "draft.csv").write_text(DRAFT, encoding="utf-8")
    registry = read_registry(tmp_path / "registry.csv")
    return read_published(tmp_path / "draft.csv", registry=registry)


def test_the_same_bytes_each_time_and_a_key_for_its_owner_alone(
    tmp_path: Path, draft: PublishedTable
) -> None:
    key, out = tmp_path / "keys" / "labels.json", tmp_path / "public" / "table.csv"
    anonymise(draft, key, out)
    first, kept = out.read_bytes(), key.read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    anonymise(draft, key, out)
    assert out.read_bytes() == first
    assert key.read_bytes() == kept
    labels = json.loads(kept)["labels"]["entrant"]
    assert sorted(labels) == ["x-power", "y-den"]
    assert sorted(labels.values()) == ["A", "B"]
    for word in ("X電力", "Y電気", "x-power", "y-den"):
        assert word not in first.decode()
    assert [path.name for path in out.parent.iterdir()] == ["table.csv"]


def test_what_is_written_is_read_back(tmp_path: Path, draft: PublishedTable) -> None:
    out = tmp_path / "public" / "table.csv"
    made = anonymise(draft, tmp_path / "keys" / "labels.json", out).table
    read = read_published(out, registry=Labelled((read_registry(tmp_path / "registry.csv"),)))
    assert (read.rows, read.averages, read.periods) == (made.rows, made.averages, made.periods)


def test_the_committees_table_goes_through_csv_unchanged(
    tmp_path: Path, committee: PublishedTable
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(table_csv(committee), encoding="utf-8")
    read = read_published(path)
    assert (read.rows, read.averages, read.periods) == (
        *(committee.rows, committee.averages, committee.periods),
    )


@pytest.mark.parametrize(
    "key", ["public/labels.json", "public/deep/labels.json", "public/../public/labels.json"]
)
def test_a_key_in_the_published_folder_is_refused(
    tmp_path: Path, draft: PublishedTable, key: str
) -> None:
    (tmp_path / "public").mkdir()
    with pytest.raises(InputError, match="folder of the table"):
        anonymise(draft, tmp_path / key, tmp_path / "public" / "table.csv")
    assert list((tmp_path / "public").iterdir()) == []


def test_a_link_into_the_published_folder_is_refused(tmp_path: Path, draft: PublishedTable) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "public")
    with pytest.raises(InputError, match="folder of the table"):
        anonymise(draft, tmp_path / "link" / "labels.json", tmp_path / "public" / "table.csv")


def test_a_leak_leaves_neither_table_nor_key(tmp_path: Path, draft: PublishedTable) -> None:
    key, out = tmp_path / "keys" / "labels.json", tmp_path / "public" / "table.csv"
    with pytest.raises(IdentityLeakError):
        anonymise(draft, key, out, previous=[draft])
    assert not key.exists()
    assert not out.exists()


def test_a_key_that_others_may_read_is_refused(tmp_path: Path, draft: PublishedTable) -> None:
    key = tmp_path / "labels.json"
    anonymise(draft, key)
    key.chmod(0o644)
    with pytest.raises(InputError, match="others may read"):
        anonymise(draft, key)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"schema": "switchstats/label-key", "schema_version": "1.0"}']
)
def test_what_is_no_key_is_refused_and_left_alone(
    tmp_path: Path, draft: PublishedTable, content: str
) -> None:
    key = tmp_path / "labels.json"
    key.write_text(content)
    key.chmod(0o600)
    with pytest.raises(InputError, match="not a key file"):
        anonymise(draft, key)
    assert key.read_text() == content


def test_a_broken_key_does_not_show_its_names(tmp_path: Path, draft: PublishedTable) -> None:
    key = tmp_path / "labels.json"
    anonymise(draft, key)
    content = json.loads(key.read_text())
    content["labels"]["entrant"] = dict.fromkeys(content["labels"]["entrant"], "A")
    key.write_text(json.dumps(content))
    with pytest.raises(InputError) as caught:
        anonymise(draft, key)
    assert "x-power" not in str(caught.value)
    assert content["secret"] not in str(caught.value)


def test_labels_beyond_the_registry_are_read(tmp_path: Path) -> None:
    rows = "\n".join(f"entrant,unit,新電力{each},2022年4～12月,18.0" for each in ("Z", "AA"))
    path = tmp_path / "t.csv"
    path.write_text(f"group,row,retailer,period,rate_pct\n{rows}\n", encoding="utf-8")
    read = read_published(path, registry=Labelled((ss.facts.registry(),)))
    assert [each.retailer for each in read.retailers] == ["entrant-z", "entrant-aa"]


def test_two_units_are_no_csv(draft: PublishedTable) -> None:
    other = replace(draft.rows[0], cells=(PrintedRate("180", "permille"),))
    with pytest.raises(UsageError, match="different units"):
        table_csv(replace(draft, rows=(other, *draft.rows[1:])))
