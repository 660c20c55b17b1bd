"""What a single cell says: a printed rate, a missing value, a retailer's name or an average."""

import re

from switchstats.errors import InputError, UsageError
from switchstats.periods import Period, half_width, parse_period
from switchstats.readers.places import Cell
from switchstats.values import PrintedRate, RateUnit

__all__ = [
    "holds_digit",
    "is_average",
    "is_note",
    "is_period",
    "is_rate_like",
    "is_unweighted_average",
    "printed_period",
    "printed_rate",
    "without_footnotes",
]

_MARKED = r"(?:※|\*|注)\s*[0-9]*"
_FOOTNOTES = re.compile(rf"(?:\s*(?:\({_MARKED}\)|\([0-9]+\)|{_MARKED}|[†‡]|[⁰¹²³⁴-⁹]+|[①-⑳]))+$")
_DASHES = re.compile("[‐‑‒–—―−ー]")
# A dash or blank (no value), … (not available), x and *** (withheld).
_MISSING = frozenset(("", "-", "--", "...", "..", "x", "***", "n/a"))
_CIRCLES = re.compile("[○〇◯●]")
_RATE = re.compile(r"(?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)\s*(?P<mark>[%‰])?")
_RATE_LIKE = re.compile(r"[-△▲+]?(?=[.,]*[0-9])[0-9.,・]+\s*[%‰]?")
_WHOLE = {"pct": "100 %", "permille": "1000 ‰", "fraction": "1 in a column of fractions"}
_UNIT_OF_MARK: dict[str, RateUnit] = {"%": "pct", "‰": "permille"}
# Other digits in the name are rates that lost their separator.
_AVERAGE = re.compile(
    r"[^0-9]*(?:[0-9]+社)?[^0-9]*加重平均|[^0-9]*weighted(?:average|mean)[^0-9.%]*[0-9]{0,3}"
)
_NOTE = re.compile(r"\(?(?:※|\*|出典|注|資料|備考|単位|sources?\b|notes?\b)", re.IGNORECASE)


def printed_rate(cell: Cell, unit: RateUnit | None = None, *, field: str) -> PrintedRate | None:
    """Return the rate that a cell prints, ``None`` where it prints none.

    Parameters
    ----------
    cell
        Digits with an optional decimal point, half or full width, perhaps with ％ or ‰ and
        footnote marks; or blank, －, —, …, x.
    unit
        Unit that the column's head states; a mark in the cell must agree. Without either, percent.
    field
        Name of the column, for messages.

    Raises
    ------
    InputError
        For anything else, such as ○, a decimal comma, two points or a rate above 100 %.

    Examples
    --------
    >>> from switchstats.readers.places import Place
    >>> printed_rate(Cell("１８．５％※", Place("t.csv", 3)), field="rate")
    PrintedRate(text='18.5', unit='pct')
    >>> printed_rate(Cell("－", Place("t.csv", 3)), field="rate") is None
    True
    """
    text = _folded(cell.text)
    bare = without_footnotes(text)
    if text in _MISSING or (bare and bare in _MISSING):
        return None
    match = _RATE.fullmatch(bare)
    if match is None:
        raise cell.error(*_complaint(bare), field=field)
    marked = _UNIT_OF_MARK[match["mark"]] if match["mark"] else None
    if unit is not None and marked is not None and unit != marked:
        raise cell.error(
            f"the mark {match['mark']} disagrees with the column's head ({unit})",
            "make head and cells agree",
            field=field,
        )
    unit = unit or marked or "pct"
    try:
        return PrintedRate(match["number"], unit)
    except UsageError:
        problem = f"a rate above {_WHOLE[unit]}"
        raise cell.error(problem, "correct the cell, or its unit", field=field) from None


def _complaint(bare: str) -> tuple[str, str]:
    """Return problem and mend of a text that is no rate."""
    if not bare:
        return "a footnote mark without a number", "write the rate before the mark, or －"
    if _CIRCLES.search(bare):
        return "a circle is not a number", "write 0.0 if zero is meant, － if there is no value"
    if "," in bare:
        return "a comma in a rate", "write a decimal point, such as 18.5"
    if bare.count(".") > 1:
        return "two decimal points", "correct the cell"
    if re.match("[-△▲]", bare):
        return "a rate below 0", "correct the cell"
    return "not a rate", "write a number such as 18.5, or － if there is no value"


def printed_period(cell: Cell, *, field: str) -> Period:
    """Return the period that a cell prints, footnote marks at its end left out.

    Raises
    ------
    InputError
        When it prints none, with the cell's place.
    """
    try:
        return parse_period(without_footnotes(cell.text))
    except InputError as error:
        raise cell.error(error.problem, error.mend, field=field) from None


def is_period(text: str) -> bool:
    """Whether a text prints a period, footnote marks at its end left out."""
    try:
        parse_period(without_footnotes(text))
    except InputError:
        return False
    return True


def is_rate_like(text: str) -> bool:
    """Whether a cell, blank ones apart, stands where a rate stands, well written or not."""
    folded = _folded(text)
    bare = without_footnotes(folded)
    return bool(folded) and (
        folded in _MISSING
        or bare in _MISSING
        or _CIRCLES.fullmatch(bare) is not None
        or _RATE_LIKE.fullmatch(bare) is not None
    )


def holds_digit(text: str) -> bool:
    """Whether the text has a digit, half or full width."""
    return re.search("[0-9]", half_width(text)) is not None


def without_footnotes(text: str) -> str:
    """Return `text` half-width, without the footnote marks at its end.

    Examples
    --------
    >>> without_footnotes("関西電力※１"), without_footnotes("18.5％ *1"), without_footnotes("四国²")
    ('関西電力', '18.5%', '四国')
    """
    return _FOOTNOTES.sub("", half_width(text).strip())


def is_average(text: str) -> bool:
    """Whether a row's name is that of a request-weighted average.

    Examples
    --------
    >>> is_average("上記10社加重平均"), is_average("単純平均")
    (True, False)
    """
    return _AVERAGE.fullmatch(_words(text)) is not None


def is_unweighted_average(text: str) -> bool:
    """Whether a row's name is that of an average not said to be weighted."""
    words = _words(text)
    weighted = "加重" in words or "weighted" in words
    return not weighted and any(word in words for word in ("平均", "average", "mean"))


def is_note(text: str) -> bool:
    """Whether a line is a note, a source or a unit, never a row.

    Examples
    --------
    >>> is_note("（出典）電力広域的運営推進機関"), is_note("※廃止取次ぎ"), is_note("北海道電力")
    (True, True, False)
    """
    return _NOTE.match(half_width(text).strip()) is not None


def _words(text: str) -> str:
    return "".join(without_footnotes(text).split()).casefold()


def _folded(text: str) -> str:
    return _DASHES.sub("-", half_width(text).strip()).casefold()
