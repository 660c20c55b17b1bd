"""Whether a difference larger than a user's margin is ruled out, and the least such margin."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal, cast, get_args

import numpy as np

from switchstats.errors import UsageError
from switchstats.inference.clustered import cluster_robust
from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.means import welch
from switchstats.inference.permuted.permutation import permutation
from switchstats.inference.samples import Rates
from switchstats.labels import text
from switchstats.periods import Period
from switchstats.rates.ratio import Estimator
from switchstats.values import Interval, RoundingRule, TestResult, Weighting

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["MarginAlternative", "MarginMethod", "equivalence", "smallest_margin"]

MarginAlternative = Literal["equivalence", "greater", "less"]
MarginMethod = Literal["permutation", "welch", "cluster_robust"]

_TWO_LISTS = 2
# Counts, two lists of rates, or errors and requests of two groups, each with a margin after them.
_WITH_MARGIN = (2, 3, 5)


def equivalence(  # noqa: PLR0913 -- the test inside keeps its own arguments
    *data: "Data | Rates",
    margin: float | None = None,
    alternative: MarginAlternative = "equivalence",
    method: MarginMethod | None = None,
    weighting: Weighting | None = None,
    estimator: Estimator | None = None,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    level: float = 0.95,
    rounding: RoundingRule = "half_up",
    seed: int | None = None,
) -> TestResult:
    """Test whether a difference larger than a margin can be ruled out.

    Estimates the first group's rate minus the second's, every retailer or every request counting
    once. A small p-value speaks against a difference beyond the margin; a large one says that these
    data cannot rule it out.

    Parameters
    ----------
    *data
        Two lists of rates, one a retailer, as fractions or as `PrintedRate`; or counts; or ``e1,
        n1, e0, n0``: errors and requests of the first group, then of the second, one entry a
        retailer. The margin may follow as the last of them.
    margin
        The difference that would matter, a fraction: 2 points are 0.02. There is no default, since
        no data can say what matters.
    alternative
        ``"greater"``: the difference is above -`margin`, so an advantage of the first group (lower
        rates) larger than the margin is ruled out (non-inferiority of the second group);
        ``"less"``: it is below +`margin`; ``"equivalence"``: both, by two one-sided tests.
    method
        The test inside: ``"permutation"`` (the default for rates), ``"welch"``, or
        ``"cluster_robust"`` (the default for requests and errors).
    weighting
        ``"requests"`` (the default of ``"cluster_robust"``) or ``"equal"`` (of the others, and the
        only one of ``"welch"``).
    estimator
        Of ``"cluster_robust"``, see there.
    groups, period
        Of counts: first and second group; only counts inside the period.
    level
        One minus the size of each one-sided test. Above 0.5 for ``"equivalence"``.
    rounding
        How the printed digits are read; without effect on plain numbers.
    seed
        For groups too large to try every split; see `permutation`.

    Returns
    -------
    TestResult
        `method` is the test inside, with ``equivalence_`` before it. `null` is the side of the
        margin that was tested: -`margin` or +`margin`, for ``"equivalence"`` the one with the
        larger p-value, which is the p-value reported. `interval`
        is one-sided at `level`, for ``"equivalence"`` two-sided at 2 `level` - 1. The margin is
        ruled out exactly when the interval lies inside it.

    Raises
    ------
    UsageError
        When the margin is negative, not below 1, or no number, or another argument is out of range.
    NotAnswerableError
        As the test inside.

    Notes
    -----
    Source of the two one-sided tests: D. J. Schuirmann, Journal of Pharmacokinetics and
    Biopharmaceutics 15 (1987) 657-680, doi:10.1007/BF01068419. Assumptions are those of the test
    inside.

    Examples
    --------
    >>> first, second = [0.18, 0.20, 0.22, 0.20], [0.19, 0.17, 0.21, 0.19]
    >>> result = equivalence(first, second, 0.04, method="welch")
    >>> round(result.p_value, 4), result.null, result.interval
    (0.0204, 0.04, Interval(low=-0.0124..., high=0.0324..., kind='confidence', level=0.9))
    """
    given, width = _split(data, margin)
    if alternative not in get_args(MarginAlternative):
        raise UsageError(
            f"alternative must be 'equivalence', 'greater' or 'less', not {alternative!r}"
        )
    if alternative == "equivalence" and level <= 0.5:  # noqa: PLR2004 -- half
        raise UsageError(f"equivalence needs a level above 0.5, not {level}")
    inside = method or ("permutation" if len(given) == _TWO_LISTS else "cluster_robust")
    if inside == "cluster_robust":
        test = _clustered(given, weighting, estimator)
    else:
        test = _unclustered(given, inside, weighting, estimator, rounding=rounding, seed=seed)
    test = partial(test, groups=groups, period=period, level=level)
    if alternative == "greater":
        result = test(alternative="greater", null=-width)
    elif alternative == "less":
        result = test(alternative="less", null=width)
    else:
        above = test(alternative="greater", null=-width)
        below = test(alternative="less", null=width)
        result = _both(above, below, round(2 * level - 1, 15))
    return replace(result, method=f"equivalence_{inside}")


def smallest_margin(result: TestResult) -> float | None:
    """Return the margin above which every margin is ruled out by these data.

    Parameters
    ----------
    result
        A test with a one-sided interval, or of equivalence. ``"greater"``: the margin of an
        advantage of the first group (lower rates); ``"less"``: of a disadvantage;
        ``"equivalence"``: of either.

    Returns
    -------
    float or None
        A fraction, at least 0; ``None`` when the data leave that side without bound. The confidence
        is that of the result's interval, each side of ``"equivalence"`` at its one-sided level.

    Raises
    ------
    UsageError
        When the result is two-sided, or has no interval.

    Notes
    -----
    Source of reading a margin off an interval: W. J. Westlake, Journal of Pharmaceutical Sciences
    61 (1972) 1340-1341, doi:10.1002/jps.2600610845.

    Examples
    --------
    >>> first, second = [0.18, 0.20, 0.22, 0.20], [0.19, 0.17, 0.21, 0.19]
    >>> result = equivalence(first, second, 0.04, alternative="greater", method="welch")
    >>> round(smallest_margin(result), 4)
    0.0124
    """
    if result.interval is None or result.alternative == "two-sided":
        raise UsageError(
            "the smallest margin needs a result with alternative 'greater', 'less' or "
            f"'equivalence' and an interval, not {result.alternative!r}"
        )
    margins = [0.0]
    if result.alternative != "less":
        if result.interval.low is None:
            return None
        margins.append(-result.interval.low)
    if result.alternative != "greater":
        if result.interval.high is None:
            return None
        margins.append(result.interval.high)
    return max(margins)


def _split(
    data: Sequence[Data | Rates], margin: float | None
) -> tuple[Sequence[Data | Rates], float]:
    """Return the data and the margin, which may be the last of them."""
    given = data
    if margin is None:
        if len(data) not in _WITH_MARGIN or np.ndim(cast("ArrayLike", data[-1])) > 0:
            raise UsageError(
                "equivalence needs a margin, the difference that would matter as a fraction, "
                "after the data or by name: margin=0.02 for 2 percentage points"
            )
        given, margin = data[:-1], cast("float", data[-1])
    try:
        inside = 0 <= margin < 1
    except (TypeError, ValueError):
        inside = False
    if not inside:
        raise UsageError(
            f"margin must be a fraction, at least 0 and below 1, not {margin!r}: "
            "2 percentage points are 0.02"
        )
    return given, margin


def _clustered(
    data: Sequence[Data | Rates], weighting: Weighting | None, estimator: Estimator | None
) -> Callable[..., TestResult]:
    if len(data) == _TWO_LISTS:
        raise UsageError(
            "rates alone do not tell how many requests a retailer filed: for "
            "method='cluster_robust' give counts, or errors and requests of both groups"
        )
    counted = cast("Sequence[Data]", data)
    return partial(cluster_robust, *counted, estimator=estimator, weighting=weighting or "requests")


def _unclustered(
    data: Sequence[Data | Rates],
    method: str,
    weighting: Weighting | None,
    estimator: Estimator | None,
    *,
    rounding: RoundingRule,
    seed: int | None,
) -> Callable[..., TestResult]:
    if estimator is not None:
        raise UsageError(f"estimator={estimator!r} belongs to method='cluster_robust'")
    if method == "permutation":
        weighed = weighting or "equal"
        return partial(permutation, *data, weighting=weighed, rounding=rounding, seed=seed)
    if method != "welch":
        raise UsageError(
            f"method must be 'permutation', 'welch' or 'cluster_robust', not {method!r}"
        )
    if weighting == "requests":
        raise UsageError("Welch's test counts every retailer once: leave out weighting='requests'")
    return partial(welch, *data, rounding=rounding)


def _both(above: TestResult, below: TestResult, level: float) -> TestResult:
    """Return the harder of the two one-sided tests, with the interval that both make."""
    harder = max(above, below, key=lambda result: result.p_value)
    low = None if above.interval is None else above.interval.low
    high = None if below.interval is None else below.interval.high
    return replace(
        harder,
        alternative="equivalence",
        interval=Interval(low, high, "confidence", level),
        p_rounding=_range_of_larger(above.p_rounding, below.p_rounding),
        notes=(*harder.notes, text("inference.two_one_sided")),
    )


def _range_of_larger(first: Interval | None, second: Interval | None) -> Interval | None:
    """Return the range of the larger of two p-values from the ranges of both."""
    if first is None or second is None:
        return None
    ends = ((first.low, second.low), (first.high, second.high))
    low, high = (max(end for end in pair if end is not None) for pair in ends)
    return Interval(low, high, "rounding")
