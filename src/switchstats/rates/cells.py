"""Requests and errors of each retailer within named strata, as standardising and splitting read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from switchstats.errors import UsageError
from switchstats.periods import Period
from switchstats.values import STRATA, Counts
from switchstats.values.keyed import categories, distinct_keys, sums_by

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cell_sums", "during", "span", "stratum_names"]


def cell_sums(counts: Counts, by: Sequence[str], period: Period | None = None) -> "pd.DataFrame":
    """Return the sums of every retailer's cells, without cells that have no request.

    Parameters
    ----------
    counts
        Requests and errors.
    by
        Strata that tell cells apart: any of the counts' and ``"period"``; one name or several.
    period
        Only counts inside it; all by default.

    Returns
    -------
    pandas.DataFrame
        Columns ``group``, ``retailer``, one of text for each of `by`, ``errors``, ``requests``.

    Raises
    ------
    UsageError
        For an unknown or repeated stratum, or ``"reason"``, which divides errors and not requests.
    NotAnswerableError
        For a stratum that these counts lack.
    """
    by = stratum_names(by)
    _check(by)
    inside = during(counts, period)
    table = inside.collapse(*(name for name in by if name != "period")).coded
    table = table[table["requests"] > 0]
    if "period" in by:
        table = table.assign(period=_named_periods(table))
    return sums_by(table, ["group", "retailer", *by], ["errors", "requests"])


def stratum_names(by: Sequence[str]) -> tuple[str, ...]:
    """Return the names of strata; a single text is one name, not its letters.

    Examples
    --------
    >>> stratum_names("area"), stratum_names(["area", "period"])
    (('area',), ('area', 'period'))
    """
    return (by,) if isinstance(by, str) else tuple(by)


def during(counts: Counts, period: Period | None) -> Counts:
    """Return the counts inside a period; all of them without one.

    Raises
    ------
    UsageError
        When it is no `Period`, such as its text.
    """
    if period is None:
        return counts
    if not isinstance(period, Period):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UsageError(
            f"period must be a Period, such as parse_period({period!r}), not {period!r}"
        )
    return counts.during(period)


def span(counts: Counts) -> Period | None:
    """Return the days from the first to the last of these counts; ``None`` without any."""
    periods = counts.periods
    if not periods:
        return None
    return Period(periods[0].start, max(period.end for period in periods))


def _named_periods(table: "pd.DataFrame") -> "pd.Series[pd.CategoricalDtype[str]]":
    """Return each row's period as text, such as ``2023-01-01/2023-02-01``."""
    days = ["period_start", "period_end"]
    first, place = distinct_keys(table, days)
    starts, ends = (table[name].iloc[first].dt.strftime("%Y-%m-%d") for name in days)
    return categories(list(starts + "/" + ends), place, table.index)


def _check(by: Sequence[str]) -> None:
    allowed = ("period", *(name for name in STRATA if name != "reason"))
    for place, name in enumerate(by):
        if name == "reason":
            raise UsageError("reason divides errors, not requests: it has no rate to hold fixed")
        if name not in allowed:
            raise UsageError(f"unknown stratum {name!r}; strata are {', '.join(allowed)}")
        if name in by[:place]:
            raise UsageError(f"the stratum {name!r} is named twice")
