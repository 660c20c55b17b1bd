"""The rate of a group as a ratio of errors to requests, with its retailers as clusters."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Estimator",
    "Floats",
    "Ints",
    "Ratio",
    "Uncertainty",
    "WorkingModel",
    "ratio_of",
    "sum_of_others",
    "uncertainty_of",
]

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Estimator = Literal["CR1", "CR2", "CR3"]
RatioWeighting = Literal["requests", "equal"]
WorkingModel = Literal["requests", "retailers"]


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """Weighted mean rates of groups, with what each retailer contributes.

    Arrays may have any leading axes (data sets); the last axis runs over retailers. Retailers
    without requests have share 0 and do not count.

    Parameters
    ----------
    rate
        Weighted mean of the retailers' rates, without the last axis.
    share
        Weight of each retailer over the sum of weights.
    rest
        One minus `share`, without the loss of digits.
    shift
        The mean minus the mean without the retailer; NaN when there is no other.
    """

    rate: Floats
    share: Floats
    rest: Floats
    shift: Floats

    @property
    def score(self) -> Floats:
        """Share times the distance of the retailer's rate from the mean; they sum to 0."""
        return self.shift * self.rest

    @property
    def n_units(self) -> Ints:
        """Retailers with a weight."""
        return np.count_nonzero(self.share, axis=-1)

    @property
    def n_effective(self) -> Floats:
        """One over the sum of squared shares."""
        return 1 / np.sum(self.share**2, axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """Squared standard error of a `Ratio`, and what its degrees of freedom are made of.

    Variances of independent groups add up, and so do the other two fields.

    Parameters
    ----------
    variance
        Squared standard error; of CR1 without its factor n / (n - 1).
    expected
        Of CR2: what its variance estimates under the working model, up to a factor.
    expected_square
        Half its own variance under the working model, up to the square of that factor.
    """

    variance: Floats
    expected: Floats
    expected_square: Floats

    def __add__(self, other: "Uncertainty") -> "Uncertainty":
        return Uncertainty(
            self.variance + other.variance,
            self.expected + other.expected,
            self.expected_square + other.expected_square,
        )

    @property
    def satterthwaite_df(self) -> Floats:
        """Degrees of freedom of the chi-squared distribution with the same two moments."""
        return self.expected**2 / self.expected_square


def ratio_of(errors: Ints, requests: Ints, weighting: RatioWeighting) -> Ratio:
    """Return the mean rate over the last axis, requests or retailers counting equally.

    Notes
    -----
    Everything is made of differences between a retailer's rate and that of all others together,
    so that a retailer with nearly all requests costs no digits.

    Examples
    --------
    >>> ratio = ratio_of(np.array([1, 6]), np.array([10, 30]), "requests")
    >>> float(ratio.rate), ratio.share.tolist(), ratio.shift.tolist()
    (0.175, [0.25, 0.75], [-0.025..., 0.075...])
    """
    rates = errors / np.where(requests > 0, requests, 1)
    weights = requests if weighting == "requests" else (requests > 0).astype(np.int64)
    weighted = errors if weighting == "requests" else rates
    total = weights.sum(axis=-1, keepdims=True)
    others = total - weights
    with np.errstate(divide="ignore", invalid="ignore"):
        share, rest = weights / total, others / total
        without = (weighted.sum(axis=-1, keepdims=True) - weighted) / others
        mean = weighted.sum(axis=-1) / total[..., 0]
        return Ratio(mean, share, rest, share * (rates - without))


def uncertainty_of(
    ratio: Ratio, requests: Ints, estimator: Estimator, working: WorkingModel
) -> Uncertainty:
    """Return the cluster-robust squared standard error.

    Parameters
    ----------
    ratio
        From `ratio_of`.
    requests
        As given to it.
    estimator
        ``"CR1"``: squared scores; ``"CR2"``: divided so that they are unbiased under the working
        model; ``"CR3"``: squared shifts, the jackknife that leaves one retailer out in turn.
    working
        Of CR2: how the variance of a retailer's rate is taken to depend on its requests.
        ``"requests"``: it is proportional to 1 / requests, as if all requests were independent;
        ``"retailers"``: it is the same for every retailer, as if only retailers varied.

    Notes
    -----
    For one mean, the adjustment matrices of CR2 are numbers. With shares s, working variances v and
    T the sum of s^2 v, a residual has working variance r = (1 - s)^2 v + (T - s^2 v), so the
    squared residual is multiplied by v / r; for v = 1 / requests and s proportional to requests
    that is 1 / (1 - s). Under the working model the products of two adjusted scores are known too,
    and the sum of their squares gives Satterthwaite's degrees of freedom.

    Sources: R. M. Bell and D. F. McCaffrey, Survey Methodology 28 (2002) 169-181; J. E. Pustejovsky
    and E. Tipton, Journal of Business & Economic Statistics 36 (2018) 672-683,
    doi:10.1080/07350015.2016.1247004, equations 6 to 11. CR3 is the sum of squares as in their
    software clubSandwich, without the factor (n - 1) / n that some jackknives have.
    """
    if estimator == "CR2":
        return _bias_reduced(ratio, requests, working)
    parts = ratio.shift if estimator == "CR3" else ratio.score
    variance = np.sum(parts**2, axis=-1)
    return Uncertainty(variance, np.ones_like(variance), np.ones_like(variance))


def _bias_reduced(ratio: Ratio, requests: Ints, working: WorkingModel) -> Uncertainty:
    noise = 1 / np.maximum(requests, 1) if working == "requests" else np.ones(requests.shape)
    parts = ratio.share**2 * noise
    residual = ratio.rest**2 * noise + sum_of_others(parts)
    expected = parts.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.sum(ratio.score**2 * noise / residual, axis=-1)
        square = _sum_of_squared_products(parts / residual, ratio.share * noise, residual, expected)
        # Their matrix has rank n - 1 and no negative eigenvalue; rounding must not break that.
        least = expected**2 / (ratio.n_units - 1)
    return Uncertainty(variance, expected, np.clip(square, least, expected**2))


def _sum_of_squared_products(
    factor: Floats, cross: Floats, residual: Floats, expected: Floats
) -> Floats:
    """Return the sum of the squared working covariances of all pairs of adjusted scores.

    The squared covariance of i and j is f_i f_j (T - c_i - c_j)^2, of i with itself f_i^2 r_i^2.
    """
    apart = cross - expected[..., None] / 2
    total = factor.sum(axis=-1)
    first = np.sum(factor * apart, axis=-1)
    second = np.sum(factor * apart**2, axis=-1)
    own = np.sum(factor**2 * (residual**2 - 4 * apart**2), axis=-1)
    return 2 * total * second + 2 * first**2 + own


def sum_of_others(parts: Floats) -> Floats:
    """Return, for each entry of the last axis, the sum of all the others."""
    padded = np.zeros((*parts.shape[:-1], parts.shape[-1] + 1))
    before, after = padded.copy(), padded
    np.cumsum(parts, axis=-1, out=before[..., 1:])
    np.cumsum(parts[..., ::-1], axis=-1, out=after[..., 1:])
    return before[..., :-1] + after[..., -2::-1]
