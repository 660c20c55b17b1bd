"""Student's t with Satterthwaite's degrees of freedom, as Welch's test and its power need it."""

import math
from dataclasses import dataclass

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.question import Direction
from switchstats.inference.samples import Samples

__all__ = ["Spread", "critical_t", "p_from_t", "satterthwaite", "spread_of"]


@dataclass(frozen=True, slots=True)
class Spread:
    """How uncertain a difference of two means is.

    Parameters
    ----------
    std_error
        Standard error of the difference.
    df
        Satterthwaite's degrees of freedom.
    """

    std_error: float
    df: float


def spread_of(samples: Samples, *, quantity: str) -> Spread:
    """Return the standard error of the difference of means, with its degrees of freedom.

    Raises
    ------
    NotAnswerableError
        When neither group varies; `quantity` is what is then refused.
    """
    n, m = samples.n_by_group
    first = float(np.var(samples.first.value, ddof=1)) / n
    second = float(np.var(samples.second.value, ddof=1)) / m
    std_error = math.sqrt(first + second)
    if std_error <= samples.tolerance():
        raise NotAnswerableError(
            quantity,
            "within each group all retailers have the same rate",
            "rates that vary within at least one group",
        )
    return Spread(std_error, satterthwaite(first / (first + second), n, m))


def satterthwaite(share: float, n: int, m: int) -> float:
    """Return the degrees of freedom when the first group makes up `share` of the squared error."""
    return 1 / (share**2 / (n - 1) + (1 - share) ** 2 / (m - 1))


def p_from_t(t: float, df: float, alternative: Direction) -> float:
    """Return the p-value of `t`, which may be infinite."""
    from scipy.special import stdtr

    if alternative == "two-sided":
        return 2 * float(stdtr(df, -abs(t)))
    return float(stdtr(df, t if alternative == "less" else -t))


def critical_t(df: float, tail: float) -> float:
    """Return the t that is exceeded with probability `tail`."""
    from scipy.special import stdtrit

    return -float(stdtrit(df, tail))
