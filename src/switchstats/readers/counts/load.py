"""Puts the tables of all files together into counts, a quarantine and an account."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from switchstats.errors import InputError
from switchstats.facts import Registry
from switchstats.inputs import Opened, Sheet, shown
from switchstats.inputs.mapping import Layout
from switchstats.inputs.masks import without_long_number
from switchstats.inputs.mended import (
    Mended,
    Place,
    no_such_cell,
    refuse_other_cell,
    refuse_other_files,
)
from switchstats.inputs.threshold import refuse_too_many
from switchstats.labels import SaidError, text
from switchstats.readers.counts.aliases import folded
from switchstats.readers.counts.areas import area_heads
from switchstats.readers.counts.entries import entries_of, left_items
from switchstats.readers.counts.flows import flows
from switchstats.readers.counts.frame import frame_of, months_of_sheets
from switchstats.readers.counts.item import Item
from switchstats.readers.counts.reasons import by_reason, without_torn_reasons
from switchstats.readers.counts.repeats import without_long_periods, without_repeats
from switchstats.readers.counts.resolve import resolved
from switchstats.readers.counts.span import whole_months
from switchstats.readers.counts.tables import Table, tables_of
from switchstats.readers.counts.together import checked, joined, with_counts
from switchstats.readers.counts.totals import check_totals
from switchstats.readers.counts.understood import Read, no_table, understood, with_gaps
from switchstats.readers.counts.vocabulary import Vocabulary
from switchstats.values import (
    Account,
    Counts,
    Loaded,
    Provenance,
    Quarantine,
    Rejected,
    Understood,
)

__all__ = [
    "FileRead",
    "NotATableError",
    "Settings",
    "loaded",
    "read_file",
    "tables_in",
    "vocabulary_of",
]

# About 0.5 kB each while they are read.
MOST_ROWS = 2_000_000


@dataclass(frozen=True, slots=True)
class FileRead:
    """The tables of one file, and how each of its sheets was understood."""

    tables: tuple[Read, ...]
    understood: tuple[Understood, ...]


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


def loaded(files: Sequence[FileRead], settings: Settings, provenance: Provenance) -> Loaded:
    """Put the tables of all files together into counts.

    Raises
    ------
    InputError
        When two tables tell different strata apart, too many rows are rejected, or a mended cell
        stands nowhere.
    """
    reads = [read for file in files for read in file.tables]
    refuse_other_files(settings.mended, provenance.inputs)
    _refuse_other_cells(settings.mended, reads)
    items = joined([item for read in reads for item in read.items])
    items = [checked(item) for item in flows([with_counts(item) for item in items])]
    unused = dict.fromkeys(
        without_long_number(column.title) for read in reads for column in read.table.ignored
    )
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
    reports = with_gaps((report for file in files for report in file.understood), good)
    return Loaded(counts, quarantine, account, reports, provenance)


def read_file(file: Opened, settings: Settings, number: int) -> FileRead:
    """Read every table of a file; sheets without one are reported, a file without one refused.

    Parameters
    ----------
    file
        The file or frame.
    settings
        What the user asked for.
    number
        Of its first table among those of all files.

    Raises
    ------
    InputError
        When it holds no table of counts.
    """
    reads: list[Read] = []
    reports: list[Understood] = []
    problems: list[InputError] = []
    months = months_of_sheets(file.sheets)
    for sheet in file.sheets:
        made: list[Read] = []
        problem: InputError | None = None
        try:
            for table in tables_in(sheet, settings):
                at = number + len(reads) + len(made)
                made.append(_read(table, settings, at, made, months))
        except NotATableError as error:
            problem = error.problem
            problems.append(problem)
            made = []
        reads += made
        reports += [understood(read) for read in made] or [no_table(sheet, problem)]
    if not any(read.items for read in reads):
        raise next(iter(problems), None) or _nothing(file, reads)
    # the cells are read; with thousands of them in every file, only mended ones are asked for again
    kept = reads if settings.mended else [read.without_lines() for read in reads]
    return FileRead(tuple(kept), tuple(reports))


class NotATableError(Exception):
    """A sheet that may be left out when others of its file hold tables."""

    def __init__(self, problem: InputError) -> None:
        super().__init__()
        self.problem = problem


def tables_in(sheet: Sheet, settings: Settings) -> list[Table]:
    """Return the tables of a sheet under the first layout whose columns are all present.

    Raises
    ------
    NotATableError
        When there are tables, but none with the columns of a layout.
    """
    misses: list[InputError] = []
    for layout in settings.layouts:
        vocabulary = vocabulary_of(layout, settings.registry)
        tables = tables_of(sheet, layout, vocabulary)
        fitting = [table for table in tables if set(layout.words()) <= table.heads]
        if fitting:
            return fitting
        if tables:
            misses.append(_missing(layout, tables[0]))
    if misses:
        raise NotATableError(misses[0])
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


def vocabulary_of(layout: Layout, registry: Registry) -> Vocabulary:
    """Return what the words of a table mean under a layout."""
    return Vocabulary(layout.words(), area_heads(), registry, layout.unread)


def _read(
    table: Table, settings: Settings, number: int, above: Sequence[Read], months: Sequence[int]
) -> Read:
    vocabulary = vocabulary_of(table.layout, settings.registry)
    entries = list(entries_of(number, table, vocabulary, settings.mended))
    if len(entries) > MOST_ROWS:
        raise _too_long(table, len(entries))
    try:
        found = frame_of(table, entries, settings.registry, settings.year, months)
    except InputError as error:
        raise NotATableError(error) from None
    items, days = whole_months([resolved(entry, found.frame) for entry in entries])
    totals = check_totals(items, [item for read in above for item in read.totals.items])
    divided, overlapping = by_reason(totals.items)
    left = left_items(table, vocabulary)
    return Read(table, found, totals, tuple(divided), days, overlapping, left)


def _too_long(table: Table, n: int) -> InputError:
    return InputError(
        f"a table of {n:,} rows; at most {MOST_ROWS:,} are read as counts",
        "sum over what you do not compare, or hand in the request rows, which are streamed",
        table.sheet.file,
    )


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
            raise no_such_cell(place)
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
                entry.shape.file,
                entry.shape.sheet,
                entry.line,
                problem.field,
                without_long_number(problem.raw),
                problem.note,
            )


def _counts(items: Sequence[Item], registry: Registry) -> Counts:
    import pandas as pd

    strata = _common_strata(items)
    spans = [item.period for item in items if item.period is not None]
    columns: dict[str, list[object]] = {
        "retailer": [item.retailer for item in items],
        "period_start": [span.start for span in spans],
        "period_end": [span.end for span in spans],
    }
    # all items have the same strata, in the order of their names
    for at, name in enumerate(sorted(strata)):
        columns[name] = [item.strata[at][1] for item in items]
    columns["requests"] = [item.requests for item in items]
    columns["errors"] = [item.errors for item in items]
    return Counts.of(pd.DataFrame(columns), registry.retailers)


def _common_strata(items: Sequence[Item]) -> list[str]:
    """Return the strata, refusing tables that tell different ones apart."""
    first: dict[tuple[str, ...], Item] = {}
    for item in items:
        first.setdefault(tuple([name for name, _ in item.strata]), item)
    if len(first) > 1:
        (one, here), (other, there) = list(first.items())[:2]
        name = sorted(set(one) ^ set(other))[0]
        with_it, without = (here, there) if name in one else (there, here)
        said = text("counts_reader.told_apart", one=with_it.place, name=name, other=without.place)
        raise SaidError(
            said.en,
            f"read them apart, or name the {name} among the constants of a mapping",
            without.entry.shape.file,
            without.entry.line,
            name,
            said=said,
        )
    return list(next(iter(first), ()))
