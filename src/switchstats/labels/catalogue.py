"""Looks words up in the one catalogue of everything that a figure or report shows."""

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter

from switchstats.errors import SwitchstatsError
from switchstats.labels.text import Language, Text

__all__ = ["catalogue", "group_name", "label", "text"]


@cache
def catalogue() -> dict[str, Text]:
    """Return every entry under its dotted key, such as ``"outcome.inconclusive"``."""
    here = files("switchstats.labels")
    return {
        f"{section}.{key}": Text(ja=words["ja"], en=words["en"])
        for name in ("catalogue.toml", "fields.toml")
        for section, entries in tomllib.loads(here.joinpath(name).read_text("utf-8")).items()
        for key, words in entries.items()
    }


def text(key: str, /, **fields: Text | str | int) -> Text:
    """Return the entry in both languages, its ``{placeholders}`` filled.

    Parameters
    ----------
    key
        Dotted key in the catalogue.
    **fields
        Values of the placeholders; a `Text` gives each language its own words.

    Raises
    ------
    SwitchstatsError
        When the key is missing or the fields are not exactly the placeholders.

    Examples
    --------
    >>> text("group.incumbent")
    Text(ja='みなし小売電気事業者', en='incumbents')
    """
    entry = catalogue().get(key)
    if entry is None:
        raise SwitchstatsError(f"the label catalogue lacks {key!r}")
    filled: dict[Language, str] = {}
    for language in ("ja", "en"):
        template = entry[language]
        wanted = {name for _, name, _, _ in Formatter().parse(template) if name}
        if wanted != set(fields):
            raise SwitchstatsError(
                f"label {key!r} ({language}) takes {sorted(wanted)}, not {sorted(fields)}"
            )
        words = {
            name: value[language] if isinstance(value, Text) else str(value)
            for name, value in fields.items()
        }
        filled[language] = template.format(**words)
    return Text(ja=filled["ja"], en=filled["en"])


def label(key: str, language: Language, /, **fields: Text | str | int) -> str:
    """Return `text` in one language.

    Examples
    --------
    >>> label("group.entrant", "ja")
    '新電力'
    """
    return text(key, **fields)[language]


def group_name(group: str) -> Text:
    """Return the words for a group; a group of the user's own keeps its own name.

    Examples
    --------
    >>> group_name("entrant")["en"], group_name("north")["ja"]
    ('entrants', 'north')
    """
    return catalogue().get(f"group.{group}") or Text(ja=group, en=group)
