"""How many months or retailers a wanted power takes, and when no number is enough."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from switchstats.errors import UsageError
from switchstats.inference.clustered.difference import check_options
from switchstats.inference.groups import GROUPS, Data, TwoGroups, read_two_groups
from switchstats.inference.planning.parts import GroupParts, parts_of, std_error_and_df
from switchstats.inference.power import PlannedTest
from switchstats.labels import Text, text
from switchstats.periods import Period
from switchstats.values import Alternative, Shown, Weighting

__all__ = [
    "Growing",
    "RequiredMonths",
    "RequiredRetailers",
    "required_months",
    "required_retailers",
]

Growing: TypeAlias = Literal["both", "first", "second"]

_DAYS_A_MONTH = 365.25 / 12
_MOST_DOUBLINGS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredMonths(Shown):
    """How long these retailers would have to be watched.

    Parameters
    ----------
    months
        Least whole number of months; ``None`` when no number is enough.
    present
        Months that the data span.
    effect, power, alternative, level, weighting
        What was wanted.
    least_effect
        What would be detectable after any length of time.
    std_error_between, std_error_within
        Parts of the present standard error: of retailers, which stays, and of requests, which
        shrinks with their number. Their squares add up to its square.
    df
        Degrees of freedom, which more months do not raise.
    note
        Why no number is enough.
    """

    months: int | None
    present: float
    effect: float
    power: float
    alternative: Alternative
    level: float
    weighting: Weighting
    least_effect: float
    std_error_between: float
    std_error_within: float
    df: float
    note: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredRetailers(Shown):
    """How many retailers like these it would take.

    Parameters
    ----------
    n_by_group
        Retailers in the first and second group; ``None`` when no number is enough.
    present
        Retailers now.
    growing
        Which groups are taken to grow.
    effect, power, alternative, level, weighting
        What was wanted.
    least_effect
        What would be detectable with any number of retailers in the growing groups.
    note
        Why no number is enough.
    """

    n_by_group: tuple[int, int] | None
    present: tuple[int, int]
    growing: Growing
    effect: float
    power: float
    alternative: Alternative
    level: float
    weighting: Weighting
    least_effect: float
    note: Text | None


def required_months(  # noqa: PLR0913 -- what is wanted of which test
    *data: "Data",
    effect: float,
    months: float | None = None,
    power: float = 0.8,
    alternative: Alternative = "less",
    level: float = 0.95,
    weighting: Weighting = "requests",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
) -> RequiredMonths:
    """Return how many months these retailers must be watched to detect a difference.

    Parameters
    ----------
    *data
        Counts, or errors and requests of the first group, then of the second, one entry a retailer.
    effect
        True difference to be detected, or for ``alternative="equivalence"`` the margin to be ruled
        out when there is none; a fraction.
    months
        Months that the data span; taken from counts by default.
    power, alternative, level, weighting
        As in `minimal_detectable_effect`; the test is `cluster_robust` with CR2.
    groups, period
        Of counts: first and second group; only counts inside the period.

    Returns
    -------
    RequiredMonths
        `months` is ``None``, with a `note`, when no number is enough.

    Raises
    ------
    UsageError
        When an argument is out of its range.
    NotAnswerableError
        When a group has fewer than two retailers, no group varies, or every retailer has one
        request only.

    Notes
    -----
    Every retailer is taken to go on filing as many requests a month, with its own unchanging true
    rate. Then only the chance of single requests shrinks with time; retailers stay as different as
    they are. Where true rates move from month to month, some of what is here taken for lasting
    difference averages out too, and fewer months may be enough. With few retailers the lasting part
    is itself known badly; where it comes out as 0, the answer is a lower bound.

    Source of the parts between and within retailers: A. Donner and N. Klar, Design and Analysis of
    Cluster Randomization Trials in Health Research (2000), chapter 5.

    Examples
    --------
    >>> e1, n1 = [2, 1, 4, 2], [12, 9, 20, 11]
    >>> e0, n0 = [1, 3, 2, 1], [10, 13, 14, 8]
    >>> required_months(e1, n1, e0, n0, effect=0.05, months=1).months
    5
    """
    planned = PlannedTest(power, alternative, level)
    _check_effect(effect)
    two, (first, second) = _read(data, "the required months", weighting, groups, period)
    present = _months(two, months)
    between, within = first.between + second.between, first.within + second.within
    _, df = std_error_and_df(first.times_retailers(1.0), second.times_retailers(1.0))
    shift = planned.shift(df)
    left = (effect / shift) ** 2 - between
    least = shift * math.sqrt(between)
    return RequiredMonths(
        months=max(1, math.ceil(round(present * within / left, 9))) if left > 0 else None,
        present=present,
        effect=effect,
        power=power,
        alternative=alternative,
        level=level,
        weighting=weighting,
        least_effect=least,
        std_error_between=math.sqrt(between),
        std_error_within=math.sqrt(within),
        df=df,
        note=None if left > 0 else text("inference.no_number_of_months", least=_points(least)),
    )


def required_retailers(  # noqa: PLR0913 -- what is wanted of which test
    *data: "Data",
    effect: float,
    growing: Growing = "both",
    power: float = 0.8,
    alternative: Alternative = "less",
    level: float = 0.95,
    weighting: Weighting = "requests",
    groups: tuple[str, str] = GROUPS,
    period: Period | None = None,
) -> RequiredRetailers:
    """Return how many retailers it would take to detect a difference.

    Parameters
    ----------
    *data, effect, power, alternative, level, weighting, groups, period
        As in `required_months`.
    growing
        ``"both"``: both groups in proportion; ``"first"`` or ``"second"``: only that group, as when
        there are no more than ten incumbents.

    Returns
    -------
    RequiredRetailers
        `n_by_group` is ``None``, with a `note`, when no number is enough.

    Raises
    ------
    UsageError, NotAnswerableError
        As `required_months`.

    Notes
    -----
    The retailers to come are taken to be like the present ones in volume and in spread. The
    degrees of freedom are taken to grow as when the present retailers are doubled, a little
    too slowly with very uneven volumes.

    Source of the parts between and within retailers: A. Donner and N. Klar, Design and Analysis of
    Cluster Randomization Trials in Health Research (2000), chapter 5.

    Examples
    --------
    >>> e1, n1 = [24, 12, 41, 22], [120, 90, 200, 110]
    >>> e0, n0 = [10, 31, 22, 14], [100, 130, 140, 80]
    >>> required_retailers(e1, n1, e0, n0, effect=0.05).n_by_group
    (12, 12)
    """
    planned = PlannedTest(power, alternative, level)
    _check_effect(effect)
    if growing not in get_args(Growing):
        raise UsageError(f"growing must be 'both', 'first' or 'second', not {growing!r}")
    two, (first, second) = _read(data, "the required retailers", weighting, groups, period)

    def times(factor: float) -> tuple[float, float]:
        return factor if growing != "second" else 1.0, factor if growing != "first" else 1.0

    def detectable(factor: float) -> float:
        one, other = times(factor)
        std_error, df = std_error_and_df(first.times_retailers(one), second.times_retailers(other))
        return planned.shift(df) * std_error

    factor, least = _least_factor(detectable, effect)
    if growing == "both":
        least = 0.0
    needed = None
    if factor is not None:
        one, other = times(factor)
        needed = (
            math.ceil(round(first.n * one, 6)),
            math.ceil(round(second.n * other, 6)),
        )
    return RequiredRetailers(
        n_by_group=needed,
        present=two.n_by_group,
        growing=growing,
        effect=effect,
        power=power,
        alternative=alternative,
        level=level,
        weighting=weighting,
        least_effect=least,
        note=None if needed else text("inference.no_number_of_retailers", least=_points(least)),
    )


def _read(
    data: tuple[Data, ...],
    quantity: str,
    weighting: Weighting,
    groups: tuple[str, str],
    period: Period | None,
) -> tuple[TwoGroups, tuple[GroupParts, GroupParts]]:
    check_options("CR2", weighting)
    two = read_two_groups(data, test=quantity, groups=groups, period=period, least=2)
    return two, parts_of(two, weighting, quantity)


def _check_effect(effect: float) -> None:
    if not 0 < effect < 1:
        raise UsageError(
            f"effect must be a fraction between 0 and 1, not {effect}: 2 points are 0.02"
        )


def _months(two: TwoGroups, months: float | None) -> float:
    """Return the months that the data span."""
    if months is None:
        if two.period is None:
            raise UsageError("say how many months the numbers span, such as months=11")
        return max(1.0, float(round(two.period.n_days / _DAYS_A_MONTH)))
    if not (math.isfinite(months) and months > 0):
        raise UsageError(f"months must be a positive number, not {months}")
    return months


def _least_factor(
    detectable: Callable[[float], float], effect: float
) -> tuple[float | None, float]:
    """Return the least factor at which `effect` is detectable, and the least detectable effect.

    When one group grows, the degrees of freedom fall to those of the other group in the end, so
    that what is detectable may rise again.
    """
    from scipy.optimize import brentq

    factors = [2 ** (step / 8) for step in range(_MOST_DOUBLINGS * 8 + 1)]
    effects = [detectable(factor) for factor in factors]
    least = min(effects)
    enough = next((place for place, one in enumerate(effects) if one <= effect), None)
    if not enough:
        return (None if enough is None else 1.0), least
    between = factors[enough - 1], factors[enough]
    return float(brentq(lambda factor: detectable(factor) - effect, *between)), least


def _points(fraction: float) -> str:
    return f"{100 * fraction:.2f}"
