"""How far one retailer moves a difference of groups."""

from statistics import fmean

from switchstats.errors import NotAnswerableError
from switchstats.values import Influence, Period, PublishedTable

__all__ = ["leave_one_out", "most_influential"]


def leave_one_out(
    table: PublishedTable,
    period: Period,
    groups: tuple[str, str] = ("incumbent", "entrant"),
) -> tuple[Influence, ...]:
    """Return the equal-weight difference of the groups without each retailer in turn.

    Parameters
    ----------
    table, period
        Where and when; retailers without a rate in that period are not counted.
    groups
        First and second group; the difference is first minus second.

    Returns
    -------
    tuple of Influence
        The first group's retailers, then the second's, in printed order. A retailer that is
        alone in its group cannot be left out and is skipped.

    Raises
    ------
    NotAnswerableError
        When a group has no rate in that period.

    Notes
    -----
    The request-weighted average without a retailer needs volumes, which a printed table hides.

    Examples
    --------
    >>> import switchstats as ss
    >>> table = ss.load_published("egc-083")
    >>> moved = ss.rates.leave_one_out(table, table.widest_period)
    >>> ss.rates.most_influential(moved).retailer.retailer
    'hokuriku'
    """
    rates = {
        retailer: cell.value
        for group in groups
        for retailer in table.retailers
        if retailer.group == group and (cell := table.rate(retailer.retailer, period)) is not None
    }

    def gap(without: str | None) -> float:
        means = [
            fmean(
                [
                    rate
                    for retailer, rate in rates.items()
                    if retailer.group == group and retailer.retailer != without
                ]
            )
            for group in groups
        ]
        return means[0] - means[1]

    sizes = {group: sum(item.group == group for item in rates) for group in groups}
    if not all(sizes.values()):
        raise NotAnswerableError(
            "leave-one-retailer-out", "a group has no rate in this period", "rates of both groups"
        )
    whole = gap(None)
    return tuple(
        Influence(retailer, without := gap(retailer.retailer), without - whole)
        for retailer in rates
        if sizes[retailer.group] > 1
    )


def most_influential(influences: tuple[Influence, ...]) -> Influence | None:
    """Return the one with the largest shift, the first of equals; ``None`` when there is none."""
    return max(influences, key=lambda item: abs(item.shift), default=None)
