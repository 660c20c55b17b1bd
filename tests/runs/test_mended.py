"""Rejected rows that a person mended are named in the study file, and count from the next run."""

import csv
from pathlib import Path

import pytest

from switchstats.errors import InputError
from switchstats.runs import load_run, read_study, run_study

HEAD = "社名,年月,申込件数,エラー件数\n"
JANUARY = HEAD + "北海道電力,2023年1月,100,3\n東北電刀,2023年1月,200,6\n新電力A,2023年1月,80,4\n"
FEBRUARY = HEAD + "東北電力,2023年2月,110,3\n新電力B,2023年2月,70,9\n新電力C,2023年2月,７０,二\n"
STUDY = """studies = ["GroupComparison"]
languages = ["ja"]

[data]
kind = "counts"
files = ["data"]
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study of two deliveries, of each of which one row is rejected."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "1.csv").write_text(JANUARY, "utf-8")
    (tmp_path / "data" / "2.csv").write_text(FEBRUARY, "utf-8")
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    return tmp_path / "study.toml"


def mend(rejected: Path, out: Path, **cells: str) -> None:
    """Fill the last column of what a run rejected, by the number that a file's name ends in."""
    head, *rows = csv.reader(rejected.read_text("utf-8-sig").splitlines())
    assert len(rows) == len(cells)
    for row in rows:
        row[-1] = cells[f"_{Path(row[2]).parent.name or Path(row[2]).stem}"]
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])


def name_them(study: Path, *names: str) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    study.write_text(f"{STUDY}mended = [{listed}]\n", "utf-8")


def test_mended_rows_count_from_the_next_run(study: Path) -> None:
    first = run_study(study)
    before = load_run(first.folder)
    assert before.run["account"]["quarantined"] == 2
    rejected = first.folder / "data" / "rejected.csv"
    mend(rejected, study.parent / "m.csv", _1="東北電力", _2="2")
    name_them(study, "m.csv")
    second = run_study(study)
    after = load_run(second.folder)
    assert after.run["account"]["quarantined"] == 0
    assert after.counts is not None
    # 100 + 200 + 80 of January, 110 + 70 + 70 of February; 3 + 6 + 4 and 3 + 9 + 2
    assert (after.counts.requests, after.counts.errors) == (630, 27)
    assert not (second.folder / "data" / "rejected.csv").exists()
    assert "m.csv" in {each["name"] for each in after.manifest["provenance"]["inputs"]}
    assert run_study(study).new is False


def test_only_the_files_that_are_mended_are_read_anew(study: Path) -> None:
    first = run_study(study)
    assert first.read == 2
    rejected = first.folder / "data" / "rejected.csv"
    mend(rejected, study.parent / "m.csv", _1="東北電力", _2="")
    name_them(study, "m.csv")
    second = run_study(study)
    assert second.read == 1
    assert load_run(second.folder).run["account"]["quarantined"] == 1
    # the same file with another cell filled is another run
    mend(rejected, study.parent / "m.csv", _1="東北電力", _2="2")
    third = run_study(study)
    assert third.new
    assert third.read == 1
    assert load_run(third.folder).run["account"]["quarantined"] == 0


def test_several_files_and_files_of_one_name_in_two_folders(study: Path) -> None:
    data = study.parent / "data"
    for number in ("1", "2"):
        (data / number).mkdir()
        (data / f"{number}.csv").rename(data / number / "x.csv")
    first = run_study(study)
    rejected = first.folder / "data" / "rejected.csv"
    # mended rows that stand in the folder of the data are no data
    mend(rejected, data / "m1.csv", _1="東北電力", _2="")
    mend(rejected, study.parent / "m2.csv", _1="", _2="2")
    name_them(study, "data/m1.csv", "m2.csv")
    counts = load_run(run_study(study).folder).counts
    assert counts is not None
    assert counts.requests == 630


def test_a_file_that_changed_and_a_file_that_is_gone_are_refused(study: Path) -> None:
    rejected = run_study(study).folder / "data" / "rejected.csv"
    mend(rejected, study.parent / "m.csv", _1="東北電力", _2="2")
    name_them(study, "m.csv")
    january = study.parent / "data" / "1.csv"
    january.write_text(JANUARY.replace("100", "101"), "utf-8")
    with pytest.raises(InputError, match="has changed since its rejected rows were written"):
        run_study(study)
    january.unlink()
    with pytest.raises(InputError, match="no such cell is read"):
        run_study(study)


def test_request_rows_are_mended_too(tmp_path: Path) -> None:
    rows = [f"2023-01-{day:02d},{who},{how}" for day in range(1, 21) for who, how in PAIRS]
    (tmp_path / "r.csv").write_text("\n".join(["申込日,新小売,結果", *rows, BAD]) + "\n", "utf-8")
    study = tmp_path / "study.toml"
    text = 'studies = ["GroupComparison"]\n[data]\nkind = "requests"\nfiles = ["r.csv"]\n'
    text += 'estimand = "all_attempts"\nsettle_days = 0\n'
    study.write_text(text, "utf-8")
    rejected = run_study(study).folder / "data" / "rejected.csv"
    mend(rejected, tmp_path / "m.csv", _r="error")
    study.write_text(text + 'mended = ["m.csv"]\n', "utf-8")
    counts = load_run(run_study(study).folder).counts
    assert counts is not None
    # four requests on each of 20 days, half of them errors, and the mended one
    assert (counts.requests, counts.errors) == (81, 41)


PAIRS = (("北海道電力", "成立"), ("東北電力", "NG"), ("新電力B", "成立"), ("新電力C", "NG"))
BAD = "2023-01-20,東北電力,NG2"


def test_a_printed_table_has_no_rows_to_mend(study: Path) -> None:
    (study.parent / "m.csv").write_text("", "utf-8")
    text = STUDY.replace("counts", "published").replace("GroupComparison", "PublishedOnly")
    study.write_text(f'{text}mended = ["m.csv", "none.csv"]\n', "utf-8")
    with pytest.raises(InputError, match=r"data\.mended: there is no such file"):
        read_study(study)
    study.write_text(f'{text}mended = ["m.csv"]\n', "utf-8")
    with pytest.raises(InputError, match=r"data\.mended: has no meaning for data\.kind published"):
        read_study(study)
