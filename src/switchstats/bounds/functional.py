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

__all__ = ["Functional", "scaled", "weighted_sum", "whole_form"]

# (retailer, printed period, what) -> coefficient
Functional: TypeAlias = Mapping[tuple[str, Period, Literal["requests", "errors"]], Number]


def whole_form(system: System, functional: Functional) -> tuple[Form, int]:
    """Return a functional times the number that makes its coefficients whole, and that number."""
    total: dict[int, Fraction] = {}
    for (retailer, period, what), coefficient in functional.items():
        if what not in ("requests", "errors"):
            raise UsageError(f"a coefficient is one of requests or errors, not of {what!r}")
        sums = system.requests if what == "requests" else system.errors
        for column in sums(retailer=retailer, period=period):
            total[column] = total.get(column, Fraction(0)) + exact(coefficient)
    multiple = lcm(*(value.denominator for value in total.values()))
    return {column: int(value * multiple) for column, value in total.items() if value}, multiple


def scaled(found: Range, factor: Fraction) -> Range:
    """Return a range times a positive number."""
    return Range(*(_scaled(end, factor) for end in (found.low, found.high)))


def weighted_sum(parts: Sequence[tuple[Range, Fraction]]) -> Range:
    """Return the sum of quantities by weights; its ends are proved, but need not be reached."""
    low = sum((found.low.proved * weight for found, weight in parts), Fraction(0))
    high = sum((found.high.proved * weight for found, weight in parts), Fraction(0))
    return Range(Bound(low, None), Bound(high, None))


def _scaled(end: Bound, factor: Fraction) -> Bound:
    attained = None if end.attained is None else end.attained * factor
    return Bound(end.proved * factor, attained)
