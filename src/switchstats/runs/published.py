"""The main job: one published table, one study, one folder of results."""

from collections.abc import Sequence
from pathlib import Path

from switchstats.figures import (
    HouseFigure,
    Size,
    figure_bytes,
    identified_shares,
    rates_by_period,
    save_figure,
)
from switchstats.labels import Language
from switchstats.report import finding_document, machine_tables, render_html, results_json
from switchstats.runs.manifest import write_manifest
from switchstats.runs.output import output_folder
from switchstats.studies import PublishedOnly
from switchstats.values import Finding, PublishedTable

__all__ = ["run_published"]


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
            _write_tables(finding, folder / "tables", language)
            _write_figures(finding, folder / "figures", language)
            page = render_html(finding_document(finding), _pictures(finding, language), language)
            (folder / f"report.{language}.html").write_text(page, encoding="utf-8")
        write_manifest(folder, finding.provenance, tuple(languages))
    return finding


def _write_tables(finding: Finding, folder: Path, language: Language) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in machine_tables(finding, language).items():
        (folder / f"{name}.{language}.csv").write_bytes(content)


def _write_figures(finding: Finding, folder: Path, language: Language) -> None:
    folder.mkdir(exist_ok=True)
    for name, figure in _figures(finding, language, "slide").items():
        for suffix in (".svg", ".png"):
            save_figure(figure, folder / f"{name}.{language}{suffix}")


def _pictures(finding: Finding, language: Language) -> dict[str, bytes]:
    """Draw the page's pictures, in a size whose letters stay readable there."""
    figures = _figures(finding, language, "notebook")
    return {name: figure_bytes(figure, ".svg") for name, figure in figures.items()}


def _figures(finding: Finding, language: Language, size: Size) -> dict[str, HouseFigure]:
    source = finding.source
    figures = {
        "rates_by_period": rates_by_period(
            finding.rates, source=source, language=language, size=size
        )
    }
    if any(each.name == "share_of_period" for each in finding.identified):
        figures["identified_shares"] = identified_shares(
            finding.identified, finding.rates, source=source, language=language, size=size
        )
    return figures
