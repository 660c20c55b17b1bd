"""What stands instead of a cell that may be personal."""

import re
import unicodedata

from switchstats.errors import InputError

__all__ = ["MASK", "holds_supply_point", "masked", "refuse_supply_point", "without_long_number"]

# In every encoding, and no sign of a formula.
MASK = "****"
_BETWEEN = re.compile(r"[\s‐-―ー-]")
# no code of a retailer, area or month has so many digits; a supply point has 22
_LONG = re.compile(r"\d{13}")
# an area from 01 to 10, and twenty more digits
_SUPPLY_POINT = re.compile(r"(?<!\d)(?:0[1-9]|10)\d{20}(?!\d)")


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


def holds_supply_point(words: str) -> bool:
    """Say whether words hold 22 digits that begin like a supply-point number.

    Examples
    --------
    >>> holds_supply_point("０３-1234567890-1234567890"), holds_supply_point("20230115123045.csv")
    (True, False)
    """
    digits = _BETWEEN.sub("", unicodedata.normalize("NFKC", words))
    return _SUPPLY_POINT.search(digits) is not None


def refuse_supply_point(words: str, of: str) -> None:
    """Refuse a name that goes into reports and holds what may be a supply-point number.

    Raises
    ------
    InputError
        Without the number.
    """
    if holds_supply_point(words):
        raise InputError(
            f"the name of a {of} holds what may be a supply-point number",
            "take the number out of the name",
            masked(words),
        )
