"""Prints words in lines that fit the terminal."""

import shutil
from collections.abc import Iterable

import click

from switchstats.labels import terminal_lines

__all__ = ["say"]


def say(sentences: Iterable[str], bullet: str = "") -> None:
    """Print each sentence or item on lines of its own, no wider than the terminal, or 80 columns.

    Parameters
    ----------
    sentences
        Without line breaks.
    bullet
        What each begins with; the lines that follow are indented as much.
    """
    columns = shutil.get_terminal_size((80, 24)).columns
    for words in sentences:
        for line in terminal_lines(bullet + words, columns, " " * len(bullet)):
            click.echo(line)
