"""The rate of each group from counts, with retailers as the units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.periods import Period
from switchstats.rates.cells import cell_sums, span
from switchstats.rates.random_effects import random_effects_mean
from switchstats.rates.ratio import Estimator, Ints, ratio_of, uncertainty_of
from switchstats.values import Counts, Interval, Shown

__all__ = ["GroupEstimate", "GroupWeighting", "group_rates"]

GroupWeighting: TypeAlias = Literal["requests", "equal", "random_effects"]

# A standard error below this share of the rate is the rounding of doubles.
_SAME = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEstimate(Shown):
    """The rate of one group and how well its retailers determine it.

    Parameters
    ----------
    group
        Which group.
    weighting
        ``"requests"``: every request counts once (加重平均); ``"equal"``: every retailer does;
        ``"random_effects"``: retailers count by how much their requests say.
    rate
        A fraction of requests.
    interval
        Confidence interval, cut at 0 and 1. ``None``, as `std_error` and `df`, when the group has
        one retailer or its rates do not vary: then the data do not say how uncertain the rate is.
    std_error, df
        Of Student's t.
    n_units, n_effective
        Retailers with requests, and how many equally weighted ones would weigh the same.
    period
        What the counts span.
    """

    group: str
    weighting: GroupWeighting
    rate: float
    interval: Interval | None
    std_error: float | None
    df: float | None
    n_units: int
    n_effective: float
    period: Period | None

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {
            "group": self.group,
            "weighting": self.weighting,
            "rate": self.rate,
            "interval": None if self.interval is None else self.interval.to_dict(),
            "std_error": self.std_error,
            "df": self.df,
            "n_units": self.n_units,
            "n_effective": self.n_effective,
            "period": None if self.period is None else self.period.to_dict(),
        }


def group_rates(
    counts: Counts,
    *,
    groups: Sequence[str] | None = None,
    period: Period | None = None,
    weighting: GroupWeighting = "requests",
    estimator: Estimator = "CR2",
    level: float = 0.95,
) -> dict[str, GroupEstimate]:
    """Return the rate of each group with an interval that treats retailers as the units.

    Parameters
    ----------
    counts
        Requests and errors.
    groups
        Which groups; all by default.
    period
        Only counts inside it; all by default.
    weighting
        ``"requests"``: all errors over all requests, a ratio estimator; ``"equal"``: the mean of
        the retailers' rates; ``"random_effects"``: see `random_effects_mean`.
    estimator
        Of the standard error, without effect on ``"random_effects"``. ``"CR2"``: unbiased under a
        working model, with Satterthwaite's degrees of freedom; the model is that a retailer's rate
        varies as 1 / requests for ``"requests"``, and alike for every retailer for ``"equal"``
        (where the standard error is that of a mean). ``"CR3"``: the jackknife; ``"CR1"``: plain,
        times n / (n - 1); both with the number of retailers less one.
    level
        Confidence of the intervals.

    Returns
    -------
    dict
        A `GroupEstimate` by group, in the order asked for.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has no requests.

    Notes
    -----
    The interval is that of Student's t: too short at rates near 0, and rough when few retailers
    have most of the requests (a small `df` says so).

    Sources: R. M. Bell and D. F. McCaffrey, Survey Methodology 28 (2002) 169-181;
    J. E. Pustejovsky and E. Tipton, Journal of Business & Economic Statistics 36 (2018) 672-683,
    doi:10.1080/07350015.2016.1247004.

    Examples
    --------
    >>> import pandas as pd
    >>> from switchstats.labels import Text
    >>> from switchstats.values import Retailer
    >>> names = ["a", "b", "c"]
    >>> frame = pd.DataFrame({"retailer": names, "requests": [10, 20, 30], "errors": [1, 4, 7]})
    >>> frame["period_start"], frame["period_end"] = "2023-01-01", "2023-02-01"
    >>> counts = Counts.of(frame, [Retailer(one, Text(one, one), "entrant") for one in names])
    >>> estimate = group_rates(counts)["entrant"]
    >>> round(estimate.rate, 4), round(estimate.std_error, 4), round(estimate.df, 2)
    (0.2, 0.0298, 1.67)
    """
    if weighting not in get_args(GroupWeighting):
        raise UsageError(
            f"weighting must be 'requests', 'equal' or 'random_effects', not {weighting!r}"
        )
    if estimator not in get_args(Estimator):
        raise UsageError(f"estimator must be 'CR1', 'CR2' or 'CR3', not {estimator!r}")
    if not 0 < level < 1:
        raise UsageError(f"level must be between 0 and 1, such as 0.95, not {level}")
    sums = cell_sums(counts, (), period)
    spanned = period or span(counts)
    chosen = (
        list(dict.fromkeys(one.group for one in counts.retailers)) if groups is None else groups
    )
    estimates: dict[str, GroupEstimate] = {}
    for group in chosen:
        own = sums[sums["group"] == group]
        if own.empty:
            raise NotAnswerableError(
                "the rate of a group", f"the group {group} has no requests", "requests"
            )
        errors, requests = (own[name].to_numpy(np.int64) for name in ("errors", "requests"))
        rate, std_error, df, n_effective = _estimate(errors, requests, weighting, estimator)
        known = std_error > _SAME * rate
        estimates[group] = GroupEstimate(
            group=group,
            weighting=weighting,
            rate=rate,
            interval=_interval(rate, std_error, df, level) if known else None,
            std_error=std_error if known else None,
            df=df if known else None,
            n_units=errors.size,
            n_effective=n_effective,
            period=spanned,
        )
    return estimates


def _estimate(
    errors: Ints, requests: Ints, weighting: GroupWeighting, estimator: Estimator
) -> tuple[float, float, float, float]:
    """Return rate, standard error, degrees of freedom and effective number of retailers."""
    if weighting == "random_effects":
        return _random_effects(errors, requests)
    ratio = ratio_of(errors, requests, weighting)
    n = errors.size
    if n == 1:
        return float(ratio.rate), 0.0, 0.0, 1.0
    uncertainty = uncertainty_of(
        ratio, requests, estimator, "requests" if weighting == "requests" else "retailers"
    )
    factor = n / (n - 1) if estimator == "CR1" else 1.0
    df = float(uncertainty.satterthwaite_df) if estimator == "CR2" else n - 1.0
    std_error = float(np.sqrt(factor * uncertainty.variance))
    return float(ratio.rate), std_error, df, float(ratio.n_effective)


def _random_effects(errors: Ints, requests: Ints) -> tuple[float, float, float, float]:
    pooled = float(errors.sum() / requests.sum())
    if errors.size == 1 or pooled in (0.0, 1.0):
        return pooled, 0.0, 0.0, float(errors.size)
    mean = random_effects_mean(errors, requests)
    weights = 1 / (pooled * (1 - pooled) / requests + mean.retailer_sd**2)
    n_effective = float(weights.sum() ** 2 / np.sum(weights**2))
    return mean.mean, mean.std_error, mean.df, n_effective


def _interval(rate: float, std_error: float, df: float, level: float) -> Interval:
    from scipy.special import stdtrit

    reach = float(stdtrit(df, (1 + level) / 2)) * std_error
    return Interval(max(rate - reach, 0.0), min(rate + reach, 1.0), "confidence", level)
