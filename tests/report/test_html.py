"""The page: self-contained, escaped, complete in both languages."""

import re
from dataclasses import replace

import pytest

import switchstats as ss
from switchstats.labels import Text
from switchstats.report import finding_document, render_html
from switchstats.report.document import Picture
from switchstats.values import Finding, PublishedTable

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
PICTURES = {"rates_by_period": SVG, "identified_shares": SVG}


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
    assert page.index(headline) < page.index("<table>")
    mark = "％" if language == "ja" else " %"
    for row in committee.rows + committee.averages:
        for cell in row.cells:
            assert cell is not None
            assert f">{cell.text}{mark}</td>" in page
    assert committee.source.credit[language] in page
    assert not re.search(r"\b(None|nan)\b", page)


def test_the_page_asks_for_nothing_from_outside(finding: Finding) -> None:
    page = render_html(finding_document(finding), PICTURES, "en")
    assert not re.search(r'(?:src|href)="(?!data:)', page)
    assert "<script" not in page


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
