"""Prints words in lines that fit the terminal."""

import shutil
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from switchstats.labels import Language, terminal_lines

if TYPE_CHECKING:
    from switchstats.values import Finding

__all__ = ["columns_of_terminal", "say", "say_finding"]


def columns_of_terminal() -> int:
    """Return how many columns a line may have: those of the terminal, 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def say(sentences: Iterable[str], bullet: str = "") -> None:
    """Print each sentence or item on lines of its own, no wider than the terminal, or 80 columns.

    Parameters
    ----------
    sentences
        Without line breaks.
    bullet
        What each begins with; the lines that follow are indented as much.
    """
    columns = columns_of_terminal()
    for words in sentences:
        for line in terminal_lines(bullet + words, columns, " " * len(bullet)):
            click.echo(line)


def say_finding(finding: "Finding", language: Language) -> None:
    """Print the question, the answer, and what more is to be said of it, one item each."""
    answer, *more = (sentence[language] for sentence in finding.sentences)
    say([finding.question[language]])
    click.echo()
    say([answer])
    click.echo()
    say(more, "- ")
    click.echo()
