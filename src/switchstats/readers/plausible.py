"""Finds what no requests and errors could have produced, cell by cell, and refuses it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from switchstats.errors import InputError
from switchstats.labels import SaidError, Text, group_name, joined, text
from switchstats.periods import Period
from switchstats.readers.interpret import Key
from switchstats.readers.places import Cell, Place
from switchstats.values import PrintedRate, PublishedTable, TableRow

__all__ = ["Implausible", "implausible", "refuse_impossible"]

_MEND = (
    "compare the row with the printed table and correct it, or read with check=False; "
    "switchstats audit lists everything that does not fit"
)


@dataclass(frozen=True, slots=True)
class Implausible:
    """A printed rate, or number of retailers, that cannot be, whatever the volumes.

    Parameters
    ----------
    problem
        What is wrong, in words.
    field, value
        Its column, and the text that stands there.
    place
        Where it stands; ``None`` for a table that was not read.
    mend
        What the reader of the error can do.
    """

    problem: Text
    field: str
    value: str
    place: Place | None = None
    mend: str = _MEND

    def error(self) -> InputError:
        """Return the error that refuses it."""
        if self.place is None:
            where = (None, None, self.field, self.value)
        else:
            found = self.place.error("", "", field=self.field, value=self.value)
            where = (found.file, found.line, found.field, found.value)
        return SaidError(self.problem.en, self.mend, *where, said=self.problem)

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        place = self.place
        return {
            "problem": self.problem.to_dict(),
            "field": self.field,
            "value": self.value,
            "file": None if place is None else place.file,
            "line": None if place is None else place.line,
            "page": None if place is None else place.page,
        }


def refuse_impossible(
    table: PublishedTable,
    cells: Mapping[tuple[Key, Period], Cell] | None = None,
    counted: Mapping[str, tuple[int, Cell]] | None = None,
) -> None:
    """Raise for the first printed rate that cannot be, whatever the volumes (`implausible`).

    Raises
    ------
    InputError
        With place, field and value.

    Examples
    --------
    >>> import switchstats as ss
    >>> refuse_impossible(ss.load_published("egc-083"))
    """
    for found in implausible(table, cells, counted):
        raise found.error()


def implausible(
    table: PublishedTable,
    cells: Mapping[tuple[Key, Period], Cell] | None = None,
    counted: Mapping[str, tuple[int, Cell]] | None = None,
) -> tuple[Implausible, ...]:
    """Return every printed rate that cannot be, whatever the volumes.

    A rate over a whole period is a mean of the rates of its parts, weighted by requests, and a
    group's average is one of its members' rates; so each must lie within their range. The printed
    digits stand for intervals; only what no choice within them allows is returned. A blank among
    the parts or members leaves the range open.

    Parameters
    ----------
    table
        The table, with the rule under which its digits are read.
    cells, counted
        Where its rates stand, and how many retailers an average's name states (`Reading`).

    Notes
    -----
    Necessary, not sufficient: every rate may pass by itself although no volumes fit all of them.

    Examples
    --------
    >>> import switchstats as ss
    >>> implausible(ss.load_published("egc-083"))
    ()
    """
    places = cells or {}
    found: list[Implausible] = []
    for group, (number, cell) in (counted or {}).items():
        found += _other_count(table, group, number, cell)
    for row in table.rows + table.averages:
        for column in table.periods:
            found += _outside_parts(table, row, column.period, places)
    for row in table.averages:
        for column in table.periods:
            found += _outside_members(table, row, column.period, places)
    return tuple(found)


def _other_count(
    table: PublishedTable, group: str, number: int, cell: Cell
) -> Iterator[Implausible]:
    present = len(table.members(group))
    if number != present:
        words = text("plausible.other_count", number=number, present=present)
        mend = "add the missing rows, or correct the number"
        yield Implausible(words, "retailer", cell.text.strip(), cell.place, mend)


def _outside_parts(
    table: PublishedTable, row: TableRow, whole: Period, places: Mapping[tuple[Key, Period], Cell]
) -> Iterator[Implausible]:
    parts = table.parts(whole)
    rate = row.cells[table.column(whole)]
    rates = [row.cells[table.column(part)] for part in parts]
    if rate is None or not parts or _possible(rate, rates, table):
        return
    labels = {column.period: column.label for column in table.periods}
    words = text(
        "plausible.outside_parts",
        name=_name(row),
        period=labels[whole],
        parts=_listed([labels[part] for part in parts], rates),
    )
    yield _found(words, rate, labels[whole], places.get((_key(row), whole)))


def _outside_members(
    table: PublishedTable, row: TableRow, period: Period, places: Mapping[tuple[Key, Period], Cell]
) -> Iterator[Implausible]:
    column = table.column(period)
    rate = row.cells[column]
    rates = [member.cells[column] for member in table.members(row.group)]
    if rate is None or not rates or _possible(rate, rates, table):
        return
    printed = sorted((each for each in rates if each is not None), key=lambda each: each.exact)
    label = table.periods[column].label
    words = text(
        "plausible.outside_members",
        name=_name(row),
        period=label,
        low=printed[0].text,
        high=printed[-1].text,
    )
    yield _found(words, rate, label, places.get((_key(row), period)))


def _possible(
    rate: PrintedRate, parts: Sequence[PrintedRate | None], table: PublishedTable
) -> bool:
    """Whether some mean of numbers printed as `parts` prints as `rate`."""
    printed = [part for part in parts if part is not None]
    if len(printed) < len(parts):
        return True
    bounds = [part.bounds(table.rounding) for part in printed]
    low, high = rate.bounds(table.rounding)
    lowest, highest = min(low for low, _ in bounds), max(high for _, high in bounds)
    return _reaches(high, lowest) and _reaches(highest, low)


def _reaches(high: Fraction, low: Fraction) -> bool:
    # Two printed numbers never share an end: it rounds to one of them. 1 may be in both.
    return low < high or low == high == 1


def _found(problem: Text, rate: PrintedRate, label: Text, cell: Cell | None) -> Implausible:
    if cell is None:
        return Implausible(problem, label.en, rate.text)
    return Implausible(problem, label.ja, cell.text.strip(), cell.place)


def _listed(labels: Sequence[Text], rates: Sequence[PrintedRate | None]) -> Text:
    pairs = zip(labels, rates, strict=True)
    return joined(
        Text(*(f"{label[language]}: {rate.text if rate else '－'}" for language in ("ja", "en")))
        for label, rate in pairs
    )


def _key(row: TableRow) -> Key:
    if row.retailer is None:
        return ("average", row.group)
    return ("retailer", row.retailer.retailer)


def _name(row: TableRow) -> Text:
    if row.retailer is not None:
        return row.retailer.name
    return Text(ja=f"{group_name(row.group).ja}の加重平均", en=f"average of {row.group}")
