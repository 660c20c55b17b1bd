"""Uses rows and columns of totals as a check of the rows that they add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from switchstats.labels import text
from switchstats.readers.counts.entry import Counted
from switchstats.readers.counts.item import Item
from switchstats.readers.counts.span import DATES

__all__ = ["CheckedTotals", "check_totals"]


@dataclass(frozen=True, slots=True)
class CheckedTotals:
    """How the totals of a table compare with its rows; each number counts totals."""

    items: tuple[Item, ...]
    agree: int
    unchecked: int
    differ: int


def check_totals(items: Sequence[Item], above: Sequence[Item] = ()) -> CheckedTotals:
    """Compare each total of one table with the rows that it may add up.

    These are the rows of the table with the keys that the total has: all of them, those since the
    total of the same kind before it, or those up to the next one below it; or all of these and
    those of the tables above it on the sheet. Rows that are rejected for other reasons than their
    counts still add; a row whose count is missing explains a total above the sum of the others,
    and a row whose count cannot be read explains any.

    Parameters
    ----------
    items
        Of one table, in the order in which they stand, counts not yet joined.
    above
        Of the tables above it on the same sheet.

    Returns
    -------
    CheckedTotals
        With totals that nothing explains rejected.
    """
    kept = list(items)
    outcome = {"agree": 0, "unchecked": 0, "differ": 0}
    at_totals = [at for at, item in enumerate(items) if item.entry.totals and not item.problem]
    if not at_totals:
        return CheckedTotals(tuple(items), **outcome)
    rows = [(at, item) for at, item in enumerate(items) if not item.entry.totals]
    lines: dict[int, list[tuple[int, Item]]] = {}
    for at, item in rows:
        lines.setdefault(item.entry.line, []).append((at, item))
    all_rows = _Rows(rows)
    further = _Rows([(at - len(above), it) for at, it in enumerate(above) if not it.entry.totals])
    previous = _neighbours(items)
    following = _neighbours(items, backwards=True)
    for at in at_totals:
        total = items[at]
        only_line = total.entry.totals <= {"columns"}
        pool = _Rows(lines.get(total.entry.line, [])) if only_line else all_rows
        covered = pool.covered(total)
        more = [] if only_line else further.covered(total, above=True)
        around = (previous[at], at, following[at])
        parts = list(_parts(covered, around))
        if covered and more:
            parts.append([row for _, row in (*more, *covered)])
        if "columns" in total.entry.totals and not only_line:
            parts += _parts(_in_column(total, items), around)
        compared = [(c, *_compared(c, parts)) for c in total.entry.counts]
        wrong = next(((cell, sums) for cell, how, sums in compared if how == "differ"), None)
        agree = any(how == "agree" for _, how, _ in compared)
        outcome["differ" if wrong else "agree" if agree else "unchecked"] += 1
        if wrong:
            cell, sums = wrong
            note = text("quarantine.note_total", sums=" / ".join(map(str, sums)))
            kept[at] = total.rejected(
                "inconsistent_counts", field=cell.field, raw=cell.text, note=note
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


class _Rows:
    """Rows with their places, found by their keys."""

    def __init__(self, rows: Sequence[tuple[int, Item]]) -> None:
        self._rows = rows
        self._by: dict[tuple[str, ...], dict[object, list[tuple[int, Item]]]] = {}

    def covered(self, total: Item, *, above: bool = False) -> list[tuple[int, Item]]:
        """Return the rows with the keys and the counts that a total has."""
        if total.entry.shape.cumulative and total.entry.totals & {"period", "columns"}:
            return []
        wanted = _known(total)
        if above and not any(datum.name in DATES for datum in total.entry.keys):
            # the title of its table tells its period, and need not hold for a total of several
            wanted.pop("period", None)
        names = tuple(sorted(wanted))
        if names not in self._by:
            found = self._by.setdefault(names, {})
            for place, row in self._rows:
                known = _known(row)
                found.setdefault(tuple(map(known.get, names)), []).append((place, row))
        alike = self._by[names].get(tuple(map(wanted.get, names)), [])
        counted = total.entry.counted
        return [(place, row) for place, row in alike if counted <= row.entry.counted]


def _known(item: Item) -> dict[str, object]:
    """Return the keys of an item; a retailer that is not known still has a name."""
    keys: dict[str, object] = dict(item.strata)
    summed = item.entry.totals
    if "retailer" not in summed and (named := item.entry.key("retailer")) is not None:
        keys["retailer"] = named.text
    if item.period is not None and not summed & {"period", "columns"}:
        keys["period"] = item.period
    return keys


def _in_column(total: Item, items: Sequence[Item]) -> list[tuple[int, Item]]:
    """Return what the rows state in a column of totals, to be compared with their sum below."""
    wanted = {name: value for name, value in _known(total).items() if name != "period"}
    return [
        (at, item)
        for at, item in enumerate(items)
        if item.entry.shape is total.entry.shape
        and item.entry.totals == frozenset({"columns"})
        and all(_known(item).get(name) == value for name, value in wanted.items())
        and total.entry.counted <= item.entry.counted
    ]


def _compared(
    cell: Counted, parts: Sequence[Sequence[Item]]
) -> tuple[Literal["agree", "differ", "unchecked"], tuple[int, ...]]:
    stated = cell.count
    if stated.value is None or not any(parts):
        return "unchecked", ()
    sums: list[int] = []
    for part in filter(None, parts):
        cells = [row.entry.count(cell.name) for row in part]
        counts = [other.count for other in cells if other is not None]
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
    """Yield all rows, those above up to the total before, and those below up to the next."""
    before, at, after = around
    yield [row for _, row in covered]
    for low, high in ((before, at), (at, after)):
        if part := [row for place, row in covered if low < place < high]:
            yield part
