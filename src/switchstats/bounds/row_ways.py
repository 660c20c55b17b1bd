"""Every way in whole numbers to print as one retailer's row, up to a number of requests."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from switchstats.bounds.counts import Ints, floor_times, least_and_most_errors, runs
from switchstats.bounds.own_row import own_row
from switchstats.periods import Period
from switchstats.values import PrintedRate, RoundingRule

__all__ = ["Cells", "TooManyWaysError", "row_ways"]

# Printed cells of a row, with their periods.
Cells: TypeAlias = Sequence[tuple[Period, PrintedRate]]

# Combinations that are looked at in one go.
_MOST = 4_000_000


class TooManyWaysError(Exception):
    """More ways than are looked at."""


def row_ways(cells: Cells, atoms: Sequence[Period], rule: RoundingRule, most: int) -> Ints:
    """Return all ways to print as a row: requests and errors of each atom in turn, a way a line.

    Parameters
    ----------
    cells, atoms
        The row's printed cells, and the shortest periods.
    rule
        How the digits are read.
    most
        Requests in all at most.

    Raises
    ------
    TooManyWaysError
        When there may be millions of ways.
    """
    printed = {period for period, _ in cells}
    # a blank atom last, where cells of longer periods limit its errors
    order = sorted(range(len(atoms)), key=lambda place: atoms[place] not in printed)
    row = own_row(cells, atoms, rule)
    ways = np.zeros((1, 2 * len(atoms)), dtype=np.int64)
    for step, place in enumerate(order):
        known = order[: step + 1]
        closed = [
            (cell, [2 * each for each in known if period.contains(atoms[each])])
            for period, cell in cells
            if period.contains(atoms[place])
            and not any(period.contains(atoms[each]) for each in order[step + 1 :])
        ]
        numbers = np.arange(most + 1)
        for period, cell in cells:
            if period == atoms[place]:
                fewest_errors, most_errors = least_and_most_errors(numbers, cell, rule)
                numbers = numbers[(fewest_errors <= most_errors) & (numbers > 0)]
        used = ways[:, ::2].sum(axis=1)
        low, high = np.zeros_like(used), most - used
        if row is not None and step and step == len(order) - 1:
            share = row.share([place])
            if share is None:
                return ways[:0]
            first, last = share
            # the last atom's requests are to the others' as its share is to the rest
            if first < 1:
                low = -floor_times(-first / (1 - first), used)
            if last < 1:
                high = np.minimum(high, floor_times(last / (1 - last), used))
        ways = _joined(ways, place, numbers, (low, high), closed, rule)
    return ways


def _joined(
    ways: Ints,
    place: int,
    numbers: Ints,
    limits: tuple[Ints, Ints],
    closed: Sequence[tuple[PrintedRate, list[int]]],
    rule: RoundingRule,
) -> Ints:
    """Return ways that have one more atom, and print as the cells that it completes.

    A cell comes with the columns of the requests of its atoms.
    """
    starts = np.searchsorted(numbers, limits[0], side="left")
    counts = np.maximum(np.searchsorted(numbers, limits[1], side="right") - starts, 0)
    ways, requests = _repeated(ways, counts, numbers, starts)
    fewest, most = np.zeros_like(requests), requests
    for cell, columns in closed:
        whole = ways[:, columns].sum(axis=1) + requests
        errors = ways[:, [column + 1 for column in columns]].sum(axis=1)
        low, high = least_and_most_errors(whole, cell, rule)
        fewest = np.maximum(fewest, low - errors)
        most = np.where(whole > 0, np.minimum(most, high - errors), -1)
    counts = np.maximum(most - fewest + 1, 0)
    if int(counts.sum()) > _MOST:
        raise TooManyWaysError
    which, further = runs(counts)
    ways = ways[which]
    ways[:, 2 * place] = requests[which]
    ways[:, 2 * place + 1] = fewest[which] + further
    return ways


def _repeated(ways: Ints, counts: Ints, numbers: Ints, starts: Ints) -> tuple[Ints, Ints]:
    """Return each way so many times, and the numbers that go with it."""
    if int(counts.sum()) > _MOST:
        raise TooManyWaysError
    which, further = runs(counts)
    return ways[which], numbers[starts[which] + further]
