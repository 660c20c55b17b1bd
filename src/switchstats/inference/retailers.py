"""Retailers with their requests and errors, whatever their group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import Data, read_two_groups
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.rates.cells import cell_sums, span
from switchstats.values import Counts

__all__ = ["Retailers", "read_retailers"]

Floats = NDArray[np.float64]
_TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Retailers:
    """Retailers with at least one request, fewest requests first.

    Parameters
    ----------
    names, groups
        Who; places in the given arrays, and no groups, when no names were given.
    errors, requests
        One entry a retailer.
    period
        What the counts span, when they say.
    notes
        What was left out.
    """

    names: tuple[str, ...]
    groups: tuple[str | None, ...]
    errors: Floats
    requests: Floats
    period: Period | None = None
    notes: tuple[Text, ...] = ()

    def by_requests(self) -> "Retailers":
        """Return the same with the fewest requests first, equals in the given order."""
        order: list[int] = np.argsort(self.requests, kind="stable").tolist()
        return Retailers(
            tuple(self.names[at] for at in order),
            tuple(self.groups[at] for at in order),
            self.errors[order],
            self.requests[order],
            self.period,
            self.notes,
        )


def read_retailers(
    data: Sequence[Data],
    *,
    test: str,
    groups: Sequence[str] | None = None,
    period: Period | None = None,
) -> Retailers:
    """Return retailers from ``(counts,)`` or ``(errors, requests)``.

    Raises
    ------
    UsageError
        When errors are negative, fractional or above the requests, or lengths differ.
    NotAnswerableError
        When nobody has requests.

    Examples
    --------
    >>> read_retailers(([1, 2], [20, 10]), test="a funnel").names
    ('1', '0')
    """
    if len(data) == 1 and isinstance(data[0], Counts):
        read = _from_counts(data[0], groups, period)
    elif len(data) == _TWO and not any(isinstance(part, Counts) for part in data):
        read = _from_arrays(*(cast("ArrayLike", part) for part in data), test=test)
    else:
        raise UsageError(f"{test}: give counts, or errors and requests of each retailer")
    if not read.names:
        raise NotAnswerableError(test, "no retailer has requests", "requests")
    return read.by_requests()


def _from_counts(counts: Counts, groups: Sequence[str] | None, period: Period | None) -> Retailers:
    sums = cell_sums(counts, (), period)
    if groups is not None:
        sums = sums[sums["group"].isin(list(groups))]
    return Retailers(
        tuple(str(name) for name in sums["retailer"]),
        tuple(str(name) for name in sums["group"]),
        sums["errors"].to_numpy(float),
        sums["requests"].to_numpy(float),
        period or span(counts),
    )


def _from_arrays(errors: ArrayLike, requests: ArrayLike, test: str) -> Retailers:
    one = read_two_groups((errors, requests, [], []), test=test, least=0)
    return Retailers(
        one.retailers,
        (None,) * one.n_units,
        one.errors.astype(float),
        one.requests.astype(float),
        notes=one.notes,
    )
