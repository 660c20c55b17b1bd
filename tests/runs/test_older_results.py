"""Results of every older schema are read: each as the version of its day wrote it.

``data/old`` holds ``results.json`` and ``manifest.json`` of ``switchstats run egc-083``, made by
a commit of each schema, gzipped and otherwise untouched.
"""

import gzip
from pathlib import Path

import pytest

import switchstats as ss
from switchstats.report import SCHEMA_VERSION
from switchstats.runs import PastRun

OLD = Path(__file__).parent / "data" / "old"
VERSIONS = sorted(path.name.removeprefix("results-")[:3] for path in OLD.glob("results-*"))


@pytest.fixture
def old(request: pytest.FixtureRequest, tmp_path: Path) -> PastRun:
    for name in ("results", "manifest"):
        packed = OLD / f"{name}-{request.param}.json.gz"
        (tmp_path / f"{name}.json").write_bytes(gzip.decompress(packed.read_bytes()))
    return ss.load_run(tmp_path)


def test_there_is_one_of_every_older_schema() -> None:
    major, minor = SCHEMA_VERSION.split(".")
    assert [f"{major}.{each}" for each in range(int(minor))] == VERSIONS


@pytest.mark.parametrize("old", VERSIONS, indirect=True)
def test_verdict_tests_and_checks_of_older_results(old: PastRun) -> None:
    (finding,) = old.findings
    assert finding.study == "published_only"
    assert finding.outcome == "inconclusive"
    # the mean of ten less the mean of ten printed rates; the sentence of that day says so
    assert round(100 * finding.verdict["estimate"], 2) == 1.04
    assert "1.04 points higher" in finding.summary("en")
    assert "1.04ポイント" in finding.summary("ja")
    tests = finding.to_frame()
    assert tests["estimate"].iloc[0] == finding.verdict["estimate"]
    assert len(tests) == len(finding.tests)
    assert list(finding.to_frame("checks")["name"]) == [each.name for each in finding.checks]
    assert all(each.text.ja and each.text.en for each in finding.checks)
    assert finding.not_answerable[0].reason.ja
    assert old.tables() == {}  # the fixture has none
    assert finding.to_frame("effects").empty
