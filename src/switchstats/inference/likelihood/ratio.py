"""Likelihood-ratio tests: p-values from signed roots, and what a ratio must reach."""

import math
from typing import Literal, get_args

import numpy as np

from switchstats.errors import UsageError
from switchstats.inference.likelihood.stirling import Floats
from switchstats.inference.question import Direction

__all__ = ["Reference", "check_reference", "critical_root", "p_from_root", "p_values_of_ratios"]

Reference = Literal["chi_squared", "t"]


def check_reference(reference: Reference) -> None:
    """Refuse an unknown reference distribution."""
    if reference not in get_args(Reference):
        raise UsageError(f"reference must be 'chi_squared' or 't', not {reference!r}")


def p_from_root(root: float, alternative: Direction, n_units: int, reference: Reference) -> float:
    """Return the p-value of the signed root of a likelihood ratio.

    Parameters
    ----------
    root
        Square root of the likelihood ratio statistic, with the sign of estimate minus null.
    alternative
        As in `Question`.
    n_units
        Retailers that the statistic rests on.
    reference
        ``"chi_squared"``: large-sample; ``"t"``: the statistic is taken for that of a normal
        linear model with these many units, where it is n log(1 + t²/(n - 2)).
    """
    both = float(p_values_of_ratios(np.array(root * root), np.array(float(n_units)), reference))
    if alternative == "two-sided":
        return both
    return both / 2 if (root < 0) == (alternative == "less") else 1 - both / 2


def p_values_of_ratios(ratios: Floats, n_units: Floats, reference: Reference) -> Floats:
    """Return two-sided p-values of likelihood ratio statistics."""
    from scipy.special import erfc, stdtr

    if reference == "chi_squared":
        return erfc(np.sqrt(ratios / 2))
    df = n_units - 2
    return 2 * stdtr(df, -np.sqrt(df * np.expm1(ratios / n_units)))


def critical_root(tail: float, n_units: int, reference: Reference) -> float:
    """Return the root that is exceeded with this probability."""
    from scipy.special import ndtri, stdtrit

    if reference == "chi_squared":
        return -float(ndtri(tail))
    t = float(stdtrit(n_units - 2, tail))
    root = math.sqrt(n_units * math.log1p(t * t / (n_units - 2)))
    return root if t <= 0 else -root
