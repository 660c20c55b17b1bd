"""Printed tables: what they hold, which period contains which, what is refused."""

from datetime import date

import pytest

from switchstats.errors import UsageError
from switchstats.labels import Text
from switchstats.values import (
    Period,
    PrintedPeriod,
    PrintedRate,
    PublishedTable,
    Retailer,
    Source,
    TableRow,
)

YEAR = Period(date(2022, 4, 1), date(2023, 3, 1))
EARLY = Period(date(2022, 4, 1), date(2023, 1, 1))
LATE = Period(date(2023, 1, 1), date(2023, 3, 1))
WORDS = Text("", "")
SOURCE = Source(WORDS, WORDS, None, WORDS)


def _row(name: str, *cells: str) -> TableRow:
    retailer = Retailer(name, Text(name, name), "incumbent")
    return TableRow(retailer, "incumbent", tuple(PrintedRate(cell) for cell in cells))


def _table(periods: list[Period], *rows: TableRow, averages: tuple = ()) -> PublishedTable:
    columns = tuple(PrintedPeriod(period, WORDS) for period in periods)
    return PublishedTable("t", columns, rows, averages, SOURCE)


def test_parts_tile_the_whole_or_are_none() -> None:
    table = _table([YEAR, EARLY, LATE], _row("a", "18.0", "18.2", "16.3"))
    assert table.widest_period == YEAR
    assert table.parts(YEAR) == (EARLY, LATE)
    assert table.parts(EARLY) == ()
    gap = _table([YEAR, LATE], _row("a", "18.0", "16.3"))
    assert gap.parts(YEAR) == ()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: _table([YEAR, YEAR], _row("a", "1.0", "1.0")), "period stands twice"),
        (lambda: _table([YEAR], _row("a", "1.0"), _row("a", "1.0")), "retailer stands twice"),
        (lambda: _table([YEAR], _row("a", "1.0", "2.0")), "2 cells for 1 periods"),
        (lambda: _table([YEAR]), "at least one"),
        (lambda: _table([YEAR], _row("a", "1.0")).rate("b", YEAR), "no retailer 'b'"),
        (lambda: _table([YEAR], _row("a", "1.0")).rate("a", LATE), "does not print"),
    ],
)
def test_what_does_not_fit_is_refused(make, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()
