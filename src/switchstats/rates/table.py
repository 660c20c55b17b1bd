"""Rates that a printed table gives: averages, means, medians, ranges and changes."""

from collections.abc import Callable, Sequence
from statistics import fmean, median

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.values import (
    Change,
    GroupRate,
    Interval,
    Period,
    PrintedRate,
    PublishedTable,
    RateDifference,
    Rates,
    RetailerRate,
    RoundingRule,
    Statistic,
    Weighting,
)

__all__ = ["changes", "difference", "summarise"]

_TWO_GROUPS = 2
_BEFORE_AND_AFTER = 2
_SUMMARIES: dict[Statistic, Callable[[Sequence[float]], float]] = {
    "mean": fmean,
    "median": median,
    "minimum": min,
    "maximum": max,
}


def summarise(table: PublishedTable, groups: Sequence[str] | None = None) -> Rates:
    """Return every rate that the table gives without guessing a volume.

    Printed averages are request-weighted and read as printed. Means, medians and ranges count
    each retailer once. Each carries the interval of values compatible with the printed digits:
    all four summaries rise with every rate, so that the ends are reached at the ends of the cells.

    Parameters
    ----------
    table
        The printed table.
    groups
        Groups to summarise; with two of them, also first minus second. All by default.

    Returns
    -------
    Rates
        Retailers in printed order; blank cells are left out.

    Notes
    -----
    No sampling error is given: the interval of a printed rate holds only its rounding.

    Source of arithmetic with intervals: R. E. Moore, Interval Analysis (1966), chapter 2.

    Examples
    --------
    >>> import switchstats as ss
    >>> table = ss.load_published("egc-083")
    >>> rates = ss.rates.summarise(table)
    >>> row = rates.group("incumbent", table.widest_period, "mean", "equal")
    >>> round(100 * row.rate, 2), row.interval.kind
    (19.01, 'rounding')
    """
    chosen = tuple(groups) if groups is not None else table.groups
    periods = [column.period for column in table.periods]
    retailers = tuple(
        RetailerRate(retailer, column.period, cell.value, cell.interval(table.rounding), cell)
        for retailer, row in zip(table.retailers, table.rows, strict=True)
        if row.group in chosen
        for column, cell in zip(table.periods, row.cells, strict=True)
        if cell is not None
    )
    summaries = tuple(
        row for period in periods for group in chosen for row in _group(table, group, period)
    )
    weightings: tuple[Weighting, ...] = ("requests", "equal")
    differences = tuple(
        difference(table, period, weighting, (chosen[0], chosen[1]))
        for period in periods
        for weighting in weightings
        if len(chosen) == _TWO_GROUPS
        and all(_mean(table, group, period, weighting) is not None for group in chosen)
    )
    parts = table.parts(table.widest_period)
    moved = changes(table, *parts) if len(parts) == _BEFORE_AND_AFTER else ()
    moved = tuple(change for change in moved if change.retailer.group in chosen)
    return Rates(table.periods, retailers, summaries, differences, moved)


def difference(
    table: PublishedTable,
    period: Period,
    weighting: Weighting,
    groups: tuple[str, str] = ("incumbent", "entrant"),
) -> RateDifference:
    """Return the first group's mean rate minus the second's in one period.

    Parameters
    ----------
    table, period
        Where and when.
    weighting
        ``"requests"``: of the printed weighted averages; ``"equal"``: of the retailers' means.
    groups
        First and second group.

    Returns
    -------
    RateDifference
        A fraction, with the interval of differences that the printed digits allow.

    Raises
    ------
    NotAnswerableError
        When the table does not print what it takes.

    Notes
    -----
    Both means may lie anywhere in their intervals, whatever the other.

    Source: R. E. Moore, Interval Analysis (1966), chapter 2.

    Examples
    --------
    >>> import switchstats as ss
    >>> table = ss.load_published("egc-083")
    >>> gap = ss.rates.difference(table, table.widest_period, "requests")
    >>> round(100 * gap.estimate, 2), round(100 * gap.interval.low, 2)
    (0.5, 0.4)
    """
    means = [_mean(table, group, period, weighting) for group in groups]
    if means[0] is None or means[1] is None:
        missing = groups[0] if means[0] is None else groups[1]
        raise NotAnswerableError(
            f"the {weighting}-weighted mean of group {missing!r}",
            "the table prints no such average or no rates of that group",
            "requests by retailer and period",
        )
    (one, one_low, one_high), (two, two_low, two_high) = means[0], means[1]
    interval = Interval(one_low - two_high, one_high - two_low, "rounding")
    return RateDifference(groups[0], groups[1], period, weighting, one - two, interval)


