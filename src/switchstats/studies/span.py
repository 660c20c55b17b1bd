"""What every comparison of groups over a span of counts needs of these counts."""

from itertools import pairwise

from switchstats.errors import UsageError
from switchstats.labels import group_name, joined
from switchstats.periods import Period
from switchstats.studies.refusal import refuse
from switchstats.values import Counts

__all__ = ["check_span", "inside"]


def inside(counts: Counts, period: Period | None) -> Counts:
    """Return the counts inside a period, all of them by default.

    Raises
    ------
    UsageError
        When there are none.
    """
    chosen = counts if period is None else counts.during(period)
    if not len(chosen):
        raise UsageError("there are no counts inside the period of this study")
    return chosen


def check_span(counts: Counts, groups: tuple[str, str]) -> None:
    """Refuse counts that lack a group's requests, or hold requests twice.

    Raises
    ------
    CannotRunError
        Naming the group and those of the registry, or that periods overlap.
    """
    for group in groups:
        if not counts.group(group).requests:
            there = dict.fromkeys(one.group for one in counts.retailers)
            names = joined(group_name(name) for name in there)
            raise refuse("group", group=group_name(group), groups=names)
    if any(before.overlaps(after) for before, after in pairwise(counts.periods)):
        raise refuse("disjoint_periods")
