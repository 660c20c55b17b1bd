"""Errors and requests by retailer and stratum, beside those of the standard they are held to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError
from switchstats.periods import Period
from switchstats.rates.cells import cell_sums, stratum_names
from switchstats.rates.stratum_cells import StratumCells
from switchstats.values import Counts
from switchstats.values.keyed import distinct_keys

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Named", "StandardTable", "Units", "read_standard_table"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Named = Literal["pooled", "first", "second"]
Units = Literal["groups", "retailers"]


@dataclass(frozen=True, slots=True, eq=False)
class StandardTable:
    """What is standardised, and to what.

    Parameters
    ----------
    names
        Name and group of each row: a group, or a retailer.
    cells
        For each row what its retailers filed.
    strata
        What each stratum is called.
    errors_of_standard, requests_of_standard
        The standard's, by stratum.
    """

    names: tuple[tuple[str, str], ...]
    cells: tuple[StratumCells, ...]
    strata: tuple[str, ...]
    errors_of_standard: Floats
    requests_of_standard: Floats

    @property
    def standard_rate(self) -> float:
        """The standard's crude rate."""
        return float(self.errors_of_standard.sum() / self.requests_of_standard.sum())

    @property
    def standard_rates(self) -> Floats:
        """The standard's rate in each stratum, 0 where it has no requests."""
        return self.errors_of_standard / np.maximum(self.requests_of_standard, 1)

    def has_requests(self, at: int) -> Bools:
        """Return in which strata the row at this place has requests."""
        return self.cells[at].requests_by_stratum > 0

    def named(self, strata: Bools) -> tuple[str, ...]:
        """Return the names of these strata."""
        return tuple(name for name, chosen in zip(self.strata, strata, strict=True) if chosen)


def read_standard_table(
    counts: Counts,
    by: Sequence[str],
    *,
    standard: Named | Counts,
    groups: tuple[str, str],
    units: Units,
    period: Period | None,
) -> StandardTable:
    """Return groups or retailers by strata, beside the standard; arguments as in `standardise`."""
    import pandas as pd

    by = stratum_names(by)
    sums = cell_sums(counts, by, period)
    sums = sums[sums["group"].isin(groups)]
    chosen = _standard(sums, standard, by, groups)
    both = pd.concat([sums, chosen], ignore_index=True)
    first, place = distinct_keys(both, by)
    own, theirs = place[: len(sums)], place[len(sums) :]
    named = both[list(by)].iloc[first].to_numpy().tolist()
    strata = tuple(" ".join(map(str, row)) for row in named)
    rows = [
        (name, _cells(sums[kept], own[kept], len(strata)))
        for name, kept in _rows(sums, groups, units)
    ]
    return StandardTable(
        tuple(name for name, _ in rows),
        tuple(cells for _, cells in rows),
        strata,
        *(_summed(chosen[name], theirs, len(strata)) for name in ("errors", "requests")),
    )


def _standard(
    sums: "pd.DataFrame", standard: Named | Counts, by: Sequence[str], groups: tuple[str, str]
) -> "pd.DataFrame":
    if isinstance(standard, Counts):
        chosen = cell_sums(standard, by)
    elif standard == "pooled":
        chosen = sums
    else:
        chosen = sums[sums["group"] == groups[0 if standard == "first" else 1]]
    if not len(chosen):
        raise NotAnswerableError(
            "standardised rates", "the standard has no requests", "counts of the standard"
        )
    return chosen


def _rows(
    sums: "pd.DataFrame", groups: tuple[str, str], units: Units
) -> Iterator[tuple[tuple[str, str], Bools]]:
    """Yield name and group of each row with the cells that are its own."""
    for group in groups:
        mine = np.asarray(sums["group"] == group)
        if not mine.any():
            raise NotAnswerableError(
                "standardised rates", f"the group {group} has no requests", "counts of both groups"
            )
        if units == "groups":
            yield (group, group), mine
            continue
        for retailer in sorted(set(sums["retailer"][mine])):
            yield (str(retailer), group), np.asarray(sums["retailer"] == retailer)


def _summed(counted: "pd.Series[int]", place: Ints, n_strata: int) -> Floats:
    return np.bincount(place, counted.to_numpy(float), n_strata).astype(np.float64)


def _cells(cells: "pd.DataFrame", place: Ints, n_strata: int) -> StratumCells:
    return StratumCells(
        distinct_keys(cells, ["retailer"])[1],
        place,
        cells["errors"].to_numpy(np.float64),
        cells["requests"].to_numpy(np.float64),
        n_strata,
    )
