"""The t test of a difference of two weighted mean rates, with retailers as clusters."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.clustered.difference import (
    ESTIMANDS,
    Bools,
    Difference,
    Freedom,
    check_options,
    difference_of,
    model_for,
    refuse_no_variation,
)
from switchstats.inference.clustered.multiway import SharedBy, multiway_difference, read_dyads
from switchstats.inference.groups import GROUPS, Data, Ints, read_two_groups
from switchstats.inference.question import Direction, Question
from switchstats.inference.student import critical_t, p_from_t
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.rates.ratio import Estimator, Floats, WorkingModel
from switchstats.values import Caution, Counts, TestResult, Weighting

__all__ = ["Cluster", "cluster_robust", "cluster_robust_p_values"]

Cluster = Literal["retailer", "two-way", "dyadic"] | tuple[Literal["gaining"], Literal["losing"]]

_TEST = "the cluster-robust test"
# Below it, Satterthwaite's approximation is not to be trusted (Tipton 2015).
_FEWEST_DF = 4


@dataclass(frozen=True, slots=True)
class _How:
    """The options of the test."""

    estimator: Estimator
    weighting: Weighting
    working: WorkingModel
    df: Freedom


def cluster_robust(  # noqa: PLR0913 -- the questions to be asked and how, each by its own name
    *data: "Data",
    estimator: Estimator | None = None,
    weighting: Weighting = "requests",
    working: WorkingModel | None = None,
    df: Freedom = "usual",
    cluster: Cluster = "retailer",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
) -> TestResult:
    """Test the difference of two groups' rates by t with a cluster-robust standard error.

    Estimates the rate of the first group minus that of the second, by default every request
    counting once. It is the regression of single requests on the group, with standard errors that
    allow the requests of one retailer to be related in any way.

    Parameters
    ----------
    *data
        Counts, or errors and requests of the first group, then of the second, one entry a retailer.
    estimator
        ``"CR2"``: unbiased under the working model, with Satterthwaite's degrees of freedom (the
        default); ``"CR3"``: the jackknife that leaves one retailer out in turn, with the number of
        retailers less two (the default for `cluster` other than ``"retailer"``); ``"CR1"``: plain,
        times n / (n - 1), with the same.
    weighting
        ``"requests"``: every request counts once; ``"equal"``: every retailer does.
    working
        Working model of CR2. ``"requests"``: a retailer's rate varies as 1 / requests, as if all
        requests were independent (the default for ``weighting="requests"``); ``"retailers"``: every
        retailer's rate varies alike (the default for ``"equal"``, where it gives the standard error
        of Welch's test).
    df
        Degrees of freedom. ``"usual"``: those named under `estimator`; ``"effective"``: each
        group has its effective number of retailers less one (1 / sum of squared weights), joined
        as in Welch's test by what each group adds to the squared standard error. Few by design
        where a few retailers carry the weight.
    cluster
        What is related. ``"retailer"``: requests filed by the same (gaining) retailer;
        ``"two-way"`` or ``("gaining", "losing")``: also requests that leave the same losing
        retailer;
        ``"dyadic"``: any two requests that share a retailer in any role. The latter two need counts
        with the stratum ``losing``.
    groups, period
        Of counts: first and second group; only counts inside the period.
    alternative
        ``"less"``: the first group's rate is lower; ``"greater"``: higher; ``"two-sided"``: either.
    null
        Difference under the null hypothesis, a fraction.
    level
        Confidence of the interval.

    Returns
    -------
    TestResult
        `statistic` is t. With several clusterings, `quantities` has the number of losing retailers
        and the standard error when only gaining retailers are clusters.

    Raises
    ------
    UsageError
        When an argument is out of its range, or CR2 or a working model is asked for together with
        several clusterings, where it is not defined.
    NotAnswerableError
        When a group has fewer than two retailers, no rate varies, or a retailer cannot be left out.

    Notes
    -----
    Few retailers, or one with most of the requests, make the request-weighted test unreliable. In
    simulations with 10 v 10 retailers whose volumes are log-normal (standard deviation of the log
    1.5) a nominal 5 % is .21 for CR1, .08 for CR2 and .06 for CR3; with 10 v 700, .26, .05 and .12,
    since CR3 then counts degrees of freedom that the smaller group has not. With ``working=
    "retailers"`` CR2 rejects too seldom (.02). Weighted equally, CR2 keeps its 5 % in all of these.
    CR3 with ``df="effective"`` rejects in at most 5 % of the data sets of every world of the
    package's calibration in which rates are not near 0, with either weighting, also where the
    smaller group's rates spread most; the price is power (request-weighted, 10 v 10 skewed, a gap
    of 6 points: .27 against .44).

    Several clusterings: the covariance of the two group rates is V(gaining) + V(losing) - V(cells),
    for dyads V(retailers) - V(pairs of retailers), each with its own c / (c - 1) for CR1, or from
    leaving out each cluster in turn for CR3. A negative eigenvalue is raised to 0, and CR3 is not
    let fall below the standard error with gaining retailers as clusters. The t distribution has the
    gaining retailers less two degrees of freedom, two-way no more than the losing ones less one.
    Needed where the groups take their customers from different losing retailers that differ: then
    every test that treats gaining retailers as independent rejects far too often (.20 to .35 in
    simulations with 10 v 10, against .04 to .06 for CR3 here; CR1 .06 to .30).

    Sources: R. M. Bell and D. F. McCaffrey, Survey Methodology 28 (2002) 169-181; J. E. Pustejovsky
    and E. Tipton, Journal of Business & Economic Statistics 36 (2018) 672-683,
    doi:10.1080/07350015.2016.1247004; E. Tipton, Psychological Methods 20 (2015) 375-393; two-way:
    A. C. Cameron, J. B. Gelbach and D. L. Miller, Journal of Business & Economic Statistics 29
    (2011) 238-249, doi:10.1198/jbes.2010.07136; dyadic: M. Fafchamps and F. Gubert, Journal of
    Development Economics 83 (2007) 326-350; P. M. Aronow, C. Samii and V. A. Assenova, Political
    Analysis 23 (2015) 564-577; jackknife: J. G. MacKinnon, M. Ø. Nielsen and M. D. Webb, Jackknife
    Inference with Two-Way Clustering, working paper (2024).

    Examples
    --------
    >>> result = cluster_robust([12, 30, 7, 55], [100, 150, 40, 400], [5, 60, 11], [60, 300, 70])
    >>> round(result.estimate, 4), round(result.std_error, 4), round(result.df, 2)
    (-0.026, 0.0373, 2.85)
    """
    question = Question(alternative, null, level)
    how = _how(estimator, weighting, working, df, cluster)
    if cluster == "retailer":
        return _by_retailer(data, question, how, groups, period)
    if len(data) != 1 or not isinstance(data[0], Counts):
        raise UsageError(
            f"{_TEST} clustered by the losing retailer needs counts with the stratum 'losing'"
        )
    shared_by: SharedBy = "dyadic" if cluster == "dyadic" else "two-way"
    return _by_dyad(data[0], question, how, shared_by, groups, period)


def cluster_robust_p_values(
    errors: Ints,
    requests: Ints,
    first: Bools,
    *,
    estimator: Estimator = "CR2",
    weighting: Weighting = "requests",
    working: WorkingModel | None = None,
    df: Freedom = "usual",
) -> Floats:
    """Return two-sided p-values of data sets, shape (..., k), NaN where undefined."""
    return difference_of(
        errors, requests, first, estimator=estimator, weighting=weighting, working=working, df=df
    ).p_values()


def _how(
    estimator: Estimator | None,
    weighting: Weighting,
    working: WorkingModel | None,
    df: Freedom,
    cluster: Cluster,
) -> _How:
    if cluster not in ("retailer", "two-way", "dyadic", ("gaining", "losing")):
        raise UsageError(
            "cluster must be 'retailer', 'two-way', which is ('gaining', 'losing'), or 'dyadic', "
            f"not {cluster!r}"
        )
    chosen = estimator or ("CR2" if cluster == "retailer" else "CR3")
    check_options(chosen, weighting, working, df)
    if working is not None and chosen != "CR2":
        raise UsageError(f"{chosen} has no working model: leave out working={working!r}")
    if chosen == "CR2" and cluster != "retailer":
        raise UsageError("CR2 is defined for one clustering only: take 'CR3' or 'CR1'")
    if df == "effective" and cluster != "retailer":
        raise UsageError("effective degrees of freedom are defined for one clustering only")
    return _How(chosen, weighting, working or model_for(weighting), df)


def _by_retailer(
    data: tuple[Data, ...],
    question: Question,
    how: _How,
    groups: tuple[str, str],
    period: Period | None,
) -> TestResult:
    two = read_two_groups(data, test=_TEST, groups=groups, period=period, least=2)
    difference = difference_of(
        two.errors,
        two.requests,
        two.first,
        estimator=how.estimator,
        weighting=how.weighting,
        working=how.working,
        df=how.df,
    )
    refuse_no_variation(float(difference.std_error), _TEST)
    effective = two.n_effective if how.weighting == "requests" else float(two.n_units)
    result = _result(difference, question, how, two.n_by_group, effective)
    notes = (_working_note(how.working),) if how.estimator == "CR2" else ()
    return replace(result, period=two.period, notes=(*two.notes, *notes))


def _by_dyad(
    counts: Counts,
    question: Question,
    how: _How,
    shared_by: SharedBy,
    groups: tuple[str, str],
    period: Period | None,
) -> TestResult:
    dyads = read_dyads(counts, test=_TEST, groups=groups, period=period)
    difference, raised = multiway_difference(
        dyads, shared_by=shared_by, estimator=how.estimator, weighting=how.weighting
    )
    if not math.isfinite(difference.std_error):
        raise NotAnswerableError(
            _TEST,
            "the rates do not vary, or leaving out one retailer leaves a group without requests",
            "several gaining and several losing retailers in each group",
        )
    two = read_two_groups((counts,), test=_TEST, groups=groups, period=period, least=2)
    one_way = difference_of(
        two.errors,
        two.requests,
        two.first,
        estimator=how.estimator,
        weighting=how.weighting,
    )
    effective = two.n_effective if how.weighting == "requests" else float(two.n_units)
    result = _result(difference, question, how, two.n_by_group, effective)
    raised_note = (text("inference.eigenvalue_raised"),) if bool(raised) else ()
    return replace(
        result,
        period=two.period,
        quantities={
            "n_losing": float(dyads.n_losing),
            "std_error_gaining_only": float(one_way.std_error),
        },
        notes=(*two.notes, *raised_note),
    )


def _result(
    difference: Difference,
    question: Question,
    how: _How,
    n_by_group: tuple[int, int],
    n_effective: float,
) -> TestResult:
    estimate, std_error, df = (
        float(part) for part in (difference.estimate, difference.std_error, difference.df)
    )
    t = (estimate - question.null) / std_error
    two_sided = question.alternative == "two-sided"
    reach = critical_t(df, question.alpha / 2 if two_sided else question.alpha) * std_error
    cautions = [Caution.of("cr1_too_small")] if how.estimator == "CR1" else []
    if df < _FEWEST_DF:
        cautions.append(Caution.of("few_degrees_of_freedom", df=f"{df:.1f}"))
    return TestResult(
        method="cluster_robust",
        estimand=ESTIMANDS[how.weighting],
        weighting=how.weighting,
        estimate=estimate,
        null=question.null,
        alternative=question.alternative,
        p_value=p_from_t(t, df, question.alternative),
        interval=question.interval(
            None if question.alternative == "less" else estimate - reach,
            None if question.alternative == "greater" else estimate + reach,
        ),
        n_units=sum(n_by_group),
        n_by_group=n_by_group,
        n_effective=n_effective,
        statistic=t,
        df=df,
        std_error=std_error,
        cautions=tuple(cautions),
    )


def _working_note(working: WorkingModel) -> Text:
    if working == "requests":
        return text("inference.working_requests")
    return text("inference.working_retailers")
