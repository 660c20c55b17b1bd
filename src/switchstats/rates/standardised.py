"""Standardised rates as values: what `standardise` returns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from switchstats.errors import UsageError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import Caution, Interval, Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Method", "Standardised", "StandardisedRate"]

Method = Literal["direct", "indirect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardisedRate(Shown):
    """One group's or retailer's rate at the standard's mix.

    Parameters
    ----------
    name, group
        Group or retailer, and its group.
    rate
        Standardised rate, a fraction of requests.
    observed, expected
        Errors, and those expected at the standard's rates, in the strata that count.
    requests
        Requests in the strata that count.
    covered
        Direct: share of the standard's requests in the strata that count. Indirect: share of the
        own requests in strata in which the standard has any. 1 when nothing is missing.
    n_units
        Retailers with requests in the strata that count.
    std_error, df, interval
        From leaving out one retailer at a time, with Student's t; ``None`` where that is not sound.
    ratio
        Direct: `rate` over the standard's rate in the same strata, the comparative figure.
        Indirect: errors observed over expected. ``None`` when the standard has no errors there.
    ratio_interval
        Its interval.
    """

    name: str
    group: str
    rate: float
    observed: int
    expected: float
    requests: int
    covered: float
    n_units: int
    std_error: float | None = None
    df: float | None = None
    interval: Interval | None = None
    ratio: float | None = None
    ratio_interval: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised(Shown):
    """Standardised rates side by side.

    Parameters
    ----------
    rows
        One a group or retailer.
    method, by
        How, and over which strata.
    standard_rate
        The standard's own crude rate.
    uncovered
        Direct: strata of the standard that do not count for every row. Indirect: strata in which
        someone has requests and the standard none.
    level
        Confidence of the intervals.
    period
        What the counts span.
    cautions, notes
        Why a number may mislead, and why one is absent.
    """

    rows: tuple[StandardisedRate, ...]
    method: Method
    by: tuple[str, ...]
    standard_rate: float
    uncovered: tuple[str, ...]
    level: float
    period: Period | None
    cautions: tuple[Caution, ...] = ()
    notes: tuple[Text, ...] = ()

    def row(self, name: str) -> StandardisedRate:
        """Return the row of this group or retailer.

        Raises
        ------
        UsageError
            When there is none.
        """
        for row in self.rows:
            if row.name == name:
                return row
        raise UsageError(f"no standardised rate of {name!r}")

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a group or retailer in a fresh pandas frame."""
        import pandas as pd

        return pd.DataFrame([_plain(row) for row in self.rows])


def _plain(row: StandardisedRate) -> dict[str, object]:
    return {
        "name": row.name,
        "group": row.group,
        "rate": row.rate,
        "std_error": row.std_error,
        "low": None if row.interval is None else row.interval.low,
        "high": None if row.interval is None else row.interval.high,
        "ratio": row.ratio,
        "ratio_low": None if row.ratio_interval is None else row.ratio_interval.low,
        "ratio_high": None if row.ratio_interval is None else row.ratio_interval.high,
        "observed": row.observed,
        "expected": row.expected,
        "requests": row.requests,
        "covered": row.covered,
        "n_units": row.n_units,
    }
