"""Everything that a finding leaves behind: results, tables, figures, page, slides and manifest."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from switchstats.errors import UsageError
from switchstats.figures import HouseFigure, Size, figure_bytes, pictures, track_record
from switchstats.labels import Language, Text
from switchstats.report import (
    finding_document,
    finding_slides,
    machine_tables,
    render_html,
    render_slides,
    results_json,
)
from switchstats.report.document import Document
from switchstats.runs.manifest import write_manifest
from switchstats.runs.output import output_folder
from switchstats.values import Finding, History, Loaded, LoadedJourneys

__all__ = ["write_finding", "write_results"]

_BOTH: tuple[Language, Language] = ("ja", "en")


def write_results(
    finding: Finding,
    out: str | Path,
    languages: Sequence[Language] = ("en",),
    *,
    loaded: Loaded | LoadedJourneys | None = None,
) -> None:
    """Write a finding into a folder: page, slides, figures, tables, results and manifest.

    Parameters
    ----------
    finding
        Of any study.
    out
        Folder to write; an earlier run there is replaced once the new one is complete.
    languages
        Languages of figures, tables and slides. The page and ``results.json`` always hold both; the
        page shows the first one until the reader chooses.
    loaded
        What the data came with, such as what `read_counts` returns: where every row went is then
        part of the page.

    Raises
    ------
    InputError
        When `out` cannot be written or holds files of somebody else.
    UsageError
        When a language is unknown or none is named.

    Examples
    --------
    ``ss.write_results(ss.Dossier(margin=0.02).run(counts), "out", ["en", "ja"])``
    """
    if not languages or not set(languages) <= {"en", "ja"}:
        raise UsageError(f"languages are 'en' and 'ja', not {list(languages)!r}")
    with output_folder(Path(out)) as folder:
        write_finding(finding, folder, languages, loaded)
        write_manifest(folder, finding.provenance, tuple(languages))


def write_finding(
    finding: Finding,
    folder: Path,
    languages: Sequence[Language],
    loaded: Loaded | LoadedJourneys | None = None,
    *,
    title: str | None = None,
    news: Sequence[Text] = (),
    record: History | None = None,
) -> None:
    """Write everything of a finding but the manifest into an existing folder.

    Parameters
    ----------
    finding, languages, loaded
        As in `write_results`.
    title
        Of the page, instead of the study's question.
    news
        What changed since the last run, for the page.
    record
        The study's runs up to this one, for the page, where there was one before.
    """
    (folder / "results.json").write_text(results_json([finding]), encoding="utf-8")
    for language in languages:
        _write_tables(finding, folder / "tables", language)
        _write_figures(_drawn(finding, record, language), folder / "figures", language)
    document = finding_document(finding, loaded, title=title, news=news, record=record)
    figures: dict[Language, dict[str, HouseFigure]] = {
        each: _drawn(finding, record, each, "notebook") for each in _BOTH
    }
    _write_pages(finding, document, figures, folder, languages)


def _write_tables(finding: Finding, folder: Path, language: Language) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in machine_tables(finding, language).items():
        (folder / f"{name}.{language}.csv").write_bytes(content)


def _drawn(
    finding: Finding, record: History | None, language: Language, size: Size = "slide"
) -> dict[str, HouseFigure]:
    """Return every picture of a finding, and of the runs where one has an estimate."""
    drawn = pictures(finding, language=language, size=size)
    if record is not None and record.has_estimates:
        drawn["track_record"] = track_record(record, language=language, size=size)
    return drawn


def _write_figures(figures: Mapping[str, HouseFigure], folder: Path, language: Language) -> None:
    folder.mkdir(exist_ok=True)
    for name, figure in figures.items():
        for suffix in (".svg", ".png"):
            (folder / f"{name}.{language}{suffix}").write_bytes(figure_bytes(figure, suffix))


def _write_pages(
    finding: Finding,
    document: Document,
    figures: Mapping[Language, Mapping[str, HouseFigure]],
    folder: Path,
    languages: Sequence[Language],
) -> None:
    """Write page and slides, their pictures in a size whose letters stay readable there."""
    drawn: dict[Language, dict[str, bytes]] = {
        each: {name: figure_bytes(figure, ".svg") for name, figure in figures[each].items()}
        for each in _BOTH
    }
    page = render_html(document, drawn, languages[0])
    (folder / "report.html").write_text(page, encoding="utf-8")
    deck = finding_slides(finding)
    for each in languages:
        shown = {name: figure_bytes(figures[each][name], ".png") for name in deck.pictures}
        (folder / f"slides.{each}.pptx").write_bytes(render_slides(deck, shown, each))
