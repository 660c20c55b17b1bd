"""A user's own linear functional of requests and errors, as whole coefficients of a system."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Literal, TypeAlias

from switchstats.bounds.component import Range
from switchstats.bounds.constraints import Number, exact
from switchstats.bounds.programme import Bound
from switchstats.bounds.system import Form, System
from switchstats.errors import UsageError
from switchstats.periods import Period

__all__ = ["Functional", "weighted_sum", "whole_form"]

# (retailer, printed period, what) -> coefficient
Functional: TypeAlias = Mapping[tuple[str, Period, Literal["requests", "errors"]], Number]


def whole_form(system: System, functional: Functional) -> tuple[Form, int]:
    """Return a functional times the number that makes its coefficients whole, and that number."""
    total: dict[int, Fraction] = {}
    for (retailer, period, what), coefficient in functional.items():
        if what not in ("requests", "errors"):
            raise UsageError(f"a coefficient is one of requests or errors, not of {what!r}")
        requests = what == "requests"
        sums = system.requests if requests else system.errors
        unit = 1 if requests else system.error_unit
        for column, value in sums(retailer=retailer, period=period).items():
            total[column] = total.get(column, Fraction(0)) + exact(coefficient) * value / unit
    multiple = lcm(*(value.denominator for value in total.values()))
    return {column: int(value * multiple) for column, value in total.items() if value}, multiple


def weighted_sum(parts: Sequence[tuple[Range, Fraction]]) -> Range:
    """Return the sum of quantities by weights; its ends are proved, but need not be reached."""
    low = sum((found.low.proved * weight for found, weight in parts), Fraction(0))
    high = sum((found.high.proved * weight for found, weight in parts), Fraction(0))
    return Range(Bound(low, None), Bound(high, None))
