"""The secondary tests that a printed table allows; they inform and never decide."""

from contextlib import suppress
from dataclasses import replace

from switchstats.errors import NotAnswerableError
from switchstats.inference import (
    equivalence,
    minimal_detectable_effect,
    rank_sum,
    welch,
)
from switchstats.inference.question import Direction
from switchstats.rates import changes
from switchstats.studies.published_only.comparison import Comparison
from switchstats.values import PublishedTable, TestResult

__all__ = ["detectable_effect", "other_periods", "secondary_tests"]

_BEFORE_AND_AFTER = 2


def detectable_effect(comparison: Comparison, power: float) -> float | None:
    """Return the true advantage found with probability `power`; ``None`` when rates do not vary."""
    first, second = comparison.first, comparison.second
    try:
        return minimal_detectable_effect(
            first, second, power=power, level=comparison.level, alternative="less"
        ).effect
    except NotAnswerableError:
        return None


def secondary_tests(table: PublishedTable, primary: Comparison) -> tuple[TestResult, ...]:
    """Return every other test that the table allows, the primary's own period first."""
    # the primary's pair of one-sided permutation tests stands first in the finding
    results = _of_period(primary, ("two-sided",))
    for comparison in other_periods(table, primary):
        results += _of_period(comparison, ("two-sided", "less", "greater"))
    return (*results, *_of_change(table, primary))


def other_periods(table: PublishedTable, primary: Comparison) -> list[Comparison]:
    """Return the same comparison in every other printed period that has enough retailers."""
    comparisons = [
        replace(
            primary,
            period=column.period,
            first=table.rates(primary.groups[0], column.period),
            second=table.rates(primary.groups[1], column.period),
        )
        for column in table.periods
        if column.period != primary.period
    ]
    return [comparison for comparison in comparisons if comparison.obstacle is None]


def _of_period(comparison: Comparison, sides: tuple[Direction, ...]) -> list[TestResult]:
    first, second, level, rule = (
        comparison.first,
        comparison.second,
        comparison.level,
        comparison.rounding,
    )
    results = [comparison.permutation(side) for side in sides]
    results += [
        rank_sum(first, second, alternative=side, level=level, rounding=rule)
        for side in ("two-sided", "less", "greater")
    ]
    with suppress(NotAnswerableError):  # Welch's t is undefined for rates that do not vary
        results += [
            welch(first, second, alternative=side, level=level, rounding=rule)
            for side in ("two-sided", "less", "greater")
        ]
    if comparison.margin:
        results += [
            equivalence(
                first,
                second,
                comparison.margin,
                alternative=side,
                level=level,
                rounding=rule,
                seed=comparison.seed,
            )
            for side in ("greater", "equivalence")
        ]
    return [replace(result, period=comparison.period) for result in results]


def _of_change(table: PublishedTable, primary: Comparison) -> list[TestResult]:
    """Test the change between the two parts of the longest period, when it has two."""
    parts = table.parts(table.widest_period)
    if len(parts) != _BEFORE_AND_AFTER:
        return []
    moved = changes(table, *parts)
    comparison = replace(
        primary,
        first=[item.change for item in moved if item.retailer.group == primary.groups[0]],
        second=[item.change for item in moved if item.retailer.group == primary.groups[1]],
    )
    if comparison.obstacle is not None:
        return []
    before, after = parts
    return [
        replace(
            comparison.permutation(side),
            estimand="equal_weight_change_difference",
            period=after,
            baseline=before,
        )
        for side in ("two-sided", "greater")
    ]
