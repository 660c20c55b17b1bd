"""P-values adjusted for how many there are: Holm, Benjamini and Hochberg."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import UsageError
from switchstats.inference.samples import Floats

__all__ = ["benjamini_hochberg", "holm"]


def holm(p_values: Iterable[float]) -> Floats:
    """Return p-values adjusted so that any false rejection is as rare as the level says.

    Parameters
    ----------
    p_values
        Between 0 and 1, from tests of any dependence.

    Returns
    -------
    ndarray
        In the order given. Rejecting every hypothesis whose adjusted p-value is at most alpha
        rejects any true one with a probability of at most alpha.

    Raises
    ------
    UsageError
        When a p-value is missing or not between 0 and 1: an undefined test has to be left out by
        name, not silently.

    Notes
    -----
    Valid however the tests depend on each other, and therefore stricter than `max_t` for tests of
    the same retailers.

    Source: S. Holm, Scandinavian Journal of Statistics 6 (1979) 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    given = _checked(p_values)
    order = np.argsort(given, kind="stable")
    steps = given[order] * np.arange(given.size, 0, -1)
    return _in_given_order(np.minimum(np.maximum.accumulate(steps), 1.0), order)


def benjamini_hochberg(p_values: Iterable[float]) -> Floats:
    """Return p-values adjusted so that few of the rejections are false.

    Parameters
    ----------
    p_values
        Between 0 and 1, from independent or positively dependent tests.

    Returns
    -------
    ndarray
        In the order given. Of the hypotheses whose adjusted p-value is at most alpha an expected
        share of at most alpha is true. That is weaker than what `holm` promises, and nothing that a
        single hypothesis can lean on.

    Raises
    ------
    UsageError
        When a p-value is missing or not between 0 and 1.

    Notes
    -----
    Fit for going through 700 retailers one by one. Not proven for any dependence: tests that share
    a comparison group depend positively when they are one-sided.

    Source: Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 57 (1995)
    289-300, doi:10.1111/j.2517-6161.1995.tb02031.x.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03])
    array([0.03, 0.04, 0.04])
    """
    given = _checked(p_values)
    order = np.argsort(given, kind="stable")
    steps = given[order] * (given.size / np.arange(1, given.size + 1))
    lowest = np.minimum.accumulate(steps[::-1])[::-1]
    return _in_given_order(np.minimum(lowest, 1.0), order)


def _checked(p_values: Iterable[float]) -> Floats:
    try:
        given = np.array(list(p_values), dtype=float)
    except (TypeError, ValueError):
        raise UsageError("p-values must be a plain list of numbers") from None
    if given.ndim != 1:
        raise UsageError("p-values must be a plain list of numbers")
    wrong = ~((given >= 0) & (given <= 1))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise UsageError(
            f"p-value {place + 1} is {given[place]}, not between 0 and 1: leave out a test that is "
            "undefined, and say so"
        )
    return given


def _in_given_order(adjusted: Floats, order: NDArray[np.intp]) -> Floats:
    result = np.empty_like(adjusted)
    result[order] = adjusted
    return result
