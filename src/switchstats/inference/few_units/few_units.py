"""Tests whether a few exposed retailers' effects are 0 on average: t, Hartung-Knapp, sign flips."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from switchstats.errors import UsageError
from switchstats.inference.few_units.pooled import PooledUnits, pool_units, weigh_units
from switchstats.inference.few_units.sign_flips import flip_signs
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.inference.student import critical_t, p_from_t
from switchstats.values import Interval, TestResult, TestWeighting

__all__ = ["FewUnitsMethod", "few_units"]

FewUnitsMethod: TypeAlias = Literal["hartung_knapp", "t", "sign_flips"]


def few_units(  # noqa: PLR0913 -- the questions to be asked, each by its own name
    estimates: ArrayLike,
    std_errors: ArrayLike | None = None,
    *,
    method: FewUnitsMethod = "hartung_knapp",
    common: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
    estimand: str = "mean_effect",
    n_controls: int = 0,
) -> TestResult:
    r"""Test the mean of a few retailers' effects, each retailer being one observation.

    With seven exposed retailers there are seven observations, however many requests they filed.

    Parameters
    ----------
    estimates
        One effect a retailer, first minus second, fractions of requests.
    std_errors
        Their sampling errors, needed by ``"hartung_knapp"``; with ``"sign_flips"`` they set the
        weights. Without them every retailer counts once.
    method
        ``"hartung_knapp"``: random-effects weights and t on retailers less one degrees of freedom;
        ``"t"``: the plain mean and its t test;
        ``"sign_flips"``: how many of the 2^K patterns of signs show a mean at least as extreme,
        exact when each effect's error is symmetric around 0, whatever their sizes.
    common
        As in `pool_units`: an error that the effects share, for the first two methods.
    weights
        For ``"t"``: how much each retailer counts, such as its requests; all alike by default.
    alternative
        ``"less"``: the effect is below `null`.
    null
        Effect under the null hypothesis.
    level
        Confidence of the interval.
    estimand
        Catalogue key below ``estimand.`` of what the effects are.
    n_controls
        Retailers that they were compared with, for the record.

    Returns
    -------
    TestResult
        `quantities` hold ``tau``, the standard deviation between the retailers' true effects, for
        ``"hartung_knapp"``. The sign-flip p-value is never below 1 / 2^K (one-sided; twice that
        two-sided), and its interval is unbounded where the level asks for less.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        With fewer than two retailers, or when nothing varies.

    Notes
    -----
    All of them take the effects' errors as independent but for `common`. Cluster-robust errors on
    hundreds of degrees of freedom, which the controls would lend, raise false alarms to 11-90 %.
    With unequal weights t on K - 1 degrees of freedom is rough: `n_effective` says how many
    retailers carry the mean.

    Sources: J. Hartung and G. Knapp, Statistics in Medicine 20 (2001) 3875-3889; sign flips:
    I. A. Canay, J. P. Romano and A. M. Shaikh, Econometrica 85 (2017) 1013-1030,
    doi:10.3982/ECTA13081.

    Examples
    --------
    >>> effects = [-0.02, -0.01, -0.03, -0.02, -0.04, -0.01, -0.02]
    >>> few_units(effects, method="sign_flips", alternative="less").p_value == 1 / 128
    True
    >>> round(few_units(effects, method="t").p_value, 4)
    0.0018
    """
    question = Question(alternative, null, level)
    if method not in get_args(FewUnitsMethod):
        known = ", ".join(get_args(FewUnitsMethod))
        raise UsageError(f"method must be one of {known}, not {method!r}")
    effects = _numbers(estimates, "estimates")
    errors = None if std_errors is None else _numbers(std_errors, "std_errors")
    if errors is not None and errors.size != effects.size:
        raise UsageError("give one standard error an estimate")
    if errors is None and method == "hartung_knapp":
        raise UsageError("hartung_knapp needs std_errors; without them use method='t'")
    if method == "t":
        errors = None
    shared = None if common is None else np.asarray(common, dtype=np.float64)
    if weights is None:
        pooled = pool_units(effects, None if errors is None else errors**2, shared)
    elif method == "t":
        pooled = weigh_units(effects, _numbers(weights, "weights"))
    else:
        raise UsageError("weights go with method='t'; the other methods weigh by precision")
    weighting = "requests" if weights is not None else "equal" if errors is None else "precision"
    told = _told(method, estimand, weighting, pooled, question, n_controls)
    if method == "sign_flips":
        p_value, interval = flip_signs(effects, pooled.weights, question)
        return told.result(p_value, interval)
    t = (pooled.estimate - null) / pooled.std_error
    return told.result(
        p_from_t(t, pooled.df, alternative), interval_of_t(pooled, question), t=t, df=pooled.df
    )


def interval_of_t(pooled: PooledUnits, question: Question) -> Interval:
    """Return the interval of Student's t around a pooled estimate."""
    two_sided = question.alternative == "two-sided"
    reach = critical_t(pooled.df, question.alpha / 2 if two_sided else question.alpha)
    reach *= pooled.std_error
    return question.interval(
        None if question.alternative == "less" else pooled.estimate - reach,
        None if question.alternative == "greater" else pooled.estimate + reach,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What the result says whichever method was asked for."""

    method: str
    estimand: str
    weighting: TestWeighting
    n_units: int
    n_controls: int
    pooled: PooledUnits
    question: Question

    def result(
        self, p_value: float, interval: Interval, t: float | None = None, df: float | None = None
    ) -> TestResult:
        pooled, question = self.pooled, self.question
        return TestResult(
            method=self.method,
            estimand=self.estimand,
            weighting=self.weighting,
            estimate=pooled.estimate,
            null=question.null,
            alternative=question.alternative,
            p_value=p_value,
            interval=interval,
            n_units=self.n_units,
            n_by_group=(self.n_units, self.n_controls),
            n_effective=pooled.n_effective,
            statistic=pooled.estimate - question.null if t is None else t,
            df=df,
            std_error=pooled.std_error,
            quantities={} if pooled.tau is None else {"tau": pooled.tau},
        )


def _told(
    method: FewUnitsMethod,
    estimand: str,
    weighting: TestWeighting,
    pooled: PooledUnits,
    question: Question,
    n_controls: int,
) -> _Told:
    name = {"t": "one_sample_t"}.get(method, method)
    return _Told(name, estimand, weighting, pooled.weights.size, n_controls, pooled, question)


def _numbers(given: ArrayLike, name: str) -> Floats:
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise UsageError(f"{name} must be a plain list of numbers") from None
    if numbers.ndim != 1 or not np.isfinite(numbers).all():
        raise UsageError(f"{name} must be a plain list of finite numbers, one a retailer")
    return numbers
