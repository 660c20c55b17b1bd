"""`switchstats audit`: whether a table is possible, and what it gives away."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import switchstats as ss
from switchstats.bounds import audit as audit_table
from switchstats.bundled import bundled_path
from switchstats.cli.audit import audit

LABELS = ("2022年度（～2023年2月末）", "2022年4～12月", "2023年1～2月")


def _audit(*arguments: str, code: int = 0) -> str:
    """Run the verb in this process, which saves starting Python anew."""
    done = CliRunner(env={"COLUMNS": "200"}).invoke(audit, arguments)
    assert done.exit_code == code, done.output
    return done.output


def _write(path: Path, cells: dict[str, tuple[str, ...]], averages: tuple[str, ...] = ()) -> None:
    """Write a tidy table of entrants."""
    rows = ["group,row,retailer,period,rate_pct"]
    for name, rates in cells.items():
        pairs = zip(LABELS, rates, strict=True)
        rows += [f"entrant,unit,{name},{period},{rate}" for period, rate in pairs]
    pairs = zip(LABELS, averages, strict=False)
    rows += [f"entrant,average,加重平均,{period},{rate}" for period, rate in pairs]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("arithmetically possible", "not confidence intervals", "Kansai", "Of which")),
        ("ja", ("算術的に成り立つ", "信頼区間ではない", "関西電力", "うち2023年1～2月")),
    ],
)
def test_the_committees_table_in_words(language: str, words: tuple) -> None:
    done = _audit("--lang", language)
    for word in words:
        assert word in done
    # Kansai's share of January and February, by hand .2558 to .3023, rounded outward
    assert "25.5" in done
    assert "30.3" in done


def test_json_holds_the_same_ranges() -> None:
    done = _audit("--json")
    found = json.loads(done)
    assert found["consistent"] is True
    assert found["disclosure"] is None
    months = [
        each
        for each in found["identified"]
        if each["name"] == "share_of_period" and each["retailer"] == "kansai"
    ][-1]
    table = ss.load_published("egc-083")
    share = audit_table(table).period_share("kansai", table.periods[2].period)
    assert months["interval"] == share.interval.to_dict()
    # two months of eleven, by days
    assert months["reference"] == pytest.approx(59 / 334)
    assert len(found["least_requests"]) == 20


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("impossible", "cannot all be right")), ("ja", ("成り立たない", "同時には"))],
)
def test_an_impossible_table_names_its_cells(tmp_path: Path, language: str, words: tuple) -> None:
    # both retailers filed at most .16 of their requests in the second part, their average .6:
    # (16.5 - 15.0) / (16.5 - 14.0)
    rows = {"新電力A": ("18.0", "18.2", "16.3"), "新電力B": ("12.0", "12.2", "10.3")}
    _write(tmp_path / "t.csv", rows, ("15.0", "16.5", "14.0"))
    done = _audit(str(tmp_path / "t.csv"), "--lang", language, "--disclose", "0.05", code=1)
    for word in (*words, "15.0", "16.5"):
        assert word in done
    assert "100.0" not in done


def test_the_rule_of_rounding_widens(tmp_path: Path) -> None:
    # possible under every rule; a range covers what each of them allows, so it never narrows
    _write(tmp_path / "t.csv", {"新電力A": ("18.0", "18.2", "16.3")})
    ranges = []
    for rule in ("half_up", "unknown"):
        found = json.loads(_audit(str(tmp_path / "t.csv"), "--json", "--rounding", rule))
        assert found["rounding"] == rule
        assert "half_up" in found["rules"]
        ranges.append(found["identified"][-1]["interval"])
    assert found["rules"] == ["half_up", "half_even", "truncation"]
    assert ranges[1]["low"] <= ranges[0]["low"] < ranges[0]["high"] <= ranges[1]["high"]


# a typing error: 71.4 for 17.4 beside 20.5 and 21.7; and an average above all of its members
TYPING_ERRORS = (
    ("23年1～2月,17.4", "23年1～2月,71.4"),
    ("average,上記10社加重平均,2022年4～12月,18.6", "average,上記10社加重平均,2022年4～12月,81.6"),
)


@pytest.fixture
def mistyped(tmp_path: Path) -> str:
    """The committee's table with two typing errors."""
    text = bundled_path("published", "egc-083.csv").read_text(encoding="utf-8")
    for right, wrong in TYPING_ERRORS:
        assert text.count(right) == 1
        text = text.replace(right, wrong)
    (tmp_path / "mistyped.csv").write_text(text, encoding="utf-8")
    return str(tmp_path / "mistyped.csv")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Kansai", "lies outside those of its parts", "outside the rates of its members")),
        ("ja", ("関西電力", "内訳の値", "各社の値", "17行目")),
    ],
)
def test_typing_errors_are_audited_and_all_of_them_reported(
    mistyped: str, language: str, words: tuple
) -> None:
    done = _audit(mistyped, "--lang", language, "--disclose", "0.05", code=1)
    for word in (*words, "81.6", "20.5"):
        assert word in done


