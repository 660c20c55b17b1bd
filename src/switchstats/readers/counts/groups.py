"""Puts the columns of counts that belong together into groups: one a month, an area or the like."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.errors import InputError
from switchstats.inputs import Sheet
from switchstats.readers.counts.aliases import COUNTS, reason_in_head
from switchstats.readers.counts.headers import Column

__all__ = ["Group", "groups_of"]


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of counts that share period and keys in the header; in a long table the only one.

    Parameters
    ----------
    counts
        Canonical count → column. ``"item"`` stands for a count that a column names row by row.
    periods, keys, total, cumulative
        As in `Column`.
    reasons
        Reason → column of the errors with that reason.
    """

    counts: dict[str, Column]
    periods: tuple[object, ...]
    keys: tuple[tuple[str, object], ...]
    total: bool
    cumulative: bool
    reasons: tuple[tuple[str, Column], ...] = ()


def groups_of(
    columns: Sequence[Column], keys: dict[str, Column], wide: str | None, sheet: Sheet, line: int
) -> tuple[Group, ...]:
    """Put the columns that differ only in what they count together.

    Parameters
    ----------
    columns
        Of one table.
    keys
        Canonical key (or ``"item"``) → column.
    wide
        What a column counts whose head gives a month or area only; ``None`` for nothing.
    sheet, line
        Where the header stands.

    Raises
    ------
    InputError
        When a column stands twice.
    """
    by_item = "item" in keys
    reasons = _reasons(columns, keys)
    found: dict[tuple[object, ...], dict[str, list[Column]]] = {}
    spread = any(c.role in (None, "value") and (c.periods or c.keys) for c in columns)
    for column in columns:
        if column.index in reasons:
            continue
        name = "item" if by_item and column.weak else column.role
        name = None if name == "value" else name
        headed = column.periods or any(key != "reason" for key, _ in column.keys)
        if name is None and wide and (headed or (column.total and spread)):
            name = wide
        if name in (*COUNTS, "item") and not (name == "item" and column.role == "item"):
            total = column.total and not (name == "errors" and _divided(column, reasons))
            # one quarter's total beside the next one's
            alike = (column.periods, column.keys, total)
            before = (counts for key, counts in found.items() if key[:3] == alike)
            nth = sum(name in counts for counts in before) if total else 0
            found.setdefault((*alike, nth), {}).setdefault(name, []).append(column)
    return tuple(
        _group(counts, [c for c in reasons.values() if _beside(c) == key[:3]], sheet, line)
        for key, counts in found.items()
    )


def _beside(column: Column) -> object:
    """Return the group that a column of a reason belongs to."""
    return (column.periods, tuple(pair for pair in column.keys if pair[0] != "reason"), False)


def _divided(column: Column, reasons: dict[int, Column]) -> bool:
    """Whether a column of all errors is the total of columns of reasons."""
    return any(
        _beside(reason) == (column.periods, column.keys, False) for reason in reasons.values()
    )


def _reasons(columns: Sequence[Column], keys: dict[str, Column]) -> dict[int, Column]:
    """Return columns of errors by reason; a plain word such as 住所 is one beside others only."""
    if "reason" in keys:
        return {}
    named: dict[int, Column] = {}
    sure = False
    for column in columns:
        words = [str(value) for key, value in column.keys if key == "reason"]
        told = reason_in_head(words[-1]) if words and not column.cumulative else None
        if told is None or column.role not in (None, "errors", "value"):
            continue
        named[column.index] = column
        sure = sure or told[1] or column.role == "errors"
    return named if sure else {}


def _group(
    counts: dict[str, list[Column]], reasons: Sequence[Column], sheet: Sheet, line: int
) -> Group:
    flows = {name: [c for c in same if not c.cumulative] for name, same in counts.items()}
    chosen = dict(flows if sum(map(bool, flows.values())) > 1 else counts)
    for name, several in chosen.items():
        same = [column for column in several if column.mapped] or several
        chosen[name] = same
        if len(same) > 1:
            raise _twice("the same count", same, sheet, line)
    single = {name: same[0] for name, same in chosen.items() if same}
    first = next(iter(single.values()))
    cumulative = any(column.cumulative for column in single.values())
    divided = _by_reason(reasons, sheet, line) if "errors" in single else ()
    total = first.total and not divided
    return Group(single, first.periods, first.keys, total, cumulative, divided)


def _by_reason(
    reasons: Sequence[Column], sheet: Sheet, line: int
) -> tuple[tuple[str, Column], ...]:
    found: dict[str, Column] = {}
    for column in reasons:
        words = next(str(value) for key, value in reversed(column.keys) if key == "reason")
        told = reason_in_head(words)
        if told is None:
            continue
        if told[0] in found:
            raise _twice("the same reason", [found[told[0]], column], sheet, line)
        found[told[0]] = column
    return tuple(found.items())


def _twice(what: str, columns: Sequence[Column], sheet: Sheet, line: int) -> InputError:
    return InputError(
        f"two columns for {what}, {columns[0].title!r} and {columns[1].title!r}",
        "rename one of them, or name the right one in a mapping",
        sheet.file,
        line,
        columns[1].title,
    )
