"""Random counts, printed in each layout and encoding, are the same counts when read back."""

import csv
import io
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from switchstats.facts import registry
from switchstats.periods import Period, format_period
from switchstats.readers.counts import read_counts
from switchstats.readers.counts.months import month_span
from switchstats.values import Counts

KNOWN = registry().retailers
MONTHS = [month_span(2022 + (m > 12), (m - 1) % 12 + 1) for m in range(4, 16)]
Grid = list[list[str]]
Printer = Callable[[Period], str]
Number = Callable[[int], str]
Table = dict[tuple[str, Period], tuple[int, int]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    retailers = draw(st.lists(st.sampled_from(KNOWN), min_size=1, max_size=6, unique=True))
    first = draw(st.integers(0, 11))
    months = MONTHS[first : draw(st.integers(first + 1, 12))]
    made: Table = {}
    for retailer in retailers:
        for month in months:
            requests = draw(st.integers(0, 10**9))
            made[retailer.retailer, month] = (requests, draw(st.integers(0, requests)))
    return made


def name_of(identifier: str) -> str:
    return next(item.name.ja for item in KNOWN if item.retailer == identifier)


def keys_of(table: Table) -> tuple[list[str], list[Period]]:
    return list(dict.fromkeys(r for r, _ in table)), list(dict.fromkeys(p for _, p in table))


def long(table: Table, month: Printer, number: Number) -> Grid:
    head = ["小売電気事業者名", "対象年月", "申込件数", "成立件数"]
    rows = [[name_of(r), month(p), number(n), number(n - e)] for (r, p), (n, e) in table.items()]
    total = [sum(n for n, _ in table.values()), sum(n - e for n, e in table.values())]
    return [["表題"], head, *rows, ["合計", "", *map(number, total)], ["※注記"]]


def wide(table: Table, month: Printer, number: Number) -> Grid:
    retailers, months = keys_of(table)
    head = ["社名"]
    for each in months:
        head += [month(each), ""]
    grid = [head, ["", *["申込件数", "エラー件数"] * len(months)]]
    return grid + [
        [name_of(r), *(number(x) for p in months for x in table[r, p])] for r in retailers
    ]


def stacked(table: Table, month: Printer, number: Number) -> Grid:
    retailers, months = keys_of(table)
    grid: Grid = []
    for place, title in enumerate(("申込件数", "エラー件数")):
        grid += [[f"【{title}】"], ["事業者名", *map(month, months), "計"]]
        for r in retailers:
            values = [table[r, p][place] for p in months]
            grid.append([name_of(r), *map(number, values), number(sum(values))])
        grid.append([])
    return grid


def items(table: Table, month: Printer, number: Number) -> Grid:
    retailers, months = keys_of(table)
    grid = [["事業者", "項目", *map(month, months)]]
    for r in retailers:
        grid.append([name_of(r), "NG件数", *(number(table[r, p][1]) for p in months)])
        grid.append(["", "申込件数", *(number(table[r, p][0]) for p in months)])
    return grid


def full_width(number: int) -> str:
    return f"{number:,}".translate(str.maketrans("0123456789,", "０１２３４５６７８９，"))


LAYOUTS = (long, wide, stacked, items)
PRINTERS = (
    lambda p: format_period(p, "ja"),
    lambda p: f"{p.start:%Y%m}",
    lambda p: f"{p.start:%Y-%m}",
    lambda p: f"R{p.start.year - 2018}.{p.start.month}",
    lambda p: f"{p.start.year}年{p.start.month}月分",
)
NUMBERS = (str, lambda n: f"{n:,}", full_width)


def expected(table: Table) -> Counts:
    rows = [
        {"retailer": r, "period_start": p.start, "period_end": p.end, "requests": n, "errors": e}
        for (r, p), (n, e) in table.items()
    ]
    return Counts.of(pd.DataFrame(rows), KNOWN)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tables(),
    st.sampled_from(LAYOUTS),
    st.sampled_from(PRINTERS),
    st.sampled_from(NUMBERS),
    st.sampled_from(["utf-8", "utf-8-sig", "cp932", "euc_jp", "xlsx"]),
)
def test_printed_counts_come_back(table, layout, printer, number, encoding) -> None:
    grid = layout(table, printer, number)
    width = max(map(len, grid))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("t.xlsx" if encoding == "xlsx" else "t.csv")
        if encoding == "xlsx":
            book = openpyxl.Workbook()
            for row in grid:
                book.active.append(row)
            book.save(path)
        else:
            out = io.StringIO(newline="")
            csv.writer(out).writerows([*row, *[""] * (width - len(row))] for row in grid)
            path.write_bytes(out.getvalue().encode(encoding))
        loaded = read_counts(path)
    assert len(loaded.quarantine) == 0
    assert loaded.counts == expected(table)


def test_the_months_are_those_of_fiscal_2022() -> None:
    assert MONTHS[0] == Period(date(2022, 4, 1), date(2022, 5, 1))
    assert MONTHS[-1] == Period(date(2023, 3, 1), date(2023, 4, 1))
