"""Checks and cleans the distinct values of each column; rows are many, values are few."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from switchstats.engines.columns import Mapped, aliases, same_value
from switchstats.errors import InputError
from switchstats.facts import Registry, areas
from switchstats.inputs.encodings import is_misread_utf8
from switchstats.inputs.sheet import day_of_serial
from switchstats.inputs.words import fold, reasons_of
from switchstats.labels import Text, text, worded
from switchstats.periods import parse_period

__all__ = ["OUTCOMES", "Cleaned", "Problem", "Raw", "clean"]

Raw = str | int
Value = int | str

# In the order in which ties on one day are broken: who is told of an error files again.
OUTCOMES = ("error", "withdrawn", "pending", "accepted")

_TIME = re.compile(r"[\sT]\s*(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$")
# Ahead of UTC, since 1951.
_JAPAN = timedelta(hours=9)
_ATTEMPT = re.compile(r"第?(-?\d+)(?:\.0+)?(?:回目?|次|度目)?")
_FRACTION = re.compile(r"-?\d+\.\d+")
_AREA_SUFFIX = re.compile(r"(?:電力)?(?:エリア|地域|地方|区域|管内|area)$")
_FIRST = ("初回", "first", "新規")
_MOST_ATTEMPTS = 1000
# Retail choice began in Japan in 2000.
_YEARS = range(2000, 2051)
# What a spreadsheet shows instead of a value, and a formula that was saved without one.
_ERROR_CELL = re.compile(
    r"=|#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ERROR|CALC!|SPILL!)|Err:\d+"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a value is rejected: a key below ``quarantine.`` and a note without personal data."""

    code: str
    note: Text | None = None


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
    theirs = {same_value(raw): ours for raw, ours in mapped.values.get(column, {}).items()}
    values: dict[Raw, Value] = {}
    problems: dict[Raw, Problem] = {}
    for raw in raws:
        if raw is None:
            continue
        cell = unicodedata.normalize("NFKC", str(raw)).strip()
        cell = theirs.get(same_value(cell), cell)
        if not cell and column != "reasons":
            continue
        got = _unreadable(str(raw)) or rule(cell)
        if isinstance(got, Problem):
            problems[raw] = _garbled(str(raw)) or got
        else:
            values[raw] = got
    return Cleaned(values, problems)


def _unreadable(raw: str) -> Problem | None:
    """Say what no column may hold: NUL bytes, lost characters, a spreadsheet's errors."""
    if "\0" in raw:
        return Problem("nul_byte")
    if "\ufffd" in raw:
        return Problem("garbled", text("quarantine.note_replaced"))
    return Problem("error_cell") if _ERROR_CELL.fullmatch(raw.strip()) else None


def _garbled(raw: str) -> Problem | None:
    """Say whether a cell is UTF-8 amid another encoding."""
    if any(is_misread_utf8(raw, codec) for codec in ("cp932", "euc_jp")):
        return Problem("garbled", text("quarantine.note_other_encoding"))
    return None


def _rules(mapped: Mapped, known: Registry) -> dict[str, Callable[[str], Value | Problem]]:
    codes = _area_codes()
    own_voltages = frozenset(str(ours) for ours in mapped.values.get("voltage", {}).values())

    def day(cell: str) -> Value | Problem:
        return _day(cell, mapped.year)

    def retailer(cell: str) -> Value | Problem:
        return _retailer(cell, known)

    def area(cell: str) -> Value | Problem:
        name = _AREA_SUFFIX.sub("", cell.casefold())
        code = codes.get(name) or codes.get(cell.casefold())
        return code or Problem("unknown_area", text("quarantine.note_areas"))

    return {
        "submitted": day,
        "resolved": day,
        "gaining": retailer,
        "losing": retailer,
        "area": area,
        "outcome": _outcome,
        "reasons": _reasons,
        "attempt": _attempt,
        "voltage": lambda cell: _voltage(cell, own_voltages),
    }


def _day(cell: str, year: int | None) -> Value | Problem:
    words = _TIME.sub("", cell)
    if words.isdecimal() and (day := day_of_serial(int(words))):
        return day.toordinal()
    try:
        period = parse_period(words, year=year)
    except InputError as error:
        problem, how = worded(error.problem), text("quarantine.note_day")
        note = Text(ja=f"{problem.ja}。{how.ja}", en=f"{problem.en}; {how.en}")
        return Problem("bad_date", note)
    if period.n_days != 1:
        return Problem("bad_date", text("quarantine.note_days", n=f"{period.n_days:,}"))
    if period.start.year not in _YEARS:
        return Problem("bad_date", text("quarantine.note_implausible"))
    return period.start.toordinal() + _days_ahead(_TIME.search(cell))


def _days_ahead(time: re.Match[str] | None) -> int:
    """Return by how many days the calendar of Japan is ahead of a time written with its offset."""
    if time is None or time[3] is None:
        return 0
    offset = timedelta()
    if time[3] != "Z":
        sign, digits = time[3][0], time[3][1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        offset = -offset if sign == "-" else offset
    clock = timedelta(hours=int(time[1]), minutes=int(time[2]))
    return (clock - offset + _JAPAN) // timedelta(days=1)


def _retailer(cell: str, known: Registry) -> Value | Problem:
    found = known.find(cell)
    if found is not None:
        return found.retailer
    near = ", ".join(known.nearest(cell))
    none = text("quarantine.note_none_near")
    return Problem(
        "unknown_retailer", text("quarantine.note_nearest", names=near) if near else none
    )


def _voltage(cell: str, own: frozenset[str]) -> Value | Problem:
    """Return a class of voltage: a known one, or one that the user's mapping names."""
    if cell in own:
        return cell
    unknown = Problem("bad_voltage", text("quarantine.note_voltages"))
    return _garbled(cell) or aliases("voltage").get(fold(cell), unknown)


@cache
def _area_codes() -> dict[str, str]:
    table = areas()
    codes: dict[str, str] = {}
    for code, ja, en in zip(table["area"], table["name_ja"], table["name_en"], strict=True):
        names = (str(code), str(int(code)), str(ja), str(en).casefold())
        codes.update(dict.fromkeys(names, str(code)))
    return codes


def _reasons(cell: str) -> Value | Problem:
    found = reasons_of(cell)
    return Problem("unknown_reason", text("quarantine.note_reasons")) if found is None else found


def _outcome(cell: str) -> Value | Problem:
    unknown = Problem("bad_outcome", text("quarantine.note_outcomes"))
    return aliases("outcome").get(fold(cell), unknown)


def _attempt(cell: str) -> Value | Problem:
    if cell.casefold() in _FIRST:
        return 1
    match = _ATTEMPT.fullmatch(cell)
    if match is None:
        return Problem("fractional" if _FRACTION.fullmatch(cell) else "not_a_number")
    number = int(match[1])
    if number < 0:
        return Problem("negative")
    if not 0 < number < _MOST_ATTEMPTS:
        return Problem("not_a_number", text("quarantine.note_attempts"))
    return number
