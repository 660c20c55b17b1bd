"""The true difference that these retailers could have shown."""

from dataclasses import asdict, dataclass

import numpy as np

from switchstats.errors import UsageError
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Rates, read_samples
from switchstats.inference.student import critical_t, spread_of

__all__ = ["MinimalDetectableEffect", "detectable_shift", "minimal_detectable_effect", "power_of_t"]

# Beyond it the effect is decided by the last digits of a tail.
_MOST_POWER = 0.9999


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimalDetectableEffect:
    """The least true difference that a test would show with the wanted power.

    It is not a `TestResult`, since nothing is tested, and not a bare number, since without its
    power, level and alternative the number means nothing.

    Parameters
    ----------
    effect
        Absolute difference of mean rates, a fraction of requests.
    power
        Probability that the test rejects when the true difference is `effect`.
    level
        One minus the size of the test.
    alternative
        Direction of the test; ``"less"`` and ``"greater"`` have the same effect.
    method
        The test.
    n_by_group
        Retailers in the first and second group.
    std_error, df
        Standard error of the difference as observed, and its degrees of freedom.
    """

    effect: float
    power: float
    level: float
    alternative: Direction
    method: str
    n_by_group: tuple[int, int]
    std_error: float
    df: float

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {**asdict(self), "n_by_group": list(self.n_by_group)}


def minimal_detectable_effect(
    first: Rates,
    second: Rates,
    /,
    *,
    power: float = 0.8,
    alternative: Direction = "less",
    level: float = 0.95,
) -> MinimalDetectableEffect:
    """Return the true difference at which Welch's test has the wanted power.

    Parameters
    ----------
    first, second
        One rate a retailer, as fractions or as `PrintedRate` (the printed number is used); at
        least two in each group.
    power
        Wanted probability of rejecting; above 1 - `level` and at most 0.9999.
    alternative
        Direction of the test.
    level
        One minus the size of the test.

    Returns
    -------
    MinimalDetectableEffect
        Its `effect` is an absolute difference, a fraction.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has fewer than two retailers, or no group varies.

    Notes
    -----
    The statistic is taken to follow the noncentral t distribution with Satterthwaite's degrees of
    freedom. The observed standard deviations are taken as the true ones; with ten retailers a group
    the standard error is itself known to within about a sixth of its size, and the effect with it.
    The effect depends on the spread of the rates, not on the observed difference.

    Source: B. K. Moser, G. R. Stevens and C. L. Watts, Communications in Statistics - Theory and
    Methods 18 (1989) 3963-3975, doi:10.1080/03610928908830135.

    Examples
    --------
    >>> first = [0.18, 0.20, 0.22, 0.20]
    >>> second = [0.15, 0.17, 0.13, 0.15]
    >>> round(minimal_detectable_effect(first, second).effect, 4)
    0.0326
    """
    question = Question(alternative, 0.0, level)
    if not question.alpha < power <= _MOST_POWER:
        raise UsageError(
            f"power must be above 1 - level = {question.alpha} and at most {_MOST_POWER}, "
            f"not {power}"
        )
    quantity = "minimal detectable effect"
    samples = read_samples(first, second, rounding="half_up", test=quantity, least=2)
    spread = spread_of(samples, quantity=quantity)
    return MinimalDetectableEffect(
        effect=detectable_shift(question, spread.df, power) * spread.std_error,
        power=power,
        level=level,
        alternative=alternative,
        method="welch",
        n_by_group=samples.n_by_group,
        std_error=spread.std_error,
        df=spread.df,
    )


def power_of_t(shift: float, df: float, question: Question) -> float:
    """Return the probability that a t test rejects.

    Parameters
    ----------
    shift
        True difference over its standard error, away from the null in the tested direction.
    df
        Degrees of freedom.
    question
        Direction and level of the test.

    Notes
    -----
    Where the tail is below some 1e-16, scipy's noncentral t returns NaN; it counts as 0.
    """
    from scipy.special import nctdtr

    two_sided = question.alternative == "two-sided"
    critical = critical_t(df, question.alpha / 2 if two_sided else question.alpha)
    missed = float(np.nan_to_num(nctdtr(df, shift, critical), nan=0.0))
    other_side = float(np.nan_to_num(nctdtr(df, shift, -critical), nan=0.0)) if two_sided else 0.0
    return 1 - missed + other_side


def detectable_shift(question: Question, df: float, power: float) -> float:
    """Return the least true difference, in standard errors, at which a t test has this power."""
    from scipy.optimize import brentq

    enough = 1.0
    while power_of_t(enough, df, question) < power:
        enough *= 2
    return float(brentq(lambda shift: power_of_t(shift, df, question) - power, 0, enough))
