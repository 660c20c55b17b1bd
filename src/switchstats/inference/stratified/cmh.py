"""The Cochran-Mantel-Haenszel test: asymptotic, exact, and with retailers as clusters."""

import math
from collections.abc import Sequence

import numpy as np

from switchstats.errors import NotAnswerableError, UsageError
from switchstats.inference.groups import GROUPS, Data, Ints
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Floats
from switchstats.inference.stratified.compared import Answer, Compared, check_ratio, compare
from switchstats.inference.stratified.conditional_score import HALF, SAME, ConditionalScore
from switchstats.inference.stratified.conditional_sum import Side
from switchstats.inference.stratified.exact import ExactStrata, Tails
from switchstats.inference.stratified.mantel_haenszel import mantel_haenszel_p_values
from switchstats.inference.stratified.odds_by_retailer import OddsByRetailer
from switchstats.inference.stratified.retailers import Retailers
from switchstats.inference.stratified.sums import Bools, Tables, tables_of
from switchstats.inference.student import p_from_t
from switchstats.inference.two_by_two.requests import normal_p_values, tail_of
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.values import Interval, TestResult, Units

__all__ = ["cmh", "cmh_p_values"]

_LARGEST_LOG = 700.0
_SIDES: tuple[Side, Side] = (-1, 1)
_TEST = "the Cochran-Mantel-Haenszel test"


def cmh(  # noqa: PLR0913 -- the questions to be asked and how, each by its own name
    *data: "Data",
    by: Sequence[str] = (),
    exact: bool = False,
    central: bool = False,
    mid_p: bool = False,
    continuity: bool = True,
    units: Units | None = None,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 1.0,
    level: float = 0.95,
) -> TestResult:
    r"""Test whether error and group go together within strata.

    Estimates the odds ratio, first group over second, that all strata share, and asks whether it
    is 1 (or another `null`).

    Parameters
    ----------
    *data
        Counts; or errors and requests of the first group, then of the second, one entry a stratum.
    by
        For counts: which strata, any of theirs and ``"period"``; one name or several.
    exact
        Use the exact distribution of the first group's errors given all margins; requests are then
        the units.
    central
        Of the two-sided exact test: twice the smaller tail, to which R's exact interval belongs. By
        default the p-value is the probability of all outcomes no likelier than the observed one, as
        in R, which nevertheless prints the central interval beside that p-value. For UCB's
        admissions, R's (.7697, 1.0634) is that of ``central=True``, the default's is narrower:
        (.7700, 1.0607). (R's ends are off by 1e-5, the tolerance of its root finder.)
    mid_p
        Of the exact test: count the observed outcome by half, and two-sided twice the smaller tail.
        The test is then no longer exact, but near its level on average.
    continuity
        Of the asymptotic test with requests as units: move the errors by one half towards what is
        expected when they are that far from it, as R does.
    units
        What is independent: ``"retailers"`` (the default for counts unless `exact`) or
        ``"requests"`` (the textbooks' test, and the only one for numbers by stratum).
    groups, period
        Of counts: first and second group; only counts inside the period.
    alternative
        ``"less"``: the first group's odds of an error are lower; ``"greater"``: higher;
        ``"two-sided"``: either.
    null
        Odds ratio under the null hypothesis.
    level
        Confidence of the interval.

    Returns
    -------
    TestResult
        `estimate` is Mantel and Haenszel's odds ratio, of the exact test the conditional
        maximum-likelihood estimate; the former has the latter beside it in `quantities`, as
        ``conditional_odds_ratio``, with requests as units. That is the one at which this test has
        a p-value of 1: where strata differ much, Mantel and Haenszel's can lie outside the
        interval, as a note then says. `statistic` is chi-squared with `df` 1, of the exact test the
        first group's errors, with retailers as units Student's t with `df`. `interval` holds the
        odds ratios that the same test does not reject; those of the two-sided exact test need not
        be an interval, and in the rare case that `null` lies in a gap of them, a note says so and
        the p-value is that of the far side. With requests as units the caution
        ``requests_as_units`` is attached.

    Raises
    ------
    UsageError
        When an argument is out of its range, or an exact test with retailers as units is wanted.
    NotAnswerableError
        When no stratum has requests of both groups and some errors but not only errors, or
        retailers are wanted and not known or too few, or a group has no errors or nothing but
        errors and its retailers' rates would reject every odds ratio.

    Notes
    -----
    With requests as units, the first group's errors given all margins are compared with their
    noncentral hypergeometric expectation and variance at `null`, summed over strata. At an odds
    ratio of 1 that is the Cochran-Mantel-Haenszel statistic; inverting it at others gives the
    interval, which therefore differs a little from Robins, Breslow and Greenland's (that is
    `mantel_haenszel` with ``scale="odds_ratio"``). The asymptotic test needs a variance of some
    five or more, not large strata; the exact one needs nothing, and is conservative in small data.
    Both take requests as independent: with retailers that differ, their p-values are far too small.
    No exact test is known for retailers that file different numbers of requests; `permutation`
    within strata is the nearest.

    The exact distribution is not convolved. Each stratum's noncentral hypergeometric distribution
    is a sum of Bernoullis, so its characteristic function is known to fall like a normal one and
    the whole sum is a Fourier series of a few dozen terms. Tilting it to an odds ratio that makes
    the wanted value likely keeps every digit of tails as small as 1e-300, for thousands of strata
    and requests by the billion.

    With retailers as units, the numerator A and denominator B of the odds ratio are compared as
    A - null B, with a jackknife over retailers as in `mantel_haenszel`; at an odds ratio of 1 that
    is its test of the difference. The interval is Fieller's, which may have no upper end.

    Sources: N. Mantel and W. Haenszel, Journal of the National Cancer Institute 22 (1959) 719-748;
    C. R. Mehta, N. R. Patel and R. Gray, Journal of the American Statistical Association 80 (1985)
    969-973; J. Cornfield, Proceedings of the Third Berkeley Symposium 4 (1956) 135-148; for
    clusters: A. Donald and A. Donner, Statistics in Medicine 6 (1987) 491-499; J. Zhang and
    D. D. Boos, Biometrics 53 (1997) 1185-1198.

    Examples
    --------
    >>> trial = [21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70]
    >>> plain = cmh(*trial, continuity=False)
    >>> round(plain.statistic, 5), round(plain.p_value, 6), round(plain.estimate, 4)
    (4.93577, 0.026306, 0.6265)
    >>> exact = cmh(*trial, exact=True)
    >>> round(exact.p_value, 6), round(exact.estimate, 4)
    (0.029544, 0.6272)
    """
    question = check_ratio(Question(alternative, null, level))
    if exact and units == "retailers":
        raise UsageError(
            "there is no exact test with retailers as units: leave out exact or units, or take "
            "permutation(..., strata=...)"
        )
    compared = compare(
        data,
        test=_TEST,
        by=by,
        groups=groups,
        period=period,
        units="requests" if exact else units,
    )
    if not _varies(compared.tables).any():
        raise NotAnswerableError(
            _TEST,
            "in every stratum with both groups all requests are errors, or none is",
            "a stratum with errors and accepted requests",
        )
    if exact:
        tails: Tails = "mid_p" if mid_p else "central" if central else "likelihood"
        answer = _exact(compared, question, tails)
    elif compared.retailers is None:
        answer = _asymptotic(compared, question, continuity=continuity)
    else:
        answer = _by_retailer(compared.retailers.table(), question)
    return answer.result(compared, question)


