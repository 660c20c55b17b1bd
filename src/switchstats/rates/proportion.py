"""Intervals of one error rate that treat requests as independent."""

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from switchstats.errors import UsageError
from switchstats.rates.roots import roots_between
from switchstats.values import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["ProportionMethod", "proportion_interval", "proportion_limits", "wilson_reach"]

Floats: TypeAlias = NDArray[np.float64]
ProportionMethod = Literal["wilson", "clopper_pearson", "mid_p", "jeffreys"]

_LEAST_MARGIN = 1e-9


def proportion_interval(
    errors: int, requests: int, level: float = 0.95, method: ProportionMethod = "wilson"
) -> Interval:
    """Return an interval of one error rate, taking requests as independent.

    Parameters
    ----------
    errors, requests
        Whole numbers; at least one request.
    level
        Coverage, such as 0.95; equal tails.
    method
        ``"wilson"``: the score interval, right on average; ``"clopper_pearson"``: exact, never
        below its level and often far above; ``"mid_p"``: exact with half the probability of the
        observed count, near its level on average; ``"jeffreys"``: credible, with Jeffreys' prior.

    Returns
    -------
    Interval
        Within 0 and 1, of kind ``"confidence"``, for Jeffreys' prior ``"credible"``.

    Raises
    ------
    UsageError
        When the numbers are not whole, errors not between 0 and the requests, or the level or the
        method is unknown.

    Notes
    -----
    All four take every request for an independent draw with the same chance of an error. Requests
    of one retailer resemble each other, so a group's rate is less certain than these say; they suit
    one retailer in one period. With a dozen requests or fewer Wilson's coverage falls below its
    level near rates of 0 and 1.

    Jeffreys' interval ends at 0 without errors and at 1 when every request is one, as Brown, Cai
    and DasGupta advise; its posterior probability is then above `level`.

    Sources: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212,
    doi:10.1080/01621459.1927.10502953; C. J. Clopper and E. S. Pearson, Biometrika 26 (1934)
    404-413, doi:10.1093/biomet/26.4.404; R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872
    (methods 3, 5 and 6); L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16 (2001)
    101-133, doi:10.1214/ss/1009213286.

    Examples
    --------
    >>> proportion_interval(15, 148)
    Interval(low=0.0623..., high=0.1604..., kind='confidence', level=0.95)
    >>> proportion_interval(0, 20, method="clopper_pearson").high
    0.1684...
    """
    for number in (errors, requests):
        if np.ndim(number):
            raise UsageError(
                "proportion_interval takes one number of errors and one of requests; for many "
                "rates at once take proportion_limits"
            )
        if isinstance(number, bool) or int(number) != number:
            raise UsageError(f"errors and requests must be whole numbers, not {number!r}")
    low, high = proportion_limits(errors, requests, level, method)
    kind = "credible" if method == "jeffreys" else "confidence"
    return Interval(float(low), float(high), kind, level)


def proportion_limits(
    errors: "ArrayLike", requests: "ArrayLike", level: float, method: ProportionMethod
) -> tuple[Floats, Floats]:
    """Return the ends of `proportion_interval` for many rates at once, as for a figure.

    Parameters
    ----------
    errors, requests
        Arrays of one shape.
    level, method
        As for `proportion_interval`.

    Examples
    --------
    >>> low, high = proportion_limits([0, 5, 20], 20, 0.95, "mid_p")
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.0979, 0.8609], [0.1391, 0.4702, 1.0])
    """
    x, n = np.broadcast_arrays(np.asarray(errors, dtype=float), np.asarray(requests, dtype=float))
    if not ((x >= 0) & (x <= n) & (n >= 1)).all():
        raise UsageError("errors must lie between 0 and the requests, of which there is at least 1")
    if not 0 < level < 1:
        raise UsageError(f"level must be between 0 and 1, such as 0.95, not {level}")
    if method not in get_args(ProportionMethod):
        raise UsageError(f"method must be one of {get_args(ProportionMethod)}, not {method!r}")
    tail = (1 - level) / 2
    if method == "wilson":
        return _wilson(x, n, tail)
    limits = {"clopper_pearson": _clopper_pearson, "mid_p": _mid_p, "jeffreys": _jeffreys}
    return limits[method](x, n, tail)


def wilson_reach(errors: Floats, requests: Floats, z: Floats) -> Floats:
    """Return how far Wilson's lower limit lies below the rate, `z` standard errors away.

    The upper limit lies as far above as the lower limit of the rate of requests without error lies
    below that. Neither difference loses digits, however many requests there are.
    """
    rate, other = errors / requests, (requests - errors) / requests
    with np.errstate(invalid="ignore"):
        root = z * np.sqrt(z**2 + 4 * requests * rate * other)
        lean = z**2 * (other - rate)
        below = np.where(
            lean > 0,
            2 * rate * other * z**2 / (root + lean),
            (root - lean) / (2 * (requests + z**2)),
        )
    return np.where(z > 0, below, 0.0)


def _wilson(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    from scipy.special import ndtri

    z = np.asarray(-ndtri(tail))
    return x / n - wilson_reach(x, n, z), x / n + wilson_reach(n - x, n, z)


def _clopper_pearson(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    from scipy.special import betainccinv, betaincinv

    low = np.where(x > 0, betaincinv(np.maximum(x, 1), n - x + 1, tail), 0.0)
    high = np.where(x < n, betainccinv(x + 1, np.maximum(n - x, 1), tail), 1.0)
    return low, high


def _mid_p(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """Solve for the rates at which half the observed count and all beyond it reach `tail`."""
    from scipy.special import betainc, betaincc

    def at_least(count: Floats, rate: Floats) -> Floats:
        inside = np.clip(count, 1, n)
        reached = betainc(inside, n - inside + 1, rate)
        return np.where(count <= 0, 1.0, np.where(count > n, 0.0, reached))

    def at_most(count: Floats, rate: Floats) -> Floats:
        inside = np.clip(count, 0, n - 1)
        reached = betaincc(inside + 1, n - inside, rate)
        return np.where(count < 0, 0.0, np.where(count >= n, 1.0, reached))

    def too_high(rate: Floats) -> Floats:
        return (at_least(x, rate) + at_least(x + 1, rate)) / (2 * tail) - 1

    def too_low(rate: Floats) -> Floats:
        return (at_most(x, rate) + at_most(x - 1, rate)) / (2 * tail) - 1

    low, high = _clopper_pearson(x, n, tail)
    more, fewer = (_clopper_pearson(np.clip(x + one, 0, n), n, tail) for one in (1, -1))
    low_beyond = np.where(x < n, more[0], 1.0)
    high_beyond = np.where(x > 0, fewer[1], 0.0)
    return (
        np.where(x > 0, roots_between(too_high, *_widened(low, low_beyond)), 0.0),
        np.where(x < n, roots_between(too_low, *_widened(high_beyond, high)), 1.0),
    )


def _widened(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return a little more on both sides: at 1e12 requests the quantiles of beta are not exact."""
    margin = (high - low) + _LEAST_MARGIN * high
    return np.maximum(low - margin, 0.0), np.minimum(high + margin, 1.0)


def _jeffreys(x: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    from scipy.special import betainccinv, betaincinv

    low = np.where(x > 0, betaincinv(x + 0.5, n - x + 0.5, tail), 0.0)
    return low, np.where(x < n, betainccinv(x + 0.5, n - x + 0.5, tail), 1.0)
