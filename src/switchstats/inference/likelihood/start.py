"""Where climbs to a maximum start: coefficients and spread by weighted moments."""

import numpy as np

from switchstats.inference.likelihood.cells import logistic
from switchstats.inference.likelihood.stirling import Floats

__all__ = ["start_coefficients", "start_spread"]

# Spreads that weights and bounds take for granted: errors of electricity switching vary so.
_LOG_ODDS_VARIANCE = 0.25
_CORRELATION = 0.05
_MOST = 0.8
# Least overdispersion to start from, against what one request of an average cell adds.
_LEAST = 0.2
_RIDGE = 1e-9


def start_coefficients(errors: Floats, requests: Floats, design: Floats) -> Floats:
    """Return weighted least squares of the cells' log-odds, shape (data sets, coefficients)."""
    rate = (errors + 0.5) / (requests + 1)
    information = requests * rate * (1 - rate)
    weights = information / (1 + _LOG_ODDS_VARIANCE * information)
    p = design.shape[1]
    products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    gram = (weights @ products).reshape(-1, p, p)
    size = 1 + np.trace(gram, axis1=1, axis2=2)
    gram = gram + _RIDGE * size[:, None, None] * np.eye(p)
    response = (weights * np.log(rate / (1 - rate))) @ design
    solved = np.asarray(np.linalg.solve(gram, response[:, :, None]), dtype=np.float64)
    return solved[:, :, 0]


def start_spread(errors: Floats, requests: Floats, log_odds: Floats) -> Floats:
    """Return the square root of rho / (1 - rho) by moments, shape (data sets,)."""
    rate, rest = logistic(log_odds)
    n = np.maximum(requests, 1)
    weights = requests / (1 + _CORRELATION * requests)
    excess = (errors / n - rate) ** 2 / (rate * rest) - 1 / n
    room = (weights * (1 - 1 / n)).sum(axis=-1)
    least = _LEAST / np.maximum(requests.mean(axis=-1), 1)
    correlation = (weights * excess).sum(axis=-1) / np.maximum(room, 1e-9)
    correlation = np.clip(correlation, least, _MOST)
    return np.sqrt(correlation / (1 - correlation))
