"""`switchstats run`: from a published table to a verdict and a folder of results."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand
from switchstats.cli.study import run_file

if TYPE_CHECKING:
    from switchstats.labels import Language
    from switchstats.values import PublishedTable

__all__ = ["run"]

_LANGUAGES: "dict[str, tuple[Language, ...]]" = {"ja": ("ja",), "en": ("en",), "both": ("en", "ja")}


@click.command(cls=SpokenCommand)
@click.argument("study", default="egc-083")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=True),
    default=Path("out"),
    show_default=True,
    help="Folder to write; an earlier run in it is replaced.",
)
@language_option("both")
@click.option(
    "--margin",
    type=float,
    help="The smallest advantage that would matter, as a fraction: 0.02 is 2 points.",
)
@click.option("--period", help="Period of the primary test, as the table prints it. [longest]")
@click.option("--level", type=float, default=0.95, show_default=True, help="One-sided confidence.")
@click.option(
    "--registry",
    type=click.Path(path_type=Path),
    help="CSV of your own retailers: retailer, name, group, area.",
)
@click.option("--force", is_flag=True, help="A study file: run although nothing has changed.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing; errors still go to stderr.")
@click.option("--json", "as_json", is_flag=True, help="Print results.json instead of words.")
def run(
    study: str,
    out: Path,
    lang: Literal["ja", "en", "both"],
    margin: float | None,
    period: str | None,
    level: float,
    registry: Path | None,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run a study: a study file, or a published table of error rates.

    STUDY is a study file (.toml; see `switchstats init`), which says everything itself; or the name
    of a bundled table (egc-083, the committee's table of March 2023) or a file with such a table:
    CSV, text, PDF or xlsx.

    \b
    Examples:
      switchstats run
      switchstats run --margin 0.02 --lang ja
      switchstats run table.pdf --out results --lang both
      switchstats run study.toml               # again each month: reads what is new
      switchstats run study.toml --quiet       # from cron; exit code 0 or 2, log in runs/log.jsonl
    """  # noqa: D301 -- click reads the escape
    if study.endswith(".toml"):
        given = {"--margin": margin, "--period": period, "--registry": registry}
        wrong = [name for name, value in given.items() if value is not None]
        if wrong:
            raise click.UsageError(f"a study file says that itself: leave out {', '.join(wrong)}")
        spoken: Language = "ja" if lang == "ja" else "en"
        run_file(Path(study), spoken, force=force, quiet=quiet, as_json=as_json)
        return
    from switchstats.cli.lines import say_finding
    from switchstats.labels import label
    from switchstats.report import results_json
    from switchstats.runs import write_results
    from switchstats.studies import PublishedOnly

    declared = PublishedOnly(margin=margin, period=period, level=level)
    table = _table(study, registry)
    finding = declared.run(table)
    write_results(finding, out, _LANGUAGES[lang])
    if as_json:
        click.echo(results_json([finding]), nl=False)
        return
    if quiet:
        return
    for language in _LANGUAGES[lang]:
        say_finding(finding, language)
    click.echo(label("cli.written", _LANGUAGES[lang][0], folder=str(out)))


def _table(study: str, registry: Path | None) -> "PublishedTable":
    from switchstats.facts import read_registry
    from switchstats.readers import load_published, read_published

    path = Path(study)
    if not path.exists() and path.name == study and not path.suffix:
        return load_published(study)
    known = None if registry is None else read_registry(registry)
    return read_published(path, registry=known)