def changes(table: PublishedTable, before: Period, after: Period) -> tuple[Change, ...]:
    """Return each retailer's change of rate between two printed periods.

    A change mixes what moved within a retailer's requests and what kinds of request it filed;
    at a fixed mix it cannot be computed from rates alone.

    Parameters
    ----------
    table
        The printed table.
    before, after
        Two of its periods that do not overlap.

    Returns
    -------
    tuple of Change
        Of the retailers with both rates, in printed order; after minus before, as fractions, with
        the interval that the printed digits allow.

    Raises
    ------
    UsageError
        When the periods overlap: a part compared with its whole is not a change.

    Notes
    -----
    Source of arithmetic with intervals: R. E. Moore, Interval Analysis (1966), chapter 2.

    Examples
    --------
    >>> import switchstats as ss
    >>> table = ss.load_published("egc-083")
    >>> early, late = table.parts(table.widest_period)
    >>> round(100 * ss.rates.changes(table, early, late)[0].change, 1)
    -1.9
    """
    if before.overlaps(after):
        raise UsageError("a change needs two periods that do not overlap")
    first, second = table.column(before), table.column(after)
    rule = table.rounding
    moved: list[Change] = []
    for retailer, row in zip(table.retailers, table.rows, strict=True):
        old, new = row.cells[first], row.cells[second]
        if old is None or new is None:
            continue
        (old_low, old_high), (new_low, new_high) = old.bounds(rule), new.bounds(rule)
        interval = Interval(float(new_low - old_high), float(new_high - old_low), "rounding")
        moved.append(Change(retailer, before, after, float(new.exact - old.exact), interval))
    return tuple(moved)


def _group(table: PublishedTable, group: str, period: Period) -> list[GroupRate]:
    cells = table.rates(group, period)
    rows: list[GroupRate] = []
    average = table.average(group, period)
    if average is not None:
        interval = average.interval(table.rounding)
        rows.append(
            GroupRate(
                group,
                period,
                "mean",
                "requests",
                average.value,
                interval,
                len(cells),
                None,
                average,
            )
        )
    if not cells:
        return rows
    lows, highs = _ends(cells, table.rounding)
    values = [cell.value for cell in cells]
    for name, summary in _SUMMARIES.items():
        interval = Interval(summary(lows), summary(highs), "rounding")
        rate, size = summary(values), len(cells)
        rows.append(GroupRate(group, period, name, "equal", rate, interval, size, float(size)))
    return rows


def _mean(
    table: PublishedTable, group: str, period: Period, weighting: Weighting
) -> tuple[float, float, float] | None:
    """Value, low and high end of one mean."""
    if weighting == "requests":
        average = table.average(group, period)
        if average is None:
            return None
        low, high = average.bounds(table.rounding)
        return average.value, float(low), float(high)
    cells = table.rates(group, period)
    if not cells:
        return None
    lows, highs = _ends(cells, table.rounding)
    return fmean([cell.value for cell in cells]), fmean(lows), fmean(highs)


def _ends(cells: Sequence[PrintedRate], rule: RoundingRule) -> tuple[list[float], list[float]]:
    bounds = [cell.bounds(rule) for cell in cells]
    return [float(low) for low, _ in bounds], [float(high) for _, high in bounds]
