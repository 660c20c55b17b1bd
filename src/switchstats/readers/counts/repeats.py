"""Finds what was delivered twice, and longer periods that hold shorter ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from switchstats.labels import joined, text
from switchstats.readers.counts.item import Item

__all__ = ["without_long_periods", "without_repeats"]


def without_repeats(items: Sequence[Item], ignored: str) -> list[Item]:
    """Reject the second of two equal rows, and all rows of a key that say different things.

    Parameters
    ----------
    items
        All items.
    ignored
        Heads of columns that were not used, for the note: one of them may tell the rows apart.
    """
    places: dict[object, list[int]] = {}
    for at, item in enumerate(items):
        if _counts(item):
            places.setdefault(item.key, []).append(at)
    kept = list(items)
    for members in places.values():
        if len(members) == 1:
            continue
        first = items[members[0]]
        same = all(_values(items[at]) == _values(first) for at in members)
        for at in members[1:] if same else members:
            if same:
                note = text("quarantine.note_same_as", place=first.place)
                kept[at] = items[at].rejected("duplicate", note=note)
            else:
                others = joined(items[other].place for other in members if other != at)
                how = "other_numbers_unused" if ignored else "other_numbers"
                unused = {"columns": ignored} if ignored else {}
                kept[at] = items[at].rejected(
                    "inconsistent_counts",
                    raw=", ".join(map(str, _values(items[at]))),
                    note=text(f"quarantine.note_{how}", places=others, **unused),
                )
    return kept


def without_long_periods(items: Sequence[Item]) -> list[Item]:
    """Take a period that contains shorter ones of the same key for a total; refuse a half overlap.

    A total that the shorter ones fill must be their sum.
    """
    keyed: dict[object, list[int]] = {}
    for at, item in enumerate(items):
        if _counts(item):
            keyed.setdefault((item.retailer, item.strata), []).append(at)
    kept = list(items)
    for members in keyed.values():
        members.sort(key=lambda at: (_start(items[at]), -_length(items[at])))
        for position, at in enumerate(members[:-1]):
            _compare(kept, items, at, members[position + 1 :])
    return kept


def _compare(kept: list[Item], items: Sequence[Item], at: int, later: Sequence[int]) -> None:
    long = items[at].period
    if long is None or kept[at].problem:
        return
    inside: list[int] = []
    for other in later:
        short = items[other].period
        if short is None or short.start >= long.end:
            break
        if not long.contains(short):
            for one, two in ((at, other), (other, at)):
                note = text("quarantine.note_half_overlap", place=items[two].place)
                kept[one] = kept[one].rejected("inconsistent_counts", note=note)
        elif not kept[other].problem:
            inside.append(other)
    if not inside or kept[at].problem:
        return
    entry = kept[at].entry
    kept[at] = replace(kept[at], entry=replace(entry, totals=entry.totals | {"period"}))
    parts = [items[other] for other in inside]
    filled = sum(_length(part) for part in parts) == long.n_days
    wanted = (sum(part.requests or 0 for part in parts), sum(part.errors or 0 for part in parts))
    if filled and wanted != _values(items[at]):
        raw = ", ".join(map(str, _values(items[at])))
        note = text("quarantine.note_parts", requests=wanted[0], errors=wanted[1])
        kept[at] = kept[at].rejected("inconsistent_counts", raw=raw, note=note)


def _counts(item: Item) -> bool:
    return item.problem is None and not item.entry.totals and item.requests is not None


def _values(item: Item) -> tuple[int | None, int | None]:
    return item.requests, item.errors


def _start(item: Item) -> date:
    return item.period.start if item.period else date.min


def _length(item: Item) -> int:
    return item.period.n_days if item.period else 0
