"""How far one retailer moves a difference of groups."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.periods import Period
from switchstats.rates.cells import cell_sums
from switchstats.values import Counts, Influence, PublishedTable, Retailer, Weighting

__all__ = ["influence", "most_influential"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Side:
    """One group's retailers with their rates and weights."""

    retailers: tuple[Retailer, ...]
    rates: Floats
    weights: Floats

    @property
    def mean(self) -> float:
        return float(self.weights @ self.rates / self.weights.sum())

    def means_without(self) -> Floats:
        """Return the mean without each retailer in turn; none when there is only one."""
        if len(self.retailers) == 1:
            return np.empty(0)
        weighted = self.weights * self.rates
        return (weighted.sum() - weighted) / (self.weights.sum() - self.weights)


def influence(
    data: Counts | PublishedTable,
    *,
    groups: tuple[str, str] = ("incumbent", "entrant"),
    period: Period | None = None,
    weighting: Weighting = "equal",
) -> tuple[Influence, ...]:
    """Return the difference of the groups' mean rates without each retailer in turn.

    Parameters
    ----------
    data
        Counts, or a printed table.
    groups
        First and second group; the difference is first minus second.
    period
        Only counts inside it, all by default; of a table one of its columns, the longest by
        default. Retailers without requests, or without a printed rate, are not counted.
    weighting
        ``"equal"``: each retailer counts once; ``"requests"``: each request does.

    Returns
    -------
    tuple of Influence
        The first group's retailers, then the second's: by identifier, of a table in printed order.
        A retailer that is alone in its group cannot be left out and is skipped.

    Raises
    ------
    UsageError
        When the weighting is unknown.
    NotAnswerableError
        When a group has no rate, or for ``"requests"`` of a printed table, which hides volumes.

    Notes
    -----
    A large shift shows that the difference hangs on one retailer, not that the retailer is wrong.

    Source: R. D. Cook and S. Weisberg, Residuals and Influence in Regression (1982), chapter 3.

    Examples
    --------
    >>> import switchstats as ss
    >>> moved = ss.rates.influence(ss.load_published("egc-083"))
    >>> ss.rates.most_influential(moved).retailer.retailer
    'hokuriku'
    """
    if weighting not in get_args(Weighting):
        raise UsageError(f"weighting must be 'equal' or 'requests', not {weighting!r}")
    if isinstance(data, PublishedTable):
        first, second = _printed(data, groups, period or data.widest_period, weighting)
    else:
        first, second = _counted(data, groups, period, weighting)
    if not (first.retailers and second.retailers):
        raise NotAnswerableError(
            "leave-one-retailer-out", "a group has no rate in this period", "rates of both groups"
        )
    whole = first.mean - second.mean
    without = np.concatenate(
        [first.means_without() - second.mean, first.mean - second.means_without()]
    )
    left_out = [one for side in (first, second) if side.rates.size > 1 for one in side.retailers]
    return tuple(
        Influence(retailer, float(gap), float(gap) - whole)
        for retailer, gap in zip(left_out, without, strict=True)
    )


def most_influential(influences: tuple[Influence, ...]) -> Influence | None:
    """Return the retailer without whom the difference moves most.

    Parameters
    ----------
    influences
        From `influence`.

    Returns
    -------
    Influence or None
        The one with the largest shift in size, the first of equals; ``None`` of none.

    Examples
    --------
    >>> import switchstats as ss
    >>> moved = ss.rates.influence(ss.load_published("egc-083"))
    >>> most = most_influential(moved)
    >>> most.retailer.retailer, round(100 * most.shift, 2)
    ('hokuriku', -1.27)
    """
    return max(influences, key=lambda item: abs(item.shift), default=None)


def _printed(
    table: PublishedTable, groups: tuple[str, str], period: Period, weighting: Weighting
) -> tuple[_Side, _Side]:
    if weighting == "requests":
        raise NotAnswerableError(
            "the request-weighted average without a retailer",
            "a printed table hides the volumes",
            "requests and errors by retailer",
        )
    sides = [
        [
            (one, cell.value)
            for one in table.retailers
            if one.group == group and (cell := table.rate(one.retailer, period)) is not None
        ]
        for group in groups
    ]
    first, second = (
        _Side(
            tuple(one for one, _ in side), np.array([rate for _, rate in side]), np.ones(len(side))
        )
        for side in sides
    )
    return first, second


def _counted(
    counts: Counts, groups: tuple[str, str], period: Period | None, weighting: Weighting
) -> tuple[_Side, _Side]:
    sums = cell_sums(counts, (), period)
    known = {one.retailer: one for one in counts.retailers}
    sides: list[_Side] = []
    for group in groups:
        side = sums[sums["group"] == group]
        requests: Floats = side["requests"].to_numpy(float)
        sides.append(
            _Side(
                tuple(known[str(name)] for name in side["retailer"]),
                side["errors"].to_numpy(float) / requests,
                requests if weighting == "requests" else np.ones(requests.size),
            )
        )
    return sides[0], sides[1]
