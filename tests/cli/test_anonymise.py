"""`switchstats anonymise`: written with labels, or refused in words."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from switchstats.cli.anonymise import anonymise
from switchstats.errors import InputError

REGISTRY = """\
retailer,name,group,area,alias
x-power,X電力,entrant,03,エックス
y-den,Y電気,entrant,,
"""
DRAFT = """\
group,row,retailer,period,rate_pct
entrant,unit,X電力,2022年4～12月,21.2
entrant,unit,Y電気,2022年4～12月,16.1
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    (tmp_path / "draft.csv").write_text(DRAFT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*more: str, key: str = "keys/labels.json") -> Result:
    arguments = ("draft.csv", "--registry", "registry.csv", "--key", key, "--out", "public/t.csv")
    return CliRunner().invoke(anonymise, (*arguments, *more))


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("never publish", "A new key")), ("ja", ("公表しない", "新たに"))],
)
def test_it_says_where_and_never_who(folder: Path, language: str, words: tuple) -> None:
    done = _run("--lang", language)
    assert done.exit_code == 0, done.output
    for word in words:
        assert word in done.output
    for word in ("X電力", "Y電気", "x-power"):
        assert word not in done.output + (folder / "public" / "t.csv").read_text("utf-8")
    assert words[1] not in _run("--lang", language).output  # the key is there now


def test_json_says_where_and_never_who(folder: Path) -> None:
    found = json.loads(_run("--json").output)
    assert found["key_made"] is True
    assert found["written"] == "public/t.csv"
    assert [each["ja"] for each in found["labels"]] == ["新電力A", "新電力B"]


def test_a_leak_ends_with_1_and_writes_nothing(folder: Path) -> None:
    done = _run("--previous", "draft.csv", "--lang", "ja")
    assert done.exit_code == 1
    assert "X電力は特定される" in done.output
    assert not (folder / "public").exists()
    found = json.loads(_run("--previous", "draft.csv", "--json").stdout)
    assert found["written"] is None
    assert {each["kind"] for each in found["leaks"]} == {"unique_rates"}


def test_an_alias_in_the_title_is_found(folder: Path) -> None:
    (folder / "draft.csv").write_text("【エックスほか】\n" + DRAFT, encoding="utf-8")
    assert "名称が表題に残っている" in _run("--lang", "ja").output


def test_a_table_published_before_with_the_same_key_is_no_leak(folder: Path) -> None:
    assert _run().exit_code == 0
    done = _run("--previous", "public/t.csv")
    assert done.exit_code == 0, done.output


def test_another_key_is_told_by_what_was_published(folder: Path) -> None:
    assert _run().exit_code == 0
    labels = json.loads((folder / "keys" / "labels.json").read_text("utf-8"))
    turned = labels["labels"]["entrant"]
    turned["x-power"], turned["y-den"] = turned["y-den"], turned["x-power"]
    other = folder / "other.json"
    other.write_text(json.dumps(labels), encoding="utf-8")
    other.chmod(0o600)
    done = _run("--previous", "public/t.csv", key="other.json")
    assert done.exit_code == 1
    assert "two labels" in done.output


def test_a_key_beside_the_table_is_bad_input(folder: Path) -> None:
    done = _run(key="public/labels.json")
    assert isinstance(done.exception, InputError)
    assert "folder of the table" in str(done.exception)
