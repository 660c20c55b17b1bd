"""`switchstats simulate`: a made-up request file of any size, with a leak effect that is known."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from switchstats.cli.language import language_option
from switchstats.cli.spoken import SpokenCommand

if TYPE_CHECKING:
    from switchstats.labels import Language

__all__ = ["simulate"]


@click.command(cls=SpokenCommand)
@click.option("--requests", type=click.IntRange(min=1), required=True, help="Rows to write.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--effect",
    type=float,
    default=0.0,
    show_default=True,
    help="Points by which the leak lowers the error rate of eligible requests; 2 and -2 are one.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write: .parquet, .csv or .csv.gz; an earlier one is replaced.",
)
@click.option("--retailers", type=int, default=700, show_default=True, help="12 or more.")
@click.option(
    "--registry-out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="CSV to write with the list of retailers, for reading the requests.",
)
@language_option()
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
def simulate(
    requests: int,
    seed: int,
    effect: float,
    out: Path,
    retailers: int,
    registry_out: Path | None,
    lang: "Language",
    as_json: bool,
) -> None:
    """Write made-up abolition requests, one row each, with a known effect of the leak.

    The same options write the same rows. Memory does not grow with the rows.

    \b
    Examples:
      switchstats simulate --requests 2000000 --seed 1 --effect 2 --out requests.parquet
      switchstats simulate --requests 5000 --out small.csv --retailers 40 --registry-out who.csv
    """  # noqa: D301 -- click reads the escape
    from switchstats.cli.lines import say
    from switchstats.labels import label, signed_points
    from switchstats.simulate import World, truth, write_registry, write_requests

    world = World(n_retailers=retailers, effect_pp=effect)
    write_requests(world, requests, seed, out)
    if registry_out is not None:
        write_registry(world, registry_out)
    if as_json:
        made = {
            "file": str(out),
            "requests": requests,
            "seed": seed,
            "retailers": retailers,
            "registry": None if registry_out is None else str(registry_out),
            "truth": truth(world),
        }
        click.echo(json.dumps(made, ensure_ascii=False, indent=2))
        return
    said = [
        label("simulate.written", lang, file=str(out), requests=f"{requests:,}", seed=str(seed)),
        label("simulate.truth", lang, effect=signed_points(world.effect)),
    ]
    if registry_out is not None:
        said.append(label("simulate.registry", lang, file=str(registry_out)))
    say(said)
