"""What runs leave behind: letters for names, whole runs after a kill, nothing personal."""

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from tests.runs.conftest import STUDY, complete, deliver

import switchstats as ss
from switchstats.errors import InputError
from switchstats.runs.numbered import lock, past_runs
from switchstats.runs.study_run import run_study


def test_letters_stay_with_their_retailers(study, months) -> None:
    path = study(STUDY + '\n[disclosure]\nsecond_group = "letters"\n')
    names = list(months)
    deliver(path.parent, names[0], months[names[0]].iloc[:-1])
    first = ss.load_run(run_study(path).folder).counts
    deliver(path.parent, names[1], months[names[1]])
    second = run_study(path)
    counts = ss.load_run(second.folder).counts
    entrants = {each.retailer for each in counts.retailers if each.group == "entrant"}
    assert all(name.startswith("entrant-") and not any(map(str.isdigit, name)) for name in entrants)
    assert {r.retailer for r in first.retailers} <= {r.retailer for r in counts.retailers}
    month = first.periods[0]
    assert counts.during(month).requests == first.requests
    merged = first.frame.merge(counts.frame, on=["retailer", "period_start"])
    assert (merged["requests_x"] == merged["requests_y"]).all()
    everything = _all_text(path.parent / "runs", without=("letters.key.json", ".cache", "log"))
    listed = pd.read_csv(path.parent / "registry.csv")
    delivered = months[names[0]].iloc[:-1]["小売電気事業者名"]
    (entrant, *_) = delivered[delivered.isin(listed.loc[listed["group"] == "entrant", "name"])]
    assert entrant not in everything


def test_a_second_run_at_the_same_time_is_refused(study, months) -> None:
    path = study()
    deliver(path.parent, "a", months["2022-04"])
    with lock(path.parent / "runs"), pytest.raises(InputError, match="another run"):
        run_study(path)
    assert run_study(path).new


def kill_runs(path: Path, times: int, seed: int) -> None:
    """Kill a run at random moments; the newest run is always complete, the old or the new one."""
    rng = random.Random(seed)  # noqa: S311 -- moments, not secrets
    runs = path.parent / "runs"
    command = [sys.executable, "-m", "switchstats", "run", str(path), "--force", "--quiet"]
    started = time.perf_counter()
    subprocess.run(command, check=True, env=os.environ)
    whole = time.perf_counter() - started
    for _ in range(times):
        before = [each.number for each in past_runs(runs)]
        process = subprocess.Popen(command, env=os.environ)
        time.sleep(rng.uniform(0, whole * 1.05))
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = past_runs(runs)
        assert [each.number for each in found][: len(before)] == before
        assert len(found) - len(before) in (0, 1)
        assert complete(found[-1].folder)
        assert complete(runs / "latest")
    done = run_study(path)
    assert complete(done.folder)
    assert not [each for each in runs.iterdir() if each.name.startswith(".0")]


def test_a_killed_run_leaves_the_last_one_whole(study, months) -> None:
    path = study()
    deliver(path.parent, "a", months["2022-04"])
    kill_runs(path, 6, seed=1)


@pytest.mark.slow
def test_two_hundred_killed_runs_leave_the_last_one_whole(study, months) -> None:
    path = study()
    deliver(path.parent, "a", months["2022-04"])
    kill_runs(path, 200, seed=2)


POINT, NAME, ADDRESS = "0312345678901234567890", "需要家山田太郎", "架空市架空町1丁目2番3号"


def test_nothing_personal_is_left_behind(tmp_path: Path) -> None:
    """Planted in good and in rejected rows, and in a file that ends in an error."""
    (tmp_path / "rows").mkdir()
    head = "申込番号,申込日,新小売,現小売,エリア,結果,エラー理由,供給地点特定番号,需要者名,住所\n"
    lines = [
        f"a{n},2023-01-{1 + n % 28:02d},{who},新電力A,東京,{result},,{POINT},{NAME},{ADDRESS}\n"
        for n, (who, result) in enumerate(
            [("北海道電力", "成立"), ("東北電力", "NG"), ("新電力B", "成立"), ("新電力C", "NG")]
            * 60
        )
    ]
    bad = f"b1,{POINT},{NAME},{ADDRESS},北海道,{NAME},,{POINT},{NAME},{ADDRESS}\n"
    (tmp_path / "rows" / "a.csv").write_text(head + "".join(lines) + bad, encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(
        'studies = ["GroupComparison"]\n[data]\nkind = "requests"\nfiles = ["rows"]\n'
        'settle_days = 0\nestimand = "all_attempts"\nmax_rejected = 3\n',
        encoding="utf-8",
    )
    done = run_study(path)
    assert done.new
    rejected = (done.folder / "data" / "rejected.csv").read_text("utf-8-sig")
    assert "a.csv" in rejected
    (tmp_path / "rows" / "b.csv").write_text(head + bad * 5, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        run_study(path)
    everything = _all_text(tmp_path / "runs") + str(caught.value)
    for planted in (POINT, NAME, ADDRESS):
        assert planted not in everything
    assert "北海道電力" in everything  # the search does find what is there


def _all_text(folder: Path, without: tuple[str, ...] = ()) -> str:
    """Return everything that files hold, unpacked, as text."""
    parts: list[str] = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if path.is_file() and not relative.startswith(without):
            parts += [relative, _text(path.read_bytes(), path.suffix)]
    return "\n".join(parts)


def _text(content: bytes, suffix: str) -> str:
    if suffix == ".parquet":
        return pd.read_parquet(io.BytesIO(content)).to_csv()
    if suffix in (".pptx", ".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(
                _text(packed.read(name), Path(name).suffix) for name in packed.namelist()
            )
    return content.decode("utf-8", errors="replace")
