"""Random-effects means of retailers' rates: Paule-Mandel or REML, with Hartung-Knapp's error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import NotAnswerableError, UsageError

__all__ = [
    "HeterogeneityMethod",
    "Pooled",
    "RandomEffectsMean",
    "VarianceOf",
    "check_method",
    "pool",
    "random_effects_mean",
    "rate_variances",
]

Floats = NDArray[np.float64]
HeterogeneityMethod = Literal["paule_mandel", "reml"]
VarianceOf = Literal["pooled", "own"]

_LEAST_RETAILERS = 2
_MOST_STEPS = 500
# Change of the variance between retailers, against itself and the least sampling variance, at
# which it counts as found.
_FOUND = 1e-13
_LEAST = 1e-300


# Change that brings variances between retailers nearer, from effects, sampling variances, groups,
# degrees of freedom and the variances so far.
_Step: TypeAlias = Callable[[Floats, Floats, Floats, Floats, Floats], Floats]


@dataclass(frozen=True, slots=True)
class RandomEffectsMean:
    """A mean of retailers' rates whose true values differ.

    Parameters
    ----------
    mean
        Weighted by 1 / (sampling variance + variance between retailers).
    std_error
        Hartung-Knapp's.
    df
        Of the t distribution that belongs to it: retailers less one.
    retailer_sd
        Standard deviation of true rates between retailers; 0 is a legal estimate.
    i_squared
        Share of the variation between observed rates that is not sampling, of 1.
    """

    mean: float
    std_error: float
    df: float
    retailer_sd: float
    i_squared: float


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Means of groups of retailers that share one variance between retailers.

    Parameters
    ----------
    means, weights
        Shape (..., groups): weighted means, and the sums of the weights.
    tau_squared
        Variance between retailers, shape (...).
    scale
        Hartung and Knapp's factor: the weighted mean of squared residuals, shape (...).
    df
        Retailers less groups, shape (...).
    i_squared
        Share of the variation that is not sampling, shape (...).
    """

    means: Floats
    weights: Floats
    tau_squared: Floats
    scale: Floats
    df: Floats
    i_squared: Floats


def random_effects_mean(
    errors: ArrayLike,
    requests: ArrayLike,
    *,
    method: HeterogeneityMethod = "paule_mandel",
    variance: VarianceOf = "pooled",
) -> RandomEffectsMean:
    r"""Return the mean of retailers' error rates, allowing for true rates that differ.

    Estimates the mean of the distribution that the retailers' true rates come from. It lies
    between the request-weighted rate, which it equals when retailers do not differ, and the
    equal-weight mean, which it approaches the more they do.

    Parameters
    ----------
    errors, requests
        One entry a retailer; those without requests are left out.
    method
        How the variance between retailers :math:`\tau^2` is estimated: ``"paule_mandel"`` sets the
        weighted sum of squared residuals to its degrees of freedom, ``"reml"`` maximises the
        restricted likelihood of normal rates.
    variance
        Sampling variance of a rate. ``"pooled"``: p(1 - p) / n with the request-weighted rate p of
        all the retailers, which is positive for retailers without errors too. ``"own"``: with the
        retailer's own rate, as meta-analyses have it, and the pooled one where all requests of a
        retailer ended alike; rates that happen to be low then weigh more, which pulls the mean
        down.

    Returns
    -------
    RandomEffectsMean

    Raises
    ------
    UsageError
        When an option is unknown or errors exceed requests.
    NotAnswerableError
        With fewer than two retailers, or when all requests ended alike.

    Notes
    -----
    With fewer than about five retailers :math:`\tau^2` is hardly known. Hartung-Knapp's error is
    scaled by the residuals and can fall below that without heterogeneity where retailers agree by
    chance. Assumes that volume and true rate are unrelated: if large retailers err less, weighting
    by precision moves the mean towards them. True rates are taken for normal, sampling errors too,
    which is rough where expected errors of a retailer are below about five; `beta_binomial` is
    then the better model.

    Sources: R. C. Paule and J. Mandel, Journal of Research of the National Bureau of Standards 87
    (1982) 377-385; J. Hartung and G. Knapp, Statistics in Medicine 20 (2001) 3875-3889; I²: J. P.
    T. Higgins and S. G. Thompson, Statistics in Medicine 21 (2002) 1539-1558.

    Examples
    --------
    >>> mean = random_effects_mean([12, 45, 9, 30], [100, 200, 90, 150])
    >>> round(mean.mean, 4), round(mean.std_error, 4), round(mean.retailer_sd, 4)
    (0.1664, 0.0303, 0.05)
    """
    check_method(method, variance)
    e, n = np.asarray(errors, dtype=np.float64), np.asarray(requests, dtype=np.float64)
    if e.ndim != 1 or e.shape != n.shape or not np.all((e >= 0) & (e <= n)):
        raise UsageError("give errors and requests of each retailer, errors at most the requests")
    e, n = e[n > 0], n[n > 0]
    what = "a random-effects mean"
    if e.size < _LEAST_RETAILERS:
        raise NotAnswerableError(what, "there is one retailer", "at least two retailers")
    if e.sum() in (0, n.sum()):
        raise NotAnswerableError(
            what, "all requests ended alike", "requests with errors and requests without"
        )
    members = np.ones((1, e.size), dtype=bool)
    pooled = pool(e / n, rate_variances(e, n, members, variance), members, method)
    return RandomEffectsMean(
        float(pooled.means[0]),
        float(np.sqrt(pooled.scale / pooled.weights[0])),
        float(pooled.df),
        float(np.sqrt(pooled.tau_squared)),
        float(pooled.i_squared),
    )


