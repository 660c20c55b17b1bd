"""Joins counts of one retailer and month that stand apart, and checks them against each other."""

from collections.abc import Sequence
from dataclasses import replace

from switchstats.inputs import shown
from switchstats.labels import text
from switchstats.readers.counts.numbers import Count, count_of
from switchstats.readers.counts.resolve import Item
from switchstats.readers.counts.vocabulary import COUNTS

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
        (name,) = item.entry.counts
        key = (item.key, item.entry.cumulative)
        partners = (at for at in waiting.get(key, []) if name not in kept[at].entry.counts)
        at = next(partners, None)
        if at is None:
            waiting.setdefault(key, []).append(len(kept))
            kept.append(item)
        else:
            first = kept[at]
            counts = {**first.entry.counts, **item.entry.counts}
            kept[at] = replace(first, entry=replace(first.entry, counts=counts))
    return kept


def with_counts(item: Item) -> Item:
    """Return an item with requests and errors, any one of three counts from the other two."""
    if item.problem or item.entry.totals:
        return item
    counts = {name: count_of(d.raw, d.scale) for name, d in item.entry.counts.items()}
    for name, count in counts.items():
        if count.code not in (None, "missing_value"):
            return _wrong(item, name, count)
    known = {name: count.value for name, count in counts.items() if count.value is not None}
    if len(known) < 2:  # noqa: PLR2004
        return _missing(item, counts)
    if len(known) == len(COUNTS):
        steps = max(count.step for count in counts.values())
        off = abs(known["requests"] - known["errors"] - known["accepted"])
        # three numbers rounded to a step may miss each other by one and a half of it
        if off and off > 3 * (steps - 1) / 2:
            return _inconsistent(item)
    requests = known.get("requests", known.get("errors", 0) + known.get("accepted", 0))
    errors = known.get("errors", requests - known.get("accepted", 0))
    return replace(item, requests=requests, errors=errors)


def checked(item: Item) -> Item:
    """Reject an item whose errors exceed its requests."""
    if item.problem or item.requests is None or item.errors is None:
        return item
    if item.errors < 0:
        return _inconsistent(item)
    if item.errors > item.requests:
        name = "errors" if "errors" in item.entry.counts else "requests"
        return item.rejected(
            "errors_above_requests",
            field=item.entry.counts[name].field,
            raw=_shown(item, name),
            note=text("quarantine.note_errors", errors=item.errors, requests=item.requests),
        )
    return item


def _wrong(item: Item, name: str, count: Count) -> Item:
    datum = item.entry.counts[name]
    return item.rejected(str(count.code), field=datum.field, raw=shown(datum.raw), note=count.note)


def _missing(item: Item, counts: dict[str, Count]) -> Item:
    for name, count in counts.items():
        if count.code is not None:
            return _wrong(item, name, count)
    (only,) = counts
    return item.rejected("missing_value", note=text(f"quarantine.note_only_{only}"))


def _inconsistent(item: Item) -> Item:
    raw = ", ".join(f"{name} {_shown(item, name)}" for name in item.entry.counts)
    note = text("quarantine.note_three_counts")
    return item.rejected("inconsistent_counts", raw=raw, note=note)


def _shown(item: Item, name: str) -> str:
    return shown(item.entry.counts[name].raw)
