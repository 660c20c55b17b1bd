"""The verbs around a study file, from `init` to `diff`, as somebody would type them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from switchstats.cli.language import spoken
from switchstats.cli.main import commands
from switchstats.errors import InputError
from switchstats.runs import run_study
from switchstats.simulate import World, simulate_counts, write_registry


def say(*arguments: str, code: int = 0, **env: str) -> Result:
    done = CliRunner(env={"COLUMNS": "200", **env}).invoke(commands, arguments)
    assert done.exit_code == code, (arguments, done.output, done.exception)
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of made-up counts, a study file made from them, and two runs."""
    place = tmp_path_factory.mktemp("monthly")
    (place / "data").mkdir()
    world = World(n_retailers=24)
    write_registry(world, place / "registry.csv")
    counts = simulate_counts(world, 60_000, seed=1, strata=())
    names = {each.retailer: each.name.ja for each in counts.retailers}
    months = []
    for start, rows in counts.frame.groupby("period_start"):
        table = pd.DataFrame(
            {
                "社名": rows["retailer"].map(names),
                "年月": f"{start:%Y-%m}",
                "申込件数": rows["requests"],
                "エラー件数": rows["errors"],
            }
        )
        months.append((f"{start:%Y-%m}.csv", table))
    data, study = place / "data", str(place / "study.toml")
    months[0][1].to_csv(data / months[0][0], index=False)
    made = say("init", str(data), "--registry", str(place / "registry.csv"), "--out", study)
    assert "counts by retailer and month" in made.output
    text = Path(study).read_text("utf-8")
    text = text.replace('studies = ["Dossier"]', 'studies = ["GroupComparison"]')
    Path(study).write_text(text.replace("# margin", "margin"), encoding="utf-8")
    first = say("run", study)
    assert "Inconclusive" in first.output
    assert "0001" in first.output
    months[1][1].to_csv(data / months[1][0], index=False)
    second = say("run", study, "--lang", "ja")
    assert "新しい期間" in second.output
    return place


def test_a_run_with_nothing_new_says_so_and_quiet_says_nothing(folder: Path) -> None:
    study = str(folder / "study.toml")
    assert "Nothing has changed since run 0002" in say("run", study).output
    assert say("run", study, "--quiet").output == ""
    plain = json.loads(say("run", study, "--json").output)
    assert plain["new"] is False
    assert plain["run"] == 2


