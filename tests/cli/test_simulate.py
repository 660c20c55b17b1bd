"""`switchstats simulate` as a user meets it."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from switchstats.cli.simulate import simulate
from switchstats.errors import UsageError


def _simulate(*arguments: str) -> Result:
    return CliRunner().invoke(simulate, list(arguments), catch_exceptions=False)


def test_it_writes_and_says_what_is_true(tmp_path: Path) -> None:
    out, who = tmp_path / "rows.csv", tmp_path / "who.csv"
    done = _simulate(
        *("--requests", "1200", "--seed", "4", "--effect", "2", "--retailers", "30"),
        *("--out", str(out), "--registry-out", str(who)),
    )
    assert done.exit_code == 0
    for words in ("1,200 made-up requests", "seed 4", "−2.00 points", str(out), str(who)):
        assert words in done.output
    with out.open(encoding="ascii") as file:
        assert sum(1 for _ in csv.DictReader(file)) == 1200
    with who.open(encoding="utf-8-sig") as file:
        assert sum(1 for _ in csv.DictReader(file)) == 30


def test_in_japanese(tmp_path: Path) -> None:
    done = _simulate("--requests", "5", "--out", str(tmp_path / "rows.csv"), "--lang", "ja")
    assert "5件の模擬データ" in done.output
    assert "0.00ポイント" in done.output


def test_json_holds_the_truth(tmp_path: Path) -> None:
    out = tmp_path / "rows.parquet"
    made = json.loads(
        _simulate("--requests", "5", "--effect", "0.5", "--out", str(out), "--json").output
    )
    assert made["file"] == str(out)
    assert (made["requests"], made["seed"], made["retailers"]) == (5, 0, 700)
    assert made["registry"] is None
    assert made["truth"]["effect_pp"] == -0.5
    assert len(made["truth"]["eligible"]["cells"]) == 7


def test_a_minus_sign_changes_nothing(tmp_path: Path) -> None:
    files = [tmp_path / "plus.csv", tmp_path / "minus.csv"]
    for effect, path in zip(("2", "-2"), files, strict=True):
        _simulate("--requests", "500", "--effect", effect, "--out", str(path))
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--out", "rows.csv"],
        ["--requests", "0", "--out", "rows.csv"],
        ["--requests", "10"],
        ["--requests", "10", "--seed", "-1", "--out", "rows.csv"],
    ],
)
def test_bad_options_leave_with_2(wrong: list[str]) -> None:
    assert _simulate(*wrong).exit_code == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["--retailers", "3"], "at least 12 retailers"),
        (["--effect", "30"], "the most in this world"),
        (["--effect", "nan"], "number of points"),
    ],
)
def test_what_cannot_be_simulated_is_said(tmp_path: Path, wrong: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        _simulate("--requests", "10", "--out", str(tmp_path / "rows.csv"), *wrong)
    assert list(tmp_path.iterdir()) == []
