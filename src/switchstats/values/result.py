"""What one test says, with its estimand, units and interval."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from switchstats.errors import UsageError
from switchstats.labels import Text
from switchstats.periods import Period
from switchstats.values.caution import Caution
from switchstats.values.interval import Interval
from switchstats.values.shown import Shown

__all__ = ["Alternative", "Scale", "TestResult", "TestWeighting", "Units", "Weighting"]

Alternative = Literal["two-sided", "less", "greater", "equivalence"]
Weighting = Literal["equal", "requests"]
TestWeighting = Literal["equal", "requests", "precision", "model", "strata"]
Scale = Literal["difference", "odds_ratio", "risk_ratio", "log_odds_ratio"]
Units = Literal["retailers", "requests"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult(Shown):
    """The outcome of one test of the first group against the second.

    Parameters
    ----------
    method
        Name of the function that computed it, such as ``"permutation"``.
    estimand
        Catalogue key below ``estimand.`` that says in words what is estimated.
    weighting
        ``"equal"``: every retailer counts once; ``"requests"``: every request counts once;
        ``"precision"``: by inverse variance; ``"model"``: by likelihood; ``"strata"``: by
        stratum, as the method's notes say.
    estimate
        First group against second on `scale`; infinite only for a ratio with an empty cell.
    null
        Its value under the null hypothesis.
    alternative
        ``"less"``: the first group's rate is lower than `null` allows.
    p_value
        Between 0 and 1, never 0 for a resampling test.
    interval
        From the same procedure, inverted; one-sided for a one-sided alternative.
    n_units, n_by_group
        Units in all, and in the first and second group.
    n_effective
        One over the sum of squared shares, summed over the groups: the number of equally weighted
        units that would weigh the same.
    scale
        ``"difference"``: first minus second, a fraction of requests; ratios: first over second;
        ``"log_odds_ratio"``: natural logarithm.
    units
        What was treated as independent. ``"requests"`` only in labelled naive comparisons, which
        carry a caution.
    statistic, df, std_error
        Where the method has them.
    p_rounding
        Range of the p-value over every set of rates that prints as the same digits.
    p_std_error
        Monte Carlo standard error of the p-value; ``None`` when it is exact.
    seed
        Seed of the Monte Carlo draw.
    period
        Period of the rates compared.
    baseline
        For a test of changes: the earlier period, from which the rates changed.
    quantities
        Further numbers of the method by name, such as ``"intra_retailer_correlation"``.
    variant
        Which of several declared ways of estimating the same thing this is, in words.
    cautions
        Why this result may mislead, for programs and readers.
    notes
        What the reader of this number must know besides.
    """

    __test__ = False  # not a pytest class

    method: str
    estimand: str
    weighting: TestWeighting
    estimate: float
    null: float
    alternative: Alternative
    p_value: float
    interval: Interval | None
    n_units: int
    n_by_group: tuple[int, int]
    n_effective: float
    scale: Scale = "difference"
    units: Units = "retailers"
    statistic: float | None = None
    df: float | None = None
    std_error: float | None = None
    p_rounding: Interval | None = None
    p_std_error: float | None = None
    seed: int | None = None
    period: Period | None = None
    baseline: Period | None = None
    quantities: Mapping[str, float] = field(default_factory=dict[str, float])
    variant: Text | None = None
    cautions: tuple[Caution, ...] = ()
    notes: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.p_value <= 1:
            raise UsageError(f"a p-value must be between 0 and 1, not {self.p_value}")
        if self.alternative not in get_args(Alternative):
            raise UsageError(f"unknown alternative: {self.alternative!r}")

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON; what is absent is ``None``."""
        return {
            "method": self.method,
            "estimand": self.estimand,
            "weighting": self.weighting,
            "period": None if self.period is None else self.period.to_dict(),
            "baseline": None if self.baseline is None else self.baseline.to_dict(),
            "scale": self.scale,
            "estimate": self.estimate if math.isfinite(self.estimate) else None,
            "null": self.null,
            "alternative": self.alternative,
            "p_value": self.p_value,
            "interval": None if self.interval is None else self.interval.to_dict(),
            "units": self.units,
            "n_units": self.n_units,
            "n_by_group": list(self.n_by_group),
            "n_effective": self.n_effective,
            "statistic": self.statistic,
            "df": self.df,
            "std_error": self.std_error,
            "p_rounding": None if self.p_rounding is None else self.p_rounding.to_dict(),
            "p_std_error": self.p_std_error,
            "seed": self.seed,
            "quantities": dict(self.quantities),
            "variant": None if self.variant is None else self.variant.to_dict(),
            "cautions": [caution.to_dict() for caution in self.cautions],
            "notes": [note.to_dict() for note in self.notes],
        }
