"""`switchstats check`: what was understood, what was rejected and why."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest

from switchstats.cli import main

COUNTS = (
    "社名,月,申込件数,エラー件数\n"
    "北海道電力,02,1000,100\n"
    "新電力B,02,▲5,1\n"
    "新電力A,02,50,60\n"
    "謎の電力,02,10,1\n"
)


class Done(NamedTuple):
    """How the command ended and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


Check = Callable[..., Done]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Run the command in this process, which spares the start of another."""

    def run(*arguments: str, cwd: Path) -> Done:
        monkeypatch.chdir(cwd)
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["switchstats", "check", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        return Done(int(end.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "2023-02.csv").write_bytes(COUNTS.encode("cp932"))
    return tmp_path


def test_json_accounts_for_every_row(check: Check, folder: Path) -> None:
    done = check("2023-02.csv", "--year", "2023", "--json", cwd=folder)
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
    [
        (
            "en",
            ("Rows: 4 read", "Rejected rows", "line 3", "nearest known names", "--rejected-out"),
        ),
        (
            "ja",
            ("不採用の行", "負の件数", "近い名称：", "申込1,000件、エラー100件（1社、2023年2月"),
        ),
    ],
)
def test_words_name_the_reasons_and_the_first_places(
    check: Check, folder: Path, language: str, words: tuple
) -> None:
    done = check("2023-02.csv", "--year", "2023", "--lang", language, cwd=folder)
    assert done.returncode == 0, done.stderr
    for word in words:
        assert word in done.stdout


def test_request_rows_with_their_registry(check: Check, tmp_path: Path) -> None:
    make = ["--requests", "2000", "--seed", "1", "--retailers", "40", "--out", "r.csv"]
    command = [sys.executable, "-m", "switchstats", "simulate", *make, "--registry-out", "who.csv"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    done = check("r.csv", "--kind", "requests", "--registry", "who.csv", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)["account"]
    assert account["read"] == 2000
    assert account["quarantined"] == 0
    assert account["counted"] > 1000


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """A folder of monthly files of two makers, their mapping, and a registry."""
    book = openpyxl.Workbook()
    for row in (["1月分 廃止取次実績"], ["会社", "受付", "うち成立"], ["甲電力", 100, 80]):
        book.active.append(row)
    (tmp_path / "months").mkdir()
    book.save(tmp_path / "months" / "2023-01.xlsx")
    (tmp_path / "months" / "b.csv").write_bytes(
        "社名,月,申込件数,エラー件数\n乙電力,02,200,30\n丙電力,02,1,0\n".encode("cp932")
    )
    (tmp_path / "months" / "memo.docx").write_text("x", "utf-8")
    (tmp_path / "who.csv").write_text(
        "retailer,name,group,area\nkou,甲電力,north,01\notsu,乙電力,south,\n", "utf-8"
    )
    (tmp_path / "mapping.toml").write_text(
        """
        year = 2023
        [[layout]]
        name = "甲社の月報"
        retailer = "会社"
        requests = "受付"
        accepted = "うち成立"
        [[layout]]
        name = "others"
        retailer = "社名"
        """,
        "utf-8",
    )
    return tmp_path


OWN = ("months", "--mapping", "mapping.toml", "--registry", "who.csv")


def test_a_folder_of_several_makers_with_a_registry_of_ones_own(check: Check, months: Path) -> None:
    done = check(*OWN, "--json", cwd=months)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["counts"]["requests"] == 300
    assert found["counts"]["errors"] == 20 + 30
    assert found["quarantine"]["by_code"] == {"unknown_retailer": 1}
    (row,) = found["quarantine"]["rows"]
    assert (row["file"], row["line"], row["raw"]) == ("b.csv", 3, "丙電力")
    assert "甲電力" in row["note"]
    assert "近い名称" in row["note_ja"]
    assert found["provenance"]["config"]["not_read"] == ["memo.docx"]
    said = check(*OWN, "--lang", "ja", cwd=months)
    assert said.returncode == 0, said.stderr
    for words in ("甲社の月報", "memo.docx", "うち成立", "名簿にない事業者", "CP932"):
        assert words in said.stdout


def test_rejected_rows_are_written_mended_and_read_back(check: Check, months: Path) -> None:
    done = check(*OWN, "--rejected-out", "q.csv", "--lang", "ja", cwd=months)
    assert "q.csv" in done.stdout
    head, row = (months / "q.csv").read_text("utf-8-sig").splitlines()
    assert head.endswith("説明,ファイルのsha256,修正後の値")
    assert "名簿にない事業者" in row
    (months / "q.csv").write_text(f"{head}\n{row}甲電力\n", "utf-8")
    done = check(*OWN, "--mended", "q.csv", "--json", cwd=months)
    assert json.loads(done.stdout)["counts"]["requests"] == 301


def test_too_many_rejected_rows_fail(check: Check, months: Path) -> None:
    assert check(*OWN, "--max-rejected", "1", cwd=months).returncode == 0
    for limit in ("0", "0.2"):
        done = check(*OWN, "--max-rejected", limit, cwd=months)
        assert done.returncode == 2
        assert "1 of 3 rows are rejected" in done.stderr
    done = check(*OWN, "--max-rejected", "0", "--lang", "ja", cwd=months)
    assert (
        "3行のうち1行が不採用となり、max_rejected=0を超える（名簿にない事業者：1行）" in done.stderr
    )


REQUESTS = "申込日,新小売,結果\n1月5日,北海道電力,ＮＧ\n1月6日,北海道電力,成立\n"


def test_request_rows_in_a_forced_encoding_with_bare_days(check: Check, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(REQUESTS.encode("euc_jp"))
    options = ("--kind", "requests", "--estimand", "all_attempts", "--year", "2022")
    done = check("r.csv", *options, "--encoding", "euc-jp", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["understood"][0]["encoding"] == "EUC-JP (forced)"
    assert found["account"]["excluded"] == {"settling": 2}
    done = check("r.csv", *options, "--encoding", "utf-8", cwd=tmp_path)
    assert done.returncode == 2
    assert "not utf-8" in done.stderr


def test_request_rows_that_nobody_called_so(check: Check, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(REQUESTS, "utf-8")
    done = check("r.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "add --kind requests" in done.stderr


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with files that can be read and files that cannot, each for another reason."""
    (tmp_path / "sub").mkdir()
    head = "社名,年月,申込件数,エラー件数\n"
    (tmp_path / "a.csv").write_bytes(f"{head}北海道電力,2023年1月,10,1\n".encode("cp932"))
    (tmp_path / "b.csv").write_text(
        f"{head}東北電力,2023年1月,20,2\n謎電力,2023年1月,5,1\n", "utf-8"
    )
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04junk")
    mixed = f"{head}関西電力,2023年2月,10,2\n".encode("cp932") + "東北電力,2023年2月,1,1\n".encode()
    (tmp_path / "sub" / "mixed.csv").write_bytes(mixed)
    (tmp_path / "rows.csv").write_text(REQUESTS, "utf-8")
    (tmp_path / "readme.md").write_text("x", "utf-8")
    return tmp_path


