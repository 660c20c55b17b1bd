"""How wide words are, and where their lines break: Japanese anywhere, English at spaces."""

import re
import unicodedata

__all__ = ["lines_of", "width_of"]

_NARROW = 0.55
# One wide character with the closing marks that may not start a line, or a word with its spaces.
_PIECES = re.compile(r"[\u2e80-\uffff][、。）」』】，．]*|[^\u2e80-\uffff\s]+\s*|\s+")


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


def _broken(words: str, limit: float) -> list[str]:
    lines = [""]
    for piece in _PIECES.findall(words):
        if lines[-1] and width_of(lines[-1] + piece.rstrip()) > limit:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]
