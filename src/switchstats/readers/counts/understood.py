"""Says in words how a table was read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from switchstats.errors import InputError
from switchstats.inputs import Sheet
from switchstats.inputs.masks import without_long_number
from switchstats.labels import Text, text, worded
from switchstats.periods import Period, format_period
from switchstats.readers.counts.entries import blank_groups
from switchstats.readers.counts.frame import Found
from switchstats.readers.counts.item import Item
from switchstats.readers.counts.span import Days
from switchstats.readers.counts.tables import Table
from switchstats.readers.counts.totals import CheckedTotals
from switchstats.values import Understood

__all__ = ["Read", "no_table", "understood", "with_gaps"]

_SHOWN_LINES = 8
# Years without any period.
_LONG_GAP = 3


@dataclass(frozen=True, slots=True)
class Read:
    """A table with its items.

    Parameters
    ----------
    table, found
        The table, and what holds for all of its rows.
    totals
        Items with totals compared.
    items
        The same, errors divided by reason, in the order in which they stand.
    days
        How days were read.
    overlapping
        Rows whose columns of reasons could not be used.
    left_items
        What the column of items names that is no count.
    """

    table: Table
    found: Found
    totals: CheckedTotals
    items: tuple[Item, ...]
    days: Days
    overlapping: int
    left_items: tuple[str, ...]

    def without_lines(self) -> "Read":
        """Return the same without raw cells."""
        sheet = replace(self.table.sheet, lines=())
        totals = replace(self.totals, items=())
        return replace(self, table=replace(self.table, sheet=sheet, lines=()), totals=totals)


def understood(read: Read) -> Understood:
    """Return the report on one table."""
    table = read.table
    return Understood(
        table.sheet.file,
        table.sheet.name,
        table.sheet.encoding,
        table.header_line or None,
        _columns(table),
        tuple(
            without_long_number(head)
            for head in (*(column.title for column in table.ignored), *read.left_items)
        ),
        len(table.lines),
        tuple(_remarks(read)),
    )


def no_table(sheet: Sheet, problem: InputError | None) -> Understood:
    """Return the report on a sheet without a table of counts, and why it was not read."""
    told = None if problem is None else worded(problem.problem)
    why = Text(ja="", en="") if told is None else Text(ja=f"：{told.ja}", en=f": {told.en}")
    remark = text("counts_reader.no_table", n=len(sheet.lines), why=why)
    return Understood(sheet.file, sheet.name, sheet.encoding, None, {}, (), 0, (remark,))


def with_gaps(reports: Iterable[Understood], items: Iterable[Item]) -> tuple[Understood, ...]:
    """Return the reports; where years lie between two periods, a remark asks to check them."""
    first: dict[Period, Item] = {}
    for item in items:
        if item.period is not None:
            first.setdefault(item.period, item)
    kept = list(reports)
    for before, after in pairwise(sorted(first)):
        if after.start.year - before.end.year < _LONG_GAP:
            continue
        shape = first[after].entry.shape
        remark = text("counts_reader.gap", before=_words(before), after=_words(after))
        at = next(
            at
            for at, report in enumerate(kept)
            if (report.file, report.sheet) == (shape.file, shape.sheet)
        )
        kept[at] = replace(kept[at], remarks=(*kept[at].remarks, remark))
    return tuple(kept)


def _words(span: Period) -> Text:
    return Text(ja=format_period(span, "ja"), en=format_period(span, "en"))


def _columns(table: Table) -> dict[str, str]:
    columns = {name: column.title for name, column in table.keys.items()}
    for name in ("requests", "errors", "accepted", "item"):
        titles = [group.counts[name].title for group in table.groups if name in group.counts]
        if titles:
            columns[name if name != "item" else "counts"] = _span(titles)
    reasons: dict[str, list[str]] = {}
    for group in table.groups:
        for reason, column in group.reasons:
            reasons.setdefault(reason, []).append(column.title)
    return columns | {f"errors, {reason}": _span(titles) for reason, titles in reasons.items()}


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
    if found.year is not None:
        kind = "fiscal_year" if found.year.fiscal else "year"
        remarks.append(text(f"counts_reader.months_of_{kind}", year=found.year.number))
    if found.frame.next_year:
        remarks.append(text("counts_reader.next_year"))
    scales = {c.scale or table.scale for group in table.groups for c in group.counts.values()}
    remarks += [text("counts_reader.unit", n=f"{scale:,}") for scale in sorted(scales - {1})]
    if any(item.entry.shape.cumulative for item in read.items):
        remarks.append(text("counts_reader.cumulative"))
    if read.days is not None:
        remarks.append(text(f"counts_reader.{read.days}"))
    remarks += _on_reasons(read)
    rows = {item.entry for item in read.items}
    continued = sum(any(datum.continued for datum in entry.keys) for entry in rows)
    if continued:
        remarks.append(text("counts_reader.continued", n=continued))
    remarks += _on_totals(read.totals)
    if table.notes:
        lines = ", ".join(map(str, table.notes[:_SHOWN_LINES]))
        more = "…" if len(table.notes) > _SHOWN_LINES else ""
        remarks.append(text("counts_reader.notes", lines=lines + more))
    remarks += _on_blank(table)
    return remarks


def _on_reasons(read: Read) -> list[Text]:
    if read.overlapping:
        return [text("counts_reader.reasons_overlap", n=f"{read.overlapping:,}")]
    divided = any(group.reasons for group in read.table.groups)
    return [text("counts_reader.reasons_divide")] if divided else []


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
