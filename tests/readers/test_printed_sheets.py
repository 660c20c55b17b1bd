"""Printed tables in workbooks: a rate stands as it is printed, or is refused by its name."""

import io
import runpy
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from switchstats.errors import InputError
from switchstats.readers import read_published
from switchstats.values import PublishedTable

Rows = list[list[str]]
FORMATS = {"percent": ("0.0%", 0.01), "plain": ("0.0", 1), "mark": ('0.0"％"_ ', 1)}


def _texts(table: PublishedTable) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row.cells] for row in table.rows]


def _write(path: Path, rows: Rows, code: str | None, scale: float) -> Path:
    """Write rates as numbers under a number format, or as text."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("17ページ")
    shape = book.add_format({"num_format": code} if code else {})
    sheet.write(0, 0, "【廃止取次ぎ申し込みのエラー率】")
    for line, row in enumerate(rows, start=2):
        for column, cell in enumerate(row):
            rate = cell.removesuffix("％")
            if code is not None and cell != rate:
                sheet.write_number(line, column, float(rate) * scale, shape)
            else:
                sheet.write_string(line, column, cell)
    sheet.write(len(rows) + 3, 0, "（出典）電力広域的運営推進機関")
    book.close()
    return path


@pytest.mark.parametrize("how", ["text", *FORMATS])
def test_the_committees_table_in_a_workbook(
    tmp_path: Path,
    wide_rows: tuple[Rows, Rows],
    same_table: Callable[[PublishedTable], bool],
    how: str,
) -> None:
    rows = [*wide_rows[0], [], *wide_rows[1]]
    path = _write(tmp_path / "t.xlsx", rows, *FORMATS.get(how, (None, 1)))
    table = read_published(path)
    assert same_table(table)
    assert table.source.title.ja == "廃止取次ぎ申し込みのエラー率"
    assert table.source.credit.ja == "電力広域的運営推進機関"


HEAD = ["新電力", "2022年4～12月", "2023年1～2月"]


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("0.0", 18.0, "18.0"),
        ("0.00", 18.05, "18.05"),
        ("0", 18.0, "18"),
        # what a spreadsheet shows of halves that are none in binary
        ("0.0", 17.05, "17.1"),
        ("0.0", 16.95, "17.0"),
        ("0.0%", 0.1805, "18.1"),
        ("#,##0.0_);[Red]\\(#,##0.0\\)", 18.0, "18.0"),
    ],
)
def test_a_number_is_read_as_its_format_prints_it(
    tmp_path: Path, code: str, number: float, text: str
) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ["新電力A", number, "17.0％"], book.add_format({"num_format": code}))
    book.close()
    assert _texts(read_published(tmp_path / "t.xlsx")) == [[text, "17.0"]]


@pytest.mark.parametrize("code", ["General", "0.0##", "# ?/?", "0.0E+00", "0.0;0.0;0.0;@ x"])
def test_a_number_without_fixed_decimals_is_refused(tmp_path: Path, code: str) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    shape = book.add_format({"num_format": code})
    sheet.write_row(1, 0, ["新電力A", 18.0, "17.0％"], shape)
    book.close()
    if code.startswith("0.0;"):
        assert _texts(read_published(tmp_path / "t.xlsx"))[0][0] == "18.0"
        return
    with pytest.raises(InputError, match="does not tell its printed decimals") as caught:
        read_published(tmp_path / "t.xlsx")
    assert (caught.value.line, caught.value.value) == (2, "18")
    assert "fixed decimals" in caught.value.mend


def _ods(path: Path, cells: str) -> Path:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    head = "".join(f"<table:table-cell><text:p>{name}</text:p></table:table-cell>" for name in HEAD)
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet><table:table "
        f'table:name="s"><table:table-row>{head}</table:table-row><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>新電力A</text:p></table:table-cell>'
        f"{cells}</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content.replace("<table:table-cell><text", _STRING))
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    path.write_bytes(out.getvalue())
    return path


_STRING = '<table:table-cell office:value-type="string"><text'
_MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_RATE = (
    '<table:table-cell office:value-type="{}" office:value="{}"><text:p>{}</text:p>'
    "</table:table-cell>"
)


def test_an_opendocument_sheet_prints_its_numbers(tmp_path: Path) -> None:
    cells = _RATE.format("percentage", "0.18", "18.0%") + _RATE.format("float", "17", "17.0")
    assert _texts(read_published(_ods(tmp_path / "t.ods", cells))) == [["18.0", "17.0"]]
    bare = _RATE.format("float", "18", "18") + _RATE.format("float", "17", "17.0")
    with pytest.raises(InputError, match="does not tell its printed decimals"):
        read_published(_ods(tmp_path / "t.ods", bare))


def test_an_excel_97_workbook_holds_text(tmp_path: Path) -> None:
    maker = runpy.run_path(str(Path(__file__).parents[1] / "readers_counts" / "old_excel.py"))
    rows = [HEAD, ["新電力A", "18.0％", "17.0"]]
    (tmp_path / "t.xls").write_bytes(maker["old_workbook"](rows))
    assert _texts(read_published(tmp_path / "t.xls")) == [["18.0", "17.0"]]
    rows[1][1] = 18.0  # type: ignore[call-overload]
    (tmp_path / "t.xls").write_bytes(maker["old_workbook"](rows))
    with pytest.raises(InputError, match="does not tell its printed decimals"):
        read_published(tmp_path / "t.xls")


def test_groups_on_two_sheets(tmp_path: Path, wide_rows: tuple[Rows, Rows], same_table) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    for rows in wide_rows:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    book.add_worksheet().write(0, 0, "※注記")
    book.close()
    assert same_table(read_published(tmp_path / "t.xlsx"))


def test_a_workbook_without_a_table(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    book.add_worksheet().write(0, 0, "x")
    book.close()
    with pytest.raises(InputError, match="no table of retailers"):
        read_published(tmp_path / "t.xlsx")
