"""`switchstats calibrate`: how often each test rejects in worlds where the truth is known."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand

if TYPE_CHECKING:
    from switchstats.labels import Language
    from switchstats.values import Calibration

__all__ = ["calibrate"]


@click.command(cls=SpokenCommand)
@click.option("--world", "worlds", multiple=True, help="One of the declared worlds. [all]")
@click.option("--test", "tests", multiple=True, help="One of the tests. [all]")
@click.option(
    "--data-sets",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="Simulated data sets a world, once without and once with a true difference.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write: calibration.csv, and tables and figures in both languages.",
)
@language_option()
@click.option("--json", "as_json", is_flag=True, help="Print every row as JSON.")
def calibrate(
    worlds: tuple[str, ...],
    tests: tuple[str, ...],
    data_sets: int,
    seed: int,
    out: Path | None,
    lang: "Language",
    as_json: bool,
) -> None:
    """Measure size and power of every test in declared worlds.

    A world of ten against ten retailers takes about half a minute for 10,000 data sets.

    \b
    Examples:
      switchstats calibrate --world skewed --data-sets 2000
      switchstats calibrate --out docs/calibration --seed 1
    """  # noqa: D301 -- click reads the escape
    from switchstats.report import calibration_markdown
    from switchstats.simulate.calibration import WORLDS, world_named
    from switchstats.simulate.calibration import calibrate as measure

    chosen = [world_named(name) for name in worlds] or WORLDS
    found = measure(
        chosen,
        tests or None,
        n=data_sets,
        seed=seed,
        progress=lambda name: click.echo(name, err=True),
    )
    if out is not None:
        _write(found, out)
    if as_json:
        rows = found.to_frame().to_dict("records")
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        click.echo(calibration_markdown(found, lang))


def _write(found: "Calibration", folder: Path) -> None:
    from switchstats.figures import calibration_table, save_figure
    from switchstats.report import calibration_csv, calibration_markdown
    from switchstats.whole_file import cannot_be_written, whole_file

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_be_written("the output folder", error, folder) from None
    with whole_file(folder / "calibration.csv") as part:
        part.write_text(calibration_csv(found), encoding="utf-8")
    languages: tuple[Language, ...] = ("en", "ja")
    for language in languages:
        words = calibration_markdown(found, language)
        with whole_file(folder / f"calibration.{language}.md") as part:
            part.write_text(words, encoding="utf-8")
        for kind in ("size", "power"):
            figure = calibration_table(found, kind=kind, language=language)
            save_figure(figure, folder / f"{kind}.{language}.svg")
