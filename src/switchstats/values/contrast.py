"""Estimates of single retailers and single periods, which a study's primary test sums up."""

from dataclasses import dataclass

from switchstats.periods import Period
from switchstats.values.interval import Interval
from switchstats.values.retailer import Retailer
from switchstats.values.shown import Shown

__all__ = ["PeriodEffect", "RetailerEffect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetailerEffect(Shown):
    """What a study finds for one retailer.

    Parameters
    ----------
    retailer
        Whose.
    estimate
        A difference of error rates, a fraction; below 0 is fewer errors.
    interval
        Confidence interval. Of a contrast within the retailer it holds sampling error alone:
        requests as independent draws. Months and retailers vary beyond that, so that it shows too
        much certainty about any one of them. Of a comparison with the retailers of another group
        (then with a p-value) it allows for how much these differ among themselves.
    weight
        Share of this retailer in the study's mean, ``None`` for one that is not in it.
    requests
        Exposed and unexposed requests that it rests on.
    covered
        Share of the retailer's requests that could be compared at all.
    p_value, p_adjusted
        One-sided, for fewer errors; by itself, and adjusted for the number of retailers (Holm).
    """

    retailer: Retailer
    estimate: float
    interval: Interval
    weight: float | None
    requests: tuple[float, float]
    covered: float
    p_value: float | None = None
    p_adjusted: float | None = None

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "retailer": self.retailer.retailer,
            "estimate": self.estimate,
            "interval": self.interval.to_dict(),
            "weight": self.weight,
            "requests_exposed": self.requests[0],
            "requests_unexposed": self.requests[1],
            "covered": self.covered,
            "p_value": self.p_value,
            "p_adjusted": self.p_adjusted,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodEffect(Shown):
    """What a study finds for one period, against its reference periods.

    Parameters
    ----------
    period
        When, in months before (negative) or after the end of access.
    offset
        Months from the month in which access ended, which is 0.
    estimate
        A difference of error rates, a fraction.
    interval
        Confidence interval, retailers as units; ``None`` where too few retailers have the month.
    n_units
        Retailers behind it.
    """

    offset: int
    estimate: float
    interval: Interval | None
    n_units: int
    period: Period | None = None

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "offset": self.offset,
            "period": None if self.period is None else self.period.to_dict(),
            "estimate": self.estimate,
            "interval": None if self.interval is None else self.interval.to_dict(),
            "n_units": self.n_units,
        }
