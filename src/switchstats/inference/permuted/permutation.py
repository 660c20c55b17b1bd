"""The permutation test of two groups of retailers: which difference, among whom, how counted."""

from math import comb
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

from switchstats.errors import UsageError
from switchstats.inference.groups import GROUPS, Data, read_two_groups
from switchstats.inference.permuted.grid import permute_on_grid
from switchstats.inference.permuted.means import permute_means
from switchstats.inference.permuted.memberships import plan_memberships
from switchstats.inference.permuted.ratios import permute_ratios
from switchstats.inference.permuted.retailers import TEST, StrataOf, read_retailers, refuse_rates
from switchstats.inference.permuted.whole_retailers import permute_difference, permute_studentised
from switchstats.inference.question import Direction, Question
from switchstats.inference.samples import Rates, read_rates
from switchstats.inference.splits import MAX_SPLITS, N_DRAWS, plan_splits
from switchstats.periods import Period
from switchstats.values import RoundingRule, TestResult
from switchstats.values.result import Weighting

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PermutedStatistic", "permutation"]

PermutedStatistic: TypeAlias = Literal["difference", "studentised"]


def permutation(  # noqa: PLR0913 -- the questions to be asked and the draw, each by its own name
    *data: "Data | Rates",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    alternative: Direction = "two-sided",
    null: float = 0.0,
    level: float = 0.95,
    weighting: Weighting = "equal",
    statistic: PermutedStatistic = "difference",
    strata: StrataOf | None = None,
    rounding: RoundingRule = "half_up",
    max_splits: int = MAX_SPLITS,
    n_draws: int | None = None,
    seed: int | None = None,
) -> TestResult:
    r"""Test the difference of two groups by splitting the retailers in every other way.

    Estimates the first group's rate minus the second's, every retailer or every request counting
    once, and asks how many splits of all retailers into groups of the same sizes show a difference
    at least as extreme as the observed one. A retailer moves with all its requests and errors.

    Parameters
    ----------
    *data
        Counts; or ``e1, n1, e0, n0``: errors and requests of the first group, then of the second,
        one entry a retailer; or, with equal weights, two lists of rates, as fractions or as
        `PrintedRate`.
    groups
        First and second group of counts.
    period
        Only counts inside it; all by default.
    alternative
        ``"less"``: the first group's rates are lower; ``"greater"``: higher; ``"two-sided"``: the
        absolute difference is at least as large.
    null
        Difference under the null hypothesis, a fraction; it is taken off the first group's rates:
        errors become errors - null * requests.
    level
        Confidence of the interval.
    weighting
        ``"equal"``: the mean of the retailers' rates; ``"requests"``: errors over requests of each
        group.
    statistic
        ``"difference"``, or ``"studentised"``: the difference over its jackknife standard error
        (with one stratum: CR3), computed anew for every split.
    strata
        Of counts: names of strata (``"area"``, ``"period"``), or a mapping that gives each
        retailer's identifier a label, such as a size class. Of other data: one label a retailer,
        the first group's first. The difference is then the Mantel-Haenszel one within strata.
        Retailers are exchanged within their stratum only, unless some filed in several strata: then
        whole retailers are exchanged with any other.
    rounding
        How the printed digits are read; without effect on plain numbers.
    max_splits
        Every split is used when there are at most so many (at most 50 million).
    n_draws, seed
        Otherwise so many random splits (99,999 by default) are drawn with this seed, and the
        observed one is counted too. Equal-weight differences of rates on a decimal grid, such as
        printed ones, need no draw, and get none unless `n_draws` is given.

    Returns
    -------
    TestResult
        `statistic` is the difference minus `null`, or that over its standard error. `p_value` is
        never below 1 / (number of splits counted); `p_std_error` is its Monte Carlo error.
        `interval` holds exactly the differences that the test does not reject at 1 - `level`; a
        side is ``None`` when there are too few splits to bound it. (A studentised test can reject
        differences inside its interval; a note then says so.) `p_rounding` is the range of the
        p-value over all rates that print the same: exact on the closed rounding intervals, except
        for the two-sided test of groups of unequal size or of random splits, where it may be a
        little too wide (and is never too narrow).

    Raises
    ------
    UsageError
        When an argument is out of its range, or a random draw lacks its seed.
    NotAnswerableError
        When a group is empty; studentised, when a group has one retailer or no group varies; with
        strata, when no stratum has both groups.

    Notes
    -----
    Exact when, under the null hypothesis, every retailer could as well have stood in the other
    group (of its stratum) after `null` is taken off. The interval assumes that groups differ by a
    shift of the retailers' rates. When the groups differ in spread as well as in size, the plain
    difference can reject too often or too seldom: with unequal weights in either direction even
    when the groups are equally many. Then prefer ``statistic="studentised"``, which is exact under
    the same condition and approximately right without it, or `welch`. Request weights leave the
    test to the few retailers with most requests: with skewed volumes it has far less power than
    equal weights (.49 against .78 in the package's calibration), and an interval that says so.

    With the null d + x, where d is the estimate, a split's difference is (w - b x) / q and the
    observed one is -x; here q is the sum over strata of :math:`n_1 n_0 / (n_1 + n_0)` of the split,
    b that of the same statistic for the indicator of the first group as observed, and w for the
    outcomes at null d. As :math:`|b| \le q`, the nulls at which a split is as extreme as the
    observed one form an interval that holds d, so that the p-value falls on both sides of d and the
    confidence limits are order statistics of the ends.

    Sources: E. J. G. Pitman, Supplement to the Journal of the Royal Statistical Society 4 (1937)
    119-130, doi:10.2307/2984124; for the counting of the observed split among random ones,
    B. Phipson and G. K. Smyth, Statistical Applications in Genetics and Molecular Biology 9 (2010)
    39, doi:10.2202/1544-6115.1585; studentised: A. Janssen, Statistics & Probability Letters 36
    (1997) 9-21; convolution: M. Pagano and D. Tritchler, Journal of the American Statistical
    Association 78 (1983) 435-440.

    Examples
    --------
    Four retailers against three that are all lower: 1 of 35 splits is as extreme.

    >>> result = permutation([0.21, 0.19, 0.20, 0.22], [0.15, 0.16, 0.14], alternative="greater")
    >>> result.p_value == 1 / 35
    True
    >>> result.interval
    Interval(low=0.03, high=None, kind='confidence', level=0.95)

    The same rates, but nearly all requests in one retailer of each group:

    >>> e1, n1 = [21, 19, 20, 2200], [100, 100, 100, 10000]
    >>> e0, n0 = [15, 16, 1400], [100, 100, 10000]
    >>> permutation(e1, n1, e0, n0, weighting="requests", alternative="greater").p_value * 35
    1.0
    """
    question = Question(alternative, null, level)
    _check(weighting, statistic)
    drawn = N_DRAWS if n_draws is None else n_draws
    if statistic == "studentised" or strata is not None:
        retailers = read_retailers(
            data,
            weighting=weighting,
            strata=strata,
            groups=groups,
            period=period,
            least=2 if statistic == "studentised" else 1,
        )
        splits = plan_memberships(
            retailers.difference.first,
            retailers.blocks,
            max_splits=max_splits,
            n_draws=drawn,
            seed=seed,
        )
        permute = permute_studentised if statistic == "studentised" else permute_difference
        return permute(retailers, question, splits)
    if weighting == "requests":
        refuse_rates(data)
        two = read_two_groups(cast("Sequence[Data]", data), test=TEST, groups=groups, period=period)
        ways = plan_splits(two.n_by_group, max_splits=max_splits, n_draws=drawn, seed=seed)
        return permute_ratios(two, question, ways)
    samples = read_rates(data, test=TEST, groups=groups, period=period, rounding=rounding)
    if n_draws is None and comb(samples.n_units, samples.first.n) > max_splits:
        counted = permute_on_grid(samples, question)
        if counted is not None:
            return counted
    ways = plan_splits(samples.n_by_group, max_splits=max_splits, n_draws=drawn, seed=seed)
    return permute_means(samples, question, ways)


def _check(weighting: str, statistic: str) -> None:
    for name, given, known in (
        ("weighting", weighting, get_args(Weighting)),
        ("statistic", statistic, get_args(PermutedStatistic)),
    ):
        if given not in known:
            raise UsageError(f"{name} must be {' or '.join(map(repr, known))}, not {given!r}")
