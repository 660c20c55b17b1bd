"""Rates of groups or retailers at one and the same mix of strata."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.rates.cells import span, stratum_names
from switchstats.rates.delete_one import spread_of_rate, spread_of_ratio
from switchstats.rates.standard_table import Named, StandardTable, Units, read_standard_table
from switchstats.rates.standardised import Method, Standardised, StandardisedRate
from switchstats.values import Caution, Counts, Interval

__all__ = ["standardise"]

Bools = NDArray[np.bool_]
Support = Literal["common", "own"]


def standardise(  # noqa: PLR0913 -- a standardisation has many settings
    counts: Counts,
    by: Sequence[str],
    *,
    method: Method = "direct",
    standard: Named | Counts = "pooled",
    groups: tuple[str, str] = ("incumbent", "entrant"),
    units: Units = "groups",
    support: Support = "common",
    period: Period | None = None,
    level: float = 0.95,
) -> Standardised:
    """Return the rates that groups or retailers would have at one and the same mix of strata.

    Direct: each stratum's rate, weighted by the standard's requests. Indirect: errors observed over
    errors expected at the standard's rates, times the standard's crude rate; the mix that counts is
    then each one's own, so that two indirect rates compare with the standard and not, strictly,
    with each other.

    Parameters
    ----------
    counts
        Requests and errors.
    by
        Strata to hold fixed, such as ``("area", "period")``.
    method
        ``"direct"`` or ``"indirect"``.
    standard
        ``"pooled"``: both groups together; ``"first"`` or ``"second"``: that group; or any counts.
    groups
        First and second group.
    units
        ``"groups"``: one rate a group; ``"retailers"``: one for each of their retailers.
    support
        Direct only, for strata in which someone has no requests. ``"common"``: only strata count in
        which all have some, so that the rates compare; ``"own"``: each one's own count. What is
        left out is told in `covered` and `uncovered`.
    period
        Only counts inside it; all by default.
    level
        Confidence of the intervals.

    Returns
    -------
    Standardised
        Groups in the given order, or retailers by group and identifier.

    Raises
    ------
    UsageError
        When an argument is out of range.
    NotAnswerableError
        When the counts lack a stratum or a group, no stratum counts, or no errors are expected.

    Notes
    -----
    Standard errors take retailers as the independent units: each group's rate without each retailer
    in turn (the jackknife: (K - 1)/K times the squared distances from the rate itself), with
    Student's t on K - 1 degrees of freedom. The standard is taken as fixed. They are absent when a
    stratum rests on one retailer, since the rate without it is undefined, when the retailers do not
    vary, and for a single retailer. With few retailers, or one much larger than the others, the
    intervals are approximate. The ratio of a retailer has the exact Poisson interval (F. Garwood,
    Biometrika 28 (1936) 437-442), which takes its requests as independent.

    Source: E. M. Kitagawa, Demography 1 (1964) 296-315.

    Examples
    --------
    >>> import pandas as pd
    >>> from switchstats.labels import Text
    >>> from switchstats.values import Retailer
    >>> month = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
    >>> rows = [("a", "01", 90, 18), ("a", "02", 10, 1), ("b", "01", 10, 2), ("b", "02", 90, 9)]
    >>> names = ("retailer", "area", "requests", "errors")
    >>> counts = Counts.of(
    ...     pd.DataFrame([dict(zip(names, row)) | month for row in rows]),
    ...     [Retailer("a", Text("a", "a"), "incumbent"), Retailer("b", Text("b", "b"), "entrant")],
    ... )
    >>> found = standardise(counts, ("area",))
    >>> [round(row.rate, 3) for row in found.rows], found.rows[0].std_error
    ([0.15, 0.15], None)
    """
    _check(method, standard, units, support)
    if not 0 < level < 1:
        raise UsageError(f"level must be between 0 and 1, such as 0.95, not {level}")
    table = read_standard_table(
        counts, by, standard=standard, groups=groups, units=units, period=period
    )
    if method == "direct":
        rows, uncovered = _direct(table, level, common=support == "common")
    else:
        rows, uncovered = _indirect(table, level, units)
    poisson = method == "indirect" and units == "retailers"
    absent = units == "groups" and any(row.std_error is None for row in rows)
    return Standardised(
        rows=rows,
        method=method,
        by=stratum_names(by),
        standard_rate=table.standard_rate,
        uncovered=uncovered,
        level=level,
        period=period or span(counts),
        cautions=(Caution.of("requests_as_units"),) if poisson else (),
        notes=(text("inference.no_standardised_error"),) if absent else (),
    )


def _check(method: str, standard: object, units: str, support: str) -> None:
    wanted = {"method": (method, Method), "units": (units, Units), "support": (support, Support)}
    for name, (given, allowed) in wanted.items():
        if given not in get_args(allowed):
            raise UsageError(f"{name} must be one of {', '.join(get_args(allowed))}, not {given!r}")
    if not isinstance(standard, Counts) and standard not in get_args(Named):
        raise UsageError(
            f"standard must be 'pooled', 'first', 'second' or counts, not {standard!r}"
        )


def _direct(
    table: StandardTable, level: float, *, common: bool
) -> tuple[tuple[StandardisedRate, ...], tuple[str, ...]]:
    in_standard = table.requests_of_standard > 0
    own = [table.has_requests(at) & in_standard for at in range(len(table.names))]
    everywhere = np.logical_and.reduce(own)
    rows = tuple(
        _direct_rate(table, at, everywhere if common else mine, level)
        for at, mine in enumerate(own)
    )
    return rows, table.named(in_standard & ~everywhere)


def _direct_rate(table: StandardTable, at: int, strata: Bools, level: float) -> StandardisedRate:
    if not strata.any():
        raise NotAnswerableError(
            f"the directly standardised rate of {table.names[at][0]}",
            "no stratum of the standard has requests of everyone compared",
            "coarser strata, or support='own', which gives up that the rates compare",
        )
    cells = table.cells[at].kept(strata)
    volume = np.where(strata, table.requests_of_standard, 0.0)
    weights = volume / volume.sum()
    rate = float(cells.errors_by_stratum / np.maximum(cells.requests_by_stratum, 1) @ weights)
    reference = float(table.standard_rates @ weights)
    spread = spread_of_rate(cells, weights)
    row = replace(
        _row(table, at, strata),
        rate=rate,
        covered=float(volume.sum() / table.requests_of_standard.sum()),
        ratio=rate / reference if reference else None,
    )
    if spread is None:
        return row
    interval = spread.around_rate(rate, level)
    return replace(
        row,
        std_error=spread.std_error,
        df=spread.df,
        interval=interval,
        ratio_interval=_times(interval, 1 / reference) if reference else None,
    )


def _indirect(
    table: StandardTable, level: float, units: Units
) -> tuple[tuple[StandardisedRate, ...], tuple[str, ...]]:
    in_standard = table.requests_of_standard > 0
    own = [table.has_requests(at) for at in range(len(table.names))]
    rows = tuple(
        _indirect_rate(table, at, mine & in_standard, level, units) for at, mine in enumerate(own)
    )
    return rows, table.named(np.logical_or.reduce(own) & ~in_standard)


def _indirect_rate(
    table: StandardTable, at: int, strata: Bools, level: float, units: Units
) -> StandardisedRate:
    cells = table.cells[at].kept(strata)
    observed, expected = cells.errors_by_retailer, cells.expected(table.standard_rates)
    if expected.sum() == 0:
        raise NotAnswerableError(
            f"errors observed over expected of {table.names[at][0]}",
            "the standard has no errors where it filed",
            "a standard with errors in the same strata",
        )
    row = _row(table, at, strata)
    ratio = row.observed / row.expected
    row = replace(
        row,
        rate=ratio * table.standard_rate,
        covered=row.requests / float(table.cells[at].requests.sum()),
        ratio=ratio,
    )
    if units == "retailers":
        interval = _poisson(row.observed, row.expected, level)
        return replace(row, ratio_interval=interval)
    spread = spread_of_ratio(observed, expected)
    if spread is None:
        return row
    interval = spread.around_ratio(ratio, level)
    return replace(
        row,
        std_error=spread.std_error * table.standard_rate,
        df=spread.df,
        interval=_times(interval, table.standard_rate),
        ratio_interval=interval,
    )


def _row(table: StandardTable, at: int, strata: Bools) -> StandardisedRate:
    """Return what both methods tell of a row; the rate and what is covered are theirs to fill."""
    name, group = table.names[at]
    cells = table.cells[at].kept(strata)
    return StandardisedRate(
        name=name,
        group=group,
        rate=0.0,
        observed=int(cells.errors.sum()),
        expected=float(cells.requests_by_stratum @ table.standard_rates),
        requests=int(cells.requests.sum()),
        covered=1.0,
        n_units=cells.n_retailers,
    )


def _poisson(observed: int, expected: float, level: float) -> Interval:
    """Return Garwood's exact interval of a ratio to a fixed expectation."""
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    low = float(gammaincinv(observed, tail)) if observed else 0.0
    high = float(gammaincinv(observed + 1, 1 - tail))
    return Interval(low / expected, high / expected, "confidence", level)


def _times(interval: Interval, factor: float) -> Interval:
    low, high = (None if end is None else end * factor for end in (interval.low, interval.high))
    return Interval(low, high, interval.kind, interval.level)
