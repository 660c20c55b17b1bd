"""`switchstats calibrate` writes tables and figures in both languages, the same bytes each time."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from switchstats.cli.main import commands

ARGUMENTS = ["calibrate", "--world", "even", "--test", "welch", "--test", "pooled_z"]


def ran(*more: str):
    result = CliRunner().invoke(commands, [*ARGUMENTS, "--data-sets", "40", "--seed", "1", *more])
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize(("language", "words"), [("en", "Welch t"), ("ja", "ウェルチのt検定")])
def test_the_table_is_in_the_chosen_language(language: str, words: str) -> None:
    assert words in ran("--lang", language).stdout


def test_json_holds_every_row() -> None:
    rows = json.loads(ran("--json").stdout)
    assert {row["test"] for row in rows} >= {"welch", "pooled_z"}
    assert {row["kind"] for row in rows} == {"size", "power"}
    naive = next(row for row in rows if (row["test"], row["kind"]) == ("pooled_z", "size"))
    assert naive["rejected"] > 0.3
    assert naive["too_often"] is True


def test_a_folder_of_tables_and_figures_is_written_alike(tmp_path: Path) -> None:
    for name in ("one", "two"):
        ran("--out", str(tmp_path / name))
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == [
        "calibration.csv",
        "calibration.en.md",
        "calibration.ja.md",
        "power.en.svg",
        "power.ja.svg",
        "size.en.svg",
        "size.ja.svg",
    ]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
