"""The option that chooses the language of what a command prints."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import click

__all__ = ["language_option"]

_Command = TypeVar("_Command", bound=Callable[..., object])


def language_option(*more: str) -> "Callable[[_Command], _Command]":
    """Return ``--lang``, English unless ``SWITCHSTATS_LANGUAGE`` names another of the choices."""
    choices: Sequence[str] = ("en", "ja", *more)
    return click.option(
        "--lang",
        type=click.Choice(choices),
        default="en",
        show_default=True,
        envvar="SWITCHSTATS_LANGUAGE",
        show_envvar=True,
    )
