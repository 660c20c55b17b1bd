"""Puts the tables of all files together into counts, a quarantine and an account."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from switchstats.errors import InputError
from switchstats.facts import Registry, areas
from switchstats.inputs import Opened, Sheet, shown
from switchstats.inputs.mended import Mended, Place, refuse_other_cell, refuse_other_files
from switchstats.inputs.threshold import refuse_too_many
from switchstats.readers.counts.entries import entries_of, left_items
from switchstats.readers.counts.flows import flows
from switchstats.readers.counts.frame import frame_of
from switchstats.readers.counts.mapping import Layout
from switchstats.readers.counts.repeats import (
    without_long_periods,
    without_repeats,
    without_torn_reasons,
)
from switchstats.readers.counts.resolve import Item, resolved, whole_months
from switchstats.readers.counts.tables import Table, tables_of
from switchstats.readers.counts.together import checked, joined, with_counts
from switchstats.readers.counts.totals import check_totals
from switchstats.readers.counts.understood import Read, no_table, understood
from switchstats.readers.counts.vocabulary import Vocabulary, folded
from switchstats.values import (
    STRATA,
    Account,
    Counts,
    Loaded,
    Provenance,
    Quarantine,
    Rejected,
    Understood,
)

__all__ = ["Settings", "loaded"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for: layouts to try in order, the registry, and the rest.

    `mended` holds corrected cells, `max_rejected` a number or fraction of rows.
    """

    layouts: tuple[Layout, ...]
    registry: Registry
    year: int | None
    mended: Mended
    max_rejected: float | None


def loaded(files: Sequence[Opened], settings: Settings, provenance: Provenance) -> Loaded:
    """Read the sheets of all files into counts.

    Raises
    ------
    InputError
        When a file holds no table of counts, two tables tell different strata apart, or too many
        rows are rejected.
    """
    reads: list[Read] = []
    reports: list[Understood] = []
    for file in files:
        own, told = _read_file(file, settings, len(reads))
        reads += own
        reports += told
    refuse_other_files(settings.mended, provenance.inputs)
    _refuse_other_cells(settings.mended, reads)
    items = joined([item for read in reads for item in read.items])
    items = [checked(item) for item in flows([with_counts(item) for item in items])]
    unused = dict.fromkeys(column.title for read in reads for column in read.table.ignored)
    items = without_torn_reasons(without_repeats(items, ", ".join(unused)))
    items = without_long_periods(items)
    codes = Counter(item.problem.code for item in items if item.problem is not None)
    refuse_too_many(codes, len(items), settings.max_rejected)
    good = [item for item in items if item.problem is None and not item.entry.totals]
    account = Account(
        read=len(items),
        counted=len(good),
        quarantined=codes.total(),
        excluded=_excluded(items),
    )
    counts = _counts(good, settings.registry)
    quarantine = Quarantine.of(_rejected(items))
    return Loaded(counts, quarantine, account, tuple(reports), provenance)


def _read_file(
    file: Opened, settings: Settings, number: int
) -> tuple[list[Read], list[Understood]]:
    """Read every table of a file; sheets without one are reported, a file without one refused."""
    reads: list[Read] = []
    reports: list[Understood] = []
    problems: list[InputError] = []
    for sheet in file.sheets:
        made: list[Read] = []
        problem: InputError | None = None
        try:
            made = [
                _read(table, settings, number + len(reads) + place)
                for place, table in enumerate(_tables(sheet, settings))
            ]
        except _NotATable as error:
            problem = error.problem
            problems.append(problem)
        reads += made
        reports += [understood(read) for read in made] or [no_table(sheet, problem)]
    if not any(read.items for read in reads):
        raise next(iter(problems), None) or _nothing(file, reads)
    return reads, reports


class _NotATable(Exception):  # noqa: N818 - never leaves this file
    """A sheet that may be left out when others of its file hold tables."""

    def __init__(self, problem: InputError) -> None:
        super().__init__()
        self.problem = problem


def _tables(sheet: Sheet, settings: Settings) -> list[Table]:
    """Return the tables of a sheet under the first layout whose columns are all present."""
    misses: list[InputError] = []
    for layout in settings.layouts:
        vocabulary = _vocabulary(layout, settings.registry)
        tables = tables_of(sheet, layout, vocabulary)
        fitting = [table for table in tables if set(layout.words()) <= table.heads]
        if fitting:
            return fitting
        if tables:
            misses.append(_missing(layout, tables[0]))
    if misses:
        raise _NotATable(misses[0])
    return []


