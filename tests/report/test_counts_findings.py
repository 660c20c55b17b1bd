"""Findings from counts: results.json obeys its schema, and intervals are called what they are."""

import csv
import io
import json
import re

import jsonschema
import pytest

import switchstats as ss
from switchstats.report import machine_tables, results_json, results_schema
from switchstats.report.document import Table
from switchstats.report.finding import finding_document
from switchstats.simulate import World, simulate_counts
from switchstats.values import Counts, Finding, Outcome, PublishedTable

NUMBER = re.compile(r"-?\d+(\.\d+)?")
STUDIES = (
    ss.GroupComparison,
    ss.RetailerByRetailer,
    ss.BeforeAfter,
    ss.HomeAway,
    ss.ReasonPlacebo,
    ss.DoseResponse,
)


@pytest.fixture(scope="module")
def counts() -> Counts:
    world = World(n_retailers=30, effect_pp=2)
    return simulate_counts(world, 60_000, 4, strata=("area", "losing", "reason"))


@pytest.fixture(scope="module")
def findings(counts: Counts) -> dict[str, Finding]:
    return {study.__name__: study(margin=0.02).run(counts) for study in STUDIES}


def test_every_finding_from_counts_obeys_the_schema(findings: dict[str, Finding]) -> None:
    assert {one.verdict.outcome for one in findings.values()} - {Outcome.NOT_ANSWERABLE}
    content = json.loads(results_json(list(findings.values())))
    jsonschema.validate(content, results_schema())
    held = {finding["study"]: finding for finding in content["findings"]}
    # seven exposed retailers, ten incumbents, thirty retailers
    assert len(held["before_after"]["effects"]) == 7
    assert held["before_after"]["path"]
    assert len(held["retailer_by_retailer"]["effects"]) == 10
    assert len(held["retailer_by_retailer"]["league"]) == 30
    assert held["retailer_by_retailer"]["verdict"]["retailer"]
    assert held["group_comparison"]["effects"] == []


def test_refusals_from_counts_obey_the_schema(counts: Counts) -> None:
    one_month = counts.collapse().group("incumbent").during(counts.periods[0])
    refused = [study().run(one_month) for study in STUDIES]
    assert {one.verdict.outcome for one in refused} == {Outcome.NOT_ANSWERABLE}
    jsonschema.validate(json.loads(results_json(refused)), results_schema())


def _rows(content: bytes) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return header, rows


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("study", [one.__name__ for one in STUDIES])
def test_no_interval_of_counts_is_called_rounding(
    findings: dict[str, Finding], study: str, language
) -> None:
    tables = machine_tables(findings[study], language)
    words = {"ja": "端数処理前", "en": "rounding_"}[language]
    for content in tables.values():
        header, rows = _rows(content)
        assert len(set(header)) == len(header)
        assert all(len(row) == len(header) for row in rows)
        assert not any(name.startswith(words) for name in header)
        for place, name in enumerate(header):
            if name.endswith(("_pct", "_pp", "p_value", "n_units")) or "（" in name:
                cells = [row[place] for row in rows if row[place]]
                assert all(NUMBER.fullmatch(cell) for cell in cells), name
    if language == "en":
        header, rows = _rows(tables["rates"])
        assert {row[header.index("interval_kind")] for row in rows} == {"confidence"}


def test_printed_rates_keep_the_range_of_their_rounding(committee: PublishedTable) -> None:
    finding = ss.PublishedOnly().run(committee)
    header, _ = _rows(machine_tables(finding, "en")["rates"])
    assert header[-2:] == ["rounding_low_pct", "rounding_high_pct"]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_report_says_what_its_intervals_are(findings: dict[str, Finding], language) -> None:
    finding = findings["GroupComparison"]
    tables = [block for block in finding_document(finding).blocks if isinstance(block, Table)]
    notes = " ".join(note[language] for table in tables for note in table.notes)
    cells = " ".join(cell[language] for table in tables for row in table.rows for cell in row)
    kind = {"ja": "95％信頼区間", "en": "95 % confidence"}[language]
    printed = {"ja": "公表値", "en": "as printed"}[language]
    assert kind in notes
    assert printed not in notes + cells
    # rates of retailers are shown though nothing was printed
    own = next(table for table in tables if len(table.rows) == 11)
    assert all("％" in row[1].ja for row in own.rows)


def test_ranks_in_the_report_stand_beside_their_intervals(findings: dict[str, Finding]) -> None:
    finding = findings["RetailerByRetailer"]
    tables = [block for block in finding_document(finding).blocks if isinstance(block, Table)]
    league = next(table for table in tables if len(table.rows) == 30 and len(table.header) == 8)
    assert all("credible" in row[7].en for row in league.rows)
    assert all("信用区間" in row[5].ja for row in league.rows)


def test_a_log_odds_ratio_is_never_given_in_points() -> None:
    world = World(n_retailers=30)
    sparse = simulate_counts(world, 600, 4)
    finding = ss.GroupComparison().run(sparse)
    model = next(test for test in finding.tests if test.method == "beta_binomial")
    header, rows = _rows(machine_tables(finding, "en")["tests"])
    row = next(row for row in rows if row[header.index("method")] == "beta_binomial")
    assert row[header.index("estimate_pp")] == ""
    assert float(row[header.index("ratio_estimate")]) == pytest.approx(model.estimate, abs=1e-6)
    cells = ss.values.cells_of(model, finding.rates, "en")
    assert any(cell.startswith("log odds ratio") for cell in cells)
