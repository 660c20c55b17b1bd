"""The page: self-contained, escaped, complete in both languages."""

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

import switchstats as ss
from switchstats.labels import Text
from switchstats.report import finding_document, render_html
from switchstats.report.document import Picture, Table
from switchstats.values import Finding, PublishedTable

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
NAMES = ("北海道電力", "東北電力", "関西電力", "新電力A", "新電力B", "新電力C")
DRAWN = {"rates_by_period": SVG, "identified_shares": SVG}
PICTURES = {"ja": DRAWN, "en": DRAWN}


@pytest.fixture(scope="module")
def finding(committee: PublishedTable) -> Finding:
    return ss.PublishedOnly(margin=0.02).run(committee)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_verdict_comes_first_and_every_printed_rate_is_there(
    finding: Finding, committee: PublishedTable, language
) -> None:
    page = render_html(finding_document(finding), PICTURES, language)
    assert f'<html lang="{language}">' in page
    headline = ss.values.headline(finding.verdict)[language]
    assert page.index(f'<span lang="{language}">{headline}') < page.index("<table>")
    mark = "％" if language == "ja" else " %"
    for row in committee.rows + committee.averages:
        for cell in row.cells:
            assert cell is not None
            assert f'<span lang="{language}">{cell.text}{mark}</span>' in page
    assert committee.source.credit[language] in page
    assert not re.search(r"\b(None|nan)\b", page)


def test_the_page_asks_for_nothing_from_outside(finding: Finding) -> None:
    page = render_html(finding_document(finding), PICTURES, "en")
    assert not re.search(r'(?:src|href)="(?!data:|#content")', page)
    # the page's policy lets no other script run than its own, which it names by its digest
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "default-src 'none'; img-src data:" in page
    assert f"script-src 'sha256-{digest}'" in page


def test_every_table_can_be_saved_without_formulas(finding: Finding) -> None:
    item = finding.rates.retailers[0]
    evil = replace(item.retailer, name=Text("=1+1", "=1+1"))
    rates = replace(
        finding.rates, retailers=(replace(item, retailer=evil), *finding.rates.retailers[1:])
    )
    document = finding_document(replace(finding, rates=rates))
    page = render_html(document, PICTURES, "ja")
    tables = [block for block in document.blocks if isinstance(block, Table)]
    saved = [
        base64.b64decode(content).decode("utf-8-sig")
        for content in re.findall(r'<a lang="ja"[^>]*base64,([^"]+)"', page)
    ]
    assert len(saved) == len(tables)
    for content, table in zip(saved, tables, strict=True):
        rows = list(csv.reader(io.StringIO(content, newline="")))
        assert len(rows) == len(table.rows) + 1
        assert not any(cell.startswith("=") for row in rows for cell in row)
    assert "'=1+1" in saved[0]


def test_where_the_rows_went_is_part_of_the_page(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    lines = ["事業者,対象年月,申込件数,エラー件数"]
    lines += [f"{name},2023-0{m},{100 + m},{5 + m}" for m in (1, 2) for name in NAMES]
    file.write_text("\n".join([*lines, "北海道電力,2023-03,10,20"]), encoding="utf-8")
    loaded = ss.read_counts(file)
    finding = ss.GroupComparison().run(loaded.counts)
    document = finding_document(finding, loaded)
    drawn = dict.fromkeys(b.name for b in document.blocks if isinstance(b, Picture))
    shown = dict.fromkeys(drawn, SVG)
    page = render_html(document, {"ja": shown, "en": shown}, "en")
    assert "Rows read" in page
    assert "Rejected: more errors than requests" in page or "errors" in page.split("Rejected:")[1]


def test_names_are_escaped(finding: Finding) -> None:
    item = finding.rates.retailers[0]
    evil = replace(item.retailer, name=Text("<img src=x>", "<img src=x>"))
    rates = replace(
        finding.rates, retailers=(replace(item, retailer=evil), *finding.rates.retailers[1:])
    )
    page = render_html(finding_document(replace(finding, rates=rates)), PICTURES, "en")
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page


def test_a_missing_picture_is_an_error(finding: Finding) -> None:
    document = finding_document(finding)
    assert any(isinstance(block, Picture) for block in document.blocks)
    with pytest.raises(KeyError):
        render_html(document, {}, "en")


def test_a_finding_without_tests_has_a_page(make_table) -> None:
    refused = ss.PublishedOnly().run(make_table(["10.0"], ["11.0", "12.0"]))
    page = render_html(finding_document(refused), PICTURES, "en")
    assert "Not answerable" in page