def _missing(layout: Layout, table: Table) -> InputError:
    heads = [head for head in layout.columns.values() if head is not None]
    lacking = [head for head in heads if folded(head) not in table.heads]
    has = ", ".join(column.title for column in table.columns)
    return InputError(
        f"no column is called {lacking[0]!r}; this table has: {has[:300]}",
        "correct the mapping, or the head of the column",
        table.sheet.file,
        table.header_line,
        lacking[0],
    )


def _vocabulary(layout: Layout, registry: Registry) -> Vocabulary:
    return Vocabulary(layout.words(), _area_names(), registry, layout.unread)


@cache
def _area_names() -> frozenset[str]:
    names = [str(name) for name in areas()["name_ja"]]
    return frozenset(folded(name + suffix) for name in names for suffix in ("", "エリア"))


def _read(table: Table, settings: Settings, number: int) -> Read:
    vocabulary = _vocabulary(table.layout, settings.registry)
    entries = list(entries_of(number, table, vocabulary, settings.mended))
    try:
        found = frame_of(table, entries, settings.registry, settings.year)
    except InputError as error:
        raise _NotATable(error) from None
    items, days_as_months = whole_months([resolved(entry, found.frame) for entry in entries])
    left = left_items(table, vocabulary)
    return Read(table, found, check_totals(items), days_as_months, left)


def _nothing(file: Opened, reads: Sequence[Read]) -> InputError:
    name = "frame" if file.file is None else file.file.name
    if reads:
        return InputError(
            "a header without rows",
            "choose the file that holds the numbers",
            name,
            reads[0].table.header_line,
        )
    return InputError(
        "no table of counts: looked for a line of heads such as 小売電気事業者名, 対象年月, "
        "申込件数, エラー件数 (retailer, period, requests, errors)",
        "choose the file that holds the table, or name its columns in a mapping",
        name,
    )


def _excluded(items: Sequence[Item]) -> dict[str, int]:
    n = sum(item.problem is None and bool(item.entry.totals) for item in items)
    return {"total_row": n} if n else {}


def _refuse_other_cells(mended: Mended, reads: Sequence[Read]) -> None:
    """Raise for a mended cell that stands nowhere, or in the place of which another stands now."""
    now = _shown_at(mended, [read.table for read in reads] if mended else [])
    for place, mend in mended.items():
        if place not in now:
            file, _, line, field = place
            raise InputError(
                "a mended cell, but no such cell is read",
                "keep file, sheet, line and field as they were written, and mend the same file",
                file,
                line,
                field,
            )
        refuse_other_cell(place, mend, *now[place])


def _shown_at(mended: Mended, tables: Sequence[Table]) -> dict[Place, list[str]]:
    """Return the ways in which the cells that stand in mended places are shown."""
    lines = {place[:3] for place in mended}
    found: dict[Place, list[str]] = {}
    for table in tables:
        roles = {column.index: key for key, column in table.keys.items()}
        for line in table.lines:
            at = (table.sheet.file, table.sheet.name or "", line.number)
            for column in table.columns if at in lines else ():
                cell = shown(line.at(column.index))
                ours = table.layout.ours(roles.get(column.index, ""), cell)
                found.setdefault((*at, column.title), []).extend((cell, shown(ours)))
    return found


def _rejected(items: Sequence[Item]) -> Iterator[Rejected]:
    for item in items:
        entry, problem = item.entry, item.problem
        if problem is not None:
            yield Rejected(
                problem.code,
                entry.file,
                entry.sheet,
                entry.line,
                problem.field,
                problem.raw,
                problem.note,
            )


def _counts(items: Sequence[Item], registry: Registry) -> Counts:
    import pandas as pd

    strata = _common_strata(items)
    columns = ["retailer", "period_start", "period_end", *strata, "requests", "errors"]
    rows = [
        (
            item.retailer,
            item.period.start,
            item.period.end,
            *(item.strata[name] for name in strata),
            item.requests,
            item.errors,
        )
        for item in items
        if item.period is not None
    ]
    frame = pd.DataFrame(rows, columns=columns)
    return Counts.of(frame, registry.retailers)


def _common_strata(items: Sequence[Item]) -> list[str]:
    """Return the strata, refusing tables that tell different ones apart."""
    first: dict[frozenset[str], Item] = {}
    for item in items:
        first.setdefault(frozenset(item.strata), item)
    if len(first) > 1:
        (one, here), (other, there) = list(first.items())[:2]
        name = sorted(one ^ other)[0]
        with_it, without = (here, there) if name in one else (there, here)
        raise InputError(
            f"{with_it.place.en} tells {name} apart, {without.place.en} does not",
            f"read them apart, or name the {name} among the constants of a mapping",
            without.entry.file,
            without.entry.line,
            name,
        )
    return [name for name in STRATA if name in next(iter(first), frozenset[str]())]
