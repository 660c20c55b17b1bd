"""What a cell of a count says: a number, one of the kinds of missing, or neither."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from switchstats.periods import half_width
from switchstats.readers.cells import without_footnotes
from switchstats.readers.sheets import Raw, shown

__all__ = ["Count", "count_of"]

_DASHES = re.compile("[‐‑‒–—―−ーｰ─━]")
_MISSING = {
    "": "blank",
    "-": "a dash, for no value; write 0 if zero is meant",
    "--": "a dash, for no value; write 0 if zero is meant",
    "...": "… (not available)",
    "..": "… (not available)",
    "・・・": "… (not available)",
    "x": "x (withheld)",
    "×": "x (withheld)",
    "***": "*** (withheld)",
    "n/a": "n/a (not available)",
    "na": "n/a (not available)",
    "#n/a": "#N/A (a formula that found nothing)",
    "nan": "nan (not available)",
    "null": "null (not available)",
    "none": "none (not available)",
    "不明": "不明 (not known)",
    "秘匿": "秘匿 (withheld)",
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
    note: str = ""


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
        return Count(None, code="not_a_number", note="a date or truth value where a count stands")
    if isinstance(raw, int | float):
        return _checked(Decimal(str(raw)), scale)
    return _of_cell(shown(raw), scale)


@lru_cache(maxsize=2**16)
def _of_cell(cell: str, scale: int) -> Count:
    text = half_width(cell).replace("…", "...").strip()
    text = _DASHES.sub("-", text)
    if (kind := _MISSING.get(text.casefold())) is not None:
        return Count(None, code="missing_value", note=kind)
    if text.startswith("="):
        note = "a formula saved without its value: open the file in Excel and save it"
        return Count(None, code="missing_value", note=note)
    return _of_text(text, scale)


def _of_text(text: str, scale: int) -> Count:
    negative, digits = _sign(text)
    digits = without_footnotes(digits)
    if (kind := _MISSING.get(digits.casefold())) is not None and digits:
        return Count(None, code="missing_value", note=kind)
    for unit, size in _UNITS:
        if digits.endswith(unit):
            digits, scale = digits.removesuffix(unit).strip(), size
            break
    match = _PLAIN.fullmatch(digits)
    if match is None:
        note = "write digits, such as 1234" if "," not in digits else "a comma out of its place"
        return Count(None, code="not_a_number", note=note)
    number = Decimal(match["digits"].replace(",", "") + (match["decimals"] or ""))
    return _checked(-number if negative else number, scale)


def _sign(text: str) -> tuple[bool, str]:
    if text.startswith(("▲", "△", "-")):
        return True, text[1:].strip()
    if bracketed := re.fullmatch(r"\(\s*([0-9][0-9,.]*)\s*\)", text):
        return True, bracketed[1]
    return False, text.removeprefix("+")


def _checked(number: Decimal, scale: int) -> Count:
    try:
        scaled = number * scale
        if not scaled.is_finite() or abs(scaled) > _LARGEST:
            return Count(None, code="not_a_number", note="not a number that counts requests")
        exponent = number.as_tuple().exponent
        step = max(1, int(scale * Decimal(10) ** min(0, int(exponent))))
        if scaled < 0:
            return Count(None, code="negative", note="a count cannot be below 0")
        if scaled != scaled.to_integral_value():
            return Count(None, code="fractional", note="a count must be a whole number")
    except (InvalidOperation, OverflowError):
        return Count(None, code="not_a_number", note="not a number that counts requests")
    return Count(int(scaled), step)
