"""Bounds of a printed table's hidden shares in the plain way: a programme over all cells for each.

Requests and errors of every retailer in every printed period are columns; a printed cell is two
rows, and the longest period is the sum of the others. HiGHS is warm where only costs change.
Nothing is proved, and open ends count as closed.
"""

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np

from switchstats.values import PrintedRate, PublishedTable

Row = tuple[dict[int, float], float, float]


class Plain:
    """The table's rows, and the columns of each of its units."""

    def __init__(self, table: PublishedTable) -> None:
        self.table = table
        self.n_periods = len(table.periods)
        longest = max(range(self.n_periods), key=lambda p: table.periods[p].period.n_days)
        self.whole, self.parts = longest, [p for p in range(self.n_periods) if p != longest]
        names = [row.retailer.retailer for row in table.rows if row.retailer is not None]
        self.units = {name: [place] for place, name in enumerate(names)}
        for group in table.groups:
            members = [row.retailer for row in table.rows if row.group == group]
            self.units[group] = [self.units[r.retailer][0] for r in members if r is not None]
        self.n_columns = 2 * self.n_periods * len(names)
        self.rows = [*self.printed(), *self.summed(len(names))]

    def column(self, unit: int, period: int) -> int:
        """Return the column of requests; that of errors is the next one."""
        return 2 * (unit * self.n_periods + period)

    def requests(self, unit: str, period: int) -> dict[int, float]:
        return {self.column(each, period): 1.0 for each in self.units[unit]}

    def printed(self) -> list[Row]:
        rows: list[Row] = []
        for row in (*self.table.rows, *self.table.averages):
            unit = row.group if row.retailer is None else row.retailer.retailer
            for period, cell in enumerate(row.cells):
                if isinstance(cell, PrintedRate):
                    low, high = map(float, cell.bounds(self.table.rounding or "half_up"))
                    rows += [self.above(unit, period, low, 1.0), self.above(unit, period, high, -1)]
        return rows

    def above(self, unit: str, period: int, rate: float, sign: float) -> Row:
        form: dict[int, float] = {}
        for each in self.units[unit]:
            form[self.column(each, period) + 1] = sign
            form[self.column(each, period)] = -sign * rate
        return form, 0.0, highspy.kHighsInf

    def summed(self, n_units: int) -> list[Row]:
        return [
            (
                {self.column(unit, self.whole) + more: 1.0}
                | {self.column(unit, part) + more: -1.0 for part in self.parts},
                0.0,
                0.0,
            )
            for unit in range(n_units)
            for more in (0, 1)
        ]

    def extremes(
        self, normaliser: dict[int, float], forms: Sequence[dict[int, float]]
    ) -> list[float]:
        """Return the least and the most of each form where the normaliser is 1."""
        solver: Any = highspy.Highs()
        solver.silent()
        solver.passModel(self.model(normaliser))
        every = np.arange(self.n_columns, dtype=np.int32)
        ends: list[float] = []
        for form in forms:
            for sign in (1.0, -1.0):
                cost = np.zeros(self.n_columns)
                cost[list(form)] = sign * np.array(list(form.values()))
                solver.changeColsCost(cost.size, every, cost)
                solver.run()
                if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                    raise SystemExit("no solution")
                ends.append(sign * solver.getObjectiveValue())
        return ends

    def model(self, normaliser: dict[int, float]) -> Any:
        rows = [*self.rows, (normaliser, 1.0, 1.0)]
        model: Any = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.n_columns, len(rows)
        model.col_cost_ = np.zeros(self.n_columns)
        model.col_lower_ = np.zeros(self.n_columns)
        model.col_upper_ = np.full(self.n_columns, highspy.kHighsInf)
        model.row_lower_ = np.array([low for _, low, _ in rows])
        model.row_upper_ = np.array([high for _, _, high in rows])
        matrix: Any = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0, *(len(form) for form, _, _ in rows)])
        matrix.index_ = np.array([column for form, _, _ in rows for column in form])
        matrix.value_ = np.array([value for form, _, _ in rows for value in form.values()])
        return model


def plain_shares(table: PublishedTable) -> list[float]:
    """Return least and most shares: of retailers in groups, then of periods in all units."""
    plain = Plain(table)
    ends: list[float] = []
    for group in table.groups:
        names = [row.retailer.retailer for row in table.rows if row.retailer and row.group == group]
        forms = [plain.requests(name, plain.whole) for name in names]
        ends += plain.extremes(plain.requests(group, plain.whole), forms)
    for unit in plain.units:
        forms = [plain.requests(unit, part) for part in plain.parts]
        ends += plain.extremes(plain.requests(unit, plain.whole), forms)
    return ends
