"""A table printed in any layout is the same table when it is read back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchstats.errors import InputError
from switchstats.facts import registry
from switchstats.labels import Text
from switchstats.periods import Period, format_period
from switchstats.readers import read_published_text
from switchstats.values import PrintedPeriod, PrintedRate, PublishedTable, Source, TableRow

NOWHERE = Source(Text("", ""), Text("", ""), None, Text("", ""))
HEAD = {"incumbent": "みなし小売電気事業者", "entrant": "新電力"}
DAYS = st.dates(date(2010, 1, 1), date(2029, 12, 31))
MONTHS = DAYS.map(lambda day: day.replace(day=1))
PERIODS = st.one_of(
    st.tuples(DAYS, st.integers(1, 400)).map(
        lambda pair: Period(pair[0], pair[0] + timedelta(days=pair[1]))
    ),
    st.tuples(MONTHS, st.integers(31, 700)).map(
        lambda pair: Period(pair[0], (pair[0] + timedelta(days=pair[1])).replace(day=1))
    ),
    st.integers(2010, 2029).map(lambda year: Period(date(year, 4, 1), date(year + 1, 4, 1))),
)
RATES = st.one_of(
    st.integers(0, 100).map(str),
    st.integers(0, 1000).map(lambda tenths: f"{tenths // 10}.{tenths % 10}"),
    st.integers(0, 9999).map(lambda cents: f"{cents // 100}.{cents % 100:02d}"),
).map(PrintedRate)


@st.composite
def rows_of(draw: st.DrawFn, n_periods: int) -> tuple[PrintedRate | None, ...]:
    """Rates of one row, at least one of them printed."""
    cells = draw(st.lists(st.none() | RATES, min_size=n_periods, max_size=n_periods))
    return (*cells[:-1], draw(RATES)) if not any(cells) else tuple(cells)


@st.composite
def tables(draw: st.DrawFn) -> PublishedTable:
    periods = draw(st.lists(PERIODS, min_size=1, max_size=4, unique=True))
    chosen = draw(st.lists(st.sampled_from(registry().retailers), min_size=1, unique=True))
    chosen.sort(key=lambda retailer: retailer.group, reverse=True)
    rows = tuple(TableRow(each, each.group, draw(rows_of(len(periods)))) for each in chosen)
    averages = tuple(
        TableRow(None, group, draw(rows_of(len(periods))))
        for group in dict.fromkeys(row.group for row in rows)
        if draw(st.booleans())
    )
    heads = tuple(
        PrintedPeriod(period, Text(format_period(period, "ja"), format_period(period, "en")))
        for period in periods
    )
    return PublishedTable("random", heads, rows, averages, NOWHERE)


def blocks(table: PublishedTable, mark: str, missing: str) -> list[list[list[str]]]:
    """Each group's rows of cells, head first, weighted average last."""
    made: list[list[list[str]]] = []
    for group in table.groups:
        lines = [[HEAD[group], *(column.label.ja for column in table.periods)]]
        for row in table.members(group) + tuple(r for r in table.averages if r.group == group):
            name = row.retailer.name.ja if row.retailer else "加重平均"
            cells = [missing if cell is None else cell.text + mark for cell in row.cells]
            lines.append([name, *cells])
        made.append(lines)
    return made


def tidy(table: PublishedTable, mark: str, missing: str) -> str:
    lines = ["period,rate_pct,group,retailer"]
    for head, *rows in blocks(table, mark, missing):
        lines += [
            f"{period},{cell},{head[0]},{row[0]}"
            for row in rows
            for period, cell in zip(head[1:], row[1:], strict=True)
        ]
    return "\n".join(lines)


def stacked(table: PublishedTable, mark: str, missing: str) -> str:
    rows = [row for block in blocks(table, mark, missing) for row in [*block, ["（出典）"]]]
    return "\n".join(",".join(row) for row in rows)


def side_by_side(table: PublishedTable, mark: str, missing: str) -> str:
    made = blocks(table, mark, missing)
    blank = [""] * (len(table.periods) + 1)
    height = max(map(len, made))
    padded = [block + [blank] * (height - len(block)) for block in made]
    return "\n".join(",".join(chain.from_iterable(cells)) for cells in zip(*padded, strict=True))


def pasted(table: PublishedTable, mark: str, missing: str) -> str:
    # As a text extractor leaves it: the head in one piece, in which a line may break.
    lines: list[str] = []
    for head, *rows in blocks(table, mark or "％", missing or "－"):
        lines.append(head[0] + head[1].replace("（", "\n（") + " ".join(head[2:]))
        lines += [" ".join(row) for row in rows]
        lines.append("（出典）")
    return "\n".join(lines)


@pytest.mark.parametrize("layout", [tidy, stacked, side_by_side, pasted])
@given(
    table=tables(),
    mark=st.sampled_from(["", "%", "％"]),
    missing=st.sampled_from(["", "－", "…"]),
)
def test_reading_undoes_printing(
    layout: Callable[[PublishedTable, str, str], str],
    table: PublishedTable,
    mark: str,
    missing: str,
) -> None:
    read = read_published_text(layout(table, mark, missing), check=False, name="random")
    assert replace(read, source=NOWHERE) == table


MARKS = '新電力みなし小売AB,\n\t 0123456789.％－○※年月度～（）上記加重平均"retailerperiodrate_pct'


@given(st.text(alphabet=MARKS, max_size=200))
def test_any_text_is_a_table_or_an_input_error(text: str) -> None:
    try:
        table = read_published_text(text)
    except InputError:
        return
    assert table.rows


@given(tables(), st.data())
def test_a_damaged_text_is_a_table_or_an_input_error(
    table: PublishedTable, data: st.DataObject
) -> None:
    layout = data.draw(st.sampled_from([tidy, stacked, side_by_side, pasted]))
    text = layout(table, "％", "－")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 12)))
    damage = data.draw(st.text(alphabet='新電力A,\n 8.％－○※年～"', max_size=4))
    try:
        read = read_published_text(text[:start] + damage + text[end:])
    except InputError:
        return
    assert read.rows
