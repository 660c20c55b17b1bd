"""Folds full-width and compatibility characters without turning marks into digits."""

import unicodedata
from itertools import groupby

__all__ = ["half_width"]


def half_width(text: str) -> str:
    """Return `text` in NFKC, except that raised, circled and other ornamental numbers stay.

    Plain NFKC reads the footnote mark of ``"18.5²"`` as another decimal.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> half_width("１８．５％"), half_width("㋿５年"), half_width("18.5²①")
    ('18.5%', '令和5年', '18.5²①')
    """
    return "".join(
        "".join(run) if ornamental else unicodedata.normalize("NFKC", "".join(run))
        for ornamental, run in groupby(text, _is_ornamental_number)
    )


def _is_ornamental_number(character: str) -> bool:
    return character.isnumeric() and not character.isdecimal()
