"""Commands that show their help in the language of the command line."""

import sys
from collections.abc import Mapping
from functools import cache
from typing import cast

import click

from switchstats.cli.language import spoken

__all__ = ["SpokenCommand", "SpokenGroup", "words_of"]

_EXAMPLES = "Examples:"
_INDENT = "  "


class SpokenCommand(click.Command):
    """A command whose help is in Japanese where the language is."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the page of help."""
        return _page(self, ctx) if spoken(sys.argv) == "ja" else super().get_help(ctx)


class SpokenGroup(click.Group):
    """The same for a command of commands."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the page of help, with the first sentence of each command's own."""
        if spoken(sys.argv) != "ja":
            return super().get_help(ctx)
        listed = [(name, _first(words_of(name)["about"])) for name in self.list_commands(ctx)]
        return f"{_page(self, ctx)}\n\n{_definitions('help.commands', listed)}"


@cache
def words_of(command: str) -> Mapping[str, str]:
    """Return the Japanese of a command's help: what it is about, and its options.

    Examples
    --------
    >>> words_of("run")["level"]
    '片側の信頼水準。'
    """
    import tomllib
    from importlib.resources import files

    raw = files("switchstats.labels").joinpath("commands.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(raw)
    return tables["options"] | tables[command]


def _page(command: click.Command, ctx: click.Context) -> str:
    from switchstats.cli.usage import usage_of

    words = words_of(command.name or "")
    parts = [usage_of(ctx, "ja"), *_paragraphs(words["about"])]
    examples = _examples(command.help or "")
    if examples:
        parts.append("\n".join((_label("help.examples"), *examples)))
    options = [
        (_left(each, ctx), _right(each, words))
        for each in command.get_params(ctx)
        if isinstance(each, click.Option)
    ]
    return "\n\n".join((*parts, _definitions("help.options", options)))


def _paragraphs(about: str) -> list[str]:
    from switchstats.cli.lines import columns_of_terminal
    from switchstats.labels import terminal_lines

    width = columns_of_terminal() - len(_INDENT)
    return [
        "\n".join(_INDENT + line for line in terminal_lines(each, width))
        for each in about.strip().split("\n\n")
    ]


def _examples(english: str) -> list[str]:
    """Return the commands of the English help, with the comments behind them in Japanese."""
    _, found, after = english.partition(_EXAMPLES)
    comments = words_of("comments")
    lines: list[str] = []
    for line in after.strip().split("\n\n")[0].splitlines() if found else ():
        shown, mark, comment = line.strip().partition("# ")
        lines.append(_INDENT + shown + mark + comments.get(comment, comment))
    return lines


def _left(option: click.Option, ctx: click.Context) -> str:
    return (option.get_help_record(ctx) or ("", ""))[0]


def _right(option: click.Option, words: Mapping[str, str]) -> str:
    name = max(option.opts, key=len).lstrip("-")
    notes = [_label("help.required")] if option.required else []
    if option.show_default:
        default = cast("object", option.default)
        listed = cast("tuple[object, ...]", default) if isinstance(default, tuple) else (default,)
        notes.append(_label("help.default", value=", ".join(map(str, listed))))
    return words[name] + "".join(f"［{note}］" for note in notes)


def _definitions(title: str, listed: list[tuple[str, str]]) -> str:
    from switchstats.cli.lines import columns_of_terminal
    from switchstats.labels import terminal_lines

    lines = [_label(title)]
    width = columns_of_terminal()
    for left, right in listed:
        lines += [_INDENT + line for line in terminal_lines(left, width - len(_INDENT))]
        more = _INDENT * 3
        lines += [more + line for line in terminal_lines(right, width - len(more))]
    return "\n".join(lines)


def _first(about: str) -> str:
    return about.strip().split("\n")[0]


def _label(key: str, **fields: str) -> str:
    from switchstats.labels import label

    return label(key, "ja", **fields)
