"""The least whole numbers of requests and errors that print as a row, or as the whole table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.build import atoms_of
from switchstats.bounds.own_row import Hull, own_row
from switchstats.bounds.reading import ends_of
from switchstats.bounds.solver import SolverError
from switchstats.errors import NotAnswerableError, UsageError
from switchstats.periods import Period
from switchstats.values import PrintedRate, PublishedTable, RoundingRule

__all__ = ["LeastVolume", "least_row", "least_table", "least_volume", "prints_as"]

Ints: TypeAlias = NDArray[np.int64]

# A row is tried number by number up to the first of these, then up to the next.
_TRIED = (64, 128, 256, 512, 1024, 2048, 4096)
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

    ``None`` when there are more atoms, or nothing is found below 4,096.
    """
    parts = [next((cell for period, cell in cells if period == atom), None) for atom in atoms]
    whole = next((cell for period, cell in cells if all(map(period.contains, atoms))), None)
    if len(atoms) > _PAIR or None in parts:
        return None
    row = own_row(cells, atoms, rule)
    shares = None if row is None else row.share([len(atoms) - 1])
    if row is None or shares is None:
        return None
    for most in _TRIED:
        numbers = np.arange(most)
        limits = [_least_and_most_errors(numbers, cell, rule) for cell in parts if cell is not None]
        if len(atoms) == 1:
            possible = np.flatnonzero((limits[0][0] <= limits[0][1]) & (numbers > 0))
            if possible.size:
                return _single(limits[0], int(possible[0]), retailer, atoms)
            continue
        all_errors = (np.zeros_like(numbers), numbers)
        wholes = all_errors if whole is None else _least_and_most_errors(numbers, whole, rule)
        found = _pair(limits, wholes, shares)
        if found is not None:
            counts = {(retailer, atom): pair for atom, pair in zip(atoms, found, strict=True)}
            return LeastVolume(sum(n for n, _ in found), "enumeration", counts)
    return None


def _single(
    limits: tuple[Ints, Ints], requests: int, retailer: str, atoms: Sequence[Period]
) -> LeastVolume:
    counts = {(retailer, atoms[0]): (requests, int(limits[0][requests]))}
    return LeastVolume(requests, "enumeration", counts)


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
    """
    if unit is None:
        parts = [least_volume(table, rule, group) for group in table.groups]
        counts = {key: pair for part in parts for key, pair in part.counts.items()}
        return LeastVolume(sum(part.requests for part in parts), "solver", counts)
    if unit in table.groups:
        rows, averages = (
            tuple(row for row in some if row.group == unit) for some in (table.rows, table.averages)
        )
        return least_table(replace(table, rows=rows, averages=averages), rule)
    row = next((r for r in table.rows if r.retailer and r.retailer.retailer == unit), None)
    if row is None:
        raise UsageError(f"the table has no retailer {unit!r}")
    periods = [column.period for column in table.periods]
    cells = [
        (period, cell) for period, cell in zip(periods, row.cells, strict=True) if cell is not None
    ]
    found = least_row(cells, atoms_of(periods), rule, unit)
    return found or least_table(replace(table, rows=(row,), averages=()), rule)


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
    if found.status == _PAIR:
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
    return LeastVolume(sum(point[::2]), "solver", counts)


def _pair(
    limits: Sequence[tuple[Ints, Ints]], wholes: tuple[Ints, Ints], shares: Hull
) -> tuple[tuple[int, int], ...] | None:
    """Return requests and errors of both parts with the least total, if any print right.

    Totals are tried up to the length of the limits, each part from 1 on, the second only where its
    share of the total is possible.
    """
    (least_a, most_a), (least_b, most_b) = limits
    first, second = (np.flatnonzero(least <= most) for least, most in limits)
    first, second = first[first > 0], second[second > 0]
    low, high = (float(end) for end in shares)
    # a little more than what the shares allow, for rounding
    fewest = second * (1 - high) / high - 1 if high > 0 else np.full(second.shape, np.inf)
    most = second * (1 - low) / low + 1 if low > 0 else np.full(second.shape, np.inf)
    most = np.minimum(most, wholes[0].size - 1 - second)
    starts = np.searchsorted(first, fewest, side="left")
    counts = np.maximum(np.searchsorted(first, most, side="right") - starts, 0)
    m = np.repeat(second, counts)
    places = np.arange(m.size) - np.repeat(np.cumsum(counts) - counts, counts)
    n = first[np.repeat(starts, counts) + places]
    least = np.maximum(least_a[n] + least_b[m], wholes[0][n + m])
    right = np.flatnonzero(least <= np.minimum(most_a[n] + most_b[m], wholes[1][n + m]))
    if not right.size:
        return None
    best = right[np.argmin((n + m)[right])]
    requests, others, errors = int(n[best]), int(m[best]), int(least[best])
    own = min(int(most_a[requests]), errors - int(least_b[others]))
    return (requests, own), (others, errors - own)


def _least_and_most_errors(
    requests: Ints, cell: PrintedRate, rule: RoundingRule
) -> tuple[Ints, Ints]:
    ends = ends_of(cell, rule)
    low, high = ends.low, ends.high
    least = -((-low.numerator * requests) // low.denominator)
    most = (high.numerator * requests) // high.denominator
    if not ends.low_in:
        least = least + (least * low.denominator == low.numerator * requests)
    if not ends.high_in:
        most = most - (most * high.denominator == high.numerator * requests)
    return least, most


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
            ends = ends_of(rate, rule)
            for end, sign, included in ((ends.low, 1, ends.low_in), (ends.high, -1, ends.high_in)):
                form = {2 * place: -sign * end.numerator for place in places}
                form |= {2 * place + 1: sign * end.denominator for place in places}
                rows.append((form, 0 if included else 1))
            rows.append((dict.fromkeys([2 * place for place in places], 1), 1))
    return rows
