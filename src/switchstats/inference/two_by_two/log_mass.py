"""Logarithms of hypergeometric probabilities that lose no digits, however large the table."""

import numpy as np

from switchstats.inference.two_by_two.requests import Floats

__all__ = ["log_factorial_rest", "log_mass"]

# Stirling's series beyond n log n - n + log(2 pi n) / 2, good to 1e-16 from 16 on.
_SERIES = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)
_LARGE = 16
# Where a count is this near its mean, relative to their sum, a series keeps the digits.
_NEAR = 0.1
_TERMS = 10


def log_mass(first: Floats, n1: Floats, n0: Floats, errors: Floats) -> Floats:
    """Return the log probability of `first` errors among the first group's, given all errors.

    Parameters
    ----------
    first
        Errors of the first group; within what the margins allow, whole or between whole numbers.
    n1, n0
        Requests of both groups.
    errors
        Errors of both groups together.

    Notes
    -----
    The probability is a product of binomial coefficients, of which each alone is astronomically
    large. Written with each cell's deviance from its mean, the large terms cancel beforehand.

    Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000), as in R's
    dhyper.

    Examples
    --------
    >>> np.exp(log_mass(np.array([2.0]), np.array(10.0), np.array(20.0), np.array(5.0)))
    array([0.35998...])
    """
    total = n1 + n0
    others = total - errors
    cells = (first, n1 - first, errors - first, n0 - errors + first)
    means = (
        n1 * (errors / total),
        n1 * (others / total),
        n0 * (errors / total),
        n0 * (others / total),
    )
    away = (first * total - n1 * errors) / total
    value = log_factorial_rest(n1) + log_factorial_rest(n0) - log_factorial_rest(total)
    value = value + log_factorial_rest(errors) + log_factorial_rest(others)
    for cell, mean, sign in zip(cells, means, (1, -1, -1, 1), strict=True):
        value = value - log_factorial_rest(cell) - _deviance(cell, mean, sign * away)
    return value


def log_factorial_rest(n: Floats) -> Floats:
    """Return log n! - (n log n - n), which is 0 at 0.

    Examples
    --------
    >>> log_factorial_rest(np.array([0.0, 1.0, 1e12])).round(6).tolist()
    [0.0, 1.0, 14.734449]
    """
    from scipy.special import gammaln, xlogy

    large = np.maximum(n, _LARGE)
    square = 1 / large**2
    series = _SERIES[-1] * square
    for coefficient in reversed(_SERIES[1:-1]):
        series = (series + coefficient) * square
    rest = np.atleast_1d(0.5 * np.log(2 * np.pi * large) + (series + _SERIES[0]) / large)
    few = np.atleast_1d(n < _LARGE)
    small = np.atleast_1d(n)[few]
    rest[few] = gammaln(small + 1) - xlogy(small, small) + small
    return rest.reshape(np.shape(n))


def _deviance(count: Floats, mean: Floats, away: Floats) -> Floats:
    """Return count log(count / mean) - count + mean, where away = count - mean."""
    from scipy.special import xlogy

    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = away / (count + mean)
        plain = xlogy(count, count / mean) - away
        square = ratio**2
        series = np.zeros_like(square)
        for term in range(_TERMS, 0, -1):
            series = (series + 1 / (2 * term + 1)) * square
    near = away * ratio + 2 * count * ratio * series
    return np.where(mean == 0, 0.0, np.where(np.abs(ratio) < _NEAR, near, plain))
