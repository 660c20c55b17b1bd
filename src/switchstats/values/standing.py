"""Where one retailer stands among all: its rate, drawn towards the others', and its rank."""

from dataclasses import dataclass

from switchstats.values.interval import Interval
from switchstats.values.retailer import Retailer
from switchstats.values.shown import Shown

__all__ = ["Standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Shown):
    """One row of a league of retailers, which never comes without its intervals.

    Parameters
    ----------
    retailer
        Who.
    requests, errors, rate
        What it filed.
    shrunk, shrunk_interval
        Its true rate given its own requests and the other retailers of its group, and a credible
        interval.
    rank, rank_interval
        Mean and credible interval of its rank by true rate, 1 for the lowest.
    limits
        Funnel limits at its number of requests, 95 % and 99.8 %, allowing for the retailers'
        differences beyond chance.
    outside
        Whether it lies outside each of them.
    """

    retailer: Retailer
    requests: int
    errors: int
    rate: float
    shrunk: float
    shrunk_interval: Interval
    rank: float
    rank_interval: Interval
    limits: tuple[tuple[float, float], tuple[float, float]]
    outside: tuple[bool, bool]

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "retailer": self.retailer.retailer,
            "group": self.retailer.group,
            "requests": self.requests,
            "errors": self.errors,
            "rate": self.rate,
            "shrunk": self.shrunk,
            "shrunk_interval": self.shrunk_interval.to_dict(),
            "rank": self.rank,
            "rank_interval": self.rank_interval.to_dict(),
            "limits_95": list(self.limits[0]),
            "limits_998": list(self.limits[1]),
            "outside_95": self.outside[0],
            "outside_998": self.outside[1],
        }
