"""Which whole numbers of errors print as a cell."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from switchstats.bounds.reading import ends_of
from switchstats.values import PrintedRate, RoundingRule

__all__ = ["Ints", "least_and_most_errors", "prints_as"]

Ints: TypeAlias = NDArray[np.int64]


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
    low, high = ends.low, ends.high
    least = -((-low.numerator * requests) // low.denominator)
    most = (high.numerator * requests) // high.denominator
    if not ends.low_in:
        least = least + (least * low.denominator == low.numerator * requests)
    if not ends.high_in:
        most = most - (most * high.denominator == high.numerator * requests)
    return least, most
