"""How wide words are, and where their lines break: Japanese anywhere, English at spaces."""

import re
import unicodedata
from collections.abc import Callable

__all__ = ["lines_of", "terminal_lines", "width_of"]

_NARROW = 0.55
# One wide character or a word, with marks that may not end or start a line, or spaces.
_OPENING, _CLOSING = "[（「『【]*", "[、。）」』】，．]*"
_PIECES = re.compile(
    rf"{_OPENING}[^\u2e80-\uffff\s]+{_CLOSING}\s*|{_OPENING}[\u2e80-\uffff]{_CLOSING}|\s+"
)


def width_of(words: str) -> float:
    """Return the width of words in heights of their letters.

    A full-width character is as wide as the letters are high, others are taken as 0.55 of that.

    Examples
    --------
    >>> width_of("東北"), width_of("ab")
    (2.0, 1.1)
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WFA" for letter in words)
    return wide + _NARROW * (len(words) - wide)


def lines_of(words: str, limit: float) -> list[str]:
    """Break words into lines that are no wider than `limit`, in heights of their letters.

    A word longer than a line stands alone in its line, unbroken.

    Examples
    --------
    >>> lines_of("東北電力、関西電力", 5), lines_of("Tohoku and Kansai", 6)
    (['東北電力、', '関西電力'], ['Tohoku and', 'Kansai'])
    """
    return [line for part in words.split("\n") for line in _broken(part, limit)]


def terminal_lines(words: str, columns: int, indent: str = "") -> list[str]:
    """Break words into lines for a terminal, where full-width characters take two columns.

    Parameters
    ----------
    words
        A sentence or an item of a list.
    columns
        Width of the terminal.
    indent
        What begins every line but the first.

    Examples
    --------
    >>> terminal_lines("- 東北電力、関西電力（2社）", 12, "  ")
    ['- 東北電力、', '  関西電力', '  （2社）']
    """
    return _broken(words, columns, _columns_of, indent)


def _columns_of(words: str) -> float:
    return sum(1 + (unicodedata.east_asian_width(letter) in "WFA") for letter in words)


def _broken(
    words: str, limit: float, width: Callable[[str], float] = width_of, indent: str = ""
) -> list[str]:
    lines, start = [""], ""
    for piece in _PIECES.findall(words):
        if lines[-1] != start and width(lines[-1] + piece.rstrip()) > limit:
            start = indent
            lines.append(start)
        lines[-1] += piece if lines[-1] != start else piece.lstrip()
    return [line.rstrip() for line in lines]
