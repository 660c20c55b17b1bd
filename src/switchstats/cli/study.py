"""`switchstats run study.toml`: a whole study, again each month."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from switchstats.labels import Language
    from switchstats.runs.study_run import StudyRun

__all__ = ["run_file"]


def run_file(file: Path, language: "Language", *, force: bool, quiet: bool, as_json: bool) -> None:
    """Run a study file and say what was done."""
    from switchstats.cli.lines import say, say_finding
    from switchstats.labels import label
    from switchstats.runs.study_run import run_study

    done = run_study(file, force=force)
    if as_json:
        click.echo(json.dumps(_plain(done), ensure_ascii=False, indent=2))
        return
    if quiet:
        return
    name = f"{done.number:04d}"
    if not done.new:
        click.echo(label("cli.nothing_new", language, run=name))
        return
    say((flag.text[language] for flag in done.flags), "- ")
    if done.flags:
        click.echo()
    say_finding(done.findings[0], language)
    click.echo(label("cli.written", language, folder=str(done.folder)))


def _plain(done: "StudyRun") -> dict[str, object]:
    return {
        "run": done.number,
        "folder": str(done.folder),
        "new": done.new,
        "files_read": done.read,
        "flags": [flag.to_dict() for flag in done.flags],
        "findings": [finding.to_dict() for finding in done.findings],
    }
