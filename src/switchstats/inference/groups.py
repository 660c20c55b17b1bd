"""Two groups of retailers with their requests and errors, read from counts or plain arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.rates.cells import during
from switchstats.values import Counts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GROUPS", "Data", "Ints", "TwoGroups", "read_two_groups"]

Ints: TypeAlias = NDArray[np.int64]
Data: TypeAlias = Counts | ArrayLike

GROUPS = ("incumbent", "entrant")
_FOUR = 4
# Sums of whole numbers up to here are exact in doubles, with room for what is done to them.
_MOST = 10**15


@dataclass(frozen=True, slots=True, eq=False)
class TwoGroups:
    """Requests and errors of every retailer that filed any, the first group's retailers first.

    Parameters
    ----------
    errors, requests
        One entry a retailer; at least one request each.
    n_by_group
        Retailers in the first and in the second group.
    retailers
        Their identifiers; places in the given arrays when no names were given.
    period
        What the counts span, when they say.
    notes
        What was left out.
    """

    errors: Ints
    requests: Ints
    n_by_group: tuple[int, int]
    retailers: tuple[str, ...]
    period: Period | None = None
    notes: tuple[Text, ...] = ()

    @property
    def first(self) -> NDArray[np.bool_]:
        """Whether each retailer belongs to the first group."""
        return np.arange(self.errors.size) < self.n_by_group[0]

    @property
    def n_units(self) -> int:
        """Retailers in all."""
        return self.errors.size

    @property
    def rates(self) -> NDArray[np.float64]:
        """Error rate of each retailer."""
        return self.errors / self.requests

    @property
    def totals(self) -> tuple[int, int, int, int]:
        """Errors and requests of the first group, then of the second."""
        n = self.n_by_group[0]
        return (
            int(self.errors[:n].sum()),
            int(self.requests[:n].sum()),
            int(self.errors[n:].sum()),
            int(self.requests[n:].sum()),
        )

    @property
    def n_effective(self) -> float:
        """Retailers of equal volume that would weigh the same, summed over the groups."""
        n = self.n_by_group[0]
        parts = (self.requests[:n].astype(float), self.requests[n:].astype(float))
        return float(sum(part.sum() ** 2 / np.sum(part**2) for part in parts))


def read_two_groups(
    data: Sequence[Data],
    *,
    test: str,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    least: int = 1,
) -> TwoGroups:
    """Return two groups from counts, or from four numbers or arrays.

    Parameters
    ----------
    data
        ``(counts,)``: summed over periods and strata to one entry a retailer; or ``(e1, n1, e0,
        n0)``: errors and requests of the first group, then of the second, one entry a retailer.
    test
        Name of the test, for errors.
    groups
        First and second group of counts; differences are first minus second.
    period
        Only counts inside it; all by default.
    least
        Least number of retailers that the test needs in each group.

    Raises
    ------
    UsageError
        When errors are negative, fractional or above the requests, or lengths differ.
    NotAnswerableError
        When a group has fewer than `least` retailers with requests.

    Examples
    --------
    >>> two = read_two_groups(([1, 2], [10, 20], [3], [30]), test="a test")
    >>> two.totals, two.n_by_group
    ((3, 30, 3, 30), (2, 1))
    """
    if len(data) == 1 and isinstance(data[0], Counts):
        two = _from_counts(data[0], groups, period)
    elif len(data) == _FOUR and not any(isinstance(part, Counts) for part in data):
        two = _from_arrays([cast("ArrayLike", part) for part in data])
    else:
        raise UsageError(
            f"{test} takes counts, or errors and requests of the first group and then of the "
            f"second (e1, n1, e0, n0), not {len(data)} argument(s)"
        )
    named = [f"the group {name}" for name in groups]
    if not isinstance(data[0], Counts):
        named = ["the first group", "the second group"]
    for name, size in zip(named, two.n_by_group, strict=True):
        if size < least:
            raise NotAnswerableError(
                test,
                f"{name} has {size} retailer(s) with requests",
                f"at least {least} retailer(s) in each group",
            )
    return two


def _from_counts(counts: Counts, groups: tuple[str, str], period: Period | None) -> TwoGroups:
    inside = during(counts, period)
    frame = (inside.collapse() if inside.strata else inside).coded
    codes = frame["retailer"].cat.codes.to_numpy()
    names = [str(name) for name in frame["retailer"].cat.categories]
    errors, requests = (
        np.bincount(codes, frame[name], len(names)).astype(np.int64)
        for name in ("errors", "requests")
    )
    filed = np.bincount(codes, minlength=len(names)) > 0
    group_of = {retailer.retailer: retailer.group for retailer in inside.retailers}
    of_names = [group_of[name] for name in names]
    parts = [
        [place for place in np.flatnonzero(filed).tolist() if of_names[place] == group]
        for group in groups
    ]
    return _kept(
        [errors[part] for part in parts],
        [requests[part] for part in parts],
        [[names[place] for place in part] for part in parts],
        period or _span(frame),
    )


def _span(frame: "pd.DataFrame") -> Period | None:
    """Return the days from the first to the last of the rows; ``None`` without any."""
    if frame.empty:
        return None
    ends = frame["period_start"].to_numpy().min(), frame["period_end"].to_numpy().max()
    start, end = (date.fromisoformat(str(moment)[:10]) for moment in ends)
    return Period(start, end)


def _from_arrays(data: Sequence[ArrayLike]) -> TwoGroups:
    e1, n1, e0, n0 = (_whole(part) for part in data)
    for errors, requests, name in ((e1, n1, "first"), (e0, n0, "second")):
        if errors.shape != requests.shape:
            raise UsageError(
                f"the {name} group has {errors.size} numbers of errors and {requests.size} of "
                "requests: give one of each a retailer"
            )
        if (errors < 0).any() or (errors > requests).any():
            raise UsageError(f"errors of the {name} group must lie between 0 and the requests")
    names = [[str(place) for place in range(part.size)] for part in (n1, n0)]
    return _kept([e1, e0], [n1, n0], names, None)


def _whole(numbers: ArrayLike) -> Ints:
    given = np.atleast_1d(np.asarray(numbers))
    try:
        plain = given.astype(float)
    except (TypeError, ValueError):
        raise UsageError("errors and requests must be whole numbers, none missing") from None
    except OverflowError:
        raise _too_many() from None
    if given.ndim != 1 or not np.isfinite(plain).all() or (plain % 1 != 0).any():
        raise UsageError("errors and requests must be lists of whole numbers, none missing")
    if np.abs(plain).sum() > _MOST:
        raise _too_many()
    return given.astype(np.int64)


def _too_many() -> UsageError:
    return UsageError(f"a group can have {_MOST:,} requests at most: more are not counted exactly")


def _kept(
    errors: Sequence[Ints],
    requests: Sequence[Ints],
    names: Sequence[Sequence[str]],
    period: Period | None,
) -> TwoGroups:
    """Leave out retailers without requests: they have no rate."""
    kept = [part > 0 for part in requests]
    idle = sum(int((~part).sum()) for part in kept)
    return TwoGroups(
        np.concatenate([part[keep] for part, keep in zip(errors, kept, strict=True)]),
        np.concatenate([part[keep] for part, keep in zip(requests, kept, strict=True)]),
        (int(kept[0].sum()), int(kept[1].sum())),
        tuple(
            name
            for part, keep in zip(names, kept, strict=True)
            for name, stays in zip(part, keep, strict=True)
            if stays
        ),
        period,
        (text("inference.without_requests", n=idle),) if idle else (),
    )
