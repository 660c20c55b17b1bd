"""Says in words how a table was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from switchstats.errors import InputError
from switchstats.inputs import Sheet
from switchstats.labels import Text, text
from switchstats.readers.counts.entries import blank_groups
from switchstats.readers.counts.frame import Found
from switchstats.readers.counts.resolve import Item
from switchstats.readers.counts.tables import Table
from switchstats.readers.counts.totals import CheckedTotals
from switchstats.values import Understood

__all__ = ["Read", "no_table", "understood"]

_SHOWN_LINES = 8


@dataclass(frozen=True, slots=True)
class Read:
    """A table with its items, its totals compared."""

    table: Table
    found: Found
    totals: CheckedTotals
    days_as_months: bool
    left_items: tuple[str, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Items in the order in which they stand."""
        return self.totals.items


def understood(read: Read) -> Understood:
    """Return the report on one table."""
    table = read.table
    return Understood(
        table.sheet.file,
        table.sheet.name,
        table.sheet.encoding,
        table.header_line or None,
        _columns(table),
        (*(column.title for column in table.ignored), *read.left_items),
        len(table.lines),
        tuple(_remarks(read)),
    )


def no_table(sheet: Sheet, problem: InputError | None) -> Understood:
    """Return the report on a sheet without a table of counts, and why it was not read."""
    why = "" if problem is None else f": {problem.problem}"
    remark = text("counts_reader.no_table", n=len(sheet.lines), why=why)
    return Understood(sheet.file, sheet.name, sheet.encoding, None, {}, (), 0, (remark,))


def _columns(table: Table) -> dict[str, str]:
    columns = {name: column.title for name, column in table.keys.items()}
    for name in ("requests", "errors", "accepted", "item"):
        titles = [group.counts[name].title for group in table.groups if name in group.counts]
        if titles:
            columns[name if name != "item" else "counts"] = _span(titles)
    return columns


def _span(titles: Sequence[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{titles[0]} … {titles[-1]} ({len(titles)})"


def _remarks(read: Read) -> list[Text]:
    table, found = read.table, read.found
    remarks: list[Text] = []
    if table.layout.name is not None:
        remarks.append(text("counts_reader.layout", name=table.layout.name))
    remarks += [
        text(f"counts_reader.{what}", words=words.text, place=text(f"counts_reader.{words.place}"))
        for what, words in found.words
    ]
    if found.frame.next_year:
        remarks.append(text("counts_reader.next_year"))
    scales = {c.scale or table.scale for group in table.groups for c in group.counts.values()}
    remarks += [text("counts_reader.unit", n=f"{scale:,}") for scale in sorted(scales - {1})]
    if any(item.entry.cumulative for item in read.items):
        remarks.append(text("counts_reader.cumulative"))
    if read.days_as_months:
        remarks.append(text("counts_reader.days_as_months"))
    continued = sum(any(d.continued for d in item.entry.keys.values()) for item in read.items)
    if continued:
        remarks.append(text("counts_reader.continued", n=continued))
    remarks += _on_totals(read.totals)
    if table.notes:
        lines = ", ".join(map(str, table.notes[:_SHOWN_LINES]))
        more = "…" if len(table.notes) > _SHOWN_LINES else ""
        remarks.append(text("counts_reader.notes", lines=lines + more))
    remarks += _on_blank(table)
    return remarks


def _on_totals(totals: CheckedTotals) -> list[Text]:
    what = text("excluded.total_row")
    counted = (("agree", totals.agree), ("unchecked", totals.unchecked), ("differ", totals.differ))
    return [text(f"counts_reader.totals_{how}", n=n, what=what) for how, n in counted if n]


def _on_blank(table: Table) -> list[Text]:
    blank = [
        column.title
        for position in sorted(blank_groups(table))
        for column in table.groups[position].counts.values()
    ]
    return [text("counts_reader.blank_columns", columns=_span(blank))] if blank else []