def test_init_says_what_it_wrote(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.toml"
    given = ("init", str(folder / "data"), "--registry", str(folder / "registry.csv"))
    plain = json.loads(say(*given, "--out", str(out), "--json").output)
    assert (plain["file"], plain["kind"], plain["problem"]) == (str(out), "counts", None)
    assert plain["found"]["account"]["quarantined"] == 0
    # 10 incumbents, and the rest of the 24 retailers of the made-up world
    assert plain["found"]["groups"] == {"incumbent": 10, "entrant": 14}
    assert out.exists()


DAMAGED = {
    "cut off": lambda run: (run / "results.json").write_text("{", encoding="utf-8"),
    "gone": lambda run: (run / "results.json").unlink(),
    "of another make": lambda run: (run / "results.json").write_text("[]", encoding="utf-8"),
    "manifest": lambda run: (run / "manifest.json").write_text("{}", encoding="utf-8"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_run_is_named_and_told_how_to_mend(
    folder: Path, tmp_path: Path, damage: str
) -> None:
    place = tmp_path / "copy"
    shutil.copytree(folder, place, symlinks=True)
    study, broken = str(place / "study.toml"), place / "runs" / "0001"
    DAMAGED[damage](broken)
    listed = say("history", study)
    assert "0002" in listed.stdout
    assert "0001" not in listed.stdout
    assert str(broken) in listed.stderr
    assert "restore this folder from a copy, or remove it" in listed.stderr
    assert (
        "このフォルダーを控えから元に戻すか、削除する"
        in say("history", study, "--lang", "ja").stderr
    )
    plain = json.loads(say("history", study, "--json").stdout)
    assert [row["run"] for row in plain["runs"]] == [2]
    assert str(broken) in plain["damaged"][0]["en"]
    # the next run stops, names the folder, and goes on as soon as it is removed
    with pytest.raises(InputError, match="restore this folder from a copy, or remove it") as caught:
        run_study(study, force=True)
    assert caught.value.file == str(broken)
    shutil.rmtree(broken)
    assert run_study(study, force=True).number == 3


def test_history_lists_the_runs_and_draws_them(folder: Path, tmp_path: Path) -> None:
    study, figure = str(folder / "study.toml"), tmp_path / "track.svg"
    listed = say("history", study, "--figure", str(figure))
    assert "0001" in listed.output
    assert "0002" in listed.output
    assert figure.read_text("utf-8").startswith("<?xml")
    assert "判断できない" in say("history", str(folder / "runs"), "--lang", "ja").output
    runs = json.loads(say("history", study, "--json").output)["runs"]
    assert [run["run"] for run in runs] == [1, 2]
    assert [(run["look"], run["planned_looks"]) for run in runs] == [(1, None), (2, None)]
    assert {run["deciding_study"] for run in runs} == {"group_comparison"}
    assert [run["changed"] for run in runs] == [[], []]
    assert "◇" not in listed.output


def test_history_marks_a_run_whose_study_or_settings_are_others(
    folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "copy"
    shutil.copytree(folder, place, symlinks=True)
    study = place / "study.toml"
    asked = study.read_text("utf-8")
    study.write_text(asked.replace("margin = 0.02", "margin = 0.05"), encoding="utf-8")
    say("run", str(study), "--quiet")
    asked = study.read_text("utf-8").replace('["GroupComparison"]', '["RetailerByRetailer"]')
    study.write_text(asked, encoding="utf-8")
    say("run", str(study), "--quiet")
    listed = say("history", str(study)).output
    assert "◇ margin" in listed
    assert "◆ deciding study" in listed
    assert "◆: another study decides" in listed
    assert "switchstats diff" in listed
    said = say("history", str(study), "--lang", "ja").output
    assert "◆：結論を示す分析が前の回と異なる" in said
    runs = json.loads(say("history", str(study), "--json").output)["runs"]
    assert [run["changed"] for run in runs[:3]] == [[], [], ["margin"]]
    assert runs[3]["changed"][:2] == ["deciding_study", "estimand"]


def test_diff_says_what_moved(folder: Path) -> None:
    one, two = str(folder / "runs" / "0001"), str(folder / "runs" / "latest")
    said = say("diff", one, two).output
    assert "New files (1)" in said
    assert "by new data" in said
    assert "新しいファイル" in say("diff", one, two, "--lang", "ja").output
    plain = json.loads(say("diff", one, two, "--json").output)
    assert plain["schema"] == "switchstats/diff"
    assert plain["revisions"] == []


def test_options_that_a_study_file_says_itself_are_refused(folder: Path) -> None:
    done = say("run", str(folder / "study.toml"), "--margin", "0.01", code=2)
    assert "leave out --margin" in done.output


@pytest.mark.parametrize("table", ["exposure", "viewings", "leaked_fields", "retailers"])
def test_facts_are_printed_with_their_pages(table: str) -> None:
    rows = json.loads(say("facts", table, "--json").output)
    assert len(rows) > 5
    assert all(rows)
    printed = say("facts", table, "--lang", "ja").output
    assert "name en" not in printed


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "table", ["exposure", "viewings", "leaked_fields", "ends_of_access", "retailers"]
)
def test_facts_fit_80_columns_and_break_no_name(table: str, language: str) -> None:
    printed = say("facts", table, "--lang", language, COLUMNS="80").output
    assert max(map(cell_len, printed.splitlines())) <= 80
    rows = json.loads(say("facts", table, "--json").output)
    first = next(iter(rows[0]))
    assert all(re.search(rf"[ │]{row[first]}[ :]", printed) for row in rows)
    # what every row has is said once, and pages are said at all
    if "page" in rows[0]:
        assert re.search("page (15|16|17)", printed)
    for blank in ("<NA>", "NaT", "nan", "None", "00:00"):
        assert blank not in printed


@pytest.mark.parametrize("verb", ["run", "init", "check", "audit", "diff", "history", "facts"])
def test_every_verb_has_examples_in_its_help(verb: str) -> None:
    assert "Examples:" in say(verb, "--help").output


def test_completion_is_offered() -> None:
    command = Path(sys.executable).parent / "switchstats"
    env = {**os.environ, "_SWITCHSTATS_COMPLETE": "zsh_source"}
    done = subprocess.run([command], env=env, capture_output=True, text=True, check=False)
    assert "#compdef switchstats" in done.stdout


def test_the_language_of_a_message_is_that_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    assert spoken(["run", "--lang=ja"]) == "ja"
    assert spoken(["run", "--lang", "both"]) == "en"
    monkeypatch.setenv("SWITCHSTATS_LANGUAGE", "ja")
    assert spoken(["run"]) == "ja"
    assert spoken(["run", "--lang", "en"]) == "en"
