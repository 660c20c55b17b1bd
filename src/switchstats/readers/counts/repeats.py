"""Finds what was delivered twice, and longer periods that hold shorter ones."""

from collections.abc import Sequence
from dataclasses import replace

from switchstats.labels import joined, text
from switchstats.readers.counts.resolve import Item

__all__ = ["without_long_periods", "without_repeats", "without_torn_reasons"]


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
        first = items[members[0]]
        same = all(_values(items[at]) == _values(first) for at in members)
        for at in members[1:] if same else members if len(members) > 1 else []:
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
            key = (item.retailer, *sorted(item.strata.items()))
            keyed.setdefault(key, []).append(at)
    kept = list(items)
    for members in keyed.values():
        members.sort(key=lambda at: (_start(items[at]), -_length(items[at])))
        for position, at in enumerate(members):
            _compare(kept, items, at, members[position + 1 :])
    return kept


def without_torn_reasons(items: Sequence[Item]) -> list[Item]:
    """Reject all reasons of a cell of which one was rejected, or which do not fit together.

    Rows that differ only by reason share their requests and divide its errors; with one of them
    missing the errors of the others would pass for all.
    """
    cells: dict[object, list[int]] = {}
    for at, item in enumerate(items):
        if "reason" in item.strata and not item.entry.totals and item.retailer and item.period:
            rest = {name: value for name, value in item.strata.items() if name != "reason"}
            key = (item.retailer, item.period, *sorted(rest.items()))
            cells.setdefault(key, []).append(at)
    kept = list(items)
    for members in cells.values():
        cell = [items[at] for at in members if _real(items[at])]
        good = [item for item in cell if item.problem is None]
        uneven = len({item.requests for item in good}) > 1
        over = bool(good) and sum(i.errors or 0 for i in good) > (good[0].requests or 0)
        if uneven or over or len(good) < len(cell):
            why = "reasons_uneven" if uneven or over else "reason_torn"
            for at in members:
                note = text(f"quarantine.note_{why}")
                kept[at] = items[at].rejected("inconsistent_counts", note=note)
    return kept


def _real(item: Item) -> bool:
    return item.problem is None or item.problem.code != "duplicate"


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


def _start(item: Item) -> str:
    return str(item.period.start) if item.period else ""


def _length(item: Item) -> int:
    return item.period.n_days if item.period else 0
