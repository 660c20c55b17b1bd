"""Random-effects comparison of two groups' rates, with Hartung and Knapp's standard error."""

from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import GROUPS, Data, TwoGroups, read_two_groups
from switchstats.inference.models.group_means import (
    EffectScale,
    GroupMeans,
    Heterogeneity,
    group_means,
)
from switchstats.inference.question import Direction, Question
from switchstats.inference.student import critical_t, p_from_t
from switchstats.periods import Period
from switchstats.rates.random_effects import (
    HeterogeneityMethod,
    VarianceOf,
    check_method,
)
from switchstats.values import Interval, TestResult

__all__ = ["random_effects", "random_effects_p_values"]

Floats = NDArray[np.float64]

_TEST = "random-effects comparison"
_LEAST_RETAILERS = 3


def random_effects(  # noqa: PLR0913 -- the questions to be asked and how, each by its own name
    *data: "Data",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    method: HeterogeneityMethod = "paule_mandel",
    heterogeneity: Heterogeneity = "by_group",
    variance: VarianceOf = "pooled",
    scale: EffectScale = "difference",
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
) -> TestResult:
    r"""Test the difference of two groups' mean rates, retailers weighted by precision.

    Every retailer's true rate is drawn from its group's distribution. Estimates the difference of
    the two distributions' means: each group's mean weighs its retailers by 1 / (sampling variance
    + variance :math:`\tau^2` between retailers), which lies between counting every request and
    counting every retailer once.

    Parameters
    ----------
    *data
        Counts; or errors and requests of the first group, then of the second, one entry a
        retailer.
    groups, period
        As in `read_two_groups`.
    method
        How :math:`\tau^2` is estimated: ``"paule_mandel"`` or ``"reml"``.
    heterogeneity
        ``"by_group"``: each group has its own :math:`\tau^2` and Hartung-Knapp error, and degrees
        of freedom are Satterthwaite's; with equal volumes this is Welch's test. ``"common"``: a
        meta-regression on the group with one :math:`\tau^2`, Knapp and Hartung's error and t on
        retailers less two degrees of freedom.
    variance
        Sampling variance of a rate. ``"pooled"``: p(1 - p) / n with the group's request-weighted
        rate p, so that retailers without errors need no correction. ``"own"``: with the retailer's
        own rate, the pooled one where all its requests ended alike.
    scale
        ``"difference"`` of rates, or ``"log_odds_ratio"``: difference of mean log-odds, for which
        every retailer needs requests with errors and without.
    alternative
        ``"less"``: the first group's rates are lower; ``"greater"``: higher; ``"two-sided"``.
    null
        Difference under the null hypothesis, on `scale`.
    level
        Confidence of the intervals.

    Returns
    -------
    TestResult
        `statistic` is t. `quantities`, for each of ``_first`` and ``_second``: ``rate`` (the mean;
        on log-odds the rate at the mean log-odds), ``prediction_low`` and ``prediction_high``
        (where the true rate of one more retailer lies with the same confidence, cut at 0 and 1),
        ``tau`` (standard deviation between retailers, on `scale`), ``i_squared`` (share of the
        variation that is not sampling).

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has too few retailers, all requests of a group ended alike, no group varies,
        or a retailer has no finite log-odds.

    Notes
    -----
    Assumes that a retailer's volume says nothing about its rate. With few expected errors a
    retailer the test rejects too often, at 10 against 10 retailers with a median of 30 requests
    about 7 % at a nominal 5 % (9 % with ``variance="own"``, which besides is biased where volumes
    differ between the groups). ``"common"`` is wrong where groups of unequal size vary unlike: 42 %
    instead of 5 % at 10 against 100 retailers with four times the spread in the small group.
    ``"by_group"`` is rough below five retailers in a group.

    Sources: R. C. Paule and J. Mandel, Journal of Research of the National Bureau of Standards 87
    (1982) 377-385; G. Knapp and J. Hartung, Statistics in Medicine 22 (2003) 2693-2710; prediction
    interval: J. P. T. Higgins, S. G. Thompson and D. J. Spiegelhalter, Journal of the Royal
    Statistical Society A 172 (2009) 137-159, here with retailers less one degrees of freedom.

    Examples
    --------
    >>> result = random_effects([40, 95, 20], [200, 350, 120], [30, 22, 41], [210, 200, 300])
    >>> round(result.estimate, 4), round(result.p_value, 4)
    (0.0873, 0.0968)
    """
    question = Question(alternative, null, level)
    check_method(method, variance)
    _check(heterogeneity, scale)
    least = 2 if heterogeneity == "by_group" else 1
    two = read_two_groups(data, test=_TEST, groups=groups, period=period, least=least)
    _refuse(two, groups, scale)
    e, n = two.errors.astype(np.float64), two.requests.astype(np.float64)
    found = group_means(e, n, two.first, method, heterogeneity, variance, scale)
    estimate, std_error, df = (float(part) for part in found.difference())
    if not std_error > found.least_error():
        raise NotAnswerableError(
            _TEST,
            "within each group all retailers have the same rate",
            "rates that vary within at least one group",
        )
    t = (estimate - question.null) / std_error
    return TestResult(
        method="random_effects",
        estimand=f"random_effects_{scale}",
        weighting="precision",
        scale=scale,
        estimate=estimate,
        null=question.null,
        alternative=question.alternative,
        p_value=p_from_t(t, df, question.alternative),
        interval=_interval(estimate, std_error, df, question),
        n_units=two.n_units,
        n_by_group=two.n_by_group,
        n_effective=two.n_effective,
        statistic=t,
        df=df,
        std_error=std_error,
        period=two.period,
        quantities=_quantities(found, question, scale),
        notes=two.notes,
    )


