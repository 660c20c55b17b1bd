"""Names the test for given counts, and what they cannot give: the rules, all in one place."""

from dataclasses import replace
from math import comb

import numpy as np

from switchstats.inference.clustered.difference import ESTIMANDS
from switchstats.inference.groups import GROUPS, Ints, TwoGroups, read_two_groups
from switchstats.inference.question import check_level
from switchstats.inference.recommendation import Choice, Facts, Recommendation
from switchstats.inference.samples import Floats
from switchstats.inference.uncomputable import uncomputable
from switchstats.labels import Language, Text, group_name, percent, text
from switchstats.periods import Period
from switchstats.rates.cells import cell_sums, during
from switchstats.values import Caution, Counts, Weighting

__all__ = ["choose", "facts_of", "overlap", "recommend"]

# In a group of fewer retailers the spread is too uncertain for a statistic that divides by it.
_FEW = 4
# The model needs some more, its reference being an approximation.
_FEW_FOR_MODEL = 5
# A rate of fewer expected errors is mostly chance.
_SPARSE = 5.0
# Rates below are skewed, so that a mean and its standard error are related.
_NEAR_ZERO = 0.05
# Groups are of unlike size above: a weighted rate then is biased in the smaller one, if larger
# retailers err more or less often.
_UNLIKE = 2.0
# With less in common, what losing retailers add to errors does not cancel between the groups.
_ALIKE = 0.75
# A retailer with more of its group's requests decides the weighted rate alone.
_DOMINANT = 0.5
# Rates closer than this share of the largest are the same: the rounding of doubles.
_SAME = 1e-12
_WEIGHTINGS: tuple[Weighting, ...] = ("equal", "requests")


def recommend(
    counts: Counts,
    *,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    level: float = 0.95,
    language: Language | None = None,
) -> Recommendation:
    """Name the primary test for these data and why, and what they cannot give.

    It looks at how many retailers filed how much and at the rate of all together, never at the
    difference of the groups nor at which of them varies more, so that the test is chosen before its
    result is known. (Ten rates do not tell unequal spreads from chance: a test that is chosen
    because spreads look alike rejects too often where they are not.)

    Parameters
    ----------
    counts
        Requests and errors.
    groups
        First and second group.
    period
        Only counts inside it; all by default.
    level
        One minus the size that the test must be able to reach.
    language
        Of the display; `display_language` by default.

    Returns
    -------
    Recommendation
        A choice for each estimand, the primary one first; `Recommendation.run` runs them.

    Raises
    ------
    UsageError
        When the level is out of range.
    NotAnswerableError
        When a group has no requests.

    Notes
    -----
    The rules are those of `choose`. They rest on the package's simulations (``switchstats
    calibrate``, docs/calibration.md) and on no theorem: in those worlds a test that is called sound
    rejected in no more than 5 % of 10,000 data sets without a difference, within Monte Carlo error.
    They hold as far as the data at hand resemble those worlds, in which the true rates of a group
    have a standard deviation of at most some half of their mean.

    Sources: jackknife, R. M. Bell and D. F. McCaffrey, Survey Methodology 28 (2002) 169-181;
    degrees of freedom, F. E. Satterthwaite, Biometrics Bulletin 2 (1946) 110-114,
    doi:10.2307/3002019, with effective retailers (L. Kish, Survey Sampling, 1965) for retailers;
    why not to choose by a first test of the spreads, D. W. Zimmerman, British Journal of
    Mathematical and Statistical Psychology 57 (2004) 173-181, doi:10.1348/000711004849222.

    Examples
    --------
    >>> import pandas as pd
    >>> from switchstats.labels import Text
    >>> from switchstats.values import Retailer
    >>> month = {"period_start": "2023-01-01", "period_end": "2023-02-01"}
    >>> names = [f"{side}{place}" for side in "ie" for place in range(6)]
    >>> retailers = [
    ...     Retailer(name, Text(name, name), {"i": "incumbent", "e": "entrant"}[name[0]])
    ...     for name in names
    ... ]
    >>> rows = [
    ...     {"retailer": name, **month, "requests": 100, "errors": 15 + place % 6}
    ...     for place, name in enumerate(names)
    ... ]
    >>> found = recommend(Counts.of(pd.DataFrame(rows), retailers))
    >>> found.test, dict(found.options)
    ('cluster_robust', {'estimator': 'CR3', 'df': 'effective', 'weighting': 'equal'})
    >>> [item.name for item in found.not_computable]
    ['leak_contrast', 'by_area', 'before_after', 'by_reason']
    """
    check_level(level)
    two = read_two_groups((counts,), test="a test of the groups", groups=groups, period=period)
    inside = during(counts, period)
    facts = facts_of(two, strata=inside.strata, n_periods=len(inside.periods))
    if "losing" in inside.strata:
        facts = replace(facts, losing_overlap=overlap(*_losing(inside, groups)))
    choices = choose(facts, groups=groups, level=level)
    return Recommendation(
        choices=choices,
        not_computable=uncomputable(facts, choices, groups),
        facts=facts,
        groups=groups,
        period=period,
        language=language,
    )


