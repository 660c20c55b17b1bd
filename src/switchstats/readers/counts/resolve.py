"""Interprets the keys of entries: which retailer, which days, which stratum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, lru_cache

from switchstats.errors import InputError
from switchstats.facts import areas
from switchstats.inputs import Raw, shown
from switchstats.labels import Text, text
from switchstats.periods import Period, half_width
from switchstats.readers.counts.entries import Datum, Entry
from switchstats.readers.counts.mapping import Layout
from switchstats.readers.counts.months import Year, bare_month, month_span, period_of, year_of
from switchstats.readers.counts.numbers import count_of
from switchstats.readers.counts.vocabulary import STRATA_READ, folded, voltage_of
from switchstats.readers.layout import RetailerLookup, find_retailer
from switchstats.values import Retailer

__all__ = ["Frame", "Item", "Problem", "resolved", "whole_months"]

_REASONS = ("+", ";", ",", "、")
_MOST_LIKENESSES = 500
_AREA_SUFFIXES = ("供給区域", "供給エリア", "エリア", "区域", "地域", "管内", "area")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected: a code of the quarantine, the column, the raw cell and a note."""

    code: str
    field: str = ""
    raw: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An entry with what could be read of it.

    Parameters
    ----------
    entry
        As it stands.
    retailer, period, strata
        Read keys; ``None`` where one cannot be read or is summed over.
    requests, errors
        Checked counts.
    problem
        Why it is rejected, if it is.
    """

    entry: Entry
    retailer: str | None = None
    period: Period | None = None
    strata: Mapping[str, str] = field(default_factory=dict[str, str])
    requests: int | None = None
    errors: int | None = None
    problem: Problem | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """Retailer, period and strata."""
        return (self.retailer, self.period, *sorted(self.strata.items()))

    @property
    def place(self) -> Text:
        """File, sheet and line, for notes."""
        file, sheet = self.entry.file, self.entry.sheet
        where = f"{file} [{sheet}]" if sheet else file
        return text("quarantine.place", file=where, line=self.entry.line)

    def rejected(
        self, code: str, *, note: Text | None = None, field: str = "", raw: str = ""
    ) -> "Item":
        """Return the item with a problem, unless it has one."""
        return self if self.problem else replace(self, problem=Problem(code, field, raw, note))


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for all rows of a table besides their own cells.

    Parameters
    ----------
    layout
        Constants and value maps.
    registry
        Knows the retailers.
    period, year, retailer
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
    _known: dict[str, Retailer | None] = field(
        default_factory=dict[str, Retailer | None], init=False, repr=False, compare=False
    )

    _near: dict[str, Text] = field(
        default_factory=dict[str, Text], init=False, repr=False, compare=False
    )

    def find(self, name: str) -> Retailer | None:
        """Return the retailer that goes by `name`; each name is looked up once."""
        if name not in self._known:
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


def resolved(entry: Entry, frame: Frame) -> Item:
    """Return an entry with its keys read, or with the first problem met."""
    item = Item(entry)
    if entry.ragged:
        item = item.rejected("ragged_row", note=text("quarantine.note_cells_more", n=entry.ragged))
    if "retailer" not in entry.totals:
        item = _with_retailer(item, frame)
    if not entry.totals & {"period", "columns"} or entry.periods:
        item = _with_period(item, frame)
    for name in STRATA_READ:
        if name not in entry.totals:
            item = _with_stratum(item, name, frame)
    return item


def whole_months(items: Sequence[Item]) -> tuple[list[Item], bool]:
    """Read days as months when every day is the first, or every day the last, of its month."""
    spans = {item.period for item in items if item.period is not None}
    days = {span for span in spans if span.n_days == 1}
    first = all(span.start.day == 1 for span in days)
    last = all((span.start + timedelta(days=1)).day == 1 for span in days)
    if not days or not (first or last):
        return list(items), False
    months = {span: month_span(span.start.year, span.start.month) for span in days}
    return [
        replace(item, period=months.get(item.period, item.period)) if item.period else item
        for item in items
    ], True


def _with_retailer(item: Item, frame: Frame) -> Item:
    datum = _key(item.entry, "retailer", frame) or Datum(frame.retailer, "")
    name = shown(datum.raw)
    if not name:
        note = text("quarantine.note_no_retailer")
        return item.rejected("missing_value", field=datum.field, note=note)
    found = frame.find(name)
    if found is not None:
        return replace(item, retailer=found.retailer)
    return item.rejected("unknown_retailer", field=datum.field, raw=name, note=frame.nearest(name))


def _with_period(item: Item, frame: Frame) -> Item:
    try:
        period = _period(item.entry, frame)
    except InputError as error:
        field, raw = _date_cell(item.entry)
        note = Text(ja=text("quarantine.note_date").ja, en=f"{error.problem}; {error.mend}")
        return item.rejected("bad_date", field=field, raw=raw, note=note)
    if period is None:
        field, raw = _date_cell(item.entry)
        note = text("quarantine.note_no_date")
        return item.rejected("missing_value", field=field, raw=raw, note=note)
    return replace(item, period=period)


def _period(entry: Entry, frame: Frame) -> Period | None:
    """Join what the header, the row and the words around say of the period."""
    by_head = [raw for raw in entry.periods if shown(raw)]
    cell = _key(entry, "period", frame) or _key(entry, "month", frame)
    month: Raw = by_head[-1] if by_head else cell.raw if cell else None
    above: Raw = by_head[-2] if len(by_head) > 1 else None
    if by_head and cell is not None and shown(cell.raw) and bare_month(by_head[-1]) is None:
        month, above = cell.raw, by_head[-1]  # months down, years across
    year = _year(entry, frame, above)
    if not shown(month):
        named = _key(entry, "fiscal_year", frame) or _key(entry, "year", frame)
        if named is not None and cell is None:
            return _whole_year(named, fiscal="fiscal_year" in entry.keys)
        return None if cell is not None or named is not None else frame.period
    number = bare_month(month)
    if number is not None and year is not None and not year[1] and number in frame.next_year:
        return month_span(year[0].of_month(number) + 1, number)
    return period_of(month, year[0] if year else None, from_1904=frame.from_1904)


def _whole_year(named: Datum, *, fiscal: bool) -> Period | None:
    if not shown(named.raw):
        return None
    year = year_of(named.raw, fiscal=fiscal)
    return period_of(f"{year.number}年度" if year.fiscal else f"{year.number}年", None)


def _year(entry: Entry, frame: Frame, above: Raw) -> tuple[Year, bool] | None:
    """Return the year of a bare month, and whether the table itself tells it."""
    if above is not None:
        return year_of(above), True
    for name in ("fiscal_year", "year"):
        cell = _key(entry, name, frame)
        if cell is not None and shown(cell.raw):
            return year_of(cell.raw, fiscal=name == "fiscal_year"), True
    return None if frame.year is None else (frame.year, False)


def _date_cell(entry: Entry) -> tuple[str, str]:
    for name in ("period", "month", "fiscal_year", "year"):
        if name in entry.keys:
            return entry.keys[name].field, shown(entry.keys[name].raw)
    return "", " ".join(shown(raw) for raw in entry.periods)


def _with_stratum(item: Item, name: str, frame: Frame) -> Item:
    datum = _key(item.entry, name, frame)
    if datum is None:
        return item
    cell = _half_width(shown(datum.raw))
    if name == "reason":
        return replace(item, strata={**item.strata, name: _reasons(cell)})
    if not cell:
        note = text(f"quarantine.note_no_{name}")
        return item.rejected("missing_value", field=datum.field, note=note)
    value, code = cell, ""
    if name == "area":
        value, code = _areas().get(_area_word(cell), ""), "unknown_area"
    elif name == "losing":
        known = frame.find(cell)
        value, code = known.retailer if known else "", "unknown_retailer"
    elif name == "voltage":
        value = voltage_of(cell) or cell
    elif name == "attempt":
        number = count_of(cell.removesuffix("目").removesuffix("回").removeprefix("第")).value
        value, code = str(number or ""), "not_a_number"
    if value:
        return replace(item, strata={**item.strata, name: value})
    note = frame.nearest(cell) if name == "losing" else None
    return item.rejected(code, field=datum.field, raw=cell, note=note)


@lru_cache(maxsize=2**14)
def _half_width(text: str) -> str:
    return half_width(text).strip()


def _key(entry: Entry, name: str, frame: Frame) -> Datum | None:
    """Return the cell of a key, a constant in its place, the user's value for theirs."""
    datum = entry.keys.get(name)
    if datum is None:
        constant = frame.layout.constants.get(name)
        return None if constant is None else Datum(constant, "")
    if name in frame.layout.values:
        return replace(datum, raw=frame.layout.ours(name, shown(datum.raw)))
    return datum


def _reasons(text: str) -> str:
    for mark in _REASONS[1:]:
        text = text.replace(mark, _REASONS[0])
    return "+".join(sorted({part.strip() for part in text.split("+") if part.strip()}))


@cache
def _areas() -> dict[str, str]:
    known: dict[str, str] = {}
    for row in areas().itertuples():
        code = str(row.area)
        names = (code, str(int(code)), str(row.name_ja), str(row.name_en))
        known |= {folded(name): code for name in names}
    return known


def _area_word(text: str) -> str:
    word = folded(text)
    for suffix in _AREA_SUFFIXES:
        if word.endswith(suffix) and word != suffix:
            return word.removesuffix(suffix)
    return word
