"""The sign-flip test of a weighted mean: every pattern of signs, and the interval it inverts to."""

import numpy as np

from switchstats.errors import UsageError
from switchstats.inference.permuted.acceptance import Acceptance, acceptance_ends
from switchstats.inference.question import Question
from switchstats.inference.samples import SAME, Floats
from switchstats.values import Interval

__all__ = ["flip_signs"]

_MOST_UNITS = 20


def flip_signs(effects: Floats, weights: Floats, question: Question) -> tuple[float, Interval]:
    r"""Return p-value and interval of a weighted mean over every pattern of signs.

    Parameters
    ----------
    effects, weights
        One a retailer; the weights sum to 1.
    question
        Direction, null and level.

    Raises
    ------
    UsageError
        For more than 20 retailers, which do not need this test.

    Notes
    -----
    With the null d + x, d being the weighted mean, flipping the retailers F of total weight
    :math:`\phi` and weighted mean a gives the statistic :math:`-2\phi(a - d) - (1 - 2\phi)x`, the
    form that `acceptance_ends` inverts.

    Examples
    --------
    >>> p, interval = flip_signs(
    ...     np.array([0.3, 0.1, 0.2]), np.full(3, 1 / 3), Question("greater", 0.0, 0.8))
    >>> p == 1 / 8, round(interval.low, 4)
    (True, 0.1)
    """
    size = effects.size
    if size > _MOST_UNITS:
        raise UsageError(
            f"sign flips are for at most {_MOST_UNITS} retailers, not {size}: with so many use "
            "method='hartung_knapp'"
        )
    mean = float(weights @ effects)
    patterns = np.arange(1, 2**size, dtype=np.int64)
    flipped = (patterns[:, None] >> np.arange(size)) & 1
    share = flipped @ weights
    away = -2 * (flipped @ (weights * (effects - mean)))
    slack = np.full(away.shape, SAME * max(float(np.max(np.abs(effects))), abs(question.null)))
    below = np.where(patterns == 2**size - 1, 2.0, 2 * share)
    ends = acceptance_ends(away, 2 - below, below, slack, question.alternative)
    acceptance = Acceptance(mean + ends[0], mean + ends[1], always=1)
    return acceptance.p_value(question.null, float(slack[0])), acceptance.interval(question)
