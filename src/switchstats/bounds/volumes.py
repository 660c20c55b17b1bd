"""The least whole numbers of requests and errors that print as a row, or as the whole table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.programme import SolverError
from switchstats.bounds.system import Origin, System
from switchstats.errors import NotAnswerableError
from switchstats.periods import Period
from switchstats.values import PrintedRate, PublishedTable, RoundingRule

__all__ = ["LeastVolume", "least_of_all", "least_row", "least_table", "prints_as"]

Ints: TypeAlias = NDArray[np.int64]

# Beyond it a row is not tried number by number.
_MOST_TRIED = 20_000
_PAIR = 2


@dataclass(frozen=True, slots=True)
class LeastVolume:
    """The least number of requests, with one way to have them.

    Parameters
    ----------
    requests
        In all.
    proof
        ``"enumeration"``: every smaller number was tried; ``"solver"``: branch and bound in
        floating point found nothing smaller, and these numbers were checked exactly.
    counts
        Requests and errors of each retailer in each of the shortest periods.
    """

    requests: int
    proof: str
    counts: dict[tuple[str, Period], tuple[int, int]]


def prints_as(errors: int, requests: int, cell: PrintedRate, rule: RoundingRule) -> bool:
    """Whether whole numbers print as a cell, ties read exactly as the rule says.

    Examples
    --------
    >>> prints_as(1, 8, PrintedRate("12.5"), "half_up")
    True
    >>> [prints_as(1, 16, PrintedRate("6.2"), rule) for rule in ("half_up", "half_even")]
    [False, True]
    """
    low, high = _least_and_most_errors(np.array([requests]), cell, rule)
    return requests > 0 and bool(low[0] <= errors <= high[0])


def least_row(
    cells: Sequence[tuple[Period, PrintedRate]],
    atoms: Sequence[Period],
    rule: RoundingRule,
    retailer: str,
) -> LeastVolume | None:
    """Return the least requests of one retailer by trying every number, for up to two atoms.

    ``None`` when there are more atoms, or nothing is found below 20,000.
    """
    parts = [next((cell for period, cell in cells if period == atom), None) for atom in atoms]
    whole = next((cell for period, cell in cells if all(map(period.contains, atoms))), None)
    if len(atoms) > _PAIR or None in parts:
        return None
    numbers = np.arange(_MOST_TRIED)
    limits = [_least_and_most_errors(numbers, cell, rule) for cell in parts if cell is not None]
    if len(atoms) == 1:
        possible = np.flatnonzero((limits[0][0] <= limits[0][1]) & (numbers > 0))
        return None if not possible.size else _single(limits[0], int(possible[0]), retailer, atoms)
    all_errors = (np.zeros_like(numbers), numbers)
    wholes = all_errors if whole is None else _least_and_most_errors(numbers, whole, rule)
    for total in range(2, _MOST_TRIED):
        found = _split(total, limits, (int(wholes[0][total]), int(wholes[1][total])))
        if found is not None:
            counts = {(retailer, atom): pair for atom, pair in zip(atoms, found, strict=True)}
            return LeastVolume(total, "enumeration", counts)
    return None


def _single(
    limits: tuple[Ints, Ints], requests: int, retailer: str, atoms: Sequence[Period]
) -> LeastVolume:
    counts = {(retailer, atoms[0]): (requests, int(limits[0][requests]))}
    return LeastVolume(requests, "enumeration", counts)


def least_table(
    system: System, table: PublishedTable, rule: RoundingRule, retailer: str | None = None
) -> LeastVolume:
    """Return the least requests that print as the table, or one retailer's least within it.

    Raises
    ------
    NotAnswerableError
        When no whole numbers print as the table.
    SolverError
        When HiGHS stops without an answer.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows, limits = _whole_number_rows(system, table, rule)
    matrix = csr_array(
        (
            [float(k) for form in rows for k in form.values()],
            [column for form in rows for column in form],
            np.cumsum([0, *map(len, rows)]),
        ),
        shape=(len(rows), system.n_columns),
    )
    cost = np.zeros(system.n_columns)
    cost[list(system.requests(retailer=retailer))] = 1.0
    found = milp(
        cost,
        constraints=LinearConstraint(matrix, lb=np.array(limits, dtype=float)),
        integrality=np.ones(system.n_columns, dtype=np.int64),
        bounds=Bounds(0, np.inf),
        options={"mip_rel_gap": 0.0},
    )
    if found.status == _PAIR:
        raise NotAnswerableError(
            "the least volume", "no whole numbers print as this table", "a possible table"
        )
    if found.x is None or found.status != 0:
        raise SolverError(f"the solver of whole numbers stopped without an answer: {found.message}")
    point = [round(float(each)) for each in found.x]
    for form, limit in zip(rows, limits, strict=True):
        if sum(k * point[column] for column, k in form.items()) < limit:
            raise SolverError("the solver of whole numbers gave numbers that do not print as asked")
    n_atoms = len(system.atoms)
    counts = {
        (name, atom): (point[2 * (unit * n_atoms + place)], point[2 * (unit * n_atoms + place) + 1])
        for unit, (name, _) in enumerate(system.retailers)
        for place, atom in enumerate(system.atoms)
    }
    requests = sum(point[column] for column in system.requests(retailer=retailer))
    return LeastVolume(requests, "solver", counts)


