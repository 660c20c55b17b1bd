"""The least whole numbers of requests and errors that print as a row, or as the whole table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from switchstats.bounds.build import atoms_of
from switchstats.bounds.counts import rate_forms
from switchstats.bounds.least_rows import least_row
from switchstats.bounds.least_together import least_together
from switchstats.bounds.row_ways import Cells
from switchstats.bounds.solver import SolverError
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.periods import Period
from switchstats.values import PublishedTable, RoundingRule, Shown, TableRow

__all__ = ["LeastVolume", "least_table", "least_volume"]

_NO_ANSWER = 2


@dataclass(frozen=True, slots=True)
class LeastVolume(Shown):
    """The least number of requests, with one way to have them.

    Parameters
    ----------
    requests
        In all.
    proof
        ``"enumeration"``: every smaller number was tried, or ruled out by arithmetic on whole
        numbers; ``"solver"``: that was too much work, branch and bound in floating point found
        nothing smaller, and these numbers were checked exactly.
    at_least
        What every way to print so has at least, proved beyond a solver's arithmetic: `requests`
        itself after ``"enumeration"``.
    counts
        Requests and errors of each retailer in each of the shortest periods.
    """

    requests: int
    proof: str
    at_least: int
    counts: dict[tuple[str, Period], tuple[int, int]]


def least_volume(table: PublishedTable, rule: RoundingRule, unit: str | None = None) -> LeastVolume:
    """Return the least requests that print as a retailer's row, a group's part, or a whole table.

    Parameters
    ----------
    table
        The printed table.
    rule
        How its digits are read.
    unit
        A retailer, a group, or all.

    Raises
    ------
    NotAnswerableError
        When no whole numbers print so.
    SolverError
        When HiGHS stops without an answer.

    Examples
    --------
    >>> import switchstats as ss
    >>> found = least_volume(ss.load_published("egc-083"), "half_up", "incumbent")
    >>> found.requests, found.at_least, found.proof
    (4944, 4944, 'enumeration')
    """
    if unit is None:
        parts = [least_volume(table, rule, group) for group in table.groups]
        counts = {key: pair for part in parts for key, pair in part.counts.items()}
        return _least_volume(counts, sum(part.at_least for part in parts))
    if unit in table.groups:
        rows, averages = (
            tuple(row for row in some if row.group == unit) for some in (table.rows, table.averages)
        )
        return _of_part(replace(table, rows=rows, averages=averages), rule)
    row = next((r for r in table.rows if r.retailer and r.retailer.retailer == unit), None)
    if row is None:
        raise UsageError(f"the table has no retailer {unit!r}")
    tried = _by_trying(table, row, rule)
    return _of_part(replace(table, rows=(row,), averages=()), rule) if tried is None else tried


def _least_volume(counts: dict[tuple[str, Period], tuple[int, int]], at_least: int) -> LeastVolume:
    """Return numbers that print as asked, where so many requests at least are proved."""
    requests = sum(each for each, _ in counts.values())
    proof = "enumeration" if requests == at_least else "solver"
    return LeastVolume(requests, proof, at_least, counts)


def _of_part(table: PublishedTable, rule: RoundingRule) -> LeastVolume:
    """Return the least requests that print as a group's or a retailer's part of a table."""
    atoms = atoms_of([column.period for column in table.periods])
    rows, averages = (
        [_printed(table, row) for row in some] for some in (table.rows, table.averages)
    )
    found = least_together(rows, averages, atoms, rule)
    if found.counts is None:
        return _least_volume(least_table(table, rule).counts, found.at_least)
    names = [each.retailer for each in table.retailers]
    counts = {
        (name, atom): pair
        for name, pairs in zip(names, found.counts, strict=True)
        for atom, pair in zip(atoms, pairs, strict=True)
    }
    return _least_volume(counts, found.at_least)


def _printed(table: PublishedTable, row: TableRow) -> Cells:
    """Return the cells of a row that are not blank, with their periods."""
    return [
        (column.period, cell)
        for column, cell in zip(table.periods, row.cells, strict=True)
        if cell is not None
    ]


def _by_trying(table: PublishedTable, row: TableRow, rule: RoundingRule) -> LeastVolume | None:
    """Return the least requests that print as one retailer's row, if they are found by trying."""
    if row.retailer is None:
        return None
    atoms = atoms_of([column.period for column in table.periods])
    found = least_row(_printed(table, row), atoms, rule)
    if found is None:
        return None
    counts = {(row.retailer.retailer, atom): pair for atom, pair in zip(atoms, found, strict=True)}
    return _least_volume(counts, sum(requests for requests, _ in found))


def least_table(table: PublishedTable, rule: RoundingRule) -> LeastVolume:
    """Return the least requests that print as a table, by branch and bound, checked exactly.

    Raises
    ------
    NotAnswerableError
        When no whole numbers print as the table.
    SolverError
        When HiGHS stops without an answer.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    atoms = atoms_of([column.period for column in table.periods])
    cells = [(each.retailer, atom) for each in table.retailers for atom in atoms]
    rows = _whole_number_rows(table, cells, rule)
    matrix = csr_array(
        (
            [float(k) for form, _ in rows for k in form.values()],
            [column for form, _ in rows for column in form],
            np.cumsum([0, *(len(form) for form, _ in rows)]),
        ),
        shape=(len(rows), 2 * len(cells)),
    )
    found = milp(
        np.tile([1.0, 0.0], len(cells)),
        constraints=LinearConstraint(matrix, lb=np.array([float(limit) for _, limit in rows])),
        integrality=np.ones(2 * len(cells), dtype=np.int64),
        bounds=Bounds(0, np.inf),
        options={"mip_rel_gap": 0.0},
    )
    if found.status == _NO_ANSWER:
        raise NotAnswerableError(
            "the least volume", "no whole numbers print as this table", "a possible table"
        )
    if found.x is None or found.status != 0:
        raise SolverError(f"the solver of whole numbers stopped without an answer: {found.message}")
    point = [round(float(each)) for each in found.x]
    for form, limit in rows:
        if sum(k * point[column] for column, k in form.items()) < limit:
            raise SolverError("the solver of whole numbers gave numbers that do not print as asked")
    counts = {key: (point[2 * place], point[2 * place + 1]) for place, key in enumerate(cells)}
    return LeastVolume(sum(point[::2]), "solver", 0, counts)


def _whole_number_rows(
    table: PublishedTable, cells: Sequence[tuple[str, Period]], rule: RoundingRule
) -> list[tuple[Mapping[int, int], int]]:
    """Return forms of requests and errors, in turn, and the whole numbers that they must reach."""
    rows: list[tuple[Mapping[int, int], int]] = [
        ({2 * place: 1, 2 * place + 1: -1}, 0) for place in range(len(cells))
    ]
    group_of = {each.retailer: each.group for each in table.retailers}
    for row in (*table.rows, *table.averages):
        for column, rate in zip(table.periods, row.cells, strict=True):
            places = [
                place
                for place, (name, atom) in enumerate(cells)
                if column.period.contains(atom)
                and group_of[name] == row.group
                and (row.retailer is None or row.retailer.retailer == name)
            ]
            if rate is None or not places:
                continue
            for (requests, errors), limit in rate_forms(rate, rule):
                form = {2 * place: requests for place in places}
                form |= {2 * place + 1: errors for place in places}
                rows.append((form, limit))
    return rows
