"""One comparison of two groups' rates in one period, and the terms on which it is judged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb

from switchstats.inference import permutation
from switchstats.inference.question import Direction
from switchstats.inference.splits import N_DRAWS
from switchstats.labels import Text, group_name, text
from switchstats.studies.decide import Conclusion, conclude
from switchstats.values import Period, PrintedRate, RoundingRule, TestResult

__all__ = ["Comparison"]

_SMALLEST_GROUP = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Rates of two groups, one a retailer, with level, margin and seed."""

    groups: tuple[str, str]
    period: Period
    first: Sequence[PrintedRate] | Sequence[float]
    second: Sequence[PrintedRate] | Sequence[float]
    rounding: RoundingRule
    level: float
    margin: float | None
    seed: int
    n_draws: int = N_DRAWS

    @property
    def n_units(self) -> int:
        """Retailers in both groups."""
        return len(self.first) + len(self.second)

    @property
    def obstacle(self) -> Text | None:
        """Why the permutation test cannot be run at this level, ``None`` when it can."""
        for group, rates in zip(self.groups, (self.first, self.second), strict=True):
            if len(rates) < _SMALLEST_GROUP:
                return text("reason.group_too_small", group=group_name(group), n=len(rates))
        splits = comb(self.n_units, len(self.first))
        if 1 / splits > 1 - self.level:
            return text("reason.too_few_splits", n=splits, floor=f"{1 / splits:.3f}")
        return None

    def permutation(self, alternative: Direction) -> TestResult:
        """Return the permutation test of the equal-weight difference."""
        result = permutation(
            self.first,
            self.second,
            alternative=alternative,
            level=self.level,
            rounding=self.rounding,
            n_draws=self.n_draws,
            seed=self.seed,
        )
        return replace(result, period=self.period)

    def conclude(self) -> Conclusion:
        """Return what the two one-sided bounds say."""
        return conclude(self.permutation("less"), self.permutation("greater"), self.margin)

    def printed(self) -> "Comparison":
        """Return the same with the printed rates as plain numbers."""
        return replace(self, first=_plain(self.first), second=_plain(self.second))

    def corners(self) -> tuple["Comparison", "Comparison"]:
        """Return the two extremes that round to the printed digits.

        Raising a rate of the first group, or lowering one of the second, moves the difference, both
        bounds and both one-sided p-values one way only, so that all other roundings lie between.
        """
        first_low, first_high = self._ends(self.first)
        second_low, second_high = self._ends(self.second)
        return (
            replace(self, first=first_low, second=second_high),
            replace(self, first=first_high, second=second_low),
        )

    def without(self, index: int) -> "Comparison":
        """Return the same without the retailer at `index`, counted through both groups."""
        first, second = _plain(self.first), _plain(self.second)
        size = len(first)
        return replace(
            self,
            first=[rate for place, rate in enumerate(first) if place != index],
            second=[rate for place, rate in enumerate(second, size) if place != index],
        )

    def _ends(
        self, rates: Sequence[PrintedRate] | Sequence[float]
    ) -> tuple[list[float], list[float]]:
        bounds = [
            rate.bounds(self.rounding) if isinstance(rate, PrintedRate) else (rate, rate)
            for rate in rates
        ]
        return [float(low) for low, _ in bounds], [float(high) for _, high in bounds]


def _plain(rates: Sequence[PrintedRate] | Sequence[float]) -> list[float]:
    return [rate.value if isinstance(rate, PrintedRate) else float(rate) for rate in rates]
