"""The log-likelihood of cells of errors and requests, with its derivatives; binomial cells."""

from dataclasses import dataclass

import numpy as np

from switchstats.inference.likelihood.stirling import Floats, stirling_rest

__all__ = ["Cells", "binomial_cells", "log_binomial", "logistic", "relative_entropy"]

# The least that 1 + u is taken to be in log1p(u), so that 0 log 0 is 0.
_NONE = -1 + 2.0**-53
# Beyond, one of the two means is no longer a normal number.
_FAR = 700.0
_TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Log-likelihood of each cell relative to the cell's own rate, and derivatives.

    Parameters
    ----------
    value
        Log-likelihood, at most 0: 0 where the mean equals the cell's rate and nothing varies.
    e, ee, eee
        Derivatives in the cell's log-odds, so many as were asked for.
    s, es, ss, ees
        Derivatives in the cell's spread, and mixed; ``None`` where the model has none.
    """

    value: Floats
    e: Floats
    ee: Floats | None = None
    eee: Floats | None = None
    s: Floats | None = None
    es: Floats | None = None
    ss: Floats | None = None
    ees: Floats | None = None

    def at_one_node(self) -> "Cells":
        """Return the same with an axis of one node before all others."""
        parts = (self.ee, self.s, self.es, self.ss)
        ee, s, es, ss = (None if part is None else part[None] for part in parts)
        return Cells(self.value[None], self.e[None], ee, None, s, es, ss)


def logistic(log_odds: Floats) -> tuple[Floats, Floats]:
    """Return the rate and its complement, both to full relative precision."""
    odds_against = np.exp(np.minimum(np.maximum(-log_odds, -_FAR), _FAR))
    rate = 1 / (1 + odds_against)
    return rate, odds_against * rate


def relative_entropy(u: Floats) -> Floats:
    """Return (1 + u) log(1 + u) - u for u of at least -1."""
    return (1 + u) * np.log1p(np.maximum(u, _NONE)) - u


def binomial_cells(errors: Floats, requests: Floats, log_odds: Floats, *, orders: int) -> Cells:
    """Return binomial cells; those without requests say nothing.

    Parameters
    ----------
    errors, requests
        Of each cell.
    log_odds
        Any number of leading axes over the cells.
    orders
        How many derivatives are needed, 1 to 3.
    """
    rate, rest = logistic(log_odds)
    off = errors / np.maximum(requests, 1) - rate
    # log1p of deviations: their rounding hardly matters, as the slope in them is 0
    value = errors * np.log1p(np.maximum(off / rate, _NONE))
    value += (requests - errors) * np.log1p(np.maximum(-off / rest, _NONE))
    if orders == 1:
        return Cells(-value, requests * off)
    ee = -requests * rate * rest
    return Cells(-value, requests * off, ee, ee * (rest - rate) if orders > _TWO else None)


def log_binomial(errors: Floats, requests: Floats) -> Floats:
    """Return the log of the binomial probability of each cell at the cell's own rate."""
    inside = (errors > 0) & (errors < requests)
    y, n = errors[inside], requests[inside]
    rest_n, rest_y, rest_z = stirling_rest(np.stack([n, y, n - y]), 1)[0]
    logs = np.zeros(errors.shape)
    logs[inside] = rest_n - rest_y - rest_z - 0.5 * np.log(2 * np.pi * y * ((n - y) / n))
    return logs
