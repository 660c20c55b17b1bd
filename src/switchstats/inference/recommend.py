"""Names the test for given counts, and what they cannot give: the rules, all in one place."""

from math import comb, inf

import numpy as np

from switchstats.inference.groups import GROUPS, TwoGroups, read_two_groups
from switchstats.inference.question import check_level
from switchstats.inference.recommendation import Choice, Facts, Option, Recommendation
from switchstats.inference.splits import MAX_SPLITS
from switchstats.inference.uncomputable import uncomputable
from switchstats.labels import Language, Text, group_name, percent, text
from switchstats.periods import Period
from switchstats.values import Caution, Counts, Weighting

__all__ = ["choose", "facts_of", "recommend"]

# Spreads so many times apart count as unequal; smaller ratios are common among ten alike.
_UNEQUAL = 2.0
# In a group of fewer retailers the spread is too uncertain for a statistic that divides by it.
_FEW = 5
# A rate of fewer expected errors is mostly chance.
_SPARSE = 5.0
# A retailer with more of its group's requests decides the weighted rate alone.
_DOMINANT = 0.5


def recommend(
    counts: Counts,
    *,
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
    level: float = 0.95,
    language: Language = "en",
) -> Recommendation:
    """Name the primary test for these data and why, and what they cannot give.

    It looks at who filed how much and how the rates spread, never at the difference of the groups,
    so that the test is chosen before its result is known.

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
        Of the display.

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
    The rules are those of `choose`; they rest on the package's simulations (``switchstats
    calibrate``), and hold as far as the data at hand resemble those worlds.

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
    ('permutation', {'weighting': 'equal'})
    >>> [item.name for item in found.not_computable]
    ['leak_contrast', 'by_area', 'before_after', 'by_reason']
    """
    check_level(level)
    two = read_two_groups((counts,), test="a test of the groups", groups=groups, period=period)
    inside = counts if period is None else counts.during(period)
    facts = facts_of(two, strata=inside.strata, n_periods=len(inside.periods))
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
    sides = [two.requests[chosen].astype(float) for chosen in (two.first, ~two.first)]
    spreads = [
        float(np.std(two.rates[chosen], ddof=1)) if np.count_nonzero(chosen) > 1 else 0.0
        for chosen in (two.first, ~two.first)
    ]
    pooled = float(two.errors.sum() / two.requests.sum())
    n_effective = [float(side.sum() ** 2 / np.sum(side**2)) for side in sides]
    largest = [float(side.max() / side.sum()) for side in sides]
    return Facts(
        n_by_group=two.n_by_group,
        n_effective=(n_effective[0], n_effective[1]),
        largest_share=(largest[0], largest[1]),
        spread=(spreads[0], spreads[1]),
        expected_errors=pooled * float(np.median(two.requests)),
        strata=strata,
        n_periods=n_periods,
    )