def test_every_file_is_reported_although_some_cannot_be_read(check: Check, mixed: Path) -> None:
    done = check(".", "nothing.csv", "--json", cwd=mixed)
    assert done.returncode == 2
    assert "could not read 4 of 6 files" in done.stderr
    found = json.loads(done.stdout)
    status = {file["file"]: file["status"] for file in found["files"]}
    assert status == {
        "a.csv": "understood",
        "b.csv": "understood",
        "nothing.csv": "failed",
        "broken.xlsx": "failed",
        "mixed.csv": "failed",
        "rows.csv": "failed",
        "readme.md": "not_read",
    }
    errors = {file["file"]: file["error"] for file in found["files"] if file["error"]}
    assert errors["mixed.csv"]["line"] == 3
    assert errors["broken.xlsx"]["problem"]["ja"] == "ブックが途中で切れているか、壊れている"
    assert "add --kind requests" in errors["rows.csv"]["mend"]["en"]
    assert "--kind requests を付ける" in errors["rows.csv"]["mend"]["ja"]
    # only where the file may hold request rows
    assert [name for name, e in errors.items() if "--kind" in e["mend"]["en"]] == ["rows.csv"]
    assert found["account"]["read"] == 3
    assert found["counts"]["requests"] == 30
    rejected = {file["file"]: file.get("quarantined") for file in found["files"]}
    assert (rejected["a.csv"], rejected["b.csv"]) == (0, 1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "ja",
            (
                "読めた",
                "読めない",
                "3行目：文字コードが混在",
                "対処：Excelで開いて",
                "謎電力",
                "集計1行",
            ),
        ),
        (
            "en",
            (
                "understood",
                "failed",
                "line 3: mixed encodings",
                "To mend: open it in Excel",
                "謎電力",
            ),
        ),
    ],
)
def test_the_table_of_files(check: Check, mixed: Path, language: str, words: tuple) -> None:
    done = check(".", "--lang", language, cwd=mixed)
    assert done.returncode == 2
    for word in words:
        assert word in done.stdout.replace("集計2行", "集計1行")
    assert ("個のファイルを読めなかった" in done.stderr) == (language == "ja")


