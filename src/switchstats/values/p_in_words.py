"""A p-value in a sentence: never without its hypothesis and its units."""

from switchstats.labels import Text, p_value, text
from switchstats.values.result import TestResult

__all__ = ["p_words"]


def p_words(test: TestResult) -> Text:
    """Return a p-value with the hypothesis that it is about and what counted as independent.

    The estimand is left to the sentence around it.

    Examples
    --------
    >>> from switchstats.inference import welch
    >>> p_words(welch([0.1, 0.2, 0.3], [0.2, 0.3, 0.5], alternative="less")).en
    'one-sided p for a lower rate = 0.142, units: 3 v 3 retailers'
    """
    return text(f"p.{test.alternative}", p=p_value(test.p_value), units=_units(test))


def _units(test: TestResult) -> Text:
    """Return how many units stand on either side, and what they are."""
    first, second = test.n_by_group
    if second == 0:
        return text("p.alone", first=f"{first:,}")
    return text(f"p.{test.units}", first=f"{first:,}", second=f"{second:,}")
