"""Exact binomial limits of a rate around a target, and exact p-values."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["binomial_p_values", "interpolated_limit"]

Floats = NDArray[np.float64]


def binomial_p_values(errors: Floats, requests: Floats, target: float) -> Floats:
    """Return twice the smaller tail, at most 1, of each count of errors at this error rate."""
    from scipy.special import betainc

    at_most = _cdf(errors, requests, target)
    beyond = betainc(np.maximum(errors, 1), requests - np.maximum(errors, 1) + 1, target)
    at_least = np.where(errors > 0, beyond, 1.0)
    return np.minimum(1.0, 2 * np.minimum(at_most, at_least))


def interpolated_limit(requests: Floats, target: float, probability: float) -> Floats:
    """Return the rate below which a retailer lies with this probability.

    The count at which the binomial distribution reaches the probability, interpolated between
    whole counts (D. J. Spiegelhalter, Statistics in Medicine 24 (2005), appendix A.1.1) and cut at
    a rate of 0.

    Examples
    --------
    >>> interpolated_limit(np.array([10.0, 1000.0]), 0.2, 0.975).round(4).tolist()
    [0.4295, 0.2246]
    """
    from scipy.special import bdtrik

    count = np.clip(np.ceil(bdtrik(probability, requests, target)), 0, requests)
    # the quantile function may end one count beside the smallest that reaches the probability
    count = np.where(_cdf(count - 1, requests, target) >= probability, count - 1, count)
    count = np.where(_cdf(count, requests, target) < probability, count + 1, count)
    below, reached = (_cdf(each, requests, target) for each in (count - 1, count))
    beyond = (reached - probability) / (reached - below)
    return np.maximum((count - beyond) / requests, 0.0)


def _cdf(counts: Floats, requests: Floats, rate: float) -> Floats:
    """Return the probability of at most so many errors."""
    from scipy.special import betainc

    inside = np.clip(counts, 0, requests - 1)
    reached = betainc(requests - inside, inside + 1, 1 - rate)
    return np.where(counts < 0, 0.0, np.where(counts >= requests, 1.0, reached))
