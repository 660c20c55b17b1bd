"""Joins counts of one retailer and month that stand apart, and checks them against each other."""

from collections.abc import Sequence
from dataclasses import replace

from switchstats.labels import text
from switchstats.readers.counts.aliases import COUNTS
from switchstats.readers.counts.entry import Counted
from switchstats.readers.counts.item import Item

__all__ = ["checked", "joined", "with_counts"]


def joined(items: Sequence[Item]) -> list[Item]:
    """Join items that hold a single count, of the same key, in the order in which they stand.

    A second count of the same kind opens another item, so that a file delivered twice is seen.
    """
    kept: list[Item] = []
    waiting: dict[object, list[int]] = {}
    for item in items:
        if len(item.entry.counts) != 1 or item.problem or item.entry.totals:
            kept.append(item)
            continue
        (cell,) = item.entry.counts
        key = (item.key, item.entry.shape.cumulative)
        partners = (at for at in waiting.get(key, []) if not kept[at].entry.count(cell.name))
        at = next(partners, None)
        if at is None:
            waiting.setdefault(key, []).append(len(kept))
            kept.append(item)
        else:
            first = kept[at]
            counts = (*first.entry.counts, *item.entry.counts)
            kept[at] = replace(first, entry=replace(first.entry, counts=counts))
    return kept


def with_counts(item: Item) -> Item:
    """Return an item with requests and errors, any one of three counts from the other two."""
    if item.problem or item.entry.totals or item.requests is not None:
        return item
    known: dict[str, int] = {}
    for cell in item.entry.counts:
        if cell.count.value is not None:
            known[cell.name] = cell.count.value
        elif cell.count.code != "missing_value":
            return _wrong(item, cell)
    if len(known) < 2:  # noqa: PLR2004
        return _missing(item)
    if len(known) == len(COUNTS):
        steps = max(cell.count.step for cell in item.entry.counts)
        off = abs(known["requests"] - known["errors"] - known["accepted"])
        # three numbers rounded to a step may miss each other by one and a half of it
        if off and off > 3 * (steps - 1) / 2:
            return _inconsistent(item)
    errors, accepted = known.get("errors"), known.get("accepted")
    requests = known["requests"] if "requests" in known else (errors or 0) + (accepted or 0)
    return item.with_counts(requests, requests - (accepted or 0) if errors is None else errors)


def checked(item: Item) -> Item:
    """Reject an item whose errors exceed its requests."""
    if item.problem or item.requests is None or item.errors is None:
        return item
    if item.errors < 0:
        return _inconsistent(item)
    if item.errors > item.requests:
        cell = item.entry.count("errors") or item.entry.count("requests")
        note = text("quarantine.note_errors", errors=item.errors, requests=item.requests)
        field, raw = (cell.field, cell.text) if cell else ("", "")
        return item.rejected("errors_above_requests", field=field, raw=raw, note=note)
    return item


def _wrong(item: Item, cell: Counted) -> Item:
    code, note = str(cell.count.code), cell.count.note
    return item.rejected(code, field=cell.field, raw=cell.text, note=note)


def _missing(item: Item) -> Item:
    for cell in item.entry.counts:
        if cell.count.code is not None:
            return _wrong(item, cell)
    (only,) = item.entry.counts
    return item.rejected("missing_value", note=text(f"quarantine.note_only_{only.name}"))


def _inconsistent(item: Item) -> Item:
    raw = ", ".join(f"{cell.name} {cell.text}" for cell in item.entry.counts)
    note = text("quarantine.note_three_counts")
    return item.rejected("inconsistent_counts", raw=raw, note=note)
