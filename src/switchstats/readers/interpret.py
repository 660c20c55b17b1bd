"""Makes a published table of the blocks of any layout, naming the place of every mistake."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from switchstats.labels import Text
from switchstats.periods import Period, format_period, half_width
from switchstats.readers.cells import is_average, is_unweighted_average, printed_rate
from switchstats.readers.layout import (
    Block,
    Layout,
    RetailerLookup,
    Row,
    find_retailer,
    folded_words,
    group_word,
)
from switchstats.readers.places import Cell, Place
from switchstats.values import (
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    RoundingRule,
    Source,
    TableRow,
)

__all__ = ["Key", "Reading", "interpret"]

# A retailer's identifier, or the name of a group after "average of".
Key = tuple[str, str]
_COUNTED = re.compile(r"([0-9]+)社")


@dataclass(frozen=True, slots=True)
class Reading:
    """A table with what only the input knows: where each rate stands.

    Parameters
    ----------
    table
        What was read.
    cells
        The cell of each rate, by ``("retailer", identifier)`` or ``("average", group)`` and
        period.
    counted
        The number of retailers that an average's name states (上記10社), by group, with its cell.
    """

    table: PublishedTable
    cells: Mapping[tuple[Key, Period], Cell]
    counted: Mapping[str, tuple[int, Cell]]


@dataclass(slots=True)
class _Draft:
    """Rates gathered so far, in order of appearance."""

    retailers: dict[str, Retailer] = field(default_factory=dict)
    averages: dict[str, None] = field(default_factory=dict)
    periods: dict[Period, None] = field(default_factory=dict)
    rates: dict[tuple[Key, Period], PrintedRate | None] = field(default_factory=dict)
    cells: dict[tuple[Key, Period], Cell] = field(default_factory=dict)
    counted: dict[str, tuple[int, Cell]] = field(default_factory=dict)

    def add(self, key: Key, block: Block, row: Row) -> None:
        for head, cell in zip(block.heads, row.rates, strict=True):
            if (key, head.period) in self.cells:
                raise _repeated(row, self.cells[key, head.period].place)
            self.periods.setdefault(head.period)
            self.rates[key, head.period] = printed_rate(cell, block.unit, field=head.field)
            self.cells[key, head.period] = cell


def interpret(
    layout: Layout,
    registry: RetailerLookup,
    *,
    name: str,
    source: Source,
    rounding: RoundingRule = "half_up",
) -> Reading:
    """Return the table that the blocks say.

    Parameters
    ----------
    layout
        Blocks of any reader, and names that stand before rates outside of them.
    registry
        Who the retailers are.
    name, source, rounding
        Passed on to the table.

    Raises
    ------
    InputError
        For an unknown retailer, a retailer under another group, a retailer or average that stands
        twice, an average of no single group, a cell that is no rate, or a retailer's row outside
        the blocks.
    """
    draft = _Draft()
    for stray in layout.strays:
        _refuse_stray(stray, registry)
    for block in layout.blocks:
        members = [
            _add_retailer(draft, block, row, registry) for row in _retailer_rows(block, registry)
        ]
        for row in block.rows:
            if row.average:
                _add_average(draft, block, row, members)
    if not draft.retailers:
        raise layout.blocks[0].group.place.error(
            "a table without retailers", "add one row a retailer"
        )
    _refuse_lonely_periods(layout, draft)
    return Reading(_table(draft, name, source, rounding), draft.cells, draft.counted)


def _retailer_rows(block: Block, registry: RetailerLookup) -> Iterator[Row]:
    for row in block.rows:
        if not row.average and not (
            row.optional and find_retailer(row.name.text, registry) is None
        ):
            yield row


def _add_retailer(draft: _Draft, block: Block, row: Row, registry: RetailerLookup) -> Retailer:
    retailer = find_retailer(row.name.text, registry)
    if retailer is None:
        raise _unknown(row.name, registry)
    stated = _stated_group(block)
    if stated and folded_words(stated) != folded_words(retailer.group):
        raise row.name.error(
            f"the table lists it under {block.group.text.strip()!r}, "
            f"the registry of retailers under {retailer.group!r}",
            "move the row, or correct the registry",
            field="group",
        )
    draft.add(("retailer", retailer.retailer), block, row)
    draft.retailers[retailer.retailer] = retailer
    return retailer


def _add_average(draft: _Draft, block: Block, row: Row, members: Sequence[Retailer]) -> None:
    stated = folded_words(_stated_group(block))
    if stated:
        known = {retailer.group for retailer in draft.retailers.values()}
        groups = {group for group in known if folded_words(group) == stated}
    else:
        groups = {retailer.group for retailer in members}
    if len(groups) != 1:
        raise row.name.error(
            "it is not clear of which group this is the average",
            "name the group in the head or in a column group, and list its retailers first",
            field="group",
        )
    group = groups.pop()
    draft.add(("average", group), block, row)
    draft.averages.setdefault(group)
    if match := _COUNTED.search("".join(half_width(row.name.text).split())):
        draft.counted[group] = (int(match[1]), row.name)


def _refuse_lonely_periods(layout: Layout, draft: _Draft) -> None:
    """Refuse a period that the table has for one group only, most likely a slip in one head."""
    groups: dict[Period, set[str]] = {period: set() for period in draft.periods}
    for (kind, identifier), period in draft.cells:
        if kind == "retailer":
            groups[period].add(draft.retailers[identifier].group)
    everywhere = {retailer.group for retailer in draft.retailers.values()}
    for block in layout.blocks:
        for head in block.heads:
            lacking = sorted(everywhere - groups[head.period])
            if lacking and block.rows:
                raise block.rows[0].name.place.error(
                    f"the table has this period, but not for every group: {lacking[0]} lacks it",
                    "write the same periods for every group, and － where there is no rate",
                    field=head.field,
                    value=format_period(head.period),
                )


def _stated_group(block: Block) -> str:
    """Return the group that a block's head names, known word or not; ``""`` if it names none."""
    word = group_word(block.group.text)
    return block.group.text if word is None else word


