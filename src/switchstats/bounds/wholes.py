"""Exact arithmetic on rows, points and multipliers of whole numbers, in 64 bits where they fit."""

import numpy as np

from switchstats.bounds.system import Form, System, Wholes

__all__ = ["columns_times", "holds", "opened", "row_values", "value_at"]

# The interior point's part in a point that is opened is 1 in so many.
_OPENED = 10**9


def row_values(system: System, point: Wholes) -> Wholes:
    """Return the exact value of every row at a point."""
    if point.dtype != object and not _fits(point, system.room):
        point = point.astype(object)
    return np.add.reduceat(system.coefficients * point[system.columns], system.starts[:-1])


def columns_times(system: System, multipliers: Wholes) -> Wholes:
    """Return the exact sum of all rows times their multipliers, column by column."""
    if multipliers.dtype != object and not _fits(multipliers, system.room):
        multipliers = multipliers.astype(object)
    products = system.coefficients * multipliers[system.row_of]
    total = np.zeros(system.n_columns, dtype=products.dtype)
    np.add.at(total, system.columns, products)
    return total


def holds(system: System, point: Wholes) -> bool:
    """Whether a point satisfies every row and is nowhere negative, exactly."""
    return not (point < 0).any() and not (row_values(system, point) < 0).any()


def opened(point: Wholes, inside: "Wholes | None") -> Wholes:
    """Return a point with a little of an interior one added, so that everybody has requests."""
    if inside is None:
        return point
    times = int(sum(inside)) * _OPENED // max(int(sum(point)), 1) + 1
    return point.astype(object) * times + inside


def value_at(form: Form, point: Wholes) -> int:
    """Return the exact value of a form at a point."""
    return sum(value * int(point[column]) for column, value in form.items())


def _fits(numbers: Wholes, bits: int) -> bool:
    return bool(np.abs(numbers).max(initial=0) < 2**bits)
