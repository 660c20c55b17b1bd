"""Which whole numbers of errors print as a cell."""

from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.reading import ends_of
from switchstats.values import PrintedRate, RoundingRule

__all__ = [
    "ROOM",
    "Ints",
    "floor_times",
    "least_and_most_errors",
    "prints_as",
    "rate_forms",
    "runs",
]

Ints: TypeAlias = NDArray[np.int64]

# Products and sums below this fit in 64 bits.
ROOM = 2**62


def prints_as(errors: int, requests: int, cell: PrintedRate, rule: RoundingRule) -> bool:
    """Whether whole numbers print as a cell, ties read exactly as the rule says.

    Examples
    --------
    >>> prints_as(1, 8, PrintedRate("12.5"), "half_up")
    True
    >>> [prints_as(1, 16, PrintedRate("6.2"), rule) for rule in ("half_up", "half_even")]
    [False, True]
    """
    low, high = least_and_most_errors(np.array([requests]), cell, rule)
    return requests > 0 and bool(low[0] <= errors <= high[0])


def least_and_most_errors(
    requests: Ints, cell: PrintedRate, rule: RoundingRule
) -> tuple[Ints, Ints]:
    """Return the fewest and the most errors with which so many requests print as a cell."""
    ends = ends_of(cell, rule)
    least = -floor_times(-ends.low, requests)
    if not ends.low_in:
        least = floor_times(ends.low, requests) + 1
    most = floor_times(ends.high, requests)
    if not ends.high_in:
        most = -floor_times(-ends.high, requests) - 1
    return least, most


def floor_times(factor: Fraction, numbers: Ints) -> Ints:
    """Return the whole part of numbers times a fraction, exact for fractions of any size.

    Examples
    --------
    >>> floor_times(Fraction(10**20 - 1, 10**20), np.array([0, 1, 2])).tolist()
    [0, 0, 1]
    """
    above, below = factor.numerator, factor.denominator
    fits = max(abs(above), below) * int(np.abs(numbers).max(initial=1)) < ROOM
    exact = numbers if fits else numbers.astype(object)
    return (above * exact // below).astype(np.int64)


def rate_forms(cell: PrintedRate, rule: RoundingRule) -> list[tuple[tuple[int, int], int]]:
    """Return forms of requests and errors with what they must reach, which all print as a cell do.

    Examples
    --------
    >>> rate_forms(PrintedRate("12.5"), "half_up")
    [((-249, 2000), 0), ((251, -2000), 1), ((1, 0), 1)]
    """
    ends = ends_of(cell, rule)
    low, high = ends.low, ends.high
    return [
        ((-low.numerator, low.denominator), 0 if ends.low_in else 1),
        ((high.numerator, -high.denominator), 0 if ends.high_in else 1),
        ((1, 0), 1),
    ]


def runs(counts: Ints) -> tuple[Ints, Ints]:
    """Return each place as often as it counts, and the number of its copy.

    Examples
    --------
    >>> which, copy = runs(np.array([2, 0, 3]))
    >>> which.tolist(), copy.tolist()
    ([0, 0, 2, 2, 2], [0, 1, 0, 1, 2])
    """
    which = np.repeat(np.arange(counts.size), counts)
    return which, np.arange(which.size) - np.repeat(np.cumsum(counts) - counts, counts)
