"""Two groups within strata, read from counts or plain arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import GROUPS, Data, Ints, read_two_groups
from switchstats.periods import Period
from switchstats.rates.cells import during, stratum_names
from switchstats.values import Counts
from switchstats.values.keyed import distinct_keys, sums_by

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

__all__ = ["Strata", "read_strata"]

_FOUR = 4


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """Requests and errors of each retailer within each stratum; empty cells are absent.

    Parameters
    ----------
    errors, requests
        One entry a cell; at least one request each.
    group
        0 where the cell belongs to the first group, 1 where to the second.
    stratum
        Place of the cell's stratum, from 0.
    retailer
        Place of the cell's retailer; ``None`` when only strata were given and not who filed.
    n_strata
        How many strata there are.
    period
        What the counts span, when they say.
    """

    errors: Ints
    requests: Ints
    group: Ints
    stratum: Ints
    retailer: Ints | None
    n_strata: int
    period: Period | None = None

    @property
    def tables(self) -> Ints:
        """Errors and requests of both groups by stratum, shape (strata, 4): e1, n1, e0, n0."""
        tables = np.zeros((self.n_strata, 4), dtype=np.int64)
        np.add.at(tables, (self.stratum, 2 * self.group), self.errors)
        np.add.at(tables, (self.stratum, 2 * self.group + 1), self.requests)
        return tables


def read_strata(
    data: Sequence[Data],
    *,
    test: str,
    by: Sequence[str] = (),
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
) -> Strata:
    """Return two groups within strata.

    Parameters
    ----------
    data
        ``(counts,)``, or ``(e1, n1, e0, n0)`` with one entry a stratum.
    test
        Name of the test, for errors.
    by
        For counts: which strata, any of theirs and ``"period"``.
    groups, period
        As in `read_two_groups`.

    Raises
    ------
    UsageError
        For numbers out of range, or strata named beside plain arrays.
    NotAnswerableError
        When the counts lack a stratum, or no stratum has requests of both groups.

    Examples
    --------
    >>> read_strata(([1, 2], [10, 20], [3, 4], [30, 40]), test="a test").tables.tolist()
    [[1, 10, 3, 30], [2, 20, 4, 40]]
    """
    if len(data) == 1 and isinstance(data[0], Counts):
        strata = _from_counts(data[0], stratum_names(by), groups, period)
    elif len(data) == _FOUR and not by:
        strata = _from_arrays(data, test)
    else:
        raise UsageError(
            f"{test} takes counts and the names of strata (by=...), or one entry a stratum of "
            "(e1, n1, e0, n0)"
        )
    tables = strata.tables
    if not ((tables[:, 1] > 0) & (tables[:, 3] > 0)).any():
        raise NotAnswerableError(
            test, "no stratum has requests of both groups", "a stratum in which both groups filed"
        )
    return strata


def _from_counts(
    counts: Counts, by: tuple[str, ...], groups: tuple[str, str], period: Period | None
) -> Strata:
    inside = during(counts, period)
    table = inside.collapse(*(name for name in by if name != "period")).coded
    table = table[table["group"].isin(groups) & (table["requests"] > 0)]
    keys = ["period_start" if name == "period" else name for name in by]
    cells = sums_by(table, ["group", "retailer", *keys], ["errors", "requests"])
    place, n_strata = _strata(cells, keys)
    spans = inside.periods
    return Strata(
        cells["errors"].to_numpy(np.int64),
        cells["requests"].to_numpy(np.int64),
        np.asarray(cells["group"] == groups[1], dtype=np.int64),
        place,
        distinct_keys(cells, ["retailer"])[1],
        n_strata,
        period or (Period(spans[0].start, max(one.end for one in spans)) if spans else None),
    )


def _strata(cells: "pd.DataFrame", keys: Sequence[str]) -> tuple[Ints, int]:
    """Return the place of each cell's stratum, and how many strata there are."""
    if not keys:
        return np.zeros(len(cells), dtype=np.int64), 1
    first, place = distinct_keys(cells, keys)
    return place, len(first)


def _from_arrays(data: Sequence[Data], test: str) -> Strata:
    sizes = [np.size(cast("ArrayLike", part)) for part in data]
    if len(set(sizes)) != 1:
        given = ", ".join(
            f"{name} has {size}" for name, size in zip(("e1", "n1", "e0", "n0"), sizes, strict=True)
        )
        raise UsageError(
            f"{test} takes one entry a stratum in each of (e1, n1, e0, n0), but {given}; with one "
            "entry a retailer give counts"
        )
    e1, n1, e0, n0 = (np.atleast_1d(np.asarray(part)) for part in data)
    if e1.size:
        read_two_groups(data, test=test, least=0)
    places = np.arange(e1.size)
    requests = np.concatenate([n1, n0]).astype(np.int64)
    kept = requests > 0
    return Strata(
        np.concatenate([e1, e0]).astype(np.int64)[kept],
        requests[kept],
        np.repeat([0, 1], e1.size)[kept],
        np.concatenate([places, places])[kept],
        None,
        e1.size,
    )
