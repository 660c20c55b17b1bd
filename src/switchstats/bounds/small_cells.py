"""How few requests each printed cell could come from."""

from dataclasses import replace

from switchstats.bounds.audit import Audit, audit
from switchstats.errors import NotAnswerableError

__all__ = ["least_by_column"]


def least_by_column(found: Audit, retailer: str) -> tuple[int | None, ...]:
    """Return the least requests that print as each cell of a row with the cells inside its period.

    ``None`` for a blank cell, and where no whole numbers print so. That of a period that contains
    others is least given their cells too; cells outside the period could only raise it.

    Parameters
    ----------
    found
        An audit of the table.
    retailer
        Whose row.
    """
    table = found.table
    row = next(each for each in table.rows if each.retailer and each.retailer.retailer == retailer)
    least: list[int | None] = []
    for column, cell in enumerate(row.cells):
        if cell is None:
            least.append(None)
            continue
        period = table.periods[column].period
        inside = [place for place, each in enumerate(table.periods) if period.contains(each.period)]
        part = replace(
            table,
            periods=tuple(table.periods[place] for place in inside),
            rows=(replace(row, cells=tuple(row.cells[place] for place in inside)),),
            averages=(),
        )
        try:
            least.append(audit(part, (), found.rounding).least_volume(retailer).requests)
        except NotAnswerableError:
            least.append(None)
    return tuple(least)
