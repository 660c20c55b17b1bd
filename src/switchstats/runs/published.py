"""The main job: one published table, one study, one folder of results."""

from collections.abc import Sequence
from pathlib import Path

from switchstats.figures import rates_by_period, save_figure
from switchstats.labels import Language
from switchstats.report import finding_document, machine_tables, render_html, results_json
from switchstats.runs.manifest import write_manifest
from switchstats.runs.output import output_folder
from switchstats.studies import PublishedOnly
from switchstats.values import Finding, PublishedTable

__all__ = ["run_published"]

_FORMATS = ("svg", "png")


def run_published(
    table: PublishedTable, study: PublishedOnly, out: Path, languages: Sequence[Language] = ("en",)
) -> Finding:
    """Run `study` on `table` and write everything into `out`.

    Parameters
    ----------
    table
        The printed table.
    study
        The declared study.
    out
        Folder to write; an earlier run there is replaced once the new one is complete.
    languages
        Languages of figures, tables and report; ``results.json`` always holds both.

    Returns
    -------
    Finding
        As written to ``results.json``.

    Raises
    ------
    InputError
        When `out` cannot be written or holds files of somebody else.
    """
    finding = study.run(table)
    with output_folder(out) as folder:
        (folder / "results.json").write_text(results_json([finding]), encoding="utf-8")
        for language in languages:
            _write_tables(finding, folder, language)
            pictures = _write_figures(finding, folder, language)
            page = render_html(finding_document(finding), pictures, language)
            (folder / f"report.{language}.html").write_text(page, encoding="utf-8")
        write_manifest(folder, finding.provenance, tuple(languages))
    return finding


def _write_tables(finding: Finding, folder: Path, language: Language) -> None:
    place = folder / "tables"
    place.mkdir(exist_ok=True)
    for name, content in machine_tables(finding, language).items():
        (place / f"{name}.{language}.csv").write_bytes(content)


def _write_figures(finding: Finding, folder: Path, language: Language) -> dict[str, bytes]:
    """Write each figure and return its SVG by name, for the page."""
    place = folder / "figures"
    place.mkdir(exist_ok=True)
    name = "rates_by_period"
    figure = rates_by_period(finding.rates, source=finding.source, language=language)
    for suffix in _FORMATS:
        save_figure(figure, place / f"{name}.{language}.{suffix}")
    return {name: (place / f"{name}.{language}.svg").read_bytes()}