def cmh_p_values(
    errors: Ints,
    requests: Ints,
    first: Bools,
    *,
    continuity: bool = True,
    units: Units = "retailers",
) -> Floats:
    """Return two-sided p-values of the asymptotic `cmh` for many data sets.

    Parameters
    ----------
    errors, requests
        Shape (..., strata, retailers).
    first
        Shape (retailers,): whether the retailer belongs to the first group.
    continuity, units
        As in `cmh`.

    Returns
    -------
    numpy.ndarray
        Shape (...); NaN where `cmh` refuses.

    Examples
    --------
    >>> errors = np.array([[[1, 5, 3, 2]], [[0, 0, 0, 0]]])
    >>> first = np.array([True, True, False, False])
    >>> cmh_p_values(errors, np.full((2, 1, 4), 20), first, units="requests").round(4).tolist()
    [1.0, nan]
    """
    if units == "retailers":
        return mantel_haenszel_p_values(errors, requests, first)
    tables = tables_of(errors, requests, first)
    n, m, total = tables.n1, tables.n0, tables.total
    all_errors = tables.e1 + tables.e0
    away = np.abs(tables.over_strata((tables.e1 * m - tables.e0 * n) / total))
    variance = tables.over_strata(
        n * m * all_errors * (total - all_errors) / (total**2 * np.maximum(total - 1, 1))
    )
    far = continuity & (away > HALF - SAME)
    moved = np.where(far, np.maximum(away - HALF, 0.0), away)
    with np.errstate(divide="ignore", invalid="ignore"):
        return normal_p_values(moved / np.sqrt(variance))


