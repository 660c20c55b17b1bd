"""The quantities that an audit shows, named and in words."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Literal

from switchstats.bounds.audit import Audit
from switchstats.bounds.identified import Identified
from switchstats.errors import NotAnswerableError
from switchstats.labels import Text, group_name, text
from switchstats.periods import Period
from switchstats.values import IdentifiedQuantity, Interval, PublishedTable

__all__ = ["fixed_mix_changes", "naive_thresholds", "shares_of_group", "shares_of_period"]

_MIXES: tuple[Literal["before", "after"], ...] = ("before", "after")
_BEFORE_AND_AFTER = 2


def shares_of_group(found: Audit) -> tuple[IdentifiedQuantity, ...]:
    """Return each retailer's share of its group's requests, all printed periods together."""
    return tuple(
        IdentifiedQuantity(
            name="share_of_group",
            quantity=text("bounds.share_of_group", name=each.name),
            unit="share",
            interval=share.interval,
            attained=share.attained,
            group=each.group,
            retailer=each,
        )
        for each in found.table.retailers
        for share in (found.unit_share(each.retailer),)
    )


def shares_of_period(
    found: Audit, periods: Sequence[Period] | None = None
) -> tuple[IdentifiedQuantity, ...]:
    """Return the share of each period in the requests of each group and of each retailer.

    By default of every printed period but the longest. Groups come first.
    """
    table = found.table
    whole = table.widest_period
    others = [column.period for column in table.periods if column.period != whole]
    chosen = others if periods is None else periods
    quantities: list[IdentifiedQuantity] = []
    for period in chosen:
        calendar = period.n_days / _days_printed(table)
        units = [(group, group_name(group), group, None) for group in table.groups]
        units += [(each.retailer, each.name, each.group, each) for each in table.retailers]
        for unit, name, group, retailer in units:
            with suppress(NotAnswerableError):
                share = found.period_share(unit, period)
                quantities.append(
                    IdentifiedQuantity(
                        name="share_of_period",
                        quantity=text(
                            "bounds.share_of_period", name=name, period=_label(table, period)
                        ),
                        unit="share",
                        interval=share.interval,
                        attained=share.attained,
                        group=group,
                        retailer=retailer,
                        period=period,
                        reference=calendar,
                    )
                )
    return tuple(quantities)


def fixed_mix_changes(found: Audit, groups: Sequence[str]) -> tuple[IdentifiedQuantity, ...]:
    """Return the change of each group's rate at a fixed mix, and the difference of the first two.

    Empty where the longest printed period has not two printed parts.
    """
    parts = found.table.parts(found.table.widest_period)
    if len(parts) != _BEFORE_AND_AFTER:
        return ()
    quantities: list[IdentifiedQuantity] = []
    for mix in _MIXES:
        for group in groups:
            with suppress(NotAnswerableError):
                change = found.fixed_mix_change(group, mix)
                quantities.append(_change(found.table, parts, mix, change, group))
        with suppress(NotAnswerableError):
            if len(groups) == _BEFORE_AND_AFTER:
                gap = found.fixed_mix_difference((groups[0], groups[1]), mix)
                quantities.append(_change(found.table, parts, mix, gap, *groups))
    return tuple(quantities)


def naive_thresholds(found: Audit, groups: tuple[str, str]) -> tuple[IdentifiedQuantity, ...]:
    """Return by period how many requests in all would make the naive test call the gap significant.

    The low end is the number with the volumes and digits that make it easiest, the high end the
    one with those that make it hardest; ``None``: with these no number would. A period in which no
    average is printed, or no number ever would, is left out.
    """
    table = found.table
    quantities: list[IdentifiedQuantity] = []
    for column in table.periods:
        with suppress(NotAnswerableError):
            needed = found.test_range("pooled_z", column.period, groups=groups, total=1).threshold
            if needed is None or needed.best is None:
                continue
            quantities.append(
                IdentifiedQuantity(
                    name="naive_threshold",
                    quantity=text("bounds.naive_threshold", period=column.label),
                    unit="requests",
                    interval=Interval(needed.best, needed.worst, "identified"),
                    method="pooled_z",
                    period=column.period,
                )
            )
    return tuple(quantities)


def _change(
    table: PublishedTable, parts: Sequence[Period], mix: str, found: Identified, *groups: str
) -> IdentifiedQuantity:
    before, after = parts
    held = _label(table, before if mix == "before" else after)
    kind = "change" if len(groups) == 1 else "difference"
    names = dict(zip(("first", "second"), map(group_name, groups), strict=False))
    return IdentifiedQuantity(
        name=f"fixed_mix_{kind}_{mix}",
        quantity=text(f"bounds.fixed_mix_{kind}", **names, mix=held),
        unit="difference",
        interval=found.interval,
        attained=found.attained,
        group=groups[0] if len(groups) == 1 else None,
        period=after,
        baseline=before,
    )


def _label(table: PublishedTable, period: Period) -> Text:
    return table.periods[table.column(period)].label


def _days_printed(table: PublishedTable) -> int:
    """Return the number of days that any printed period covers."""
    periods = [column.period for column in table.periods]
    edges = sorted({edge for period in periods for edge in (period.start, period.end)})
    return sum(
        piece.n_days
        for piece in (Period(start, end) for start, end in pairwise(edges))
        if any(period.contains(piece) for period in periods)
    )