def _table(draft: _Draft, name: str, source: Source, rounding: RoundingRule) -> PublishedTable:
    periods = tuple(draft.periods)

    def row(key: Key, retailer: Retailer | None, group: str) -> TableRow:
        rates = tuple(draft.rates.get((key, period)) for period in periods)
        return TableRow(retailer, group, rates)

    return PublishedTable(
        name=name,
        periods=tuple(PrintedPeriod(period, _label(period)) for period in periods),
        rows=tuple(
            row(("retailer", each.retailer), each, each.group) for each in draft.retailers.values()
        ),
        averages=tuple(row(("average", group), None, group) for group in draft.averages),
        source=source,
        rounding=rounding,
    )


def _label(period: Period) -> Text:
    return Text(ja=format_period(period, "ja"), en=format_period(period, "en"))


def _unknown(name: Cell, registry: RetailerLookup) -> Exception:
    if is_unweighted_average(name.text):
        return name.error(
            "an average that is not said to be weighted",
            "name it 加重平均 (weighted average) if requests weigh it, else delete the row",
            field="retailer",
        )
    nearest = registry.nearest(name.text)
    problem = "an unknown retailer"
    if nearest:
        problem = f"an unknown retailer; the nearest known names are {', '.join(nearest)}"
    return name.error(
        problem,
        "correct the name, or pass a registry that lists it",
        field="retailer",
    )


def _refuse_stray(name: Cell, registry: RetailerLookup) -> None:
    if is_average(name.text) or find_retailer(name.text, registry) is not None:
        raise name.error(
            "the rates of this row stand outside the table",
            "put the row under a head of group and periods, above the weighted average; counts and "
            "request rows are studied by a study file, which `switchstats init` writes",
            field="retailer",
        )


def _repeated(row: Row, first: Place) -> Exception:
    what = "the average of a group" if row.average else "a retailer"
    return row.name.error(
        f"{what} stands twice for the same period, first in {first}",
        "delete one of the rows",
        field="retailer",
    )
