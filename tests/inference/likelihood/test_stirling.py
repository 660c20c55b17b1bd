"""What Stirling's formula leaves out, beside closed forms of gamma at whole numbers."""

from decimal import Decimal, localcontext
from math import factorial

import numpy as np
import pytest

from switchstats.inference.likelihood.stirling import stirling_rest

PI = Decimal("3.14159265358979323846264338327950288419716939937511")
EULER = Decimal("0.57721566490153286060651209008240243104215933593992")
ZETA_3 = Decimal("1.20205690315959428539973816151144999076498629234050")


def rests(n: int) -> list[float]:
    """DLMF 5.4.1 and 5.4.14, and 25.11.12 for the polygamma functions at whole numbers."""
    with localcontext() as context:
        context.prec = 50
        x = Decimal(n)
        sums = [
            sum((1 / Decimal(k) ** power for k in range(1, n)), Decimal(0)) for power in (1, 2, 3)
        ]
        log_gamma = Decimal(factorial(n - 1)).ln()
        digamma, trigamma = sums[0] - EULER, PI**2 / 6 - sums[1]
        tetragamma = 2 * (sums[2] - ZETA_3)
        return [
            float(log_gamma - (x - Decimal("0.5")) * x.ln() + x - (2 * PI).ln() / 2),
            float(digamma - x.ln() + 1 / (2 * x)),
            float(trigamma - 1 / x - 1 / (2 * x**2)),
            float(tetragamma + 1 / x**2 + 1 / x**3),
        ]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 9, 11, 30, 1000])
def test_the_rests_have_their_digits(n: int) -> None:
    # from 8 on nothing is subtracted; below, the recurrence costs some digits of numbers near 1
    blur = {"rel": 1e-14} if n >= 8 else {"rel": 0, "abs": 1e-14}
    found = stirling_rest(np.array([float(n)]), 4)[:, 0]
    assert found == pytest.approx(rests(n), **blur)


def test_long_arrays_are_taken_in_parts() -> None:
    # each of 10,000 numbers alone, without the chunks
    x = np.linspace(0.5, 50, 10_000)
    alone = np.stack([stirling_rest(x[k : k + 1], 4)[:, 0] for k in (0, 4095, 4096, 8191, 9999)])
    together = stirling_rest(x, 4)[:, [0, 4095, 4096, 8191, 9999]].T
    assert together == pytest.approx(alone, rel=1e-14)
