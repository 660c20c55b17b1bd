"""A difference of two weighted mean rates and its standard error, retailers being clusters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import Ints
from switchstats.inference.question import Direction
from switchstats.rates.ratio import (
    Estimator,
    Floats,
    Uncertainty,
    WorkingModel,
    ratio_of,
    uncertainty_of,
)
from switchstats.values import Weighting

__all__ = [
    "ESTIMANDS",
    "SAME",
    "Difference",
    "Freedom",
    "check_options",
    "difference_of",
    "model_for",
    "refuse_no_variation",
    "t_p_values",
]

Bools: TypeAlias = NDArray[np.bool_]
Freedom = Literal["usual", "effective"]

# A standard error below this share of the largest rate is the rounding of doubles.
SAME = 1e-12

ESTIMANDS: dict[Weighting, str] = {
    "requests": "request_weighted_difference",
    "equal": "equal_weight_difference",
}


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """First minus second group, by data set.

    Parameters
    ----------
    estimate
        Difference of the weighted mean rates.
    std_error
        Cluster-robust; NaN where the rates do not vary or a group has one cluster.
    df
        Degrees of freedom of the t distribution it is compared with.
    """

    estimate: Floats
    std_error: Floats
    df: Floats

    def p_values(self, null: float = 0.0, alternative: Direction = "two-sided") -> Floats:
        """Return the t test's p-values, NaN where the test is undefined."""
        return t_p_values((self.estimate - null) / self.std_error, self.df, alternative)


def difference_of(
    errors: Ints,
    requests: Ints,
    first: Bools,
    *,
    estimator: Estimator = "CR2",
    weighting: Weighting = "requests",
    working: WorkingModel | None = None,
    df: Freedom = "usual",
) -> Difference:
    """Return the difference of any number of data sets.

    Parameters
    ----------
    errors, requests
        Shape (..., k): one entry a retailer.
    first
        Shape (k,): whether the retailer belongs to the first group.
    estimator, weighting, working, df
        As in `cluster_robust`.
    """
    model = working or model_for(weighting)
    ratios = [
        ratio_of(errors[..., side], requests[..., side], weighting) for side in (first, ~first)
    ]
    parts = [
        uncertainty_of(ratio, requests[..., side], estimator, model)
        for ratio, side in zip(ratios, (first, ~first), strict=True)
    ]
    both = parts[0] + parts[1]
    clusters = ratios[0].n_units + ratios[1].n_units
    variance = both.variance * (clusters / (clusters - 1) if estimator == "CR1" else 1.0)
    if df == "effective":
        freedom = _joined(parts, [ratio.n_effective - 1 for ratio in ratios])
    else:
        freedom = both.satterthwaite_df if estimator == "CR2" else (clusters - 2).astype(float)
    largest = np.max(errors / np.where(requests > 0, requests, 1), axis=-1)
    std_error = np.sqrt(variance)
    return Difference(
        ratios[0].rate - ratios[1].rate,
        np.where(std_error > SAME * largest, std_error, np.nan),
        freedom,
    )


def _joined(parts: Sequence[Uncertainty], own: Sequence[Floats]) -> Floats:
    """Return Satterthwaite's degrees of freedom of a sum of variances with their own."""
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = sum((part.variance for part in parts), np.zeros(()))
        spent = [(part.variance / whole) ** 2 / df for part, df in zip(parts, own, strict=True)]
        return 1 / sum(spent, np.zeros(()))


def check_options(
    estimator: str, weighting: str, working: str | None = None, df: str = "usual"
) -> None:
    """Refuse options that do not exist.

    Raises
    ------
    UsageError
        Naming the option and its values.
    """
    if weighting not in get_args(Weighting):
        raise UsageError(f"weighting must be 'requests' or 'equal', not {weighting!r}")
    if estimator not in get_args(Estimator):
        raise UsageError(f"estimator must be 'CR1', 'CR2' or 'CR3', not {estimator!r}")
    if working is not None and working not in get_args(WorkingModel):
        raise UsageError(f"working must be 'requests' or 'retailers', not {working!r}")
    if df not in get_args(Freedom):
        raise UsageError(f"df must be 'usual' or 'effective', not {df!r}")


def model_for(weighting: Weighting) -> WorkingModel:
    """Return the working model under which these weights are the best ones."""
    return "requests" if weighting == "requests" else "retailers"


def t_p_values(t: Floats, df: Floats, alternative: Direction) -> Floats:
    """Return p-values of Student's t, NaN for NaN."""
    from scipy.special import stdtr

    if alternative == "two-sided":
        return 2 * stdtr(df, -np.abs(t))
    return stdtr(df, t if alternative == "less" else -t)


def refuse_no_variation(std_error: float, quantity: str) -> None:
    """Refuse a standard error that is no number.

    Raises
    ------
    NotAnswerableError
        When it is NaN: within each group all rates are the same.
    """
    if np.isnan(std_error):
        raise NotAnswerableError(
            quantity,
            "within each group all retailers have the same rate",
            "rates that vary within at least one group",
        )
