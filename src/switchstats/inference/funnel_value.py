"""A funnel of retailers as a value: what `funnel_limits` returns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from switchstats.errors import UsageError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values import Shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Funnel", "FunnelRetailer", "Overdispersion", "Transformation"]

Overdispersion = Literal["none", "additive", "multiplicative"]
Transformation = Literal["none", "arcsine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelRetailer(Shown):
    """One retailer in a funnel.

    Parameters
    ----------
    retailer, group
        Who; places in the given arrays, and no group, when no names were given.
    errors, requests, rate
        What it filed.
    z
        Distance from the target in standard errors by chance alone.
    z_adjusted
        The same after allowing for overdispersion.
    p_value
        Two-sided, of a rate equal to the target.
    limits
        Lower and upper limit of the rate at this number of requests, one pair a level.
    flagged
        Whether `p_value` is at most one minus the level, one answer a level.
    """

    retailer: str
    group: str | None
    errors: int
    requests: int
    rate: float
    z: float
    z_adjusted: float
    p_value: float
    limits: tuple[tuple[float, float], ...]
    flagged: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel(Shown):
    """Retailers against the limits within which a rate varies around a target.

    Parameters
    ----------
    retailers
        By requests, fewest first, so that their limits draw the funnel.
    target
        The rate in the middle.
    levels
        Of the limits.
    overdispersion, transformation, winsorise
        How the limits were made.
    phi
        Mean of the squared winsorised z-scores: 1 when only chance tells the retailers apart.
    tau2
        Variance between retailers on the scale of `transformation`, 0 when phi shows none.
    period
        What the counts span.
    notes
        What was left out.
    """

    retailers: tuple[FunnelRetailer, ...]
    target: float
    levels: tuple[float, ...]
    overdispersion: Overdispersion
    transformation: Transformation
    winsorise: float
    phi: float
    tau2: float
    period: Period | None
    notes: tuple[Text, ...] = ()

    @property
    def p_values(self) -> dict[str, float]:
        """Two-sided p-value by retailer, to be adjusted for the number of looks."""
        return {row.retailer: row.p_value for row in self.retailers}

    def flagged(self, level: float) -> tuple[str, ...]:
        """Return the retailers flagged at one of the levels.

        Raises
        ------
        UsageError
            When the funnel has no such level.
        """
        if level not in self.levels:
            raise UsageError(f"this funnel has the levels {self.levels}, not {level}")
        place = self.levels.index(level)
        return tuple(row.retailer for row in self.retailers if row.flagged[place])

    def to_frame(self) -> "pd.DataFrame":
        """Return one row a retailer, with the limits of each level, in a fresh pandas frame."""
        import pandas as pd

        return pd.DataFrame([self._plain(row) for row in self.retailers])

    def _plain(self, row: FunnelRetailer) -> dict[str, object]:
        plain: dict[str, object] = {
            "retailer": row.retailer,
            "group": row.group,
            "errors": row.errors,
            "requests": row.requests,
            "rate": row.rate,
            "z": row.z,
            "z_adjusted": row.z_adjusted,
            "p_value": row.p_value,
        }
        for level, (low, high), flagged in zip(self.levels, row.limits, row.flagged, strict=True):
            plain |= {f"low_{level:g}": low, f"high_{level:g}": high, f"flagged_{level:g}": flagged}
        return plain
