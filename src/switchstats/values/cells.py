"""A test as the cells of a table row, in words: what every display of tests shows."""

import math

from switchstats.labels import Language, label, p_range, p_value, signed_points
from switchstats.values.interval import Interval
from switchstats.values.rates import Rates
from switchstats.values.result import TestResult

__all__ = ["TEST_COLUMNS", "cells_of"]

_MINUS = "\N{MINUS SIGN}"

TEST_COLUMNS = (
    "method",
    "estimand",
    "period",
    "alternative",
    "estimate",
    "interval",
    "p_value",
    "p_rounding",
    "n_units",
)


def cells_of(test: TestResult, rates: Rates, language: Language) -> tuple[str, ...]:
    """Return one cell for each of `TEST_COLUMNS`."""
    first, second = test.n_by_group
    return (
        _method(test, language),
        label(f"estimand.{test.estimand}", language),
        _period(test, rates, language),
        _alternative(test, language),
        _size(test, test.estimate, language),
        "" if test.interval is None else _interval(test, test.interval, language),
        p_value(test.p_value),
        "" if test.p_rounding is None else _p_range(test.p_rounding, language),
        label(f"p.cell_{test.units}", language, first=f"{first:,}", second=f"{second:,}"),
    )


def _method(test: TestResult, language: Language) -> str:
    name = label(f"method.{test.method}", language)
    if test.variant is None:
        return name
    return label("display.variant", language, method=name, variant=test.variant)


def _period(test: TestResult, rates: Rates, language: Language) -> str:
    if test.period is None:
        return ""
    if test.baseline is None:
        return rates.label(test.period)[language]
    before, after = rates.label(test.baseline), rates.label(test.period)
    return label("change.periods", language, before=before, after=after)


def _size(test: TestResult, number: float, language: Language) -> str:
    """Return a difference in points, anything else on its own scale, which it names."""
    if test.scale == "difference":
        return signed_points(number)
    words = f"{number:.3f}" if math.isfinite(number) else "∞"
    return label(f"scale.{test.scale}", language, number=words.replace("-", _MINUS))


def _interval(test: TestResult, interval: Interval, language: Language) -> str:
    return interval.in_words(lambda end: _size(test, end, language))[language]


def _alternative(test: TestResult, language: Language) -> str:
    """Return the alternative, with the value that it is held against where that is not 0 or 1."""
    usual = 1.0 if test.scale in ("odds_ratio", "risk_ratio") else 0.0
    if test.null == usual:
        return label(f"alternative.{test.alternative}", language)
    null = _size(test, test.null, language)
    if test.alternative == "equivalence":
        null = f"±{_size(test, abs(test.null), language).removeprefix('+')}"
    return label(f"alternative.{test.alternative}_null", language, null=null)


def _p_range(interval: Interval, language: Language) -> str:
    low, high = interval.low, interval.high
    if low is None or high is None:
        return ""
    least, most = p_range(low, high)
    return label("interval.both", language, low=least, high=most)
