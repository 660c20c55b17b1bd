"""Divides the errors of a row by the columns of reasons beside it, and keeps reasons together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from switchstats.labels import text
from switchstats.readers.counts.item import Item
from switchstats.readers.counts.together import with_counts

__all__ = ["by_reason", "without_torn_reasons"]


def by_reason(items: Sequence[Item]) -> tuple[list[Item], int]:
    """Return rows with errors by reason as one row a reason, and how many rows forbid that.

    Rows that differ by reason only share their requests and divide their errors; the errors
    beyond those of all columns have no reason given. Where the columns of one row add up to more
    than its errors, an error has several reasons and nothing tells which: then, and for sums since
    some month, the columns of the whole table are left alone.

    Parameters
    ----------
    items
        Of one table, totals compared.

    Returns
    -------
    tuple
        The items, and the number of rows whose reasons overlap or are cumulative.
    """
    told = [with_counts(item) if _has_columns(item) else item for item in items]
    overlapping = sum(_overlaps(item) for item in told)
    if overlapping:
        return list(items), overlapping
    return [part for item in told for part in _parts(item)], 0


def _has_columns(item: Item) -> bool:
    return bool(item.entry.reasons) and not item.problem and not item.entry.totals


def _has_reason(item: Item) -> bool:
    return any(name == "reason" for name, _ in item.strata)


def _overlaps(item: Item) -> bool:
    if not _has_columns(item) or item.errors is None:
        return False
    told = sum(cell.count.value or 0 for cell in item.entry.reasons)
    return item.entry.shape.cumulative or told > item.errors


def _parts(item: Item) -> Iterator[Item]:
    if not _has_columns(item) or item.errors is None:
        yield item
        return
    rest = item.errors - sum(cell.count.value or 0 for cell in item.entry.reasons)
    for cell in item.entry.reasons:
        code, note = cell.count.code, cell.count.note
        # a blank beside reasons that explain all errors can only be none
        if code is not None and (rest or code != "missing_value"):
            yield item.rejected(code, field=cell.field, raw=cell.text, note=note)
            return
    yield _part(item, "", rest)
    for cell in item.entry.reasons:
        if cell.count.value:
            yield _part(item, cell.name, cell.count.value)


def _part(item: Item, reason: str, errors: int) -> Item:
    strata = tuple(sorted((*item.strata, ("reason", reason))))
    return replace(item, strata=strata, errors=errors)


def without_torn_reasons(items: Sequence[Item]) -> list[Item]:
    """Reject all reasons of a cell of which one was rejected, or which do not fit together.

    Rows that differ only by reason share their requests and divide its errors; with one of them
    missing the errors of the others would pass for all.
    """
    cells: dict[object, list[int]] = {}
    for at, item in enumerate(items):
        if _has_reason(item) and not item.entry.totals and item.retailer and item.period:
            rest = tuple(pair for pair in item.strata if pair[0] != "reason")
            cells.setdefault((item.retailer, item.period, rest), []).append(at)
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
