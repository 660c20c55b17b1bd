"""Whole-number prices of forms that several rows must reach together, proposed by a solver."""

from collections.abc import Sequence

import numpy as np

from switchstats.bounds.counts import Ints

__all__ = ["DEAREST", "UNIT", "good_prices"]

# A request costs so much.
UNIT = 2**28
# Of a form whose largest coefficient is 1, in requests.
DEAREST = 1000
_ROUNDS = 100
_NEAR = 1e-9


def good_prices(ways: Sequence[Ints], forms: Ints, limits: Ints) -> Ints:
    """Return a price of each form at which the rows' cheapest ways cost as much as they can.

    Ways are taken into a linear programme as they become the cheapest of their row. Whatever it
    answers, prices are not negative, and any such prices prove something.

    Parameters
    ----------
    ways
        Of each row: requests and errors of each atom in turn, a way a line.
    forms, limits
        By the same columns, and what they must reach in sum.
    """
    from scipy.optimize import linprog

    if not limits.size:
        return np.zeros(0, dtype=np.int64)
    largest = np.abs(forms).max(axis=1)
    scaled = forms / largest[:, None]
    requests = np.resize([1.0, 0.0], forms.shape[1])
    taken = [[some[int(np.argmin(some @ requests))]] for some in ways]
    prices = np.zeros(limits.size)
    for _ in range(_ROUNDS):
        lines = np.array([way for some in taken for way in some], dtype=np.float64)
        row_of = np.repeat(np.arange(len(ways)), [len(some) for some in taken])
        found = linprog(
            -np.concatenate([np.ones(len(ways)), limits / largest]),
            A_ub=np.hstack([np.eye(len(ways))[row_of], lines @ scaled.T]),
            b_ub=lines @ requests,
            bounds=[(None, None)] * len(ways) + [(0.0, DEAREST)] * limits.size,
        )
        if found.x is None:
            break
        least, prices = np.split(np.asarray(found.x), [len(ways)])
        cost = requests - prices @ scaled
        cheapest = [int(np.argmin(some @ cost)) for some in ways]
        better = [
            place
            for place, some in enumerate(ways)
            if some[cheapest[place]] @ cost < least[place] - _NEAR * max(1.0, abs(least[place]))
        ]
        if not better:
            break
        for place in better:
            taken[place].append(ways[place][cheapest[place]])
    return np.rint(np.maximum(prices, 0.0) * UNIT / largest).astype(np.int64)
