"""Anonymous names of retailers, as published tables use them: 新電力A, …, 新電力Z, 新電力AA."""

import re
import unicodedata

from switchstats.labels import Text, text
from switchstats.values.retailer import Retailer

__all__ = ["anonymous_letters", "anonymous_retailer", "label_letters", "label_place"]

_LETTERS = 26
_KNOWN_GROUPS = ("incumbent", "entrant")


def label_letters(place: int) -> str:
    """Return the letters of a place, from 0.

    Examples
    --------
    >>> [label_letters(place) for place in (0, 9, 25, 26, 701, 702)]
    ['A', 'J', 'Z', 'AA', 'ZZ', 'AAA']
    """
    letters = ""
    place += 1
    while place > 0:
        place, last = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + last) + letters
    return letters


def label_place(letters: str) -> int:
    """Return the place of letters, from 0; the inverse of `label_letters`.

    Examples
    --------
    >>> label_place("AA")
    26
    """
    place = 0
    for letter in letters:
        place = place * _LETTERS + ord(letter) - ord("A") + 1
    return place - 1


def anonymous_retailer(group: str, letters: str) -> Retailer:
    """Return the retailer that a table shows instead of one that it does not name; no area.

    Examples
    --------
    >>> found = anonymous_retailer("entrant", "K")
    >>> found.retailer, found.name.ja, found.name.en
    ('entrant-k', '新電力K', 'Entrant K')
    """
    return Retailer(f"{group}-{letters.lower()}", _name(group, letters), group)


def anonymous_letters(name: str, group: str | None = None) -> tuple[str, str] | None:
    """Return group and letters of an anonymous name in either language, ``None`` for a real one.

    Parameters
    ----------
    name
        As printed; width of letters and spaces do not matter.
    group
        Where it is known; a group of the user's own is recognised only then.

    Examples
    --------
    >>> anonymous_letters("新電力 Ｋ"), anonymous_letters("関西電力")
    (('entrant', 'K'), None)
    """
    folded = _folded(name)
    for each in _KNOWN_GROUPS if group is None else (group,):
        pattern = _name(each, "\0")
        for words in (pattern.ja, pattern.en):
            before, _, after = _folded(words).partition("\0")
            match = re.fullmatch(f"{re.escape(before)}([A-Z]{{1,3}}){re.escape(after)}", folded)
            if match is not None:
                return each, match[1]
    return None


def _name(group: str, letters: str) -> Text:
    if group in _KNOWN_GROUPS:
        return text(f"anonymous.{group}", letters=letters)
    return text("anonymous.other", group=group, letters=letters)


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
