"""Turns sums since some month into the numbers of each month."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from switchstats.labels import text
from switchstats.periods import Period
from switchstats.readers.counts.item import Item

__all__ = ["flows"]

_APRIL = 4
_LONGEST_MONTH = 31


def flows(items: Sequence[Item]) -> list[Item]:
    """Return cumulative items as flows: each minus the last good one of its series before it.

    The sums of a series may start again, in the same month of each year, when those of all
    retailers fall then. The first item of a series is its month's number if the month is April,
    where the fiscal year begins, or the month of the restarts; of another month it is the sum
    since an unknown one, and is rejected. Where a month is missing, the flow covers both.

    Parameters
    ----------
    items
        All items; those that are not cumulative, have a problem or no counts pass unchanged.
    """
    series: dict[object, list[int]] = {}
    for at, item in enumerate(items):
        if item.entry.shape.cumulative and not item.problem and item.requests is not None:
            key = (item.entry.shape.table, item.retailer, item.strata)
            series.setdefault(key, []).append(at)
    kept = list(items)
    for members in series.values():
        members.sort(key=lambda at: _span(items[at]))
    restarts = _restarts([[items[at] for at in members] for members in series.values()])
    for members in series.values():
        chain = [items[at] for at in members]
        for at, flow in zip(members, _flows(chain, restarts), strict=True):
            kept[at] = flow
    return kept


def _restarts(series: Sequence[Sequence[Item]]) -> frozenset[int]:
    """Return April or January, where the sums of every series that goes on into it fall.

    A fall in January of a single series is more likely a mistake.
    """
    falls: dict[int, list[bool]] = {}
    for chain in series:
        for before, after in pairwise(chain):
            falls.setdefault(_span(after).start.month, []).append(_falls(before, after))
    return frozenset(
        month
        for month, fell in falls.items()
        if all(fell) and (month == _APRIL or (month == 1 and len(fell) > 1))
    )


def _flows(chain: Sequence[Item], restarts: frozenset[int]) -> Iterator[Item]:
    last: Item | None = None
    for item in chain:
        span = _span(item)
        # a longer span says itself since when it is the sum
        begins = span.start.month in (restarts or {_APRIL}) or (
            last is None and span.n_days > _LONGEST_MONTH
        )
        if begins and (last is None or span.start.month in restarts):
            yield item
            last = item
        elif last is None:
            yield item.rejected("missing_value", note=text("quarantine.note_unknown_start"))
            last = item
        elif _span(last) == span:
            yield item
        elif _falls(last, item):
            note = text("quarantine.note_less_than", place=last.place)
            yield item.rejected("negative_flow", note=note, raw=f"{item.requests}, {item.errors}")
        else:
            period = Period(_span(last).end, span.end)
            requests = (item.requests or 0) - (last.requests or 0)
            errors = (item.errors or 0) - (last.errors or 0)
            yield replace(item, period=period, requests=requests, errors=errors)
            last = item


def _falls(before: Item, after: Item) -> bool:
    return (after.requests or 0) < (before.requests or 0) or (after.errors or 0) < (
        before.errors or 0
    )


def _span(item: Item) -> Period:
    return item.period or Period(date.min, date.max)
