"""The true difference that these retailers could have shown."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, cast, get_args

import numpy as np

from switchstats.errors import UsageError
from switchstats.inference.clustered.difference import (
    check_options,
    difference_of,
    refuse_no_variation,
)
from switchstats.inference.groups import GROUPS, Data, read_two_groups
from switchstats.inference.question import Question
from switchstats.inference.samples import Floats, Rates, read_rates
from switchstats.inference.student import critical_t, spread_of
from switchstats.periods import Period
from switchstats.rates.ratio import Estimator
from switchstats.rates.roots import roots_between
from switchstats.values import Alternative, Shown, Weighting

__all__ = [
    "MinimalDetectableEffect",
    "PlannedTest",
    "detectable_shift",
    "minimal_detectable_effect",
    "power_of_t",
]

PlannedMethod = Literal["welch", "cluster_robust"]

# Beyond it the effect is decided by the last digits of a tail.
_MOST_POWER = 0.9999
_TWO_LISTS = 2
_QUANTITY = "minimal detectable effect"


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """A test of which a power is wanted.

    Parameters
    ----------
    power
        Wanted probability of rejecting; above 1 - `level` and at most 0.9999.
    alternative
        ``"less"``, ``"greater"``, ``"two-sided"``; ``"equivalence"``: two one-sided tests when
        there is no true difference.
    level
        One minus the size of the test.

    Raises
    ------
    UsageError
        When one of them is out of its range.
    """

    power: float
    alternative: Alternative
    level: float

    def __post_init__(self) -> None:
        if self.alternative not in get_args(Alternative):
            raise UsageError(
                "alternative must be 'two-sided', 'less', 'greater' or 'equivalence', not "
                f"{self.alternative!r}"
            )
        alpha = self._question.alpha
        if not alpha < self.power <= _MOST_POWER:
            raise UsageError(
                f"power must be above 1 - level = {alpha} and at most {_MOST_POWER}, "
                f"not {self.power}"
            )

    def shift(self, df: float) -> float:
        """Return the detectable difference in standard errors."""
        # both sides succeed with at least the power when each fails half as often
        equivalence = self.alternative == "equivalence"
        power = (1 + self.power) / 2 if equivalence else self.power
        return detectable_shift(self._question, df, power)

    @property
    def _question(self) -> Question:
        direction = "less" if self.alternative == "equivalence" else self.alternative
        return Question(direction, 0.0, self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimalDetectableEffect(Shown):
    """The least true difference that a test would show with the wanted power.

    It is not a `TestResult`, since nothing is tested, and not a bare number, since without its
    power, level and alternative the number means nothing.

    Parameters
    ----------
    effect
        Absolute difference of mean rates, a fraction of requests; for ``"equivalence"`` the margin.
    power
        Probability that the test rejects when the true difference is `effect`; for
        ``"equivalence"`` that it rules out the margin when there is none.
    level
        One minus the size of the test.
    alternative
        Direction of the test; ``"less"`` and ``"greater"`` have the same effect.
    method, weighting
        The test, and whether every retailer or every request counts once.
    n_by_group
        Retailers in the first and second group.
    std_error, df
        Standard error of the difference as observed, and its degrees of freedom.
    """

    effect: float
    power: float
    level: float
    alternative: Alternative
    method: str
    weighting: Weighting
    n_by_group: tuple[int, int]
    std_error: float
    df: float

    def to_dict(self) -> dict[str, object]:
        """Return plain types, ready for JSON."""
        return {**asdict(self), "n_by_group": list(self.n_by_group)}


def minimal_detectable_effect(  # noqa: PLR0913 -- what is wanted of which test
    *data: "Data | Rates",
    power: float = 0.8,
    alternative: Alternative = "less",
    level: float = 0.95,
    method: PlannedMethod | None = None,
    weighting: Weighting | None = None,
    estimator: Estimator | None = None,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
) -> MinimalDetectableEffect:
    """Return the true difference at which a t test has the wanted power.

    Parameters
    ----------
    *data
        Two lists of rates, one a retailer, as fractions or as `PrintedRate` (the printed number is
        used); or counts; or ``e1, n1, e0, n0``: errors and requests of the first group, then of the
        second, one entry a retailer. At least two retailers in each group.
    power
        Wanted probability of rejecting; above 1 - `level` and at most 0.9999.
    alternative
        Direction of the test; ``"equivalence"`` asks for the margin that would be ruled out.
    level
        One minus the size of the test, of each one-sided test for ``"equivalence"``.
    method
        ``"welch"`` (the default for rates) or ``"cluster_robust"`` (for requests and errors).
    weighting, estimator
        Of ``"cluster_robust"``; by default requests, and CR2 with Satterthwaite's degrees of
        freedom.
    groups, period
        Of counts: first and second group; only counts inside the period.

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
    With very uneven volumes it is known far less well; `power_by_simulation` shows how a test does
    with these volumes. The effect depends on the spread of the rates, not on the observed
    difference.

    Source: B. K. Moser, G. R. Stevens and C. L. Watts, Communications in Statistics - Theory and
    Methods 18 (1989) 3963-3975, doi:10.1080/03610928908830135.

    Examples
    --------
    >>> first = [0.18, 0.20, 0.22, 0.20]
    >>> second = [0.15, 0.17, 0.13, 0.15]
    >>> round(minimal_detectable_effect(first, second).effect, 4)
    0.0326
    """
    planned = PlannedTest(power, alternative, level)
    inside = method or ("welch" if len(data) == _TWO_LISTS else "cluster_robust")
    if inside == "welch":
        if weighting == "requests" or estimator is not None:
            raise UsageError("Welch's test counts every retailer once and has no estimator")
        samples = read_rates(
            data, test=_QUANTITY, groups=groups, period=period, rounding="half_up", least=2
        )
        spread = spread_of(samples, quantity=_QUANTITY)
        n_by_group, std_error, df = samples.n_by_group, spread.std_error, spread.df
    else:
        n_by_group, std_error, df = _clustered(
            data, inside, weighting or "requests", estimator or "CR2", groups, period
        )
    return MinimalDetectableEffect(
        effect=planned.shift(df) * std_error,
        power=power,
        level=level,
        alternative=alternative,
        method=inside,
        weighting="equal" if inside == "welch" else weighting or "requests",
        n_by_group=n_by_group,
        std_error=std_error,
        df=df,
    )


def _clustered(
    data: Sequence[Data | Rates],
    method: str,
    weighting: Weighting,
    estimator: Estimator,
    groups: tuple[str, str],
    period: Period | None,
) -> tuple[tuple[int, int], float, float]:
    """Return retailers by group, standard error and degrees of freedom."""
    if method != "cluster_robust":
        raise UsageError(f"method must be 'welch' or 'cluster_robust', not {method!r}")
    if len(data) == _TWO_LISTS:
        raise UsageError(
            "rates alone do not tell how many requests a retailer filed: for "
            "method='cluster_robust' give counts, or errors and requests of both groups"
        )
    check_options(estimator, weighting)
    counted = cast("Sequence[Data]", data)
    two = read_two_groups(counted, test=_QUANTITY, groups=groups, period=period, least=2)
    difference = difference_of(
        two.errors, two.requests, two.first, estimator=estimator, weighting=weighting
    )
    refuse_no_variation(float(difference.std_error), _QUANTITY)
    return two.n_by_group, float(difference.std_error), float(difference.df)


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
    enough = 1.0
    while power_of_t(enough, df, question) < power:
        enough *= 2

    def short_of(shift: Floats) -> Floats:
        return np.array([power_of_t(float(shift[0]), df, question) - power])

    return float(roots_between(short_of, np.zeros(1), np.array([enough]))[0])