def facts_of(two: TwoGroups, *, strata: tuple[str, ...] = (), n_periods: int = 1) -> Facts:
    """Return what the choice of a test for these groups rests on."""
    both = (two.first, ~two.first)
    sides = [two.requests[chosen].astype(float) for chosen in both]
    pooled = float(two.errors.sum() / two.requests.sum())
    n_effective = [float(side.sum() ** 2 / np.sum(side**2)) for side in sides]
    largest = [float(side.max() / side.sum()) for side in sides]
    return Facts(
        n_by_group=two.n_by_group,
        n_effective=(n_effective[0], n_effective[1]),
        largest_share=(largest[0], largest[1]),
        pooled_rate=pooled,
        varies=any(_varies(two.rates[chosen]) for chosen in both),
        expected_errors=pooled * float(np.median(two.requests)),
        strata=strata,
        n_periods=n_periods,
    )


def overlap(first: Ints, second: Ints) -> float:
    """Return the share of requests for which two groups have the same mix.

    Parameters
    ----------
    first, second
        Requests of each group by losing retailer, in the same order.

    Examples
    --------
    >>> overlap(np.array([8, 2]), np.array([30, 70]))
    0.5
    """
    shares = [part / max(part.sum(), 1) for part in (first, second)]
    return float(np.minimum(*shares).sum())


def _losing(counts: Counts, groups: tuple[str, str]) -> list[Ints]:
    cells = cell_sums(counts, ("losing",))
    names, place = np.unique(cells["losing"].to_numpy(dtype=str), return_inverse=True)
    requests = cells["requests"].to_numpy(np.int64)
    found: list[Ints] = []
    for group in groups:
        own = np.where(cells["group"].to_numpy(dtype=str) == group, requests, 0)
        sums = np.zeros(names.size, dtype=np.int64)
        np.add.at(sums, place, own)
        found.append(sums)
    return found


def choose(
    facts: Facts, *, groups: tuple[str, str] = GROUPS, level: float = 0.95
) -> tuple[Choice, ...]:
    """Return the test for each estimand: the rules.

    1. Rates that vary within no group: no test.
    2. Equal weights first, then request weights: t with the jackknife standard error (CR3), every
       group having its effective retailers less one as degrees of freedom. It is called sound with
       four retailers or more in each group and a rate of all requests from 5 to 95 %; with request
       weights also only where no group has more than twice the retailers of the other.
    3. A group of a single retailer: plain permutation, if the splits are so many that one can reach
       the level. Not called sound: how widely such a group varies cannot be known.
    4. Sparse data (half of the retailers expect fewer than five errors) in groups of five or more:
       the beta-binomial model with the t reference besides. Not called sound: it finds more, but
       takes both groups to vary alike.

    Parameters
    ----------
    facts
        From `facts_of`.
    groups
        Their names, for the words.
    level
        One minus the size that a test must be able to reach.

    Returns
    -------
    tuple of Choice
        The primary one first; empty when no test of the groups can be computed.
    """
    if not facts.varies:
        return ()
    if min(facts.n_by_group) == 1:
        found = [_permuted(facts, groups, weighting) for weighting in _WEIGHTINGS]
        return tuple(found) if _reaches(facts, level) else ()
    found = [_jackknife(facts, groups, weighting) for weighting in _WEIGHTINGS]
    sparse = 0 < facts.expected_errors < _SPARSE and min(facts.n_by_group) >= _FEW_FOR_MODEL
    return (*found, *((_model(facts, groups),) if sparse else ()))


