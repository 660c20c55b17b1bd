"""Whether a difference larger than a user's margin is ruled out, and the least such margin."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, get_args

from switchstats.errors import UsageError
from switchstats.inference.means import compare_means
from switchstats.inference.permuted_means import permute_means
from switchstats.inference.question import Question
from switchstats.inference.samples import Rates, read_samples
from switchstats.inference.splits import plan_splits
from switchstats.labels import text
from switchstats.values import Interval, RoundingRule, TestResult

__all__ = ["MarginAlternative", "MarginMethod", "equivalence", "smallest_margin"]

MarginAlternative = Literal["equivalence", "greater", "less"]
MarginMethod = Literal["permutation", "welch"]


def equivalence(  # noqa: PLR0913 -- the test inside keeps its own arguments
    first: Rates,
    second: Rates,
    /,
    margin: float,
    *,
    alternative: MarginAlternative = "equivalence",
    method: MarginMethod = "permutation",
    level: float = 0.95,
    rounding: RoundingRule = "half_up",
    seed: int | None = None,
) -> TestResult:
    """Test whether a difference of mean rates larger than a margin can be ruled out.

    Estimates the mean of the first group minus the mean of the second, every retailer counting
    once. A small p-value speaks against a difference beyond the margin; a large one says that these
    data cannot rule it out.

    Parameters
    ----------
    first, second
        One rate a retailer, as fractions or as `PrintedRate`.
    margin
        The difference that would matter, a fraction: 2 points are 0.02. There is no default, since
        no data can say what matters.
    alternative
        ``"greater"``: the difference is above -`margin`, so an advantage of the first group (lower
        rates) larger than the margin is ruled out; ``"less"``: it is below +`margin`;
        ``"equivalence"``: both, by two one-sided tests.
    method
        The test inside: ``"permutation"`` or ``"welch"``.
    level
        One minus the size of each one-sided test. Above 0.5 for ``"equivalence"``.
    rounding
        How the printed digits are read; without effect on plain numbers.
    seed
        For groups too large to try every split; see `permutation`.

    Returns
    -------
    TestResult
        `method` is ``"equivalence_permutation"`` or ``"equivalence_welch"``. `null` is the side of
        the margin that was tested: -`margin` or +`margin`, for
        ``"equivalence"`` the one with the larger p-value, which is the p-value reported. `interval`
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
    _check_margin(margin)
    if alternative not in get_args(MarginAlternative):
        raise UsageError(
            f"alternative must be 'equivalence', 'greater' or 'less', not {alternative!r}"
        )
    if alternative == "equivalence" and level <= 0.5:  # noqa: PLR2004 -- half
        raise UsageError(f"equivalence needs a level above 0.5, not {level}")
    test = _test_inside(first, second, method, rounding=rounding, seed=seed)
    if alternative == "greater":
        result = test(Question("greater", -margin, level))
    elif alternative == "less":
        result = test(Question("less", margin, level))
    else:
        above = test(Question("greater", -margin, level))
        below = test(Question("less", margin, level))
        result = _both(above, below, round(2 * level - 1, 15))
    return replace(result, method=f"equivalence_{method}")


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


def _test_inside(
    first: Rates, second: Rates, method: str, *, rounding: RoundingRule, seed: int | None
) -> Callable[[Question], TestResult]:
    if method == "welch":
        samples = read_samples(first, second, rounding=rounding, test="Welch's test", least=2)
        return lambda question: compare_means(samples, question)
    if method == "permutation":
        samples = read_samples(first, second, rounding=rounding, test="permutation test")
        splits = plan_splits(samples.n_by_group, seed=seed)
        return lambda question: permute_means(samples, question, splits)
    raise UsageError(f"method must be 'permutation' or 'welch', not {method!r}")


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


def _check_margin(margin: float) -> None:
    try:
        inside = 0 <= margin < 1
    except TypeError:
        inside = False
    if not inside:
        raise UsageError(
            f"margin must be a fraction, at least 0 and below 1, not {margin!r}: "
            "2 percentage points are 0.02"
        )
