"""A year of months, delivered one by one: each run right, nothing lost, nothing done twice."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from tests.runs.conftest import STUDY, complete, deliver

import switchstats as ss
from switchstats.errors import InputError
from switchstats.readers import read_counts
from switchstats.runs.study_run import StudyRun, run_study

SECOND_STUDY = "\n[looks]\nplanned = 12\n"


def codes(done: StudyRun) -> list[str]:
    return [flag.code for flag in done.flags]


@pytest.fixture(scope="module")
def year(tmp_path_factory, months, registry):
    """Twelve deliveries with a late revision, a new name, a broken file and one sent twice."""
    folder = tmp_path_factory.mktemp("year")
    (folder / "data").mkdir()
    registry.to_csv(folder / "registry.csv", index=False)
    path = folder / "study.toml"
    path.write_text(
        'studies = ["GroupComparison"]\nmargin = 0.02\n[data]\nkind = "counts"\n'
        'files = ["data"]\nregistry = "registry.csv"\n' + SECOND_STUDY,
        encoding="utf-8",
    )
    names = list(months)
    runs: list[StudyRun] = []
    errors: list[str] = []
    for place, name in enumerate(names):
        rows = months[name].copy()
        if place == 5:  # a retailer under a new name, which the registry does not know yet
            renamed = rows["小売電気事業者名"].iloc[-1]
            rows["小売電気事業者名"] = rows["小売電気事業者名"].replace(renamed, "改名電力")
        deliver(folder, name, rows)
        if place == 3:  # the first month again, revised
            late = months[names[0]].copy()
            late.loc[late.index[0], "エラー件数"] += 1
            deliver(folder, "2022-04-revised", late.iloc[[0]])
        if place == 7:  # the same file under another name
            deliver(folder, "again", months[names[2]])
        if place == 8:
            (folder / "data" / "broken.csv").write_bytes(b"\x00\x01")
            with pytest.raises(InputError) as caught:
                run_study(path)
            errors.append(str(caught.value))
            (folder / "data" / "broken.csv").unlink()
        runs.append(run_study(path))
    return folder, path, runs, errors


def test_twelve_runs_each_right(year, months, registry) -> None:
    folder, _, runs, _ = year
    assert [run.number for run in runs] == list(range(1, 13))
    assert all(run.new and complete(run.folder) for run in runs)
    # the run that failed had read the ninth month before it met the broken file
    assert [run.read for run in runs] == [1, 1, 1, 2, 1, 1, 1, 1, 0, 1, 1, 1]
    # what all files hold together, read at once, with the revised cell by hand
    last = ss.load_run(folder / "runs" / "latest")
    whole = pd.concat(months.values())
    known = whole[whole["小売電気事業者名"].isin(registry["name"])]
    lost = months[list(months)[5]].iloc[-1]
    assert last.counts.requests == known["申込件数"].sum() - lost["申込件数"]
    assert last.counts.errors == known["エラー件数"].sum() - lost["エラー件数"] + 1


def test_each_run_says_what_was_new_and_odd(year) -> None:
    _, _, runs, errors = year
    assert codes(runs[0]) == []
    assert "new_periods" in codes(runs[1])
    assert {"new_periods", "revised"} <= set(codes(runs[3]))
    (revised,) = [flag.text.en for flag in runs[3].flags if flag.code == "revised"]
    assert "1 of them" in revised
    assert {"vanished", "rejected"} & set(codes(runs[5]))
    (same,) = [flag.text.en for flag in runs[7].flags if flag.code == "same_file"]
    assert "2022-06.csv" in same
    assert "again.csv" in same
    assert "broken.csv" in errors[0]


def test_the_account_of_rows_adds_up_in_every_run(year) -> None:
    _, _, runs, _ = year
    for run in runs:
        account = ss.load_run(run.folder).run["account"]
        assert account["read"] == account["accepted"] + account["quarantined"]
        assert account["accepted"] == account["counted"] + sum(account["excluded"].values())


def test_past_runs_stand_as_they_were(year) -> None:
    folder, _, runs, _ = year
    found = ss.history(folder / "runs")
    assert [row.number for row in found.rows] == list(range(1, 13))
    assert [row.n_new for row in found.rows] == [1] * 12
    assert [row.n_revised for row in found.rows] == [0, 0, 0, 1, *[0] * 8]
    assert found.to_frame()["requests"].is_monotonic_increasing
    assert {row.deciding_study for row in found.rows} == {"group_comparison"}
    assert [row.look for row in found.rows] == list(range(1, 13))
    assert {row.planned_looks for row in found.rows} == {12}
    # the same study of the same file every month, whatever the data
    assert found.changes == ((),) * 12
    for row, run in zip(found.rows, runs, strict=True):
        verdict = run.findings[0].verdict
        assert row.estimate == pytest.approx(verdict.estimate, rel=1e-11)
        assert row.outcome == verdict.outcome.value


def test_the_page_shows_what_earlier_runs_said(year) -> None:
    _, _, runs, _ = year
    first = (runs[0].folder / "report.html").read_text("utf-8")
    assert "What earlier runs said" not in first
    assert not (runs[0].folder / "figures" / "track_record.en.svg").exists()
    last = runs[-1].folder
    page = (last / "report.html").read_text("utf-8")
    assert "What earlier runs said" in page
    assert "これまでの実行の結論" in page
    for words in ("run by run; the numbers stand", "実行の順に並べた図"):
        assert re.search(rf'<img [^>]+ alt="[^"]*{words}', page)
    assert (last / "figures" / "track_record.en.svg").is_file()
    # the history, read back from the folder, is what the page said when it was made
    table = page.partition("What earlier runs said")[2].partition("</table>")[0]
    for row in ss.history(last.parent).rows:
        assert row.last_day in table
        assert f"{row.requests:,}" in table
        assert f"{row.look} of 12" in table
        assert row.created[:10] not in page


def test_the_history_of_runs_before_manifests_said_how_far_data_reach(year, tmp_path) -> None:
    folder, _, _, _ = year
    copied = tmp_path / "runs"
    shutil.copytree(folder / "runs", copied, symlinks=True)
    for path in copied.glob("0*/manifest.json"):
        manifest = json.loads(path.read_text("utf-8"))
        del manifest["run"]["extent"]
        path.write_text(json.dumps(manifest), encoding="utf-8")
    assert ss.history(copied) == ss.history(folder / "runs")


def test_the_history_of_runs_that_say_neither_look_nor_study_is_read(year, tmp_path) -> None:
    folder, _, _, _ = year
    copied = tmp_path / "runs"
    shutil.copytree(folder / "runs", copied, symlinks=True)
    path = copied / "0001" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["run"]["look"] = {}
    del manifest["run"]["study"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    found = ss.history(copied)
    assert found.damaged == ()
    assert (found.rows[0].look, found.rows[0].planned_looks) == (None, None)
    assert found.rows[0].look_words.en == "–"
    assert found.rows[1:] == ss.history(folder / "runs").rows[1:]
    assert found.changes == ((),) * 12


def test_the_same_runs_in_another_folder_give_the_same_bytes(study, months, tmp_path) -> None:
    pages: list[bytes] = []
    for place in ("a", "b"):
        path = study(STUDY.replace("margin", f'out = "runs-{place}"\nmargin'), "study.toml")
        for name in list(months)[:2]:
            deliver(path.parent, name, months[name])
            last = run_study(path)
        pages.append((last.folder / "report.html").read_bytes())
        for each in (path.parent / "data").iterdir():
            each.unlink()
    assert last.number == 2
    assert pages[0] == pages[1]


def test_a_change_is_split_into_what_made_it(year) -> None:
    folder, _, _, _ = year
    runs = folder / "runs"
    found = ss.diff_runs(runs / "0003", runs / "0004")
    names = [step.name for step in found.steps]
    assert names == ["code", "revised_data", "new_data", "settings"]
    before, after = found.estimates
    assert sum(step.change for step in found.steps) == pytest.approx(after - before, abs=1e-12)
    by_name = {step.name: step.change for step in found.steps}
    assert by_name["code"] == pytest.approx(0, abs=1e-12)
    assert by_name["settings"] == pytest.approx(0, abs=1e-12)
    assert by_name["revised_data"] != 0
    assert by_name["new_data"] != 0
    assert len(found.revisions) == 1
    assert found.files["new"] == ("2022-04-revised.csv", "2022-07.csv")
    assert [str(period.start) for period in found.new_periods] == ["2022-07-01"]
    assert any("Past values that changed: 1" in said.en for said in found.sentences)
    assert json.dumps(found.to_dict())


def test_a_run_without_anything_new_makes_nothing(year) -> None:
    folder, path, _, _ = year
    before = sorted((folder / "runs").iterdir())
    done = run_study(path)
    assert not done.new
    assert done.number == 12
    assert sorted((folder / "runs").iterdir()) == before
    lines = (folder / "runs" / "log.jsonl").read_text("utf-8").splitlines()
    outcomes = [json.loads(line)["outcome"] for line in lines]
    assert outcomes == [*["new run"] * 8, "failed", *["new run"] * 4, "nothing new"]


def test_the_log_says_what_failed(year) -> None:
    folder, _, _, _ = year
    lines = (folder / "runs" / "log.jsonl").read_text("utf-8").splitlines()
    (failed,) = [json.loads(line) for line in lines if '"failed"' in line]
    assert "broken.csv" in failed["error"]


def test_settings_are_part_of_what_changes(year) -> None:
    folder, path, _, _ = year
    text = path.read_text("utf-8")
    other = folder / "other.toml"
    other.write_text(text.replace("margin = 0.02", 'margin = 0.03\nout = "others"'), "utf-8")
    first = run_study(other)
    other.write_text(text.replace("margin = 0.02", 'margin = 0.04\nout = "others"'), "utf-8")
    second = run_study(other)
    assert (first.number, second.number) == (1, 2)
    found = ss.diff_runs(first.folder, second.folder)
    assert found.settings == {"margin": (0.03, 0.04)}
    past = ss.history(first.folder.parent)
    assert past.changes == ((), ("margin",))
    # other settings on the same files are no look of their own
    assert [row.look for row in past.rows] == [1, 1]
    assert "◇ margin" in (second.folder / "report.html").read_text("utf-8")
    assert found.revisions == ()


def test_each_look_is_paid_for_and_says_so(year) -> None:
    _, _, runs, _ = year
    for run in runs:
        verdict = run.findings[0].verdict
        assert verdict.level == pytest.approx(1 - 0.05 / 12)
        (look,) = [check for check in run.findings[0].checks if check.name == "look"]
        assert look.text in run.findings[0].sentences
        assert f"look {run.number}." in look.text.en
    assert "12 are planned" in look.text.en


def test_a_run_is_read_back(year) -> None:
    _, _, runs, _ = year
    run = ss.load_run(runs[-1].folder)
    finding = runs[-1].findings[0]
    (found,) = run.findings
    assert found.study == finding.study
    assert found.outcome == finding.verdict.outcome.value
    assert [said.en for said in found.sentences] == [said.en for said in finding.sentences]
    assert len(found.to_frame()) == len(finding.tests)
    assert {check.name for check in found.checks} == {check.name for check in finding.checks}
    assert finding.question.ja in found.summary("ja")
    assert "tests" in run.tables()
    assert found._repr_html_()
    assert run._repr_html_()


def test_a_schema_of_the_future_is_refused(tmp_path: Path, year) -> None:
    _, _, runs, _ = year
    (tmp_path / "manifest.json").write_text(
        (runs[0].folder / "manifest.json").read_text("utf-8"), encoding="utf-8"
    )
    content = json.loads((runs[0].folder / "results.json").read_text("utf-8"))
    results = tmp_path / "results.json"
    older = {**content, "schema_version": "1.0"}
    results.write_text(json.dumps(older), encoding="utf-8")
    assert ss.load_run(tmp_path).findings
    results.write_text(json.dumps({**content, "schema_version": "2.0"}), encoding="utf-8")
    with pytest.raises(InputError, match=r"reads switchstats/results 1\.x"):
        ss.load_run(tmp_path)
    results.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        ss.load_run(tmp_path)
    with pytest.raises(InputError, match="no run is there"):
        ss.load_run(tmp_path / "nothing")
    with pytest.raises(InputError, match="no run is there"):
        ss.history(tmp_path)


def test_deliveries_together_are_what_one_reading_gives(study, months) -> None:
    path = study()
    for name in list(months)[:3]:
        deliver(path.parent, name, months[name])
    done = run_study(path)
    whole = read_counts(str(path.parent / "data"), registry=path.parent / "registry.csv")
    assert ss.load_run(done.folder).counts == whole.counts
    assert ss.load_run(done.folder).run["account"] == whole.account.to_dict()