def test_typing_errors_in_json(mistyped: str) -> None:
    found = json.loads(_audit(mistyped, "--json", code=1))
    assert found["consistent"] is False
    assert found["identified"] == []
    assert found["disclosure"] is None
    problems = [(each["line"], each["value"]) for each in found["implausible"]]
    # lines of data/published/egc-083.csv: Kansai's year; the average in April to December
    assert (17, "20.5") in problems
    assert (33, "81.6") in problems
    assert {cell["retailer"] for each in found["conflicts"] for cell in each["cells"]} >= {"kansai"}


def test_a_wrong_number_of_retailers_is_reported_too(tmp_path: Path) -> None:
    rows = {"新電力A": ("18.0", "18.2", "16.3")}
    _write(tmp_path / "t.csv", rows, ("18.0", "18.2", "16.3"))
    text = (tmp_path / "t.csv").read_text(encoding="utf-8").replace("加重平均", "上記2社加重平均")
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    assert "2社の平均とあるが" in _audit(str(tmp_path / "t.csv"), "--lang", "ja", code=1)


def test_disclosure_advises_in_both_languages(tmp_path: Path) -> None:
    _write(tmp_path / "t.csv", {"新電力A": ("18.0", "18.2", "16.3")})
    english = _audit(str(tmp_path / "t.csv"), "--disclose", "0.2", code=1)
    japanese = _audit(str(tmp_path / "t.csv"), "--disclose", "0.2", "--lang", "ja", code=1)
    assert "exposed" in english
    assert "Print " in english
    assert "search was finished" in english
    assert "要秘匿" in japanese
    assert "と表示する" in japanese


def test_disclosure_without_a_width_judges_nothing(tmp_path: Path) -> None:
    _write(tmp_path / "t.csv", {"新電力A": ("18.0", "18.2", "16.3")})
    done = _audit(str(tmp_path / "t.csv"), "--disclose")
    assert "for you to choose" in done
    # (18.2 - 18.0) / (18.2 - 16.3) within its corners, .1 / 1.9 to .3 / 1.9: .1053 wide
    assert "10.53 pt" in done
    assert "exposed" not in done.replace("who is exposed", "")


def test_small_cells_show_and_expose(tmp_path: Path) -> None:
    # 50.0 prints from two requests, 18.2 from eleven
    _write(tmp_path / "t.csv", {"新電力A": ("20.0", "18.2", "50.0")})
    done = _audit(str(tmp_path / "t.csv"), "--disclose", "0.01", "--small-cell", "10", code=1)
    assert "Jan–Feb 2023: 2 or more" in done
    assert "Leave Entrant A, Jan–Feb 2023 (50.0 %), blank." in done


def test_a_total_gives_volumes_and_the_naive_test() -> None:
    arguments = ("--total", "100000", "--json")
    found = json.loads(_audit(*arguments))
    naive = [each for each in found["identified"] if each["method"] == "pooled_z"]
    p = next(each for each in naive if each["name"] == "p_value")
    # as the audit's own method says
    table = ss.load_published("egc-083")
    ranged = audit_table(table).test_range("pooled_z", table.widest_period, total=100000)
    # the bounds of an audit depend on what was asked before by far less than they are proved to
    assert p["interval"]["low"] == pytest.approx(ranged.p_value.interval.low, rel=1e-9)
    assert p["interval"]["high"] == pytest.approx(ranged.p_value.interval.high, rel=1e-9)
    shown = _audit("--total", "100000", "--lang", "ja")
    assert "100,000件とした場合" in shown


def test_what_is_known_comes_from_a_file(tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    known.write_text('[[share]]\nretailer = "kansai"\nlow = 0.2\nhigh = 0.25\n', encoding="utf-8")
    found = json.loads(_audit("--known", str(known), "--json"))
    share = next(
        each
        for each in found["identified"]
        if each["name"] == "share_of_group" and each["retailer"] == "kansai"
    )
    assert share["interval"]["low"] == pytest.approx(0.2)
    assert share["interval"]["high"] == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-such-table.csv",), ("no-such-table.csv",)),
        (("--disclose", "5"), ("0.05",)),
        (("--rounding", "nearest"), ("--rounding",)),
        (("--disclose", "egc-083"), ("put the table before",)),
        (("--small-cell", "5"), ("--disclose",)),
        (("--total", "0"), ("above 0",)),
        (("--known", "none.toml"), ("none.toml",)),
    ],
)
def test_bad_usage_ends_with_2(tmp_path: Path, arguments: tuple, words: tuple) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "switchstats", "audit", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
