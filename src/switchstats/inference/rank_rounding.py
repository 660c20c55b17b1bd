"""How far the p-value of the rank test can move inside the rounding of the rates."""

import numpy as np

from switchstats.inference.question import Question
from switchstats.inference.rank_null import rank_null
from switchstats.inference.samples import Floats, Samples

__all__ = ["rank_p_range"]


def rank_p_range(samples: Samples, question: Question, printed_p: float) -> tuple[float, float]:
    """Return the range of the p-value over the orders that the rounding intervals allow.

    The numbers before rounding are taken to have no ties. U, the pairs in which the first group's
    rate is the higher one, is least with the first group low and the second high, and greatest in
    the reverse; on the way from one to the other it changes by one pair at a time, so every whole
    number between occurs. Among them a two-sided p-value is greatest nearest the mean of U. The
    p-value of the printed midranks is joined to the range, since ties are possible after all.
    """
    n, m = samples.n_by_group
    tolerance = samples.tolerance(question.null)
    first_low, first_high = samples.first.low - question.null, samples.first.high - question.null
    least = n * m - _pairs_above(samples.second.high, first_low, tolerance)
    greatest = _pairs_above(first_high, samples.second.low, tolerance)
    middles = (min(max(middle, least), greatest) for middle in (n * m // 2, (n * m + 1) // 2))
    null = rank_null(2 * np.arange(1, n + m + 1), n)
    p_values = [
        null.p_value(2 * u + n * (n + 1), question.alternative) for u in (least, greatest, *middles)
    ]
    return min(*p_values, printed_p), max(*p_values, printed_p)


def _pairs_above(upper: Floats, lower: Floats, tolerance: float) -> int:
    """Count the pairs in which one of `upper` lies above one of `lower`."""
    return int(np.searchsorted(np.sort(lower), upper - tolerance, side="left").sum())