def _jackknife(facts: Facts, groups: tuple[str, str], weighting: Weighting) -> Choice:
    unsound = _unsound(facts, groups, weighting)
    return Choice(
        estimand=ESTIMANDS[weighting],
        test="cluster_robust",
        options={"estimator": "CR3", "df": "effective", "weighting": weighting},
        holds=not unsound,
        reasons=(
            _units(facts, groups),
            text(f"recommend.{weighting}"),
            text("recommend.jackknife"),
            *unsound,
        ),
        cautions=_cautions(facts, groups, weighting),
    )


def _unsound(facts: Facts, groups: tuple[str, str], weighting: Weighting) -> tuple[Text, ...]:
    """Return why no test is known to hold its size for such data; nothing where one is."""
    few, many = sorted(facts.n_by_group)
    found: list[Text] = []
    if few < _FEW:
        name = group_name(groups[facts.n_by_group.index(few)])
        found.append(text("recommend.unsound_few", group=name, n=few))
    if min(facts.pooled_rate, 1 - facts.pooled_rate) < _NEAR_ZERO:
        found.append(text("recommend.unsound_near_zero", rate=percent(facts.pooled_rate, 1)))
    if facts.losing_overlap is not None and facts.losing_overlap < _ALIKE:
        share = percent(facts.losing_overlap, 0)
        found.append(text("recommend.unsound_apart", share=share))
    if weighting == "requests" and many > _UNLIKE * few:
        found.append(text("recommend.unsound_unlike"))
    return tuple(found)


def _permuted(facts: Facts, groups: tuple[str, str], weighting: Weighting) -> Choice:
    name = group_name(groups[facts.n_by_group.index(1)])
    return Choice(
        estimand=ESTIMANDS[weighting],
        test="permutation",
        options={"weighting": weighting},
        holds=False,
        reasons=(
            _units(facts, groups),
            text(f"recommend.{weighting}"),
            text("recommend.permutation_single", group=name),
        ),
        cautions=_cautions(facts, groups, weighting),
    )


def _model(facts: Facts, groups: tuple[str, str]) -> Choice:
    return Choice(
        estimand="mean_rates_log_odds_ratio",
        test="beta_binomial",
        options={"reference": "t"},
        holds=False,
        reasons=(
            _units(facts, groups),
            text("recommend.model", n=f"{facts.expected_errors:.1f}"),
            text("recommend.t_reference"),
            text("recommend.unsound_model"),
        ),
    )


def _varies(rates: Floats) -> bool:
    return bool(np.ptp(rates) > _SAME * rates.max())


def _reaches(facts: Facts, level: float) -> bool:
    """Whether some split could have a two-sided p-value as small as the level asks."""
    first, second = facts.n_by_group
    return (1 + (first == second)) / comb(first + second, first) <= round(1 - level, 15)


def _cautions(facts: Facts, groups: tuple[str, str], weighting: Weighting) -> tuple[Caution, ...]:
    """Return what may mislead besides."""
    found: list[Caution] = []
    if facts.losing_overlap is None:
        found.append(Caution.of("losing_unknown"))
    smallest = min(facts.n_by_group)
    if smallest < _FEW:
        name = group_name(groups[facts.n_by_group.index(smallest)])
        found.append(Caution.of("few_retailers", group=name, n=smallest))
    if weighting == "requests":
        found += [
            Caution.of("one_retailer_decides", group=group_name(group), share=percent(share, 0))
            for group, share in zip(groups, facts.largest_share, strict=True)
            if share > _DOMINANT
        ]
    return tuple(found)


def _units(facts: Facts, groups: tuple[str, str]) -> Text:
    return text(
        "recommend.units",
        first=group_name(groups[0]),
        second=group_name(groups[1]),
        n_first=facts.n_by_group[0],
        n_second=facts.n_by_group[1],
        w_first=f"{facts.n_effective[0]:.1f}",
        w_second=f"{facts.n_effective[1]:.1f}",
    )
