"""The least requests that print as one retailer's row, by trying every number."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from switchstats.bounds.counts import Ints, least_and_most_errors, runs
from switchstats.bounds.own_row import Hull, own_row
from switchstats.periods import Period
from switchstats.values import PrintedRate, RoundingRule

__all__ = ["Counts", "least_row"]

# Requests and errors of each atom.
Counts: TypeAlias = tuple[tuple[int, int], ...]

# Totals are tried up to the first of these, then up to the next; of more than two atoms, requests
# beyond the least that each atom has by itself.
_TRIED = (64, 128, 256, 512, 1024, 2048, 4096)
_BEYOND = (16, 64, 256)
_FEWEST_TRIED = 4096
_PAIR = 2


def least_row(
    cells: Sequence[tuple[Period, PrintedRate]], atoms: Sequence[Period], rule: RoundingRule
) -> Counts | None:
    """Return requests and errors of each atom with the least total that prints as a row.

    ``None`` where a cell is of neither an atom nor all of them, or nothing is found among the
    numbers that are tried.
    """
    parts = [next((cell for period, cell in cells if period == atom), None) for atom in atoms]
    whole = next((cell for period, cell in cells if all(map(period.contains, atoms))), None)
    row = own_row(cells, atoms, rule)
    shares = None if row is None else row.share([len(atoms) - 1])
    if row is None or shares is None:
        return None
    if len(atoms) > _PAIR or None in parts:
        return _many(parts, whole, rule)
    for most in _TRIED:
        numbers = np.arange(most)
        limits = [least_and_most_errors(numbers, cell, rule) for cell in parts if cell is not None]
        if len(atoms) == 1:
            possible = np.flatnonzero((limits[0][0] <= limits[0][1]) & (numbers > 0))
            if possible.size:
                requests = int(possible[0])
                return ((requests, int(limits[0][0][requests])),)
            continue
        every = (np.zeros_like(numbers), numbers)
        wholes = every if whole is None else least_and_most_errors(numbers, whole, rule)
        found = _pair(limits, wholes, shares)
        if found is not None:
            return found
    return None


def _pair(
    limits: Sequence[tuple[Ints, Ints]], wholes: tuple[Ints, Ints], shares: Hull
) -> Counts | None:
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
    which, further = runs(counts)
    m, n = second[which], first[starts[which] + further]
    least = np.maximum(least_a[n] + least_b[m], wholes[0][n + m])
    right = np.flatnonzero(least <= np.minimum(most_a[n] + most_b[m], wholes[1][n + m]))
    if not right.size:
        return None
    best = right[np.argmin((n + m)[right])]
    requests, others, errors = int(n[best]), int(m[best]), int(least[best])
    own = min(int(most_a[requests]), errors - int(least_b[others]))
    return (requests, own), (others, errors - own)


def _many(
    parts: Sequence[PrintedRate | None], whole: PrintedRate | None, rule: RoundingRule
) -> Counts | None:
    """Return the counts of several atoms with the least total, by dynamic programming.

    Sets of errors are whole numbers, a binary digit each: the sums of two sets are shifts.
    """
    numbers = np.arange(_FEWEST_TRIED)
    limits: list[tuple[Ints, Ints]] = []
    fewest: list[int] = []
    for cell in parts:
        if cell is None:
            limits.append((np.zeros_like(numbers), numbers))
            fewest.append(0)
            continue
        least, most = least_and_most_errors(numbers, cell, rule)
        possible = np.flatnonzero((least <= most) & (numbers > 0))
        if not possible.size:
            return None
        limits.append((least, most))
        fewest.append(int(possible[0]))
    for beyond in _BEYOND:
        found = _within(limits, fewest, whole, rule, beyond)
        if found is not None:
            return found
    return None


def _within(
    limits: Sequence[tuple[Ints, Ints]],
    fewest: Sequence[int],
    whole: PrintedRate | None,
    rule: RoundingRule,
    beyond: int,
) -> Counts | None:
    """Return the counts with the fewest requests beyond each atom's least, if there are any."""
    reached: list[list[int]] = [[1] + [0] * (beyond - 1)]
    choices: list[list[tuple[int, int, int]]] = []
    for (least, most), start in zip(limits, fewest, strict=True):
        last = min(start + beyond, _FEWEST_TRIED)
        own = [
            (n - start, int(least[n]), int(most[n]))
            for n in range(start, last)
            if least[n] <= most[n]
        ]
        choices.append(own)
        sets = [0] * beyond
        for extra, low, high in own:
            for before, some in enumerate(reached[-1][: beyond - extra]):
                for errors in range(low, high + 1) if some else ():
                    sets[before + extra] |= some << errors
        reached.append(sets)
    for extra, some in enumerate(reached[-1]):
        errors = _errors_of_whole(some, sum(fewest) + extra, whole, rule)
        if errors is not None:
            return _traced(reached, choices, fewest, extra, errors)
    return None


def _errors_of_whole(
    some: int, requests: int, whole: PrintedRate | None, rule: RoundingRule
) -> int | None:
    """Return the fewest errors of a set that print as the whole's cell."""
    low, high = 0, requests
    if whole is not None and requests == 0:
        return None
    if whole is not None:
        least, most = least_and_most_errors(np.array([requests]), whole, rule)
        low, high = int(least[0]), int(most[0])
    return next((errors for errors in range(low, high + 1) if some >> errors & 1), None)


def _traced(
    reached: Sequence[Sequence[int]],
    choices: Sequence[Sequence[tuple[int, int, int]]],
    fewest: Sequence[int],
    extra: int,
    errors: int,
) -> Counts:
    """Return one way to reach so many requests beyond the fewest, and errors."""
    counts: list[tuple[int, int]] = []
    for place in reversed(range(len(choices))):
        more, e = next(
            (more, e)
            for more, low, high in choices[place]
            if more <= extra
            for e in range(low, min(high, errors) + 1)
            if reached[place][extra - more] >> (errors - e) & 1
        )
        counts.append((fewest[place] + more, e))
        extra, errors = extra - more, errors - e
    return tuple(reversed(counts))
