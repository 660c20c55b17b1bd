"""The least requests that print as several rows and their averages, proved in whole numbers.

Every row is printed by so many ways (`row_ways`), and an average ties the ways together: linear
forms of requests and errors that must be large enough in sum. With a price on each form, what a
way costs is its requests less what its forms are worth. Whatever the prices, the least costs of
all rows and the prices of what is asked add up to no more than the requests of any solution, and
a way that costs more beyond its row's least than is left below a total belongs to no solution
below it. The few ways that remain are put together row by row.

A solver in floating point only proposes the prices: they are rounded to whole numbers, and the
rest is arithmetic on whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from switchstats.bounds.counts import ROOM, Ints, rate_forms, runs
from switchstats.bounds.least_rows import Counts, least_row
from switchstats.bounds.prices import DEAREST, UNIT, good_prices
from switchstats.bounds.row_ways import Cells, TooManyWaysError, row_ways
from switchstats.periods import Period
from switchstats.values import RoundingRule

__all__ = ["Together", "least_together"]

# Ways of all rows, and sums of ways at each row, that are looked at.
_MOST_WAYS = 3_000_000
_MOST_SUMS = 2_000_000
_MOST_REQUESTS = 500_000
# Totals are tried up to a quarter more than the sum of the rows' own least, then a quarter more.
_QUARTER = 4
_FIRST = 64
# Any odd numbers; products wrap around.
_MIXED = np.array([0x9E3779B97F4A7C1, 0x2545F4914F6CDD1D, 0x5851F42D4C957F2D, 0x14057B7EF767814F])


@dataclass(frozen=True, slots=True)
class Together:
    """What is proved of the least requests of several rows.

    Parameters
    ----------
    at_least
        No fewer requests print so.
    counts
        Requests and errors of each row's atoms, `at_least` requests in all; ``None`` where the
        work grew too large to find them.
    """

    at_least: int
    counts: tuple[Counts, ...] | None


@dataclass(frozen=True, slots=True)
class _Forms:
    """Sums that must be large enough: a form a row, by requests and errors of atoms in turn."""

    each: Ints
    limits: Ints

    @property
    def in_64_bits(self) -> "_Forms":
        """The same, for fast arithmetic."""
        return _Forms(self.each.astype(np.int64), self.limits)


def least_together(
    rows: Sequence[Cells], averages: Sequence[Cells], atoms: Sequence[Period], rule: RoundingRule
) -> Together:
    """Return the least requests that print as rows and averages of them, or what is proved of them.

    Parameters
    ----------
    rows
        The printed cells of each retailer.
    averages
        Those of all retailers together.
    atoms
        The shortest periods.
    rule
        How the digits are read.
    """
    own = [least_row(cells, atoms, rule) for cells in rows]
    fewest = [0 if each is None else sum(requests for requests, _ in each) for each in own]
    forms = _forms(averages, atoms, rule)
    proved = sum(fewest)
    most = max(_FIRST, proved + proved // _QUARTER)
    while most <= _MOST_REQUESTS and _fits(forms, most * len(rows)):
        try:
            ways = _ways(rows, atoms, rule, [most - sum(fewest) + each for each in fewest])
        except TooManyWaysError:
            break
        found = _up_to(ways, forms.in_64_bits, most)
        proved = max(proved, found.at_least)
        if found.counts is not None or proved <= most:
            return Together(proved, found.counts)
        most += most // _QUARTER
    return Together(proved, None)


def _forms(averages: Sequence[Cells], atoms: Sequence[Period], rule: RoundingRule) -> _Forms:
    found = [
        ([k for atom in atoms for k in (form if period.contains(atom) else (0, 0))], limit)
        for cells in averages
        for period, cell in cells
        for form, limit in rate_forms(cell, rule)
    ]
    shape = (len(found), 2 * len(atoms))
    each = np.array([form for form, _ in found], dtype=object).reshape(shape)
    return _Forms(each, np.array([limit for _, limit in found], dtype=np.int64))


def _ways(
    rows: Sequence[Cells], atoms: Sequence[Period], rule: RoundingRule, most: Sequence[int]
) -> list[Ints]:
    """Return the ways of all rows, each with so many requests at most."""
    ways: list[Ints] = []
    for cells, limit in zip(rows, most, strict=True):
        ways.append(row_ways(cells, atoms, rule, limit))
        if sum(len(some) for some in ways) > _MOST_WAYS:
            raise TooManyWaysError
    return ways


def _fits(forms: _Forms, most: int) -> bool:
    """Whether so many requests fit in 64 bits at any prices, and so do their forms."""
    dearest = UNIT * (1 + DEAREST * len(forms.limits))
    return 2 * most * (dearest + sum(max(map(abs, form)) for form in forms.each)) < ROOM


def _up_to(ways: Sequence[Ints], forms: _Forms, most: int) -> Together:
    """Return the least requests of these ways together, all that there are up to a total.

    No counts and `at_least` beyond the total say that there is nothing up to it.
    """
    if not all(len(some) for some in ways):
        return Together(most + 1, None)
    least = sum((some @ forms.each.T).min(axis=0) for some in ways)
    binding = least < forms.limits
    each, limits = forms.each[binding], forms.limits[binding]
    prices = good_prices(ways, each, limits)
    requests = np.resize(np.array([1, 0]), each.shape[1])
    costs = [some @ (UNIT * requests - prices @ each) for some in ways]
    base = sum(int(cost.min()) for cost in costs) + int(prices @ limits)
    proved, further, grows = -(-base // UNIT), 0, True
    while proved <= most:
        target = min(proved + further, most)
        sums = _Forms(np.vstack([each, -requests]), np.append(limits, -target))
        try:
            chosen = _put_together(ways, costs, sums, target * UNIT - base)
        except TooManyWaysError:
            if not further:
                return Together(proved, None)
            further, grows = further // 2, False
            continue
        if chosen is not None:
            counts = tuple(_counts(some[place]) for some, place in zip(ways, chosen, strict=True))
            return Together(sum(n for pairs in counts for n, _ in pairs), counts)
        proved, further = target + 1, 2 * further + 1 if grows else further
    return Together(most + 1, None)


def _counts(way: Ints) -> Counts:
    return tuple((int(n), int(e)) for n, e in zip(way[::2], way[1::2], strict=True))


def _put_together(
    ways: Sequence[Ints], costs: Sequence[Ints], forms: _Forms, left: int
) -> list[int] | None:
    """Return the way of each row with which all forms reach their limits, requests the fewest.

    Ways that cost too much beyond the least of their row are left out, then sums of ways; of equal
    sums one is kept. The last form is requests, negative.
    """
    dear = [cost - cost.min() for cost in costs]
    kept = [np.flatnonzero(each <= left) for each in dear]
    kept = [
        some[np.argsort(each[some], kind="stable")] for some, each in zip(kept, dear, strict=True)
    ]
    order = sorted(range(len(ways)), key=lambda place: len(kept[place]))
    values = [some[few] @ forms.each.T for some, few in zip(ways, kept, strict=True)]
    still = sum(each.max(axis=0) for each in values)
    spent, sums = np.zeros(1, dtype=np.int64), np.zeros((1, len(forms.limits)), dtype=np.int64)
    steps: list[tuple[Ints, Ints]] = []
    for place in order:
        own = dear[place][kept[place]]
        counts = np.searchsorted(own, left - spent, side="right")
        if int(counts.sum()) > _MOST_SUMS:
            raise TooManyWaysError
        before, added = runs(counts)
        still = still - values[place].max(axis=0)
        for column, least in enumerate(forms.limits - still):
            reached = sums[before, column] + values[place][added, column] >= least
            before, added = before[reached], added[reached]
        sums = sums[before] + values[place][added]
        first = _first_of_equals(sums)
        before, added, sums = before[first], added[first], sums[first]
        spent = spent[before] + own[added]
        steps.append((before, kept[place][added]))
    return None if not spent.size else _traced(order, steps, int(np.argmax(sums[:, -1])))


def _first_of_equals(lines: Ints) -> Ints:
    """Return where lines differ; of equal ones the first.

    Equal lines are next to each other by a number made of each. Others with the same number may
    come between them: then more than one is kept.
    """
    number = lines @ _MIXED[np.arange(lines.shape[1]) % len(_MIXED)]
    order = np.argsort(number, kind="stable")
    after = lines[order]
    return order[np.append(True, (after[1:] != after[:-1]).any(axis=1))[: len(order)]]


def _traced(order: Sequence[int], steps: Sequence[tuple[Ints, Ints]], last: int) -> list[int]:
    """Return each row's way in the sum at a place of the last step."""
    chosen = [0] * len(order)
    for place, (before, way) in zip(reversed(order), reversed(steps), strict=True):
        chosen[place] = int(way[last])
        last = int(before[last])
    return chosen
