"""Interprets the keys of entries: which retailer, which days, which stratum."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from switchstats.errors import InputError
from switchstats.inputs.mapping import Layout
from switchstats.inputs.masks import MASK
from switchstats.inputs.words import reasons_of, voltage_of
from switchstats.labels import Text, text, worded
from switchstats.periods import Period, half_width
from switchstats.readers.counts.aliases import STRATA_READ
from switchstats.readers.counts.areas import area_code
from switchstats.readers.counts.entry import Datum, Entry
from switchstats.readers.counts.item import Item, Problem, Strata
from switchstats.readers.counts.months import Year, is_plausible
from switchstats.readers.counts.numbers import count_of
from switchstats.readers.counts.span import DATES, Dates, span_of
from switchstats.readers.layout import RetailerLookup, find_retailer
from switchstats.values import Retailer

__all__ = ["Frame", "resolved"]

_MOST_LIKENESSES = 500
_REMEMBERED = 100_000
_STRATA = tuple(sorted(STRATA_READ))


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for all rows of a table besides their own cells.

    Parameters
    ----------
    layout
        Constants and value maps.
    registry
        Knows the retailers.
    period, year, retailer, month, area
        From the words around the table or the user; ``None`` where the rows tell.
    next_year
        Bare months that belong to the year after `year`.
    from_1904
        Calendar of serial dates.
    """

    layout: Layout
    registry: RetailerLookup
    period: Period | None = None
    year: Year | None = None
    retailer: str | None = None
    next_year: frozenset[int] = frozenset()
    from_1904: bool = False
    month: int | None = None
    area: str | None = None
    # distinct cells are few where rows are many
    _cells: dict[Datum, str | Problem] = field(
        default_factory=dict[Datum, str | Problem], init=False, repr=False, compare=False
    )
    _spans: dict[object, Period | Problem] = field(
        default_factory=dict[object, Period | Problem], init=False, repr=False, compare=False
    )
    _strata: dict[Strata, Strata] = field(
        default_factory=dict[Strata, Strata], init=False, repr=False, compare=False
    )
    _constants: dict[str, Datum] = field(
        default_factory=dict[str, Datum], init=False, repr=False, compare=False
    )
    _known: dict[str, Retailer | None] = field(
        default_factory=dict[str, Retailer | None], init=False, repr=False, compare=False
    )
    _near: dict[str, Text] = field(
        default_factory=dict[str, Text], init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        around = {"month": self.month, "area": self.area}
        told = {name: value for name, value in around.items() if value is not None}
        for name, value in (told | dict(self.layout.constants)).items():
            self._constants[name] = Datum.of(name, value)

    def keys(self, entry: Entry) -> Mapping[str, Datum]:
        """Return the keys of an entry; a constant stands where there is no column."""
        own = {datum.name: datum for datum in entry.keys}
        return {**self._constants, **own} if self._constants else own

    def value(self, datum: Datum) -> str | Problem:
        """Return what a cell of a key means, or why it means nothing."""
        if datum not in self._cells:
            _forget(self._cells)
            self._cells[datum] = _read(datum, self)
        return self._cells[datum]

    def span(self, entry: Entry, keys: Mapping[str, Datum]) -> Period | Problem:
        """Return the days of an entry, or why they cannot be read."""
        dates = tuple([keys.get(name) for name in DATES])
        known = self._spans.get((entry.shape, dates))
        if known is None:
            _forget(self._spans)
            known = self._spans[entry.shape, dates] = self._span(entry, keys)
        return known

    def strata(self, pairs: Strata) -> Strata:
        """Return the same pairs as one object for all rows."""
        return self._strata.setdefault(pairs, pairs)

    def ours(self, datum: Datum) -> str:
        """Return our word for a cell: the user's own, or the cell as it stands."""
        if datum.name in self.layout.values and not self.is_constant(datum):
            return self.layout.ours(datum.name, datum.text)
        return datum.text

    def is_constant(self, datum: Datum) -> bool:
        """Whether the user, or the words around, gave the value for all rows."""
        return self._constants.get(datum.name) is datum

    def find(self, name: str) -> Retailer | None:
        """Return the retailer that goes by `name`; each name is looked up once."""
        if name not in self._known:
            _forget(self._known)
            self._known[name] = find_retailer(name, self.registry)
        return self._known[name]

    def nearest(self, name: str) -> Text:
        """Return a note with known names like `name`; costly, and so for so many names only."""
        if name not in self._near:
            if len(self._near) >= _MOST_LIKENESSES:
                return text("quarantine.note_not_compared")
            near = self.registry.nearest(name)
            self._near[name] = (
                text("quarantine.note_nearest", names=", ".join(near))
                if near
                else text("quarantine.note_none_near")
            )
        return self._near[name]

    def _span(self, entry: Entry, keys: Mapping[str, Datum]) -> Period | Problem:
        cell = next((keys[name] for name in DATES if name in keys), None)
        by_head = " ".join(str(raw) for raw in entry.shape.periods if raw is not None)
        where, raw = (cell.field, cell.text) if cell is not None else ("", by_head)
        dates = Dates(self.period, self.year, self.next_year, self.from_1904)
        cells = {name: (self.ours(keys[name]), keys[name]) for name in DATES if name in keys}
        try:
            period = span_of(entry.shape.periods, cells, dates)
        except InputError as error:
            problem, mend = worded(error.problem), worded(error.mend)
            note = Text(ja=f"{problem.ja}；{mend.ja}", en=f"{problem.en}; {mend.en}")
            return Problem("bad_date", where, raw, note)
        if period is None:
            return Problem("missing_value", where, raw, text("quarantine.note_no_date"))
        if not is_plausible(period):
            return Problem("bad_date", where, raw, text("quarantine.note_implausible"))
        return period


def resolved(entry: Entry, frame: Frame) -> Item:
    """Return an entry with its keys read, or with the first problem met."""
    problem = None
    if entry.ragged:
        note = text("quarantine.note_cells_more", n=entry.ragged)
        problem = Problem("ragged_row", note=note)
    keys = frame.keys(entry)
    totals = entry.totals
    retailer: str | None = None
    if "retailer" not in totals:
        got = _retailer(keys.get("retailer"), frame)
        if isinstance(got, Problem):
            problem = problem or got
        else:
            retailer = got
    period: Period | None = None
    if not totals or not totals & {"period", "columns"} or entry.shape.periods:
        span = frame.span(entry, keys)
        if isinstance(span, Problem):
            problem = problem or span
        else:
            period = span
    pairs: list[tuple[str, str]] = []
    for name in _STRATA:
        if name in keys and name not in totals:
            value = frame.value(keys[name])
            if isinstance(value, Problem):
                problem = problem or value
            else:
                pairs.append((name, value))
    strata = frame.strata(tuple(pairs)) if pairs else ()
    return Item(entry, retailer, period, strata, problem=problem)


def _forget(known: MutableMapping[Any, Any]) -> None:
    if len(known) > _REMEMBERED:
        known.clear()


def _retailer(datum: Datum | None, frame: Frame) -> str | Problem:
    if datum is not None:
        return frame.value(datum)
    if frame.retailer is None:
        return Problem("missing_value", note=text("quarantine.note_no_retailer"))
    found = frame.find(frame.retailer)
    if found is not None:
        return found.retailer
    return Problem("unknown_retailer", raw=frame.retailer, note=frame.nearest(frame.retailer))


def _read(datum: Datum, frame: Frame) -> str | Problem:
    """Read a cell of a retailer or a stratum."""
    name, cell = datum.name, frame.ours(datum)
    if name != "retailer":
        cell = _half_width(cell)
    if name == "reason":
        return _reasons(datum, cell)
    if not cell:
        note = text(f"quarantine.note_no_{name}")
        return Problem("missing_value", datum.field, note=note)
    if name in ("retailer", "losing"):
        known = frame.find(cell)
        if known is None:
            return Problem("unknown_retailer", datum.field, cell, frame.nearest(cell))
        return known.retailer
    if name == "voltage":
        return _voltage(datum, cell, frame)
    value, code = area_code(cell) or "", "unknown_area"
    if name == "attempt":
        number = count_of(cell.removesuffix("目").removesuffix("回").removeprefix("第")).value
        value, code = str(number or ""), "not_a_number"
    return value or Problem(code, datum.field, cell)


def _reasons(datum: Datum, cell: str) -> str | Problem:
    """Return the reasons; unknown words may tell of persons, and are not shown."""
    reasons = reasons_of(cell)
    if reasons is None:
        return Problem("unknown_reason", datum.field, MASK, text("quarantine.note_reasons"))
    return reasons


def _voltage(datum: Datum, cell: str, frame: Frame) -> str | Problem:
    """Return a class of voltage: a known one, or one of the user's own in a mapping."""
    known = voltage_of(cell)
    if known is not None:
        return known
    own = frame.layout.values.get("voltage", {}).values()
    if cell in own or frame.is_constant(datum):
        return cell
    return Problem("bad_voltage", datum.field, MASK, text("quarantine.note_voltages"))


@lru_cache(maxsize=2**14)
def _half_width(text: str) -> str:
    return half_width(text).strip()