def choose(
    facts: Facts, *, groups: tuple[str, str] = GROUPS, level: float = 0.95
) -> tuple[Choice, ...]:
    """Return the test for each estimand: the rules.

    1. Sparse data (half of the retailers expect fewer than five errors) in groups of five or more
       whose spreads are alike: the beta-binomial model with the t reference comes first.
    2. Equal weights. Unequal spreads (twice as wide in a group that is not the larger): Welch, and
       no test holds its size. Groups of equal size, or one of fewer than five: plain permutation.
       Else: studentised permutation.
    3. Request weights. A group of fewer than two: plain permutation. Else: studentised
       permutation, which with unequal spreads does not hold its size either.
    4. No permutation where the splits are so few that none can reach the level: then Welch, with a
       caution, when both groups have two retailers.

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
    found = [_sparse(facts, groups), _equal(facts, groups, level), _requests(facts, groups, level)]
    return tuple(choice for choice in found if choice is not None)


def _sparse(facts: Facts, groups: tuple[str, str]) -> Choice | None:
    alike = _wider(facts) is None and min(facts.n_by_group) >= _FEW
    if facts.expected_errors >= _SPARSE or not alike or facts.expected_errors == 0:
        return None
    expected = f"{facts.expected_errors:.1f}"
    return Choice(
        estimand="mean_rates_log_odds_ratio",
        test="beta_binomial",
        options={"reference": "t"},
        holds=True,
        reasons=(
            _units(facts, groups),
            text("recommend.model", n=expected),
            text("recommend.t_reference"),
        ),
    )


def _equal(facts: Facts, groups: tuple[str, str], level: float) -> Choice | None:
    smallest, wider = min(facts.n_by_group), _wider(facts)
    reasons = [_units(facts, groups), text("recommend.equal")]
    cautions = _cautions(facts, groups)
    if not _reaches(facts, level):
        if smallest == 1:
            return None
        reasons.append(_too_few(facts))
        return Choice(
            estimand="equal_weight_difference",
            test="welch",
            options={},
            holds=False,
            reasons=tuple(reasons),
            cautions=cautions,
        )
    test, options = "permutation", _permuted(facts, "equal")
    if wider is not None:
        test, options = "welch", {}
        reasons.append(
            text("recommend.welch", group=group_name(groups[wider]), ratio=_ratio(facts))
        )
    elif smallest < _FEW:
        reasons.append(_few(facts, groups))
    elif facts.n_by_group[0] == facts.n_by_group[1]:
        reasons.append(text("recommend.permutation"))
    else:
        options = _permuted(facts, "equal", studentised=True)
        reasons.append(text("recommend.studentised_equal"))
    return Choice(
        estimand="equal_weight_difference",
        test=test,
        options=options,
        holds=wider is None,
        reasons=tuple(reasons),
        cautions=cautions,
    )


def _requests(facts: Facts, groups: tuple[str, str], level: float) -> Choice | None:
    if not _reaches(facts, level):
        return None
    single = min(facts.n_by_group) == 1
    why = _few(facts, groups) if single else text("recommend.studentised_requests")
    dominant = tuple(
        Caution.of("one_retailer_decides", group=group_name(group), share=percent(share, 0))
        for group, share in zip(groups, facts.largest_share, strict=True)
        if share > _DOMINANT
    )
    return Choice(
        estimand="request_weighted_difference",
        test="permutation",
        options=_permuted(facts, "requests", studentised=not single),
        holds=_wider(facts) is None,
        reasons=(_units(facts, groups), text("recommend.requests"), why),
        cautions=(*_cautions(facts, groups), *dominant),
    )


def _wider(facts: Facts) -> int | None:
    """Return the group whose rates spread far more widely although it is not the larger."""
    place = 0 if facts.spread[0] >= facts.spread[1] else 1
    sizes = facts.n_by_group
    if min(sizes) == 1 or _times_as_wide(facts) <= _UNEQUAL or sizes[place] > sizes[1 - place]:
        return None
    return place


def _times_as_wide(facts: Facts) -> float:
    low, high = sorted(facts.spread)
    return high / low if low else (inf if high else 1.0)


def _ratio(facts: Facts) -> str:
    times = _times_as_wide(facts)
    return f"{times:.1f}" if times < inf else "∞"


def _reaches(facts: Facts, level: float) -> bool:
    """Whether some split could have a two-sided p-value as small as the level asks."""
    first, second = facts.n_by_group
    return (1 + (first == second)) / comb(first + second, first) <= round(1 - level, 15)


def _permuted(
    facts: Facts, weighting: Weighting, *, studentised: bool = False
) -> dict[str, Option]:
    options: dict[str, Option] = {"weighting": weighting}
    if studentised:
        options["statistic"] = "studentised"
    if comb(sum(facts.n_by_group), facts.n_by_group[0]) > MAX_SPLITS:
        options["seed"] = 0
    return options


def _cautions(facts: Facts, groups: tuple[str, str]) -> tuple[Caution, ...]:
    """Return what may keep any test of these groups from holding its size."""
    found: list[Caution] = []
    wider, smallest = _wider(facts), min(facts.n_by_group)
    if wider is not None:
        name = group_name(groups[wider])
        found.append(Caution.of("unequal_spread", group=name, ratio=_ratio(facts)))
    if smallest < _FEW:
        name = group_name(groups[facts.n_by_group.index(smallest)])
        found.append(Caution.of("few_retailers", group=name, n=smallest))
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


def _few(facts: Facts, groups: tuple[str, str]) -> Text:
    smallest = min(facts.n_by_group)
    name = group_name(groups[facts.n_by_group.index(smallest)])
    return text("recommend.permutation_few", group=name, n=smallest)


def _too_few(facts: Facts) -> Text:
    first, second = facts.n_by_group
    n = comb(first + second, first)
    return text("reason.too_few_splits", n=n, floor=f"{(1 + (first == second)) / n:.3f}")
