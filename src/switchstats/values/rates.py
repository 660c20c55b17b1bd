"""Error rates of retailers and groups by period, each with its weighting and interval."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from switchstats.labels import Text
from switchstats.periods import Period, format_period
from switchstats.values.interval import Interval
from switchstats.values.printed import PrintedRate
from switchstats.values.published import PrintedPeriod
from switchstats.values.result import Weighting
from switchstats.values.retailer import Retailer
from switchstats.values.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Change",
    "GroupRate",
    "Influence",
    "RateDifference",
    "RateOf",
    "Rates",
    "RetailerRate",
    "Statistic",
]

Statistic = Literal["mean", "median", "minimum", "maximum"]
RateOf = Literal["error_rate", "unresolved_share"]


@dataclass(frozen=True, slots=True)
class RetailerRate(Shown):
    """One retailer's rate in one period.

    Parameters
    ----------
    rate, interval
        Of requests, or of errors, as `Rates.of` says.
    printed
        The printed text, where it was read from a printed table.
    base
        The number of requests, or of errors, that it is a rate of; ``None`` where only a rate is
        printed.
    """

    retailer: Retailer
    period: Period
    rate: float
    interval: Interval | None
    printed: PrintedRate | None = None
    base: int | None = None


@dataclass(frozen=True, slots=True)
class GroupRate(Shown):
    """One summary of a group's rates in one period.

    Parameters
    ----------
    statistic
        ``"mean"``, ``"median"``, ``"minimum"`` or ``"maximum"``.
    weighting
        ``"requests"``: every request counts once (加重平均); ``"equal"``: every retailer does.
    rate
        As a fraction of requests.
    interval
        For a printed table: every value compatible with the printed digits.
    n_units
        Retailers behind it.
    n_effective
        One over the sum of squared shares; ``None`` when the shares are not known.
    printed
        The printed text, when the number was read and not computed.
    """

    group: str
    period: Period
    statistic: Statistic
    weighting: Weighting
    rate: float
    interval: Interval | None
    n_units: int
    n_effective: float | None
    printed: PrintedRate | None = None


@dataclass(frozen=True, slots=True)
class RateDifference(Shown):
    """First group's mean rate minus the second's in one period, under one weighting."""

    first: str
    second: str
    period: Period
    weighting: Weighting
    estimate: float
    interval: Interval | None

    def to_dict(self) -> dict[str, object]:
        """Return estimate and interval as plain types, ready for JSON."""
        return {
            "estimate": self.estimate,
            "interval": None if self.interval is None else self.interval.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Change(Shown):
    """One retailer's rate after minus before, with the rounding interval of the difference."""

    retailer: Retailer
    before: Period
    after: Period
    change: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Influence(Shown):
    """What leaving one retailer out does to an estimate.

    Parameters
    ----------
    retailer
        The one left out.
    estimate
        The estimate without it.
    shift
        That minus the estimate with all.
    """

    retailer: Retailer
    estimate: float
    shift: float

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "retailer": self.retailer.retailer,
            "name": self.retailer.name.to_dict(),
            "estimate_without": self.estimate,
            "shift": self.shift,
        }


@dataclass(frozen=True, slots=True)
class Rates(Shown):
    """All rates behind one finding.

    Parameters
    ----------
    periods
        Periods with their printed words.
    retailers, groups
        Rates by retailer, and their summaries by group.
    differences
        First group minus second, by period and weighting.
    changes
        By retailer, between the two parts of the longest period where it has two.
    influences
        The primary estimate without each retailer.
    of
        What the rates are: errors over requests, or errors that were not resolved over errors.
    """

    periods: tuple[PrintedPeriod, ...]
    retailers: tuple[RetailerRate, ...]
    groups: tuple[GroupRate, ...]
    differences: tuple[RateDifference, ...] = ()
    changes: tuple[Change, ...] = ()
    influences: tuple[Influence, ...] = ()
    of: RateOf = "error_rate"

    def label(self, period: Period) -> Text:
        """Return the printed words for `period`, plain ones for a period that has no column."""
        for column in self.periods:
            if column.period == period:
                return column.label
        return Text(ja=format_period(period, "ja"), en=format_period(period, "en"))

    def difference(self, period: Period, weighting: Weighting) -> RateDifference | None:
        """Return first group minus second, ``None`` when it is not there."""
        for gap in self.differences:
            if (gap.period, gap.weighting) == (period, weighting):
                return gap
        return None

    def group(
        self, group: str, period: Period, statistic: Statistic, weighting: Weighting
    ) -> GroupRate | None:
        """Return one summary, ``None`` when it is not there."""
        wanted = (group, period, statistic, weighting)
        for row in self.groups:
            if (row.group, row.period, row.statistic, row.weighting) == wanted:
                return row
        return None

    def to_frame(self) -> "pd.DataFrame":
        """Return a tidy pandas frame: retailers first, then the groups' summaries."""
        import pandas as pd

        retailers = [
            _row(item.period, item.rate, item.interval)
            | {
                "group": item.retailer.group,
                "retailer": item.retailer.retailer,
                "statistic": "rate",
                "weighting": None,
                "n_units": 1,
            }
            for item in self.retailers
        ]
        groups = [
            _row(item.period, item.rate, item.interval)
            | {
                "group": item.group,
                "retailer": None,
                "statistic": item.statistic,
                "weighting": item.weighting,
                "n_units": item.n_units,
            }
            for item in self.groups
        ]
        columns = ["group", "retailer", "statistic", "weighting", "period_start", "period_end"]
        columns += ["rate", "low", "high", "interval_kind", "n_units"]
        return pd.DataFrame(retailers + groups, columns=columns)


def _row(period: Period, rate: float, interval: Interval | None) -> dict[str, object]:
    return {
        "period_start": period.start,
        "period_end": period.end,
        "rate": rate,
        "low": None if interval is None else interval.low,
        "high": None if interval is None else interval.high,
        "interval_kind": None if interval is None else interval.kind,
    }
