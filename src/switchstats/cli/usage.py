"""Says in the language of the command line what click finds wrong with it."""

import click

from switchstats.cli.lines import columns_of_terminal
from switchstats.labels import Language, label, terminal_lines, worded

__all__ = ["say_usage", "usage_of"]


def say_usage(error: click.UsageError, language: Language) -> int:
    """Print how the command is used and what is wrong, and return the exit code.

    A command without arguments that needs some says what it can do.
    """
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return error.exit_code
    if error.ctx is not None:
        click.echo(usage_of(error.ctx, language), err=True)
        click.echo(label("cli.try_help", language, command=error.ctx.command_path), err=True)
        click.echo(err=True)
    words = worded(error.format_message())[language]
    click.echo(label("cli.wrong", language, words=words), err=True)
    return error.exit_code


def usage_of(ctx: click.Context, language: Language) -> str:
    """Return what may stand behind a command, in lines that fit the terminal."""
    names = {
        "[OPTIONS]": label("cli.options", language),
        "COMMAND [ARGS]...": label("cli.arguments", language),
    }
    pieces = [names.get(each, each) for each in ctx.command.collect_usage_pieces(ctx)]
    words = label("cli.usage", language, command=" ".join((ctx.command_path, *pieces)))
    return "\n".join(terminal_lines(words, columns_of_terminal(), " " * 8))
