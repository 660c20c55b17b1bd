"""The beta-binomial log-likelihood of cells, stable from no overdispersion to all of it."""

from dataclasses import dataclass

import numpy as np

from switchstats.inference.likelihood.cells import Cells, logistic, relative_entropy
from switchstats.inference.likelihood.rows import Rows
from switchstats.inference.likelihood.stirling import Floats, stirling_rest

__all__ = ["beta_binomial_cells", "least_spread"]

# Overdispersion below this over the requests of the largest cell changes no digit.
_NO_OVERDISPERSION = 1e-14
# Log-odds beyond this are taken to be there: the likelihood is flat to the last digit.
_FAR = 100.0
# Below this deviation a series replaces u - log(1 + u); below the other, u is known less well
# than 1 + u.
_NEAR = 1e-3
_FAR_BELOW = -0.5
_TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class _LogGamma:
    """Sums over the cells of a row of log gamma(x + count) - log gamma(x), less its logarithms.

    Parameters
    ----------
    x
        Parameter of the beta distribution, by row.
    above, share
        x + count and count / (x + count), by cell.
    shares
        Sums of the share and its powers.
    rests
        Differences of what Stirling's formula leaves out, and of its derivatives.
    """

    x: Floats
    above: Floats
    share: Floats
    shares: Floats
    rests: Floats

    @classmethod
    def of(cls, x: Floats, count: Floats, rows: Rows, orders: int) -> "_LogGamma":
        below = stirling_rest(x, orders)
        above = rows.per_cell(x) + count
        share = count / above
        shares = np.stack([share**power for power in range(1, orders)])
        rests = rows.sum(stirling_rest(above, orders)) - rows.sizes * below
        return cls(x, above, share, rows.sum(shares), rests)

    @property
    def first(self) -> Floats:
        """Derivative, less its logarithm."""
        return 0.5 * self.shares[0] / self.x + self.rests[1]

    @property
    def first_times_x(self) -> Floats:
        """The same times x."""
        return 0.5 * self.shares[0] + self.x * self.rests[1]

    @property
    def second(self) -> Floats:
        """Second derivative."""
        one, two = self.shares[:2]
        return self.rests[2] - (one + (one - 0.5 * two) / self.x) / self.x

    @property
    def third(self) -> Floats:
        """Third derivative."""
        one, two, three = self.shares
        return self.rests[3] + (2 * one - two + (3 * (one - two) + three) / self.x) / self.x**2


def least_spread(requests: Floats) -> float:
    """Return the spread below which a beta-binomial is taken for a binomial."""
    return float(np.sqrt(_NO_OVERDISPERSION / max(float(requests.max(initial=1)), 1.0)))


def beta_binomial_cells(
    errors: Floats,
    requests: Floats,
    log_odds: Floats,
    spread: Floats,
    rows: Rows,
    *,
    orders: int,
) -> Cells:
    r"""Return the sums over the cells of each row; those without requests say nothing.

    Rates of cells follow a beta distribution with mean :math:`\mu` and parameters :math:`\mu M`,
    :math:`(1 - \mu)M`. The spread is :math:`M^{-1/2}`, of either sign: the likelihood is an even
    function of it, so that no overdispersion is an ordinary point inside its range.

    Parameters
    ----------
    errors, requests
        Of each cell.
    log_odds
        Of the mean of each row, with any number of leading axes.
    spread
        Of each row, or one for all; at least `least_spread`.
    rows
        Cells that share log-odds and spread.
    orders
        How many derivatives are needed, 1 to 3.

    Notes
    -----
    With p the cell's rate, :math:`\tilde p = (\mu M + y)/(M + n)` and S what Stirling's formula
    leaves out, the log-likelihood relative to the cell's own rate is
    :math:`-n K(p, \tilde p) - M K(\mu, \tilde p) - \frac12[\log\frac{\tilde p}{\mu} +
    \log\frac{1-\tilde p}{1-\mu} + \log\frac{M+n}{M}]` plus differences of S, K being the
    Kullback-Leibler divergence of two Bernoulli distributions. No term of it loses digits, however
    large n or M.
    """
    means = np.stack(logistic(np.clip(log_odds, -_FAR, _FAR)))
    counts = np.stack([errors, requests - errors])
    counts = counts.reshape(2, *(1,) * (means.ndim - counts.ndim), *counts.shape[1:])
    ab = _LogGamma.of(means / spread**2, counts, rows, orders + 1)
    all_ = _LogGamma.of(1 / spread**2, requests, rows, min(orders + 1, 3))
    value, logs, near = _value(counts, requests, rows.per_cell(means), ab, all_, rows)
    first, m = logs + ab.first, all_.x
    mu = m * (first[0] - first[1])
    # t is the logarithm of the squared spread.
    t = all_.first_times_x - ab.first_times_x.sum(axis=0) + near
    v, of_t = means[0] * means[1], 2 / spread
    if orders == 1:
        return Cells(value=value, e=v * mu, s=of_t * t)
    second = ab.second
    xa2, xb2 = ab.x * second
    mu2 = m**2 * (second[0] + second[1])
    mu_t = -(mu + m * (xa2 - xb2))
    tt = (ab.x**2 * second).sum(axis=0) - m**2 * all_.second - t
    skew = means[1] - means[0]
    eee = ees = None
    if orders > _TWO:
        a3, b3 = ab.third
        mu2_t = -(2 * mu2 + m**2 * (ab.x[0] * a3 + ab.x[1] * b3))
        eee = v * (v * v * m**3 * (a3 - b3) + 3 * v * skew * mu2 + (1 - 6 * v) * mu)
        ees = of_t * v * (v * mu2_t + skew * mu_t)
    return Cells(
        value=value,
        e=v * mu,
        ee=v * (v * mu2 + skew * mu),
        eee=eee,
        s=of_t * t,
        es=of_t * v * mu_t,
        ss=of_t**2 * (tt - 0.5 * t),
        ees=ees,
    )


def _value(
    counts: Floats,
    requests: Floats,
    means: Floats,
    ab: _LogGamma,
    all_: _LogGamma,
    rows: Rows,
) -> tuple[Floats, Floats, Floats]:
    """Return sums of log-likelihoods, of two log ratios of means and of M times a divergence."""
    shrunk, total = ab.above / all_.above, rows.per_cell(all_.x)
    off = counts / np.maximum(requests, 1) - means
    logs, near = _log_ratio(all_.share * off / means, shrunk, means)
    far = (shrunk * relative_entropy(total / all_.above * off / shrunk)).sum(axis=0)
    sums = rows.sum(logs)
    near_sum = (ab.x * rows.sum(near)).sum(axis=0)
    value = -near_sum - rows.sum(requests * far) - 0.5 * sums.sum(axis=0)
    value -= 0.5 * rows.sum(np.log1p(requests / total))
    return value + ab.rests[0].sum(axis=0) - all_.rests[0], sums, near_sum


def _log_ratio(u: Floats, above: Floats, below: Floats) -> tuple[Floats, Floats]:
    """Return log(1 + u), where 1 + u is a ratio, and u - log(1 + u)."""
    log = np.log1p(np.maximum(u, _FAR_BELOW))
    low = u < _FAR_BELOW
    if low.any():
        log[low] = np.log(above[low] / np.broadcast_to(below, u.shape)[low])
    near = u - log
    close = np.abs(u) < _NEAR
    if close.any():
        w = u[close]
        near[close] = w * w * (0.5 - w * (1 / 3 - w * (0.25 - w * (0.2 - w / 6))))
    return log, near