def _varies(tables: Ints) -> Bools:
    """Return whether the first group's errors could be others, given the margins."""
    errors = tables[:, 0] + tables[:, 2]
    return (errors > 0) & (errors < tables[:, 1] + tables[:, 3])


def _asymptotic(compared: Compared, question: Question, *, continuity: bool) -> Answer:
    score = ConditionalScore.of(compared.tables, continuity=continuity)
    tilt, tail = math.log(question.null), tail_of(question)
    estimate = float(Tables.of(compared.tables).sums("odds_ratio").ratio)
    implied = _odds(score.total.tilt)
    low, high = (_odds(score.limit(side, tail)) for side in _SIDES)
    outside = not low <= estimate <= high
    return Answer(
        method="cmh",
        estimand="common_odds_ratio",
        scale="odds_ratio",
        estimate=estimate,
        p_value=score.p_value(tilt, question.alternative),
        interval=_interval(question, low, high),
        statistic=score.z(tilt) ** 2,
        df=1.0,
        quantities={"conditional_odds_ratio": implied} if math.isfinite(implied) else {},
        notes=((text("inference.estimate_outside", estimate=f"{implied:.4g}"),) if outside else ()),
    )


def _exact(compared: Compared, question: Question, tails: Tails) -> Answer:
    exact = ExactStrata.of(compared.tables)
    null = math.log(question.null)
    p_value = exact.p_value(question.alternative, null, tails)
    low, high = exact.limits(question, tails)
    notes = (text(f"inference.exact_{tails}"),)
    steady = tails != "likelihood" or question.alternative != "two-sided"
    if not steady and p_value <= question.alpha and low <= null <= high:
        # in a gap of what is kept: the estimate lies on one side, the end on the other
        end = high if null > exact.total.tilt else low
        beyond = exact.p_value(question.alternative, end, tails)
        notes = (*notes, _gap(p_value))
        p_value = _above_alpha(beyond, question)
    return Answer(
        method="cmh_exact",
        estimand="common_odds_ratio",
        scale="odds_ratio",
        estimate=exact.odds_ratio,
        p_value=p_value,
        interval=_interval(question, _odds(low), _odds(high)),
        statistic=float(compared.tables[:, 0].sum()),
        notes=notes,
    )


def _by_retailer(retailers: Retailers, question: Question) -> Answer:
    odds = OddsByRetailer.of(retailers)
    t, df = odds.t(math.atan(question.null))
    if math.isnan(t):
        raise NotAnswerableError(
            f"{_TEST} with retailers as units",
            "leaving out one retailer leaves nothing to compare, or none changes the comparison",
            "several retailers in each group, whose rates vary",
        )
    p_value = p_from_t(t, df, question.alternative)
    if (odds.up == 0 or odds.down == 0) and p_value <= question.alpha:
        # t is then the same at all odds ratios, and none is left
        raise NotAnswerableError(
            f"{_TEST} with retailers as units",
            "in all strata together one of the groups has no errors, or nothing but errors",
            "errors of both groups; scale='difference' and cmh(exact=True) do without",
        )
    low, high = odds.limits(question)
    notes: tuple[Text, ...] = ()
    if p_value <= question.alpha and low < question.null < high and (low == 0 or high == math.inf):
        # Fieller's set goes on beyond a gap, to 0 or without end
        end = math.pi / 2 if t < 0 else 0.0
        notes = (_gap(p_value),)
        p_value = _above_alpha(p_from_t(*odds.t(end), question.alternative), question)
    return Answer(
        method="cmh",
        estimand="common_odds_ratio",
        scale="odds_ratio",
        estimate=odds.estimate,
        p_value=p_value,
        interval=_interval(question, low, high),
        statistic=t,
        df=df,
        notes=notes,
    )


def _gap(p_value: float) -> Text:
    return text("inference.in_a_gap", p=f"{p_value:.4g}")


def _above_alpha(beyond: float, question: Question) -> float:
    return max(beyond, math.nextafter(question.alpha, 1))


def _odds(log_odds: float) -> float:
    return math.exp(log_odds) if log_odds < _LARGEST_LOG else math.inf


def _interval(question: Question, low: float, high: float) -> Interval:
    """Return the interval of odds ratios with these ends, without the one that is not asked."""
    return question.interval(
        None if question.alternative == "less" else low,
        None if question.alternative == "greater" or math.isinf(high) else high,
    )
