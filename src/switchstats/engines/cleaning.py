"""Checks and cleans the distinct values of each column; rows are many, values are few."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from switchstats.engines.columns import Mapped, aliases, fold
from switchstats.errors import InputError
from switchstats.facts import Registry, areas
from switchstats.periods import parse_period

__all__ = ["OUTCOMES", "Cleaned", "Problem", "Raw", "clean"]

Raw = str | int
Value = int | str

# In the order in which ties on one day are broken: who is told of an error files again.
OUTCOMES = ("error", "withdrawn", "pending", "accepted")

_TIME = re.compile(r"[\sT]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$")
_SEPARATORS = re.compile(r"[+;,、/|\n]")
_ATTEMPT = re.compile(r"第?(-?\d+)(?:\.0+)?(?:回目?|次|度目)?")
_FRACTION = re.compile(r"-?\d+\.\d+")
_AREA_SUFFIX = re.compile(r"(?:電力)?(?:エリア|地域|地方|区域|管内|area)$")
_FIRST = ("初回", "first", "新規")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value is rejected: a key below ``quarantine.`` and a note without personal data."""

    code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The distinct values of one column.

    Parameters
    ----------
    values
        Raw value → clean value; blank ones are in neither table.
    problems
        Raw value → why it is rejected.
    """

    values: Mapping[Raw, Value] = field(default_factory=dict[Raw, Value])
    problems: Mapping[Raw, Problem] = field(default_factory=dict[Raw, Problem])


def clean(column: str, raws: Iterable[Raw | None], mapped: Mapped, known: Registry) -> Cleaned:
    """Clean the distinct raw values of one column.

    Parameters
    ----------
    column
        Canonical name.
    raws
        Distinct raw values, text, or days such as 20230131.
    mapped
        The user's mapping: its value maps go first, its year completes bare months.
    known
        The registry for ``gaining`` and ``losing``.

    Returns
    -------
    Cleaned
        Days are ordinals (`date.toordinal`), attempts whole numbers from 1, areas codes,
        retailers identifiers, reasons sorted and joined by ``+`` (none: an empty text).

    Examples
    --------
    >>> from switchstats.facts import registry
    >>> got = clean("outcome", ["ＮＧ", "成立", "?", " "], Mapped(), registry())
    >>> dict(got.values), got.problems["?"].code
    ({'ＮＧ': 'error', '成立': 'accepted'}, 'bad_outcome')
    """
    rule = _rules(mapped, known)[column]
    theirs = {
        fold(raw) if raw.strip() else "": ours
        for raw, ours in mapped.values.get(column, {}).items()
    }
    values: dict[Raw, Value] = {}
    problems: dict[Raw, Problem] = {}
    for raw in raws:
        text = "" if raw is None else unicodedata.normalize("NFKC", str(raw)).strip()
        text = theirs.get(fold(text), text)
        if raw is None or (not text and column != "reasons"):
            continue
        got = Problem("nul_byte") if "\0" in text else rule(text)
        if isinstance(got, Problem):
            problems[raw] = got
        else:
            values[raw] = got
    return Cleaned(values, problems)


def _rules(mapped: Mapped, known: Registry) -> dict[str, Callable[[str], Value | Problem]]:
    codes = _area_codes()

    def day(text: str) -> Value | Problem:
        return _day(text, mapped.year)

    def retailer(text: str) -> Value | Problem:
        return _retailer(text, known)

    def area(text: str) -> Value | Problem:
        name = _AREA_SUFFIX.sub("", text.casefold())
        code = codes.get(name) or codes.get(text.casefold())
        return code or Problem("unknown_area", "01-10")

    return {
        "submitted": day,
        "resolved": day,
        "gaining": retailer,
        "losing": retailer,
        "area": area,
        "outcome": lambda text: aliases("outcome").get(fold(text), Problem("bad_outcome")),
        "reasons": _reasons,
        "attempt": _attempt,
        "voltage": lambda text: aliases("voltage").get(fold(text), text),
    }


def _day(text: str, year: int | None) -> Value | Problem:
    try:
        period = parse_period(_TIME.sub("", text), year=year)
    except InputError as error:
        return Problem("bad_date", error.problem)
    if period.n_days != 1:
        return Problem("bad_date", f"{period.n_days} days")
    return period.start.toordinal()


def _retailer(text: str, known: Registry) -> Value | Problem:
    found = known.find(text)
    if found is None:
        return Problem("unknown_retailer", ", ".join(known.nearest(text)))
    return found.retailer


def _area_codes() -> dict[str, str]:
    table = areas()
    codes: dict[str, str] = {}
    for code, ja, en in zip(table["area"], table["name_ja"], table["name_en"], strict=True):
        names = (str(code), str(int(code)), str(ja), str(en).casefold())
        codes.update(dict.fromkeys(names, str(code)))
    return codes


def _reasons(text: str) -> Value | Problem:
    nothing, known = aliases("reason_none"), aliases("reasons")
    words = [word.strip() for word in _SEPARATORS.split(text)]
    found: set[str] = set()
    for word in words:
        if not word or fold(word) in nothing:
            continue
        reason = known.get(fold(word))
        if reason is None:
            return Problem("unknown_reason")
        found.add(reason)
    return "+".join(sorted(found))


def _attempt(text: str) -> Value | Problem:
    if text.casefold() in _FIRST:
        return 1
    match = _ATTEMPT.fullmatch(text)
    if match is None:
        return Problem("fractional" if _FRACTION.fullmatch(text) else "not_a_number")
    number = int(match[1])
    if number < 0:
        return Problem("negative")
    return number if 0 < number < _MOST_ATTEMPTS else Problem("not_a_number", "1, 2, 3, …")


_MOST_ATTEMPTS = 1000
