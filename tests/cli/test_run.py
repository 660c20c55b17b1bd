"""The command line as a user meets it."""

import json
import subprocess
import sys
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from switchstats.report import results_schema


def _switchstats(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "switchstats", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Inconclusive", "Hokuriku")), ("ja", ("判断できない", "北陸電力"))],
)
def test_run_prints_the_verdict_in_words(tmp_path: Path, language: str, words: tuple) -> None:
    done = _switchstats("run", "--lang", language, "--margin", "0.02", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for word in words:
        assert word in done.stdout
    written = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {"results.json", "manifest.json", "report.html", f"slides.{language}.pptx"} <= written
    assert {f"rates.{language}.csv", f"rates_by_period.{language}.png"} <= written


@pytest.mark.parametrize("columns", [80, 60])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_verdict_fits_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    done = _switchstats("run", "--lang", language, cwd=tmp_path)
    lines = done.stdout.splitlines()
    widths = [sum(1 + (east_asian_width(letter) in "WF") for letter in line) for line in lines]
    assert columns - 10 < max(widths) <= columns
    # each thing that is said begins a line of its own
    assert len([line for line in lines if line.startswith("- ")]) == 13


def test_both_languages(tmp_path: Path) -> None:
    done = _switchstats("run", "--lang", "both", "--out", "here", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Inconclusive" in done.stdout
    assert "判断できない" in done.stdout
    assert (tmp_path / "here" / "slides.ja.pptx").exists()
    assert (tmp_path / "here" / "slides.en.pptx").exists()


def test_json_is_the_results_file_and_obeys_its_schema(tmp_path: Path) -> None:
    import jsonschema

    done = _switchstats("run", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (tmp_path / "out" / "results.json").read_text("utf-8")
    jsonschema.validate(json.loads(done.stdout), results_schema())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "no-such-table.csv"), ("no-such-table.csv",)),
        (("run", "--margin", "2"), ("margin", "0.02")),
        (("run", "--margin", "-1"), ("margin",)),
        (("run", "--margin", "two"), ("--margin",)),
        (("run", "--level", "1.2"), ("level",)),
        (("run", "--period", "2019年度"), ("does not print",)),
        (("run", "--period", "whenever"), ("whenever",)),
        (("run", "--lang", "fr"), ("--lang",)),
        (("run", "--out", "taken"), ("taken",)),
        (("jump",), ("jump",)),
    ],
)
def test_bad_usage_ends_with_2_and_one_clear_message(
    tmp_path: Path, arguments: tuple, words: tuple
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    done = _switchstats(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_help_shows_examples_line_by_line(tmp_path: Path) -> None:
    done = _switchstats("run", "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert "\n    switchstats run --margin 0.02 --lang ja\n" in done.stdout