def test_no_file_can_be_read(check: Check, mixed: Path) -> None:
    done = check("broken.xlsx", "rows.csv", "--json", cwd=mixed)
    assert done.returncode == 2
    found = json.loads(done.stdout)
    assert [file["status"] for file in found["files"]] == ["failed", "failed"]
    assert found["counts"] is None
    done = check("broken.xlsx", "--lang", "ja", cwd=mixed)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("switchstats: broken.xlsx：ブックが途中で切れているか")


def test_files_that_cannot_be_read_together(check: Check, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("社名,年月,申込,NG\n北海道電力,2023-01,1,0\n", "utf-8")
    (tmp_path / "b.csv").write_text(
        "社名,年月,エリア,申込,NG\n東北電力,2023-01,東北,1,0\n", "utf-8"
    )
    done = check("a.csv", "b.csv", "--json", "--lang", "ja", cwd=tmp_path)
    assert done.returncode == 2
    found = json.loads(done.stdout)
    assert [file["status"] for file in found["files"]] == ["understood", "understood"]
    assert "areaを区別する" in found["error"]["problem"]["ja"]
    assert "areaを区別する" in done.stderr


def test_too_many_rejected_rows_are_still_reported(check: Check, months: Path) -> None:
    done = check(*OWN, "--max-rejected", "0", "--json", cwd=months)
    assert done.returncode == 2
    found = json.loads(done.stdout)
    assert "1 of 3 rows" in found["error"]["problem"]["en"]
    assert "3行のうち1行が不採用" in found["error"]["problem"]["ja"]
    assert found["account"]["quarantined"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--mapping", "none.toml"), "対応表を開けない"),
        (("--registry", "none.csv"), "ファイルがない"),
        (("--mended", "none.csv"), "ファイルがない"),
        (("--max-rejected", "1.5"), "max_rejectedは"),
    ],
)
def test_what_is_wrong_with_an_option_is_said_once(
    check: Check, folder: Path, arguments: tuple, words: str
) -> None:
    done = check("2023-02.csv", "2023-02.csv", *arguments, "--lang", "ja", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    done = check("2023-02.csv", *arguments, "--json", cwd=folder)
    assert words in json.loads(done.stdout)["error"]["problem"]["ja"]


def test_request_files_one_of_which_is_broken(check: Check, mixed: Path) -> None:
    options = ("--kind", "requests", "--year", "2022", "--estimand", "all_attempts", "--json")
    done = check("rows.csv", "broken.xlsx", *options, cwd=mixed)
    assert done.returncode == 2
    found = json.loads(done.stdout)
    assert [file["status"] for file in found["files"]] == ["understood", "failed"]
    assert found["account"]["read"] == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("nothing.csv",),
        ("2023-02.csv", "--kind", "requests"),
        ("2023-02.csv", "--estimand", "cases"),
        ("2023-02.csv", "--max-rejected", "few"),
        (),
    ],
)
def test_bad_input_ends_with_2(check: Check, folder: Path, arguments: tuple) -> None:
    done = check(*arguments, cwd=folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_unknown_retailers_without_a_registry_say_whose_list_was_used(
    check: Check, folder: Path
) -> None:
    bundled = check("2023-02.csv", "--year", "2023", cwd=folder)
    assert "held against the bundled one" in bundled.stdout
    (folder / "own.csv").write_text("retailer,group\n北海道電力,incumbent\n", "utf-8")
    own = check("2023-02.csv", "--year", "2023", "--registry", "own.csv", cwd=folder)
    assert own.returncode == 0, own.stderr
    assert "bundled" not in own.stdout
