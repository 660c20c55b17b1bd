"""Ranges of tests over an audited table, under every rule by which it is possible."""

from collections.abc import Sequence

from switchstats.bounds.constraints import Volume
from switchstats.bounds.naive import UnitRange
from switchstats.bounds.ranges import TestRange, naive_range
from switchstats.bounds.solver import Impossible
from switchstats.bounds.under_rule import UnderRule
from switchstats.errors import NotAnswerableError
from switchstats.periods import Period

__all__ = ["naive_test"]

_TWO_GROUPS = 2


def naive_test(
    readings: Sequence[UnderRule], groups: tuple[str, str], period: Period, total: int | None
) -> TestRange:
    """Return the range of the naive z over the volumes that a table allows.

    Parameters
    ----------
    readings
        The table under each rule by which it is possible.
    groups
        First and second group.
    period
        A printed period.
    total
        Requests of both groups in it.

    Raises
    ------
    NotAnswerableError
        Without a total, with one that contradicts the volumes that are known, or where the table
        prints no average of a group.
    """
    for group in groups:
        if readings[0].table.average(group, period) is None:
            raise NotAnswerableError(
                "the naive test", f"no average of {group} is printed", "the group's rate"
            )
    free = _both_ranges(readings, groups, period)
    known = any(isinstance(each, Volume) for each in readings[0].constraints)
    if total is None or not known or len(readings[0].table.groups) != _TWO_GROUPS:
        return naive_range(free, total)
    return naive_range(
        _both_ranges(_with_total(readings, total, period), groups, period), total, free
    )


def _with_total(readings: Sequence[UnderRule], total: int, period: Period) -> tuple[UnderRule, ...]:
    """Return the readings with a total beside the volumes that are known."""
    whole = Volume(low=total, high=total, period=period)
    all_readings = (
        UnderRule(each.table, (*each.constraints, whole), each.rounding) for each in readings
    )
    possible = tuple(each for each in all_readings if each.consistent is not False)
    if not possible:
        raise Impossible(
            "the naive test",
            f"{total:,} requests in all contradict what is known of volumes",
            "volumes that agree",
        )
    return possible


def _both_ranges(
    readings: Sequence[UnderRule], groups: tuple[str, str], period: Period
) -> tuple[UnitRange, UnitRange | None]:
    """Return the ranges of the naive z, proved and attained, that cover those of all readings."""
    found = [each.naive(groups, period) for each in readings]
    inner = [each for _, each in found if each is not None]
    return _widest([outer for outer, _ in found]), _widest(inner) if inner else None


def _widest(found: Sequence[UnitRange]) -> UnitRange:
    return UnitRange(min(each.low for each in found), max(each.high for each in found))
