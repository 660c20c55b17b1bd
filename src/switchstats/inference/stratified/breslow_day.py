"""Whether the odds ratio is the same in every stratum: Breslow and Day's test, with Tarone's."""

import math
from collections.abc import Sequence

import numpy as np

from switchstats.errors import NotAnswerableError
from switchstats.inference.groups import GROUPS, Data
from switchstats.inference.question import Question
from switchstats.inference.stratified.compared import Answer, compare, refuse_retailers
from switchstats.inference.stratified.margins import Margins
from switchstats.inference.stratified.sums import Tables
from switchstats.periods import Period
from switchstats.values import TestResult, Units

__all__ = ["breslow_day"]

_TEST = "the Breslow-Day test"
_FEWEST_STRATA = 2
_ANY_LEVEL = 0.95


def breslow_day(
    *data: "Data",
    by: Sequence[str] = (),
    tarone: bool = True,
    units: Units = "requests",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
) -> TestResult:
    """Test whether the odds ratio of an error is the same in every stratum.

    Compares the first group's errors in each stratum with those expected under Mantel and
    Haenszel's common odds ratio.

    Parameters
    ----------
    *data
        Counts; or errors and requests of the first group, then of the second, one entry a stratum.
    by
        For counts: which strata, any of theirs and ``"period"``; one name or several.
    tarone
        Subtract Tarone's correction for having estimated the odds ratio, without which the
        statistic is not quite chi-squared.
    units
        ``"requests"`` only; see the notes.
    groups, period
        Of counts: first and second group; only counts inside the period.

    Returns
    -------
    TestResult
        `statistic` is chi-squared with `df` strata less one. `estimate` and `null` are the common
        odds ratio. There is no `interval`: homogeneity is no single number. `quantities` has both
        statistics. The caution ``requests_as_units`` is attached.

    Raises
    ------
    UsageError
        When retailers are wanted as units.
    NotAnswerableError
        When fewer than two strata have errors and accepted requests of both groups, the common odds
        ratio is 0 or infinite.

    Notes
    -----
    The statistic is chi-squared when every expected count is some five or more; with many small
    strata it is not. Requests are taken as independent: retailers that differ make strata differ,
    each stratum being another mix of them, and the p-value far too small.

    There is no form of it with retailers as units here, because none was found that holds its
    size: a Wald test of equal differences with a jackknife covariance over 20 retailers rejected
    between .11 and .50 of the time at a nominal 5 % in 6 to 12 strata, and hardly ever with fewer
    degrees of freedom.

    Sources: N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research 1 (1980) 142-146;
    R. E. Tarone, Biometrika 72 (1985) 91-95.

    Examples
    --------
    >>> result = breslow_day([21, 11, 8], [464, 165, 69], [26, 25, 11], [453, 174, 70])
    >>> round(result.statistic, 4), result.df, round(result.p_value, 4)
    (1.6218, 2.0, 0.4445)
    """
    from scipy.special import chdtrc

    refuse_retailers(units, _TEST)
    compared = compare(data, test=_TEST, by=by, groups=groups, period=period, units="requests")
    odds_ratio = float(Tables.of(compared.tables).sums("odds_ratio").ratio)
    margins = Margins.of(compared.tables)
    strata = margins.errors.size
    if strata < _FEWEST_STRATA or not 0 < odds_ratio < math.inf:
        raise NotAnswerableError(
            _TEST,
            "fewer than two strata tell the groups apart, or the common odds ratio is 0 or "
            "infinite",
            "several strata with errors and accepted requests of both groups",
        )
    expected, variance = margins.approximate(math.log(odds_ratio))
    plain = float(np.sum(expected**2 / variance))
    corrected = plain - float(expected.sum() ** 2 / variance.sum())
    statistic = corrected if tarone else plain
    answer = Answer(
        method="breslow_day",
        estimand="odds_ratio_homogeneity",
        scale="odds_ratio",
        estimate=odds_ratio,
        p_value=float(chdtrc(strata - 1, statistic)),
        interval=None,
        statistic=statistic,
        df=float(strata - 1),
        quantities={"breslow_day": plain, "tarone": corrected},
    )
    return answer.result(compared, Question("two-sided", odds_ratio, _ANY_LEVEL))