def check_method(method: HeterogeneityMethod, variance: VarianceOf) -> None:
    """Refuse options that do not exist."""
    if method not in get_args(HeterogeneityMethod):
        raise UsageError(f"method must be 'paule_mandel' or 'reml', not {method!r}")
    if variance not in get_args(VarianceOf):
        raise UsageError(f"variance must be 'pooled' or 'own', not {variance!r}")


def rate_variances(
    errors: Floats, requests: Floats, members: NDArray[np.bool_], variance: VarianceOf
) -> Floats:
    """Return sampling variances of rates, infinite for retailers without requests.

    Parameters
    ----------
    errors, requests
        Shape (..., retailers).
    members
        Shape (groups, retailers): who is in which group, each in one.
    variance
        As for `random_effects_mean`; pooled within each group.
    """
    filed = np.maximum(requests, 1)
    group = members.astype(np.float64)
    shared = (errors @ group.T) / np.maximum(requests @ group.T, 1) @ group
    spread = shared * (1 - shared)
    if variance == "own":
        own = errors / filed * (1 - errors / filed)
        spread = np.where(own > 0, own, spread)
    return np.where(requests > 0, spread / filed, np.inf)


def pool(
    effects: Floats, variances: Floats, members: NDArray[np.bool_], method: HeterogeneityMethod
) -> Pooled:
    """Return means of groups that share one variance between retailers.

    Parameters
    ----------
    effects
        Shape (..., retailers), such as rates or log-odds.
    variances
        Their sampling variances; infinite leaves a retailer out.
    members
        Shape (groups, retailers).
    method
        As for `random_effects_mean`.

    Returns
    -------
    Pooled
        Means are not numbers where a variance is 0 or a group is empty.
    """
    shape, k = effects.shape[:-1], effects.shape[-1]
    group = members.astype(np.float64)
    y, v = effects.reshape(-1, k), variances.reshape(-1, k)
    df = np.isfinite(v).sum(axis=1) - float(len(group))
    step = _paule_mandel_step if method == "paule_mandel" else _reml_step
    tau_squared = _solved(step, y, v, group, df)
    with np.errstate(invalid="ignore", divide="ignore"):
        still = 1 / v
        sums = still @ group.T
        typical = df / (sums - (still**2 @ group.T) / sums).sum(axis=1)
        w = 1 / (v + tau_squared[:, None])
        weights = w @ group.T
        means = (w * y) @ group.T / weights
        scale = (w * (y - means @ group) ** 2).sum(axis=1) / df
        share = tau_squared / (tau_squared + typical)
    return Pooled(
        means.reshape(*shape, -1),
        weights.reshape(*shape, -1),
        *(part.reshape(shape) for part in (tau_squared, scale, df, share)),
    )


def _solved(step: _Step, y: Floats, v: Floats, group: Floats, df: Floats) -> Floats:
    """Return the variance between retailers of each data set, at least 0."""
    tau_squared = np.zeros(len(y))
    filed = np.isfinite(v)
    least = np.where(filed, v, np.inf).min(axis=1)
    moving = np.flatnonzero((df > 0) & (least > 0) & ((filed @ group.T) > 0).all(axis=1))
    for _ in range(_MOST_STEPS):
        if not moving.size:
            break
        old = tau_squared[moving]
        new = np.maximum(old + step(y[moving], v[moving], group, df[moving], old), 0.0)
        tau_squared[moving] = new
        moving = moving[np.abs(new - old) > _FOUND * (new + least[moving])]
    return tau_squared


def _paule_mandel_step(
    y: Floats, v: Floats, group: Floats, df: Floats, tau_squared: Floats
) -> Floats:
    w = 1 / (v + tau_squared[:, None])
    squares = (w * (y - (w * y) @ group.T / (w @ group.T) @ group)) ** 2
    excess = (squares / np.where(w > 0, w, 1.0)).sum(axis=1) - df
    return excess / np.maximum(squares.sum(axis=1), _LEAST)


def _reml_step(y: Floats, v: Floats, group: Floats, df: Floats, tau_squared: Floats) -> Floats:
    """Return Fisher's scoring step."""
    del df
    w = 1 / (v + tau_squared[:, None])
    sums, squares, cubes = (w**power @ group.T for power in (1, 2, 3))
    residual = y - (w * y) @ group.T / sums @ group
    slope = (w**2 * residual**2).sum(axis=1) - (sums - squares / sums).sum(axis=1)
    return slope / (squares - 2 * cubes / sums + (squares / sums) ** 2).sum(axis=1)
