"""Refuses tables that no requests and errors could have produced."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from switchstats.errors import InputError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.readers.interpret import Key
from switchstats.readers.places import Cell
from switchstats.values import PrintedRate, PublishedTable, TableRow

__all__ = ["refuse_impossible"]


def refuse_impossible(
    table: PublishedTable,
    cells: Mapping[tuple[Key, Period], Cell] | None = None,
    counted: Mapping[str, tuple[int, Cell]] | None = None,
) -> None:
    """Raise for the first printed rate that cannot be, whatever the volumes.

    A rate over a whole period is a mean of the rates of its parts, weighted by requests, and a
    group's average is one of its members' rates; so each must lie within their range. The printed
    digits stand for intervals; only what no choice within them allows is refused. A blank among
    the parts or members leaves the range open, and nothing is refused.

    Parameters
    ----------
    table
        The table, with the rule under which its digits are read.
    cells, counted
        Where its rates stand, and how many retailers an average's name states, for messages
        (`Reading`).

    Raises
    ------
    InputError
        With place, field and value.

    Notes
    -----
    Necessary, not sufficient: every rate may pass by itself although no volumes fit all of them.

    Examples
    --------
    >>> import switchstats as ss
    >>> refuse_impossible(ss.load_published("egc-083"))
    """
    places = cells or {}
    for group, (number, cell) in (counted or {}).items():
        _refuse_other_count(table, group, number, cell)
    for row in table.rows + table.averages:
        for column in table.periods:
            _refuse_outside_parts(table, row, column.period, places)
    for row in table.averages:
        for column in table.periods:
            _refuse_outside_members(table, row, column.period, places)


def _refuse_other_count(table: PublishedTable, group: str, number: int, cell: Cell) -> None:
    present = len(table.members(group))
    if number != present:
        raise cell.error(
            f"an average of {number} retailers, but the table lists {present} of this group",
            "add the missing rows, or correct the number",
            field="retailer",
        )


def _refuse_outside_parts(
    table: PublishedTable, row: TableRow, whole: Period, places: Mapping[tuple[Key, Period], Cell]
) -> None:
    parts = table.parts(whole)
    rate = row.cells[table.column(whole)]
    rates = [row.cells[table.column(part)] for part in parts]
    if rate is None or not parts or _possible(rate, rates, table):
        return
    labels = {column.period: column.label for column in table.periods}
    listed = _listed([labels[part].en for part in parts], rates)
    raise _error(
        f"{_name(row).en}: the rate of {labels[whole].en} lies outside those of its parts "
        f"({listed}) by more than rounding allows",
        rate,
        labels[whole],
        places.get((_key(row), whole)),
    )


def _refuse_outside_members(
    table: PublishedTable, row: TableRow, period: Period, places: Mapping[tuple[Key, Period], Cell]
) -> None:
    column = table.column(period)
    members = table.members(row.group)
    rate = row.cells[column]
    rates = [member.cells[column] for member in members]
    if rate is None or not rates or _possible(rate, rates, table):
        return
    printed = sorted((each for each in rates if each is not None), key=lambda each: each.exact)
    label = table.periods[column].label
    raise _error(
        f"{_name(row).en}: the average of {label.en} lies outside the rates of its members "
        f"({printed[0].text} to {printed[-1].text}) by more than rounding allows",
        rate,
        label,
        places.get((_key(row), period)),
    )


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


def _error(problem: str, rate: PrintedRate, label: Text, cell: Cell | None) -> InputError:
    mend = "compare the row with the printed table and correct it, or read with check=False"
    if cell is None:
        return InputError(problem, mend, field=label.en, value=rate.text)
    return cell.error(problem, mend, field=label.ja)


def _listed(labels: Sequence[str], rates: Sequence[PrintedRate | None]) -> str:
    pairs = zip(labels, rates, strict=True)
    return ", ".join(f"{label}: {rate.text if rate else '－'}" for label, rate in pairs)


def _key(row: TableRow) -> Key:
    if row.retailer is None:
        return ("average", row.group)
    return ("retailer", row.retailer.retailer)


def _name(row: TableRow) -> Text:
    if row.retailer is not None:
        return row.retailer.name
    return Text(ja=f"{row.group} 加重平均", en=f"average of {row.group}")
