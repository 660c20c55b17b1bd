"""Whether a few retailers' effects grow with their dose, by permuting who had which dose."""

from collections.abc import Sequence
from itertools import permutations
from math import factorial

import numpy as np
from numpy.typing import ArrayLike

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.few_units.pooled import pool_units
from switchstats.inference.permuted.acceptance import Acceptance
from switchstats.inference.permuted.result import drawn_note, monte_carlo_error
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import SAME, Floats
from switchstats.inference.splits import N_DRAWS
from switchstats.values import TestResult

__all__ = ["dose_slope"]

_TEST = "a slope on dose"
_LEAST_UNITS = 3
_MOST_ENUMERATED = 8


def dose_slope(  # noqa: PLR0913 -- the questions to be asked and the draw, each by its own name
    effects: ArrayLike,
    std_errors: ArrayLike,
    doses: ArrayLike,
    *,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
    estimand: str = "dose_slope",
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> TestResult:
    r"""Test whether retailers with a larger dose have a larger effect.

    Estimates the slope of the retailers' effects on their dose, weighted by 1 / (sampling variance
    + variance between retailers), and asks how many ways of handing out the same doses show a slope
    at least as extreme.

    Parameters
    ----------
    effects, std_errors
        One a retailer, unexposed ones included, and their sampling errors.
    doses
        Non-negative, not all the same.
    alternative
        ``"less"``: the slope is below `null`.
    null
        Slope under the null hypothesis, per unit of dose.
    level
        Confidence of the interval.
    estimand
        Catalogue key below ``estimand.``.
    n_draws, seed
        Random ways of handing out, with this seed, where there are more than 8 retailers and more
        than 50,000 distinct ways; else all distinct ways.

    Returns
    -------
    TestResult
        `quantities` hold ``tau``. The interval holds the slopes that the test does not reject; a
        side is ``None`` when there are too few ways to bound it.

    Raises
    ------
    UsageError
        When lengths differ or a number is not finite.
    NotAnswerableError
        With fewer than three retailers, or when all have the same dose.

    Notes
    -----
    Exact when every retailer could as well have had any other's dose. Who viewed how much was
    nobody's draw: the test then only says how unusual the agreement is. With weights w and the
    slope :math:`\beta` taken off, the statistic of a way of handing out is
    :math:`\sum w_i (b_i - \bar b - \beta (d_i - \bar d)) d_{\pi(i)}`, linear in :math:`\beta`; ways
    that follow the actual doses at least as closely as the doses themselves count at every slope.

    Source: E. J. G. Pitman, Supplement to the Journal of the Royal Statistical Society 4 (1937)
    225-232, doi:10.2307/2983647.

    Examples
    --------
    >>> found = dose_slope([-0.03, -0.02, 0.0, 0.0], [0.01] * 4, [3, 2, 1, 0], alternative="less")
    >>> round(found.estimate, 4), found.p_value * 24
    (-0.011, 2.0)
    """
    question = Question(alternative, null, level)
    b, errors, d = (np.asarray(part, dtype=np.float64) for part in (effects, std_errors, doses))
    _check(b, errors, d)
    pooled = pool_units(b, errors**2)
    weights = pooled.weights
    away, spread = b - weights @ b, d - weights @ d
    observed_c = float(weights @ spread**2)
    slope = float(weights @ (away * spread)) / observed_c
    ways, drawn = _ways(d, n_draws, seed)
    a, c = ways @ (weights * away), ways @ (weights * spread)
    acceptance = _acceptance(a, c, (slope * observed_c, observed_c), alternative)
    tolerance = SAME * max(float(np.max(np.abs(b))), abs(null))
    p_value = acceptance.p_value(null, tolerance)
    std_error = _std_error(b, d, weights, slope)
    return TestResult(
        method="dose_permutation",
        estimand=estimand,
        weighting="precision",
        estimate=slope,
        null=null,
        alternative=alternative,
        p_value=p_value,
        interval=acceptance.interval(question),
        n_units=b.size,
        n_by_group=(int(np.count_nonzero(d > 0)), int(np.count_nonzero(d == 0))),
        n_effective=pooled.n_effective,
        statistic=slope - null,
        df=b.size - 2.0,
        std_error=std_error,
        p_std_error=monte_carlo_error(p_value, drawn),
        seed=None if drawn is None else seed,
        quantities={} if pooled.tau is None else {"tau": pooled.tau},
        notes=drawn_note(drawn),
    )


def _check(b: Floats, errors: Floats, d: Floats) -> None:
    if b.ndim != 1 or b.shape != errors.shape or b.shape != d.shape:
        raise UsageError("give one effect, one standard error and one dose a retailer")
    if not (np.isfinite(b) & np.isfinite(errors) & np.isfinite(d) & (errors > 0)).all():
        raise UsageError("effects, doses and standard errors are finite, the errors above 0")
    if b.size < _LEAST_UNITS:
        raise NotAnswerableError(
            _TEST, f"only {b.size} retailers have an effect", "at least three retailers"
        )
    if np.ptp(d) <= SAME * float(np.max(np.abs(d), initial=0.0)):
        raise NotAnswerableError(
            _TEST, "all retailers have the same dose", "retailers with more and with less exposure"
        )


def _ways(doses: Floats, n_draws: int, seed: int) -> tuple[Floats, int | None]:
    """Return the ways of handing out the doses but the actual one, and how many were drawn."""
    size = doses.size
    values, counts = np.unique(doses, return_counts=True)
    total = factorial(size)
    for count in counts.tolist():
        total //= factorial(count)
    if size <= _MOST_ENUMERATED or total <= 50_000:  # noqa: PLR2004 -- a second's work
        distinct = np.array(_arrangements(counts.tolist(), size), dtype=np.int64)
        ways = values[distinct]
        return ways[~(ways == doses).all(axis=1)], None
    rng = np.random.default_rng(seed)
    return rng.permuted(np.tile(doses, (n_draws, 1)), axis=1), n_draws


def _arrangements(counts: Sequence[int], size: int) -> list[tuple[int, ...]]:
    """Return every distinct order of so many of each kind."""
    if size <= _MOST_ENUMERATED:
        kinds = [kind for kind, count in enumerate(counts) for _ in range(count)]
        return sorted(set(permutations(kinds)))
    found: list[tuple[int, ...]] = []

    def extend(start: tuple[int, ...], left: tuple[int, ...]) -> None:
        if len(start) == size:
            found.append(start)
            return
        for kind, count in enumerate(left):
            if count:
                rest = (*left[:kind], count - 1, *left[kind + 1 :])
                extend((*start, kind), rest)

    extend((), tuple(counts))
    return found


def _acceptance(
    a: Floats, c: Floats, observed: tuple[float, float], alternative: Direction
) -> Acceptance:
    """Return the slopes at which each way is as extreme as the actual one.

    A way's statistic is a - beta c, the actual one's a0 - beta c0.
    """
    a0, c0 = observed
    closer = c >= c0 * (1 - SAME)
    if alternative == "two-sided":
        closer |= c <= -c0 * (1 - SAME)
        a, c = a[~closer], c[~closer]
        # |a - beta c| >= |a0 - beta c0| between the two roots, which hold the estimate
        ends = (a0 - a) / (c0 - c), (a0 + a) / (c0 + c)
        low, high = np.minimum(*ends), np.maximum(*ends)
    else:
        edge = (a0 - a[~closer]) / (c0 - c[~closer])
        nothing = np.full_like(edge, np.inf)
        less = alternative == "less"
        low, high = (-nothing, edge) if less else (edge, nothing)
    return Acceptance(low, high, always=1 + int(np.count_nonzero(closer)))


def _std_error(b: Floats, d: Floats, weights: Floats, slope: float) -> float:
    """Return the standard error of the weighted least squares slope, by its residuals."""
    away, spread = b - weights @ b, d - weights @ d
    scale = float(weights @ (away - slope * spread) ** 2) / (b.size - 2) * b.size
    effective = float(weights @ spread**2)
    return float(np.sqrt(scale / (b.size * effective)))
