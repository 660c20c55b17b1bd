"""The beta-binomial likelihood and its derivatives beside 60 digits of the plain product."""

from decimal import Decimal, localcontext
from itertools import product

import numpy as np
import pytest

from switchstats.inference.likelihood.beta_binomial_cells import beta_binomial_cells
from switchstats.inference.likelihood.rows import Rows

DIGITS = 60
STEP = Decimal("1e-12")
# The step's square, and sixteen digits of which some go in sums.
CLOSE = 1e-10
# Higher derivatives in the spread are differences of terms that grow as it shrinks; they only
# steer the climb.
CURVATURE = 1e-7
CELLS = ((0, 3), (5, 40), (7, 9), (60, 600))


def exact(log_odds: Decimal, spread: Decimal) -> Decimal:
    """The log of the product of DLMF 5.2.5's rising factorials, less that at the cells' rates."""
    mean = 1 / (1 + (-log_odds).exp())
    size = 1 / spread**2
    total = Decimal(0)
    for errors, requests in CELLS:
        chance = Decimal(1)
        for step in range(errors):
            chance *= mean * size + step
        for step in range(requests - errors):
            chance *= (1 - mean) * size + step
        for step in range(requests):
            chance /= size + step
        rate = Decimal(errors) / requests
        own = rate**errors * (1 - rate) ** (requests - errors) if errors else Decimal(1)
        total += (chance / own).ln()
    return total


def derivatives(log_odds: float, spread: float) -> dict[str, float]:
    """Central differences with a step of 1e-12, taken in 60 digits."""
    with localcontext() as context:
        context.prec = DIGITS
        h, k = STEP, STEP * Decimal(spread)
        at = {
            (i, j): exact(Decimal(log_odds) + i * h, Decimal(spread) + j * k)
            for i, j in product(range(-2, 3), range(-1, 2))
        }
        bend = [at[1, j] - 2 * at[0, j] + at[-1, j] for j in (-1, 0, 1)]
        found = {
            "value": at[0, 0],
            "e": (at[1, 0] - at[-1, 0]) / (2 * h),
            "ee": bend[1] / h**2,
            "eee": (at[2, 0] - 2 * at[1, 0] + 2 * at[-1, 0] - at[-2, 0]) / (2 * h**3),
            "s": (at[0, 1] - at[0, -1]) / (2 * k),
            "ss": (at[0, 1] - 2 * at[0, 0] + at[0, -1]) / k**2,
            "es": (at[1, 1] - at[1, -1] - at[-1, 1] + at[-1, -1]) / (4 * h * k),
            "ees": (bend[2] - bend[0]) / (2 * h**2 * k),
        }
        return {name: float(number) for name, number in found.items()}


@pytest.mark.parametrize("log_odds", [-6.0, -1.7, 0.4])
@pytest.mark.parametrize("spread", [1e-5, 3e-4, 0.004, 0.03, 0.2, 1.0, 4.0])
def test_all_derivatives_have_their_digits(log_odds: float, spread: float) -> None:
    # `exact` and `derivatives` above: products of integers in 60 digits, nothing of the formula
    errors, requests = (np.array(column, dtype=float) for column in zip(*CELLS, strict=True))
    rows = Rows(np.zeros(len(CELLS), dtype=np.int64))
    cells = beta_binomial_cells(
        errors, requests, np.array([log_odds]), np.array([spread]), rows, orders=3
    )
    for name, expected in derivatives(log_odds, spread).items():
        close = CURVATURE if name in ("es", "ss", "ees") and spread < 1e-3 else CLOSE
        assert getattr(cells, name)[0] == pytest.approx(expected, rel=close), name
