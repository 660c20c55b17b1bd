"""`switchstats check`: what was understood, what was rejected and why."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COUNTS = (
    "社名,月,申込件数,エラー件数\n"
    "北海道電力,02,1000,100\n"
    "新電力B,02,▲5,1\n"
    "新電力A,02,50,60\n"
    "謎の電力,02,10,1\n"
)


def _check(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "switchstats", "check", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=os.environ | {"COLUMNS": "200"},
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "2023-02.csv").write_bytes(COUNTS.encode("cp932"))
    return tmp_path


def test_json_accounts_for_every_row(folder: Path) -> None:
    done = _check("2023-02.csv", "--year", "2023", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["account"] == {
        "read": 4,
        "accepted": 1,
        "counted": 1,
        "excluded": {},
        "quarantined": 3,
    }
    assert found["quarantine"]["by_code"] == {
        "negative": 1,
        "errors_above_requests": 1,
        "unknown_retailer": 1,
    }
    assert [row["line"] for row in found["quarantine"]["rows"]] == [3, 4, 5]
    (table,) = found["understood"]
    assert "CP932" in table["encoding"]
    assert table["columns"]["requests"] == "申込件数"
    assert found["counts"]["requests"] == 1000


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("4 rows read", "Rejected rows", "line 3")), ("ja", ("不採用の行", "負の件数"))],
)
def test_words_name_the_reasons_and_the_first_places(
    folder: Path, language: str, words: tuple
) -> None:
    done = _check("2023-02.csv", "--year", "2023", "--lang", language, cwd=folder)
    assert done.returncode == 0, done.stderr
    for word in words:
        assert word in done.stdout


def test_request_rows_with_their_registry(tmp_path: Path) -> None:
    make = ["--requests", "2000", "--seed", "1", "--retailers", "40", "--out", "r.csv"]
    command = [sys.executable, "-m", "switchstats", "simulate", *make, "--registry-out", "who.csv"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    done = _check("r.csv", "--kind", "requests", "--registry", "who.csv", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)["account"]
    assert account["read"] == 2000
    assert account["quarantined"] == 0
    assert account["counted"] > 1000


@pytest.mark.parametrize(
    "arguments", [("nothing.csv",), ("2023-02.csv", "--kind", "requests", "--year", "2023"), ()]
)
def test_bad_input_ends_with_2(folder: Path, arguments: tuple) -> None:
    done = _check(*arguments, cwd=folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
