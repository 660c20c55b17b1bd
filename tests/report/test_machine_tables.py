"""CSV after the government's rules for machine-readable tables."""

import csv
import io
import re
from dataclasses import replace

import pytest

import switchstats as ss
from switchstats.labels import Text
from switchstats.report import machine_tables
from switchstats.values import Finding, PublishedTable

BOM = b"\xef\xbb\xbf"
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@pytest.fixture(scope="module")
def finding(committee: PublishedTable) -> Finding:
    return ss.PublishedOnly(margin=0.02).run(committee)


def _rows(content: bytes) -> list[list[str]]:
    assert content.startswith(BOM)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_number_cells_hold_numbers_and_headers_hold_units(finding: Finding, language) -> None:
    tables = machine_tables(finding, language)
    assert set(tables) == {
        *("rates", "group_rates", "changes", "leave_one_out", "tests"),
        *("identified_shares", "identified_changes", "naive_thresholds"),
    }
    for content in tables.values():
        header, *rows = _rows(content)
        assert len(set(header)) == len(header)
        assert all(len(row) == len(header) for row in rows)
        for place, name in enumerate(header):
            cells = [row[place] for row in rows if row[place]]
            if name.endswith(("_pct", "_pp", "p_value", "n_units")) or "（" in name:
                assert all(NUMBER.fullmatch(cell) for cell in cells), name
            assert not any("\n" in cell or cell != cell.strip() for cell in cells)


def test_japanese_headers_state_the_unit(finding: Finding) -> None:
    header = _rows(machine_tables(finding, "ja")["rates"])[0]
    assert "エラー率（％）" in header
    assert "エリアコード" in header


def test_printed_rates_keep_their_digits(finding: Finding, committee: PublishedTable) -> None:
    header, *rows = _rows(machine_tables(finding, "en")["rates"])
    place = header.index("rate_pct")
    printed = [cell.text for row in committee.rows for cell in row.cells if cell]
    assert [row[place] for row in rows] == printed
    assert rows[0][header.index("area")] == "01"
    assert rows[0][header.index("period_last_day")] == "2023-02-28"


def test_a_name_never_becomes_a_formula(finding: Finding) -> None:
    item = finding.rates.retailers[0]
    evil = replace(item.retailer, name=Text("=1+1", "=1+1"))
    rates = replace(finding.rates, retailers=(replace(item, retailer=evil),))
    content = machine_tables(replace(finding, rates=rates), "en")["rates"]
    assert b",=1+1" not in content
    assert b"'=1+1" in content
