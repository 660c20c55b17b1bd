"""Every rate that counts give: retailers and groups, by period and over all of them."""

import numpy as np

from switchstats.labels import Text
from switchstats.periods import Period, format_period
from switchstats.rates.groups import GroupWeighting, group_rates
from switchstats.rates.proportion import proportion_interval
from switchstats.values import (
    Counts,
    GroupRate,
    PrintedPeriod,
    RateDifference,
    Rates,
    RetailerRate,
    Weighting,
)

__all__ = ["period_words", "summarise_counts"]

_MOST_COLUMNS = 6
_WEIGHTINGS: tuple[Weighting, ...] = ("requests", "equal")


def summarise_counts(counts: Counts, groups: tuple[str, str], level: float = 0.95) -> Rates:
    """Return the rates of both groups' retailers and of the groups, weighting named.

    Parameters
    ----------
    counts
        Requests and errors.
    groups
        First and second group; the differences are first minus second.
    level
        Confidence of the intervals: Wilson's for a retailer, which takes its requests as
        independent; that of `group_rates` for a group, with retailers as the units.

    Returns
    -------
    Rates
        By period where there are at most six, and over all of them. Retailers without requests in
        a period are left out. Differences carry no interval here: tests do.

    Examples
    --------
    >>> import pandas as pd
    >>> from switchstats.values import Retailer
    >>> names = ["a", "b", "c", "d"]
    >>> frame = pd.DataFrame({"retailer": names, "requests": [10, 30] * 2, "errors": [1, 6, 2, 9]})
    >>> frame["period_start"], frame["period_end"] = "2023-01-01", "2023-02-01"
    >>> sides = dict(zip(names, ["incumbent"] * 2 + ["entrant"] * 2))
    >>> counts = Counts.of(frame, [Retailer(x, Text(x, x), sides[x]) for x in names])
    >>> rates = summarise_counts(counts, ("incumbent", "entrant"))
    >>> [round(gap.estimate, 3) for gap in rates.differences]
    [-0.1, -0.1]
    """
    counts = counts.collapse()
    spans = _spans(counts)
    retailers: list[RetailerRate] = []
    summaries: list[GroupRate] = []
    differences: list[RateDifference] = []
    for period in spans:
        inside = counts.during(period)
        present = [group for group in groups if inside.group(group).requests]
        retailers += _retailers(inside, groups, period, level)
        for weighting in _WEIGHTINGS:
            found = group_rates(inside, groups=present, weighting=_named(weighting), level=level)
            summaries += [
                GroupRate(
                    group,
                    period,
                    "mean",
                    weighting,
                    estimate.rate,
                    estimate.interval,
                    estimate.n_units,
                    estimate.n_effective,
                )
                for group, estimate in found.items()
            ]
            if len(found) == len(groups):
                gap = found[groups[0]].rate - found[groups[1]].rate
                differences.append(RateDifference(*groups, period, weighting, gap, None))
    columns = tuple(PrintedPeriod(period, period_words(period)) for period in spans)
    return Rates(columns, tuple(retailers), tuple(summaries), tuple(differences))


def period_words(period: Period) -> Text:
    """Return a period's words in both languages.

    Examples
    --------
    >>> from datetime import date
    >>> period_words(Period(date(2023, 1, 1), date(2023, 3, 1)))["ja"]
    '2023年1～2月'
    """
    return Text(ja=format_period(period, "ja"), en=format_period(period, "en"))


def _spans(counts: Counts) -> tuple[Period, ...]:
    periods = counts.periods
    if not periods:
        return ()
    whole = Period(periods[0].start, max(period.end for period in periods))
    parts = periods if 1 < len(periods) <= _MOST_COLUMNS else ()
    return (whole, *(part for part in parts if part != whole))


def _named(weighting: Weighting) -> GroupWeighting:
    return "requests" if weighting == "requests" else "equal"


def _retailers(
    counts: Counts, groups: tuple[str, str], period: Period, level: float
) -> list[RetailerRate]:
    summed = counts.coded.groupby("retailer")[["requests", "errors"]].sum()
    found: list[RetailerRate] = []
    for group in groups:
        for retailer in counts.retailers:
            if retailer.group != group or retailer.retailer not in summed.index:
                continue
            requests, errors = (
                int(part) for part in np.asarray(summed.loc[retailer.retailer]).tolist()
            )
            if requests == 0:
                continue
            interval = proportion_interval(errors, requests, level=level)
            rate = errors / requests
            found.append(RetailerRate(retailer, period, rate, interval, base=requests))
    return found
