"""A conflict in words."""

from collections.abc import Sequence

from switchstats.bounds.cells import Cell
from switchstats.bounds.constraints import Constraint, Number, Ordering, Share, exact
from switchstats.bounds.remedies import Remedy
from switchstats.labels import Text, group_name, joined, percent, text
from switchstats.values import PrintedRate, PublishedTable
from switchstats.values.outward import ceiling_digits, floor_digits

__all__ = ["conflict_message"]


def conflict_message(
    cells: Sequence[Cell],
    constraints: Sequence[Constraint],
    remedies: Sequence[Remedy],
    table: PublishedTable,
) -> Text:
    """Say what cannot all be right, and which cells would explain it."""
    words = _conflict(cells, constraints, table)
    if not remedies:
        return words
    look = text("bounds.look_at", cells=joined([_possible(each, table) for each in remedies]))
    return Text(ja=words.ja + look.ja, en=f"{words.en} {look.en}")


def _possible(one: Remedy, table: PublishedTable) -> Text:
    """Return a cell with what it could be, in the unit and with one decimal more than printed."""
    rate = one.cell.printed(table)
    places = 2 if rate is None else rate.decimals + 1
    scale = 100.0 if rate is None else 1 / PrintedRate("1", rate.unit).value
    low, high = one.possible.low or 0.0, 1.0 if one.possible.high is None else one.possible.high
    ends = text(
        "interval.both",
        low=str(floor_digits(low * scale, places)),
        high=str(ceiling_digits(high * scale, places)),
    )
    return text("bounds.possible", cell=_of_whom(one.cell, table), ends=ends)


def _conflict(
    cells: Sequence[Cell], constraints: Sequence[Constraint], table: PublishedTable
) -> Text:
    averages = [cell for cell in cells if cell.retailer is None]
    others = [cell for cell in cells if cell.retailer is not None]
    if constraints:
        known = joined([_known(each, table) for each in constraints])
        if not cells:
            return text("bounds.known_conflict", known=known)
        listed = joined([_of_whom(cell, table) for cell in cells])
        return text("bounds.known_cells_conflict", known=known, cells=listed)
    if len(averages) == 1 and len({cell.column for cell in cells}) == 1:
        return text(
            "bounds.average_conflict",
            group=group_name(averages[0].group),
            period=table.periods[averages[0].column].label,
            rate=_rate(averages[0], table),
            n=len(others),
        )
    if not averages and len({cell.retailer for cell in others}) == 1:
        rates = joined([_of_period(cell, table) for cell in others])
        return text("bounds.row_conflict", name=_name(others[0], table), rates=rates)
    return text("bounds.cells_conflict", cells=joined([_of_whom(cell, table) for cell in cells]))


def _of_period(cell: Cell, table: PublishedTable) -> Text:
    period = table.periods[cell.column].label
    return text("bounds.cell", period=period, rate=_rate(cell, table))


def _of_whom(cell: Cell, table: PublishedTable) -> Text:
    period = table.periods[cell.column].label
    return text("bounds.cell_of", name=_name(cell, table), period=period, rate=_rate(cell, table))


def _name(cell: Cell, table: PublishedTable) -> Text:
    if cell.retailer is None:
        return text("bounds.average_of", group=group_name(cell.group))
    return _name_of(cell.retailer, table)


def _name_of(retailer: str, table: PublishedTable) -> Text:
    return next(each.name for each in table.retailers if each.retailer == retailer)


def _rate(cell: Cell, table: PublishedTable) -> str:
    rate = cell.printed(table)
    return "" if rate is None else rate.text


def _known(constraint: Constraint, table: PublishedTable) -> Text:
    if isinstance(constraint, Ordering):
        names = joined([_name_of(each, table) for each in constraint.retailers])
        words = text("bounds.known_ordering", names=names)
    else:
        if constraint.retailer is not None:
            whose = _name_of(constraint.retailer, table)
        elif constraint.group is not None:
            whose = group_name(constraint.group)
        else:
            whose = text("bounds.everybody")
        kind = "known_share" if isinstance(constraint, Share) else "known_volume"
        shown = _percent if isinstance(constraint, Share) else _count
        ends = _ends(*(None if e is None else shown(e) for e in (constraint.low, constraint.high)))
        words = text(f"bounds.{kind}", name=whose, ends=ends)
    if constraint.period is None:
        return words
    period = table.periods[table.column(constraint.period)].label
    return text("bounds.known_in_period", known=words, period=period)


def _ends(low: str | None, high: str | None) -> Text:
    if low is None:
        return text("bounds.at_most", high=high or "")
    if high is None:
        return text("bounds.at_least", low=low)
    return Text(ja=low, en=low) if low == high else text("interval.both", low=low, high=high)


def _percent(end: Number) -> str:
    return percent(float(exact(end)))


def _count(end: Number) -> str:
    return f"{float(exact(end)):,.0f}"
