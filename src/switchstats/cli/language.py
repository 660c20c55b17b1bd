"""The option that chooses the language of what a command prints."""

import os
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import click

__all__ = ["language_option", "spoken"]

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


def spoken(arguments: Sequence[str]) -> Literal["ja", "en"]:
    """Return the language of a message about arguments: that of ``--lang``, else the set one.

    Examples
    --------
    >>> spoken(["switchstats", "run", "--lang", "ja"]), spoken(["switchstats", "run"])
    ('ja', 'en')
    """
    named = ""
    for place, each in enumerate(arguments):
        if each == "--lang":
            named = next(iter(arguments[place + 1 : place + 2]), "")
        elif each.startswith("--lang="):
            named = each.removeprefix("--lang=")
    if named in ("ja", "en", "both"):
        return "ja" if named == "ja" else "en"
    return "ja" if os.environ.get("SWITCHSTATS_LANGUAGE") == "ja" else "en"