def least_of_all(parts: Sequence[LeastVolume]) -> LeastVolume:
    """Return the sum of parts that share nothing."""
    counts = {key: pair for part in parts for key, pair in part.counts.items()}
    return LeastVolume(sum(part.requests for part in parts), "solver", counts)


def _split(
    total: int, limits: Sequence[tuple[Ints, Ints]], whole: tuple[int, int]
) -> tuple[tuple[int, int], ...] | None:
    """Return requests and errors of both parts with this total, if they print right."""
    first = [ends[1:total] for ends in limits[0]]
    second = [ends[total - 1 : 0 : -1] for ends in limits[1]]
    least, most = first[0] + second[0], first[1] + second[1]
    right = (first[0] <= first[1]) & (second[0] <= second[1])
    right &= (np.maximum(least, whole[0]) <= np.minimum(most, whole[1])) & (whole[0] <= whole[1])
    if not right.any():
        return None
    place = int(np.argmax(right))
    errors = max(int(least[place]), whole[0])
    e = min(int(first[1][place]), errors - int(second[0][place]))
    return (place + 1, e), (total - place - 1, errors - e)


def _least_and_most_errors(
    requests: Ints, cell: PrintedRate, rule: RoundingRule
) -> tuple[Ints, Ints]:
    low, high = cell.bounds(rule)
    least = -((-low.numerator * requests) // low.denominator)
    most = (high.numerator * requests) // high.denominator
    low_in, high_in = _ends_included(cell, rule)
    if not low_in:
        least = least + (least * low.denominator == low.numerator * requests)
    if not high_in:
        most = most - (most * high.denominator == high.numerator * requests)
    return least, most


def _ends_included(cell: PrintedRate, rule: RoundingRule) -> tuple[bool, bool]:
    """Return whether a number on the low and on the high end of its interval prints as the cell."""
    low, high = cell.bounds(rule)
    if rule == "half_even":
        even = int(cell.text[-1]) % 2 == 0
        return even or low == 0, even or high == 1
    return True, high == 1


def _whole_number_rows(
    system: System, table: PublishedTable, rule: RoundingRule
) -> tuple[list[dict[int, int]], list[int]]:
    """Return forms of whole coefficients and the whole numbers that they must reach."""
    cells = {
        (None if row.retailer is None else row.retailer.retailer, row.group, column.period): cell
        for row in (*table.rows, *table.averages)
        for column, cell in zip(table.periods, row.cells, strict=True)
        if cell is not None
    }
    rows: list[dict[int, int]] = []
    limits: list[int] = []
    seen: set[Origin] = set()
    for row, origin in enumerate(system.origins):
        entries = slice(int(system.starts[row]), int(system.starts[row + 1]))
        columns, values = system.columns[entries].tolist(), system.coefficients[entries].tolist()
        rows.append(dict(zip(columns, values, strict=True)))
        limit = 0
        if origin.is_cell and origin.period is not None:
            cell = cells[origin.retailer, origin.group or "", origin.period]
            included = _ends_included(cell, rule)[int(origin in seen)]
            limit = 0 if included else 1
            seen.add(origin)
        limits.append(limit)
    for name, _ in system.retailers:
        for period in sorted(each.period for each in seen if each.retailer == name and each.period):
            rows.append(system.requests(retailer=name, period=period))
            limits.append(1)
    return rows, limits
