"""A test as the cells of a table row, in words: what every display of tests shows."""

from switchstats.labels import Language, label, p_value, percent, signed_points
from switchstats.values.interval import Interval
from switchstats.values.rates import Rates
from switchstats.values.result import TestResult

__all__ = ["TEST_COLUMNS", "cells_of"]

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
        label(f"method.{test.method}", language),
        label(f"estimand.{test.estimand}", language),
        "" if test.period is None else rates.label(test.period)[language],
        label(f"alternative.{test.alternative}", language),
        signed_points(test.estimate),
        "" if test.interval is None else _interval(test.interval, language),
        p_value(test.p_value),
        "" if test.p_rounding is None else _p_range(test.p_rounding),
        f"{first} v {second}",
    )


def _interval(interval: Interval, language: Language) -> str:
    ends = ["" if end is None else signed_points(end) for end in (interval.low, interval.high)]
    fields = {} if interval.level is None else {"level": percent(interval.level, 0)}
    return f"{ends[0]} … {ends[1]} ({label(f'interval.{interval.kind}', language, **fields)})"


def _p_range(interval: Interval) -> str:
    low, high = interval.low, interval.high
    return "" if low is None or high is None else f"{p_value(low)}–{p_value(high)}"
