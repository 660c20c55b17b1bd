"""The `switchstats` command and its exit codes: 0 ran, 1 ran and found fault, 2 bad input."""

import sys

import click

from switchstats.cli.anonymise import anonymise
from switchstats.cli.audit import audit
from switchstats.cli.calibrate import calibrate
from switchstats.cli.check import check
from switchstats.cli.diff import diff
from switchstats.cli.facts import facts
from switchstats.cli.history import history
from switchstats.cli.init import init
from switchstats.cli.run import run
from switchstats.cli.simulate import simulate
from switchstats.cli.spoken import SpokenGroup
from switchstats.cli.surroundings import guarded
from switchstats.version import __version__

__all__ = ["commands", "main"]


@click.group(
    "switchstats", cls=SpokenGroup, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="switchstats")
def commands() -> None:
    """Ask whether incumbents got fewer switching errors, retailer by retailer."""


commands.add_command(calibrate)
commands.add_command(anonymise)
commands.add_command(audit)
commands.add_command(check)
commands.add_command(diff)
commands.add_command(facts)
commands.add_command(history)
commands.add_command(init)
commands.add_command(run)
commands.add_command(simulate)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(guarded(lambda: commands(standalone_mode=False)))
