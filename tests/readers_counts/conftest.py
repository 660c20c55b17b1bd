"""Small files, and what a reader should make of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from switchstats.values import Loaded

Cells = Sequence[Sequence[object]]
Numbers = dict[tuple[str, str, str], tuple[int, int]]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Write sheets of cells into an xlsx workbook."""

    def write(name: str = "t.xlsx", **sheets: Cells) -> Path:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for title, rows in sheets.items():
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        workbook.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file."""

    def write(text: str, name: str = "t.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def numbers() -> Callable[[Loaded], Numbers]:
    """Return (retailer, first day, day after the last) → (requests, errors)."""

    def of(loaded: Loaded) -> Numbers:
        frame = loaded.counts.frame
        return {
            (row.retailer, str(row.period_start.date()), str(row.period_end.date())): (
                int(row.requests),
                int(row.errors),
            )
            for row in frame.itertuples()
        }

    return of


@pytest.fixture
def codes() -> Callable[[Loaded], list[tuple[str, int, str, str]]]:
    """Return code, line, field and raw of the rejected rows, after the account is checked."""

    def of(loaded: Loaded) -> list[tuple[str, int, str, str]]:
        account = loaded.account
        assert account.read == account.counted + account.quarantined + sum(
            account.excluded.values()
        )
        assert account.counted == len(loaded.counts)
        frame = loaded.quarantine.frame
        return [(row.code, int(row.line), row.field, row.raw) for row in frame.itertuples()]

    return of


@pytest.fixture
def words() -> Callable[[Loaded], str]:
    """Return everything that was said of the files, in English."""

    def of(loaded: Loaded) -> str:
        return " ".join(remark.en for report in loaded.understood for remark in report.remarks)

    return of


@pytest.fixture
def expected() -> Numbers:
    """What every layout of the same small table holds, as typed into its cells."""
    april, may = ("2022-04-01", "2022-05-01"), ("2022-05-01", "2022-06-01")
    return {
        ("hokkaido", *april): (1200, 200),
        ("hokkaido", *may): (1300, 300),
        ("tohoku", *april): (2200, 150),
        ("tohoku", *may): (2300, 350),
    }
