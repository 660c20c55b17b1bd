"""Says in the language of the command line what click finds wrong with it."""

import click

from switchstats.labels import Language, label, worded

__all__ = ["say_usage"]


def say_usage(error: click.UsageError, language: Language) -> int:
    """Print how the command is used and what is wrong, and return the exit code.

    A command without arguments that needs some says what it can do.
    """
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return error.exit_code
    if error.ctx is not None:
        click.echo(_usage(error.ctx, language), err=True)
        click.echo(label("cli.try_help", language, command=error.ctx.command_path), err=True)
        click.echo(err=True)
    words = worded(error.format_message())[language]
    click.echo(label("cli.wrong", language, words=words), err=True)
    return error.exit_code


def _usage(ctx: click.Context, language: Language) -> str:
    names = {
        "[OPTIONS]": label("cli.options", language),
        "COMMAND [ARGS]...": label("cli.arguments", language),
    }
    pieces = [names.get(each, each) for each in ctx.command.collect_usage_pieces(ctx)]
    return label("cli.usage", language, command=" ".join((ctx.command_path, *pieces)))
