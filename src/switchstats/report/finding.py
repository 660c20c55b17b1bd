"""Lays a finding out as a document: the verdict first, then figures, tables and refusals."""

from collections.abc import Sequence

from switchstats.figures import picture_names
from switchstats.labels import Text, text
from switchstats.report.display import (
    cautions_of,
    checks_table,
    effects_table,
    group_table,
    identified_tables,
    is_repeated,
    league_table,
    refusals_table,
    retailer_table,
    tables_of_tests,
)
from switchstats.report.document import Block, Document, Heading, Paragraph, Picture, Points
from switchstats.report.sources import methods_table, rows_table
from switchstats.report.track_record import track_record_blocks
from switchstats.values import Finding, History, Loaded, LoadedJourneys

__all__ = ["finding_document"]


def finding_document(
    finding: Finding,
    loaded: Loaded | LoadedJourneys | None = None,
    *,
    title: str | None = None,
    news: Sequence[Text] = (),
    record: History | None = None,
) -> Document:
    """Return the document of one finding.

    Parameters
    ----------
    finding
        Of any study.
    loaded
        What the data came with, for the section on their quality.
    title
        Instead of the study's question.
    news
        What changed since the last run.
    record
        The study's runs, where there was one before.
    """
    lead, *rest = finding.sentences
    blocks: list[Block] = [
        Heading(text("heading.verdict")),
        Paragraph(lead, strong=True),
        Points(tuple(rest)),
    ]
    if news:
        blocks += [Heading(text("heading.news")), Points(tuple(news))]
    if record is not None:
        blocks += track_record_blocks(record)
    blocks += _parts(finding)
    blocks += [Heading(text("heading.rates"))]
    blocks += [
        Picture(name, text(f"figure.{name}_alternative"))
        for name in picture_names(finding)
        if name not in ("forest", "identified_shares")
    ]
    groups = dict.fromkeys(item.retailer.group for item in finding.rates.retailers)
    blocks += [retailer_table(finding.rates, group, finding.source) for group in groups]
    blocks += [Heading(text("heading.group_rates")), group_table(finding.rates)]
    if finding.tests:
        blocks += [Heading(text("heading.tests")), *tables_of_tests(finding)]
        cautions = cautions_of(finding)
        blocks += [Points(cautions)] if cautions else []
        blocks += [Heading(text("heading.checks")), checks_table(finding)]
    if finding.effects or finding.league:
        blocks += [Heading(text("heading.single_retailers"))]
        blocks += [effects_table(finding)] if finding.effects else []
        blocks += [league_table(finding)] if finding.league else []
    if finding.identified:
        blocks += [Heading(text("bounds.heading"))]
        if "identified_shares" in picture_names(finding):
            blocks += [Picture("identified_shares", text("figure.identified_shares_alternative"))]
        blocks += identified_tables(finding)
    blocks += [Heading(text("heading.not_answerable")), refusals_table(finding)]
    if loaded is not None:
        blocks += [Heading(text("heading.data")), rows_table(loaded)]
    if finding.tests:
        blocks += [Heading(text("heading.method")), methods_table(finding)]
    blocks += [Heading(text("heading.provenance")), *_provenance(finding)]
    named = finding.question if title is None else Text(title, title)
    return Document(title=named, blocks=tuple(blocks))


def _parts(finding: Finding) -> list[Block]:
    """Say what each of the findings says that this one sums up."""
    if not finding.parts:
        return []
    blocks: list[Block] = [
        Heading(text("heading.parts")),
        Picture("forest", text("figure.forest_alternative")),
    ]
    for part in finding.parts:
        decides = (part.sentences[0], text("report.decides"))
        said = decides if is_repeated(finding, part) else part.sentences
        blocks += [Paragraph(part.question, strong=True), Points(said)]
    return blocks


def _provenance(finding: Finding) -> list[Block]:
    provenance = finding.provenance
    lines: list[Block] = []
    if finding.source is not None:
        source = finding.source
        page = "" if source.page is None else str(source.page)
        lines.append(
            Paragraph(
                text("report.source", document=source.document, page=page, title=source.title)
            )
        )
    lines += [
        Paragraph(text("report.input", name=file.name, sha256=file.sha256))
        for file in provenance.inputs
    ]
    lines.append(Paragraph(text("report.version", version=provenance.version)))
    return lines
