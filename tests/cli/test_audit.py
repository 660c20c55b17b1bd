"""`switchstats audit`: whether a table is possible, and what it gives away."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import switchstats as ss
from switchstats.bounds import audit as audit_table
from switchstats.cli.audit import audit

LABELS = ("2022年度（～2023年2月末）", "2022年4～12月", "2023年1～2月")


def _audit(*arguments: str) -> str:
    """Run the verb in this process, which saves starting Python anew."""
    done = CliRunner(env={"COLUMNS": "200"}).invoke(audit, arguments)
    assert done.exit_code == 0, done.output
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
    done = _audit(str(tmp_path / "t.csv"), "--lang", language, "--disclose", "0.05")
    for word in (*words, "15.0", "16.5"):
        assert word in done
    assert "100.0" not in done


def test_the_rule_of_rounding_widens(tmp_path: Path) -> None:
    # 18.2 and 16.3 print parts of a year printed 18.2: under truncation as well, but wider
    _write(tmp_path / "t.csv", {"新電力A": ("18.0", "18.2", "16.3")})
    ranges = []
    for rule in ("half_up", "unknown"):
        found = json.loads(_audit(str(tmp_path / "t.csv"), "--json", "--rounding", rule))
        assert found["rounding"] == rule
        ranges.append(found["identified"][-1]["interval"])
    assert ranges[1]["low"] < ranges[0]["low"] < ranges[0]["high"] < ranges[1]["high"]


def test_disclosure_advises_in_both_languages(tmp_path: Path) -> None:
    _write(tmp_path / "t.csv", {"新電力A": ("18.0", "18.2", "16.3")})
    english = _audit(str(tmp_path / "t.csv"), "--disclose", "0.2")
    japanese = _audit(str(tmp_path / "t.csv"), "--disclose", "0.2", "--lang", "ja")
    assert "too narrow" in english
    assert "Print " in english or "Leave out" in english
    assert "基準未満" in japanese
    assert "表示" in japanese


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no-such-table.csv",), ("no-such-table.csv",)),
        (("--disclose", "5"), ("0.05",)),
        (("--rounding", "nearest"), ("--rounding",)),
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
