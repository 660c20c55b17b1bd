"""Many specifications of the same few retailers: p-values adjusted by joint sign flips."""

import numpy as np

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.question import Direction
from switchstats.inference.samples import Floats

__all__ = ["flip_family"]

_MOST_UNITS = 16
# Statistics closer than this are the same: sums of a few doubles.
_SAME = 1e-10


def flip_family(
    effects: Floats, weights: Floats, *, alternative: Direction = "less"
) -> tuple[Floats, Floats]:
    r"""Return p-values of several specifications, single and adjusted for all of them.

    Each specification gives the same retailers' effects in another way. The signs of a retailer are
    flipped in all specifications at once, so that what they share is allowed for.

    Parameters
    ----------
    effects
        Shape (specifications, retailers); NaN where a specification has no effect of a retailer.
    weights
        The same shape: how much each retailer counts in the specification's mean.
    alternative
        ``"less"``: the mean effects are below 0.

    Returns
    -------
    tuple
        P-values of each specification alone, and adjusted by the step-down maximum over the family.
        Neither is below 1 / 2^K with K retailers.

    Raises
    ------
    UsageError
        When shapes differ or there are more than 16 retailers.
    NotAnswerableError
        When a specification has no effects.

    Notes
    -----
    The statistic is :math:`\sum w b / \sqrt{\sum w^2 b^2}`, whose denominator no flip changes. When
    no specification has an effect and errors are symmetric, the chance of any adjusted p-value at
    or below alpha is at most alpha.

    Sources: P. H. Westfall and S. S. Young, Resampling-Based Multiple Testing, Wiley 1993; sign
    flips: I. A. Canay, J. P. Romano and A. M. Shaikh, Econometrica 85 (2017) 1013-1030,
    doi:10.3982/ECTA13081.

    Examples
    --------
    >>> effects = np.array([[-0.02, -0.01, -0.03, -0.02], [-0.01, 0.02, -0.01, 0.01]])
    >>> single, adjusted = flip_family(effects, np.ones((2, 4)))
    >>> (single * 16).tolist(), (adjusted * 16).tolist()
    ([1.0, 12.0], [2.0, 12.0])
    """
    if effects.shape != weights.shape or effects.ndim != 2:  # noqa: PLR2004 -- a table
        raise UsageError("give effects and weights of the same shape (specifications, retailers)")
    size = effects.shape[1]
    if size > _MOST_UNITS:
        raise UsageError(f"joint sign flips are for at most {_MOST_UNITS} retailers, not {size}")
    known = np.isfinite(effects)
    parts = np.where(known, np.nan_to_num(effects) * np.nan_to_num(weights), 0.0)
    scale = np.sqrt(np.sum(parts**2, axis=1, keepdims=True))
    if (scale == 0).any():
        raise NotAnswerableError(
            "joint sign flips", "a specification has no effect of any retailer", "effects"
        )
    patterns = np.arange(2**size, dtype=np.int64)
    flipped = np.array([patterns >> place & 1 for place in range(size)], dtype=np.float64)
    statistics: Floats = (parts / scale) @ (1 - 2 * flipped)
    if alternative == "less":
        statistics = -statistics
    elif alternative == "two-sided":
        statistics = np.abs(statistics)
    observed = statistics[:, 0]
    single = np.mean(statistics >= observed[:, None] - _SAME, axis=1)
    return single, _step_down(statistics, observed)


def _step_down(statistics: Floats, observed: Floats) -> Floats:
    """Let the most extreme compete with all, the next with all but it, and so on."""
    order = np.argsort(-observed, kind="stable")
    adjusted = np.empty_like(observed)
    largest = np.full(statistics.shape[1], -np.inf)
    raw: list[float] = []
    for place in order[::-1]:
        largest = np.maximum(largest, statistics[place])
        raw.append(float(np.mean(largest >= observed[place] - _SAME)))
    adjusted[order] = np.maximum.accumulate(raw[::-1])
    return adjusted
