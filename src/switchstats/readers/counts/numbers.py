"""What a cell of a count says: a number, one of the kinds of missing, or neither."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from switchstats.inputs import Raw, shown
from switchstats.labels import Text, text
from switchstats.periods import half_width
from switchstats.readers.cells import without_footnotes

__all__ = ["Count", "count_of"]

_DASHES = re.compile("[‐‑‒–—―−ーｰ─━]")
# Sign of a missing count → kind of missing, and the sign as the note shows it.
_MISSING = {
    "": ("blank", ""),
    **dict.fromkeys(("-", "--"), ("dash", "－")),
    **dict.fromkeys(("...", "..", "・・・"), ("not_available", "…")),
    **dict.fromkeys(("x", "×"), ("withheld", "x")),
    **dict.fromkeys(("n/a", "na"), ("not_available", "n/a")),
    **{sign: ("not_available", sign) for sign in ("nan", "null", "none", "#n/a")},
    **{sign: ("withheld", sign) for sign in ("***", "秘匿")},
    "不明": ("not_known", "不明"),
}
_PLAIN = re.compile(r"(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?P<decimals>\.[0-9]+)?")
_UNITS = (("万件", 10000), ("千件", 1000), ("百件", 100), ("件", 1))
_LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Count:
    """A number of requests, or why there is none.

    Parameters
    ----------
    value
        The number, ``None`` where `code` is set.
    step
        What one unit of the last printed digit means, for checks of rounded numbers.
    code
        ``"missing_value"``, ``"not_a_number"``, ``"negative"`` or ``"fractional"``.
    note
        What kind of missing, or what is wrong.
    """

    value: int | None
    step: int = 1
    code: str | None = None
    note: Text | None = None


def count_of(raw: Raw, scale: int = 1) -> Count:
    """Return the number of requests that a cell says.

    Parameters
    ----------
    raw
        A number, or text: half or full width, with thousands separators, 件, footnote marks,
        ``▲``, ``△``, a minus or brackets for negative numbers, or a sign for missing.
    scale
        What one unit means, 1000 for 千件; 件 or 千件 in the cell itself goes first.

    Examples
    --------
    >>> count_of("１，２３４件").value, count_of("1.2", 1000).value, count_of(12.0).value
    (1234, 1200, 12)
    >>> count_of("－").code, count_of("▲5").code, count_of("0.5").code, count_of("約5").code
    ('missing_value', 'negative', 'fractional', 'not_a_number')
    """
    if isinstance(raw, bool | date):
        return Count(None, code="not_a_number", note=text("quarantine.note_date_or_truth"))
    if isinstance(raw, int | float):
        return _of_number(raw, scale)
    return _of_cell(shown(raw), scale)


@lru_cache(maxsize=2**16)
def _of_number(raw: float, scale: int) -> Count:
    return _checked(Decimal(str(raw)), scale)


@lru_cache(maxsize=2**16)
def _of_cell(cell: str, scale: int) -> Count:
    words = _DASHES.sub("-", half_width(cell).replace("…", "...").strip())
    if words.casefold() in _MISSING:
        return _missing(words)
    if words.startswith("="):
        return Count(None, code="missing_value", note=text("quarantine.note_formula"))
    return _of_text(words, scale)


def _missing(sign: str) -> Count:
    if not sign:
        return Count(None, code="missing_value", note=text("quarantine.note_blank"))
    kind, shown_sign = _MISSING[sign.casefold()]
    return Count(None, code="missing_value", note=text(f"quarantine.note_{kind}", sign=shown_sign))


def _of_text(words: str, scale: int) -> Count:
    negative, digits = _sign(words)
    digits = without_footnotes(digits)
    if digits and digits.casefold() in _MISSING:
        return _missing(digits)
    for unit, size in _UNITS:
        if digits.endswith(unit):
            digits, scale = digits.removesuffix(unit).strip(), size
            break
    match = _PLAIN.fullmatch(digits)
    if match is None:
        what = "comma" if "," in digits else "digits"
        return Count(None, code="not_a_number", note=text(f"quarantine.note_{what}"))
    number = Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
    return _checked(-number if negative else number, scale)


def _sign(words: str) -> tuple[bool, str]:
    if words.startswith(("▲", "△", "-")):
        return True, words[1:].strip()
    if bracketed := re.fullmatch(r"\(\s*([0-9][0-9,.]*)\s*\)", words):
        return True, bracketed[1]
    return False, words.removeprefix("+")


def _checked(number: Decimal, scale: int) -> Count:
    try:
        scaled = number * scale
        if not scaled.is_finite() or abs(scaled) > _LARGEST:
            return Count(None, code="not_a_number", note=text("quarantine.note_too_large"))
        exponent = number.as_tuple().exponent
        step = max(1, int(scale * Decimal(10) ** min(0, int(exponent))))
        if scaled < 0:
            return Count(None, code="negative")
        if scaled != scaled.to_integral_value():
            return Count(None, code="fractional")
    except (InvalidOperation, OverflowError):
        return Count(None, code="not_a_number", note=text("quarantine.note_too_large"))
    return Count(int(scaled), step)
