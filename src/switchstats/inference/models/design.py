"""Cells of two groups for a regression model, with the design matrix and the retailers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import Data, Ints, read_two_groups
from switchstats.inference.strata import read_strata
from switchstats.labels import Text, text
from switchstats.periods import Period

__all__ = ["ModelCells", "read_model_cells"]

Floats = NDArray[np.float64]
# One retailer in each group leaves nothing to tell their spread from the difference.
_LEAST_RETAILERS = 3


@dataclass(frozen=True, slots=True, eq=False)
class ModelCells:
    """Requests and errors of retailers, by stratum where asked, sorted by retailer.

    Parameters
    ----------
    errors, requests
        One entry a cell; at least one request each.
    first
        Whether the cell belongs to the first group.
    retailer
        Place of the cell's retailer, ascending from 0 without gaps.
    stratum
        Place of the cell's stratum, from 0 without gaps.
    period
        What the counts span, when they say.
    notes
        What was left out.
    """

    errors: Ints
    requests: Ints
    first: NDArray[np.bool_]
    retailer: Ints
    stratum: Ints
    period: Period | None
    notes: tuple[Text, ...]

    @property
    def design(self) -> Floats:
        """One column for each stratum, then 1 in the first group."""
        strata = np.eye(int(self.stratum.max()) + 1)[self.stratum]
        return np.column_stack([strata, self.first.astype(np.float64)])

    @property
    def n_by_group(self) -> tuple[int, int]:
        """Retailers in the first and in the second group."""
        _, starts = np.unique(self.retailer, return_index=True)
        n_first = int(self.first[starts].sum())
        return n_first, starts.size - n_first

    @property
    def n_units(self) -> int:
        """Retailers in all."""
        return int(self.retailer[-1]) + 1

    @property
    def n_effective(self) -> float:
        """Retailers of equal volume that would weigh the same, summed over the groups."""
        volumes = np.bincount(self.retailer, self.requests)
        in_first = np.bincount(self.retailer, self.first) > 0
        parts = (volumes[in_first], volumes[~in_first])
        return float(sum(part.sum() ** 2 / np.sum(part**2) for part in parts))

    @property
    def extreme(self) -> tuple[bool, bool]:
        """Whether all requests of the first, and of the second group ended alike."""
        parts = (self.first, ~self.first)
        errors = [int(self.errors[part].sum()) for part in parts]
        requests = [int(self.requests[part].sum()) for part in parts]
        ended = [e in (0, n) for e, n in zip(errors, requests, strict=True)]
        return ended[0], ended[1]


def read_model_cells(
    data: Sequence[Data],
    *,
    test: str,
    by: Sequence[str],
    groups: tuple[str, str],
    period: Period | None,
) -> ModelCells:
    """Return the cells of two groups, one a retailer, or one a retailer and stratum.

    Strata in which no request was an error, or every one, say nothing about the groups and are
    left out.

    Parameters
    ----------
    data, groups, period
        As in `read_two_groups`.
    test
        Name of the test, for errors.
    by
        For counts: which strata, any of theirs and ``"period"``.

    Raises
    ------
    UsageError
        As `read_two_groups` and `read_strata` do.
    NotAnswerableError
        When a group has no requests, there are fewer than three retailers, or all requests ended
        alike.
    """
    if by:
        cells = _within_strata(data, test, by, groups, period)
    else:
        two = read_two_groups(data, test=test, groups=groups, period=period)
        places = np.arange(two.n_units)
        cells = ModelCells(
            two.errors, two.requests, two.first, places, 0 * places, two.period, two.notes
        )
    if int(cells.errors.sum()) in (0, int(cells.requests.sum())):
        raise NotAnswerableError(
            test, "all requests ended alike", "requests with errors and requests without"
        )
    if cells.n_units < _LEAST_RETAILERS:
        raise NotAnswerableError(
            test,
            "each group has a single retailer, so that nothing shows how retailers vary",
            "at least three retailers, some in each group",
        )
    return cells


def _within_strata(
    data: Sequence[Data],
    test: str,
    by: Sequence[str],
    groups: tuple[str, str],
    period: Period | None,
) -> ModelCells:
    strata = read_strata(data, test=test, by=by, groups=groups, period=period)
    errors, requests, retailer = strata.errors, strata.requests, strata.retailer
    if retailer is None:
        raise UsageError(f"{test} by strata takes counts, which say who filed")
    ended = np.bincount(strata.stratum, errors)
    telling = (ended > 0) & (ended < np.bincount(strata.stratum, requests))
    kept = np.flatnonzero(telling[strata.stratum])
    order = kept[np.lexsort((strata.stratum[kept], retailer[kept]))]
    first = strata.group[order] == 0
    for name, members in zip(groups, (first, ~first), strict=True):
        if not members.any():
            raise NotAnswerableError(
                test,
                f"the group {name} has no requests where some had errors and some had none",
                "a stratum with errors in which both groups filed",
            )
    left_out = int((~telling).sum())
    return ModelCells(
        errors[order],
        requests[order],
        first,
        _places(retailer[order]),
        _places(strata.stratum[order]),
        strata.period,
        (text("inference.strata_without_variation", n=left_out),) if left_out else (),
    )


def _places(labels: Ints) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)
