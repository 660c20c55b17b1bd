"""What stands instead of a cell that may be personal."""

import re
import unicodedata

__all__ = ["MASK", "masked", "without_long_number"]

# In every encoding, and no sign of a formula.
MASK = "****"
_BETWEEN = re.compile(r"[\s‐-―ー-]")
# no code of a retailer, area or month has so many digits; a supply point has 22
_LONG = re.compile(r"\d{13}")


def masked(cell: str) -> str:
    """Return nothing of a cell but its number of characters, readable in any language.

    Examples
    --------
    >>> masked("secret")
    '**** (6)'
    """
    return f"{MASK} ({len(cell)})"


def without_long_number(words: str) -> str:
    """Return a head as it stands, or a mask where it holds what may be a supply point.

    Examples
    --------
    >>> without_long_number("備考"), without_long_number("03-1234-5678-9012-3456-7890-12")
    ('備考', '**** (30)')
    """
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", words))
    return masked(words) if _LONG.search(digits) else words
