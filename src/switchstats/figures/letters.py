"""Words as a picture can draw them: in letters of the font, no formulas, not too long."""

import importlib.util
import unicodedata
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from switchstats.errors import SwitchstatsError
from switchstats.labels import width_of

__all__ = ["drawable", "drawn_name", "font_file"]

# Printers' mark of a letter that is not at hand.
_MISSING = "〓"
_WIDEST = 18.0


def drawable(words: str) -> str:
    r"""Return words in letters that the font has, and safe from being read as a formula.

    A letter without a glyph becomes 〓, marks that nobody sees are left out; matplotlib takes what
    stands between two dollar signs for a formula, unless they are escaped.

    Examples
    --------
    >>> drawable("電力😀"), drawable("a$x$")
    ('電力〓', 'a\\$x\\$')
    """
    return "".join(_letter(letter) for letter in words)


def drawn_name(name: str) -> str:
    """Return a name from the data as one line that leaves room for the picture.

    Examples
    --------
    >>> drawn_name("北海道電力"), len(drawn_name("長" * 300))
    ('北海道電力', 18)
    """
    line = " ".join(name.split())
    if width_of(line) > _WIDEST:
        while width_of(line) > _WIDEST - 1:
            line = line[:-1]
        line += "…"
    return drawable(line)


@cache
def font_file() -> str:
    """Return the path of IPAex Gothic, which has every letter that the catalogues use.

    It ships with matplotlib-fontja; that package is not imported, since its import changes
    matplotlib's settings for the whole process.
    """
    spec = importlib.util.find_spec("matplotlib_fontja")
    if spec is None or spec.origin is None:
        raise SwitchstatsError("matplotlib-fontja, which carries the font, is not installed")
    return str(Path(spec.origin).parent / "fonts" / "ipaexg.ttf")


@cache
def _letter(letter: str) -> str:
    if letter == "\n" or ord(letter) in _glyphs():
        return r"\$" if letter == "$" else letter
    if unicodedata.category(letter) in ("Cf", "Mn"):
        return ""
    return " " if letter.isspace() or unicodedata.category(letter) == "Cc" else _MISSING


@cache
def _glyphs() -> frozenset[int]:
    manager: Any = import_module("matplotlib.font_manager")
    return frozenset(manager.get_font(font_file()).get_charmap())
