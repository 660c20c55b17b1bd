"""What one row says of itself, beside linear programmes of scipy."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from switchstats.bounds.own_row import OwnRow


def programme(atoms, whole, goal, sign, base=None):
    """Least `goal` over requests and errors of the atoms, with one request in `base` or in all."""
    k = len(atoms)
    rows, limits = [], []
    for place, (low, high) in enumerate(atoms):
        for end, side in ((low, 1), (high, -1)):
            row = np.zeros(2 * k)
            row[place], row[k + place] = side * end, -side
            rows.append(row)
            limits.append(0)
    for end, side in ((whole[0], 1), (whole[1], -1)):
        rows.append(np.r_[np.full(k, side * end), np.full(k, -side)])
        limits.append(0)
    one = np.zeros((1, 2 * k))
    one[0, range(k) if base is None else base] = 1
    found = linprog(sign * goal, A_ub=rows, b_ub=limits, A_eq=one, b_eq=[1])
    return None if found.status == 2 else sign * found.fun


@pytest.mark.parametrize("seed", range(60))
def test_shares_and_rates_are_those_of_linear_programmes(seed) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 4))
    middles = rng.integers(50, 350, k + 1)
    reach = int(rng.choice([1, 5, 40]))
    if seed % 3:  # mostly a whole that its parts can make
        middles[-1] = rng.integers(middles[:-1].min(), middles[:-1].max() + 1)
    *atoms, whole = [
        (Fraction(int(m) - reach, 400), Fraction(int(m) + reach, 400)) for m in middles
    ]
    row = OwnRow(tuple(atoms), whole)
    ends = [tuple(map(float, each)) for each in (*atoms, whole)]
    for part in range(k):
        goal = np.zeros(2 * k)
        goal[part] = 1
        low, high = (programme(ends[:-1], ends[-1], goal, sign) for sign in (1, -1))
        found = row.share([part])
        if low is None:
            assert found is None
            continue
        assert (float(found[0]), float(found[1])) == pytest.approx((low, high), abs=1e-7)
        assert row.share([each for each in range(k) if each != part]) == (
            1 - found[1],
            1 - found[0],
        )
        goal = np.zeros(2 * k)
        goal[k + part] = 1
        low, high = (programme(ends[:-1], ends[-1], goal, sign, [part]) for sign in (1, -1))
        found = row.rate([part])
        assert (float(found[0]), float(found[1])) == pytest.approx((low, high), abs=1e-7)
    assert row.share(range(k)) == (1, 1)