def random_effects_p_values(
    errors: ArrayLike,
    requests: ArrayLike,
    first: ArrayLike,
    *,
    method: HeterogeneityMethod = "paule_mandel",
    heterogeneity: Heterogeneity = "by_group",
    variance: VarianceOf = "pooled",
) -> Floats:
    """Return two-sided p-values of `random_effects` on rates for many data sets.

    Parameters
    ----------
    errors, requests
        Shape (..., retailers); retailers without requests are left out.
    first
        Whether each retailer belongs to the first group, shape (retailers,).
    method, heterogeneity, variance
        As for `random_effects`.

    Returns
    -------
    ndarray
        Shape (...); NaN where `random_effects` would refuse.

    Examples
    --------
    >>> errors, requests = [40, 95, 20, 30, 22, 41], [200, 350, 120, 210, 200, 300]
    >>> float(random_effects_p_values(errors, requests, [True] * 3 + [False] * 3).round(4))
    0.0968
    """
    from scipy.special import stdtr

    check_method(method, variance)
    _check(heterogeneity, "difference")
    e, n = np.broadcast_arrays(
        np.asarray(errors, dtype=np.float64), np.asarray(requests, dtype=np.float64)
    )
    members = np.asarray(first, dtype=bool)
    found = group_means(e, n, members, method, heterogeneity, variance, "difference")
    estimate, std_error, df = found.difference()
    varies = std_error > found.least_error()
    t = estimate / np.where(varies, std_error, np.nan)
    return 2 * stdtr(df, -np.abs(t))


def _check(heterogeneity: Heterogeneity, scale: EffectScale) -> None:
    if heterogeneity not in get_args(Heterogeneity):
        raise UsageError(f"heterogeneity must be 'by_group' or 'common', not {heterogeneity!r}")
    if scale not in get_args(EffectScale):
        raise UsageError(f"scale must be 'difference' or 'log_odds_ratio', not {scale!r}")


def _refuse(two: TwoGroups, groups: tuple[str, str], scale: EffectScale) -> None:
    if two.n_units < _LEAST_RETAILERS:
        raise NotAnswerableError(
            _TEST,
            "each group has a single retailer, so that nothing shows how retailers vary",
            "at least three retailers, some in each group",
        )
    e1, n1, e0, n0 = two.totals
    for name, ended, asked in ((groups[0], e1, n1), (groups[1], e0, n0)):
        if ended in (0, asked):
            raise NotAnswerableError(
                _TEST,
                f"all requests of the group {name} ended alike, so that its rates show no variance",
                "requests with errors and without in each group; or a beta-binomial regression",
            )
    if scale == "log_odds_ratio" and np.any((two.errors == 0) | (two.errors == two.requests)):
        raise NotAnswerableError(
            f"{_TEST} of log-odds",
            "a retailer has no errors, or nothing but errors, and so no finite log-odds",
            'requests of both kinds from every retailer; or scale="difference", or a mixed model',
        )


def _interval(estimate: float, std_error: float, df: float, question: Question) -> Interval:
    two_sided = question.alternative == "two-sided"
    reach = critical_t(df, question.alpha / 2 if two_sided else question.alpha) * std_error
    return question.interval(
        None if question.alternative == "less" else estimate - reach,
        None if question.alternative == "greater" else estimate + reach,
    )


def _quantities(found: GroupMeans, question: Question, scale: EffectScale) -> dict[str, float]:
    from scipy.special import expit

    quantities: dict[str, float] = {}
    for place, name in enumerate(("first", "second")):
        mean, tau_squared = float(found.means[place]), float(found.tau_squared[place])
        quantities[f"tau_{name}"] = tau_squared**0.5
        quantities[f"i_squared_{name}"] = float(found.i_squared[place])
        df = float(found.own_df[place])
        reach = critical_t(df, question.alpha / 2)
        reach *= (tau_squared + float(found.squared_errors[place])) ** 0.5
        rates = [mean, mean - reach, mean + reach]
        if scale == "log_odds_ratio":
            rates = [float(expit(each)) for each in rates]
        keys = ("rate", "prediction_low", "prediction_high")
        for key, rate in zip(keys, rates, strict=True):
            quantities[f"{key}_{name}"] = min(max(rate, 0.0), 1.0)
    return quantities
