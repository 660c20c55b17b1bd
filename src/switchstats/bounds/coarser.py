"""A table printed with fewer digits: cell by cell, each form standing for all that it stood for."""

from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from functools import cached_property

from switchstats.errors import UsageError
from switchstats.values import PrintedRate, PublishedTable, RoundingRule, TableRow

__all__ = ["Printing", "coarser_forms"]


def coarser_forms(cell: PrintedRate, rule: RoundingRule) -> tuple[PrintedRate | None, ...]:
    """Return the ways to print a rate with fewer digits, the finest first, at last a blank.

    A form is left out where the printed digits do not decide it: 18.5 becomes 18 or 19 by digits
    that the table does not show. So every form stands for all rates that the one before stands for,
    and printing coarser never makes a range narrower.

    Examples
    --------
    >>> [form and form.text for form in coarser_forms(PrintedRate("18.27"), "half_up")]
    ['18.3', '18', None]
    >>> [form and form.text for form in coarser_forms(PrintedRate("18.5"), "half_up")]
    [None]
    >>> [form and form.text for form in coarser_forms(PrintedRate("18.7"), "truncation")]
    ['18', None]
    """
    forms: list[PrintedRate | None] = []
    finer = cell
    for decimals in reversed(range(cell.decimals)):
        form = _rounded(cell, finer, decimals, rule)
        if form is not None:
            forms.append(form)
            finer = form
    return (*forms, None)


def _rounded(
    cell: PrintedRate, finer: PrintedRate, decimals: int, rule: RoundingRule
) -> PrintedRate | None:
    """Return the one form with these decimals that holds all of a finer one, if there is one."""
    step = Decimal(1).scaleb(-decimals)
    below = Decimal(cell.text).quantize(step, ROUND_FLOOR)
    low, high = finer.bounds(rule)
    holding: list[PrintedRate] = []
    for number in (below, below + step):
        try:
            form = PrintedRate(f"{number:f}", cell.unit)
        except UsageError:  # above 100 %
            continue
        ends = form.bounds(rule)
        if ends[0] <= low and high <= ends[1]:
            holding.append(form)
    return holding[0] if len(holding) == 1 else None


@dataclass(frozen=True)
class Printing:
    """Every printed cell of a table with its coarser forms; a level counts the steps taken.

    Parameters
    ----------
    table
        As printed at first.
    rule
        How its digits are read.
    """

    table: PublishedTable
    rule: RoundingRule

    @cached_property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """Row, retailers' before averages, and column of every printed cell."""
        return tuple(
            (place, column)
            for place, row in enumerate(self._rows)
            for column, cell in enumerate(row.cells)
            if cell is not None
        )

    @cached_property
    def forms(self) -> tuple[tuple[PrintedRate | None, ...], ...]:
        """Of each cell, as printed and coarser; the last is blank."""
        return tuple(
            (cell, *coarser_forms(cell, self.rule))
            for place, column in self.cells
            if (cell := self._rows[place].cells[column]) is not None
        )

    @cached_property
    def last_levels(self) -> tuple[int, ...]:
        """The level of each cell at which it is blank."""
        return tuple(len(forms) - 1 for forms in self.forms)

    def digits_lost(self, cell: int, level: int) -> int:
        """Return how many printed digits a cell loses up to a level, all of them when blank."""
        first, form = self.forms[cell][0], self.forms[cell][level]
        if first is None or form is None:
            return 0 if first is None else len(first.text.replace(".", ""))
        return first.decimals - form.decimals

    def row_of(self, cell: int) -> TableRow:
        """Return the row that a cell stands in, as printed."""
        return self._rows[self.cells[cell][0]]

    def at(self, levels: tuple[int, ...]) -> PublishedTable:
        """Return the table with each cell at its level."""
        printed = [list(row.cells) for row in self._rows]
        for (place, column), forms, level in zip(self.cells, self.forms, levels, strict=True):
            printed[place][column] = forms[level]
        rows = tuple(
            replace(row, cells=tuple(cells)) for row, cells in zip(self._rows, printed, strict=True)
        )
        n_rows = len(self.table.rows)
        return replace(self.table, rows=rows[:n_rows], averages=rows[n_rows:])

    @property
    def _rows(self) -> tuple[TableRow, ...]:
        return self.table.rows + self.table.averages
