"""Uses rows and columns of totals as a check of the rows that they add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from switchstats.inputs import shown
from switchstats.labels import text
from switchstats.readers.counts.numbers import count_of
from switchstats.readers.counts.resolve import Item

__all__ = ["CheckedTotals", "check_totals"]


@dataclass(frozen=True, slots=True)
class CheckedTotals:
    """How the totals of a table compare with its rows; each number counts totals."""

    items: tuple[Item, ...]
    agree: int
    unchecked: int
    differ: int


def check_totals(items: Sequence[Item]) -> CheckedTotals:
    """Compare each total of one table with the rows that it may add up.

    These are the rows of the table with the keys that the total has: all of them, those since the
    total of the same kind before it, or those up to the next one below it. Rows that are rejected
    for other reasons than their counts still add; a row whose count is missing explains a total
    above the sum of the others, and a row whose count cannot be read explains any.

    Parameters
    ----------
    items
        Of one table, in the order in which they stand, counts not yet joined.

    Returns
    -------
    CheckedTotals
        With totals that nothing explains rejected.
    """
    rows = [(at, item) for at, item in enumerate(items) if not item.entry.totals]
    lines: dict[int, list[tuple[int, Item]]] = {}
    for at, item in rows:
        lines.setdefault(item.entry.line, []).append((at, item))
    kept = list(items)
    outcome = {"agree": 0, "unchecked": 0, "differ": 0}
    previous = _neighbours(items)
    following = _neighbours(items, backwards=True)
    for at, total in enumerate(items):
        if not total.entry.totals or total.problem:
            continue
        only_line = total.entry.totals <= {"columns"}
        pool = lines.get(total.entry.line, []) if only_line else rows
        covered = [(place, row) for place, row in pool if _covers(total, row)]
        around = (previous[at], at, following[at])
        compared = {name: _compared(total, name, covered, around) for name in total.entry.counts}
        wrong = next((name for name, (how, _) in compared.items() if how == "differ"), None)
        agree = any(how == "agree" for how, _ in compared.values())
        outcome["differ" if wrong else "agree" if agree else "unchecked"] += 1
        if wrong:
            datum = total.entry.counts[wrong]
            sums = " / ".join(map(str, compared[wrong][1]))
            kept[at] = total.rejected(
                "inconsistent_counts",
                field=datum.field,
                raw=shown(datum.raw),
                note=text("quarantine.note_total", sums=sums),
            )
    return CheckedTotals(tuple(kept), **outcome)


def _neighbours(items: Sequence[Item], *, backwards: bool = False) -> dict[int, int]:
    """Return for each total the place of the nearest of its kind on one side."""
    last: dict[object, int] = {}
    found: dict[int, int] = {}
    order = range(len(items))
    for at in reversed(order) if backwards else order:
        total = items[at]
        if total.entry.totals:
            kind = (total.entry.totals, *sorted(_known(total).items(), key=str))
            found[at] = last.get(kind, len(items) if backwards else -1)
            last[kind] = at
    return found


def _covers(total: Item, row: Item) -> bool:
    if total.entry.cumulative and total.entry.totals & {"period", "columns"}:
        return False
    if not set(total.entry.counts) <= set(row.entry.counts):
        return False
    known = _known(row)
    return all(known.get(name) == value for name, value in _known(total).items())


def _known(item: Item) -> dict[str, object]:
    """Return the keys of an item; a retailer that is not known still has a name."""
    keys: dict[str, object] = dict(item.strata)
    summed = item.entry.totals
    if "retailer" not in summed and "retailer" in item.entry.keys:
        keys["retailer"] = shown(item.entry.keys["retailer"].raw)
    if item.period is not None and not summed & {"period", "columns"}:
        keys["period"] = item.period
    return keys


def _compared(
    total: Item,
    name: str,
    covered: Sequence[tuple[int, Item]],
    around: tuple[int, int, int],
) -> tuple[Literal["agree", "differ", "unchecked"], tuple[int, ...]]:
    datum = total.entry.counts[name]
    stated = count_of(datum.raw, datum.scale)
    if stated.value is None or not covered:
        return "unchecked", ()
    sums: list[int] = []
    for part in _parts(covered, around):
        counts = [count_of(d.raw, d.scale) for d in (row.entry.counts[name] for row in part)]
        known = [count.value for count in counts if count.value is not None]
        step = max(count.step for count in (*counts, stated))
        slack = (len(known) + 1) * (step - 1) / 2
        off = stated.value - sum(known)
        if abs(off) <= slack and len(known) == len(counts):
            return "agree", ()
        unread = {count.code for count in counts if count.value is None}
        if unread and (off >= -slack or unread != {"missing_value"}):
            return "unchecked", ()
        sums.append(sum(known))
    return "differ", tuple(dict.fromkeys(sums))


def _parts(
    covered: Sequence[tuple[int, Item]], around: tuple[int, int, int]
) -> Iterator[list[Item]]:
    """Yield the rows above up to the total before, those below up to the next, and all."""
    before, at, after = around
    yield [row for _, row in covered]
    for low, high in ((before, at), (at, after)):
        if part := [row for place, row in covered if low < place < high]:
            yield part
