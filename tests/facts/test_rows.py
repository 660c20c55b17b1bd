"""The loader of facts refuses what lacks its form, its source or its page."""

from pathlib import Path

import pytest

from switchstats.bundled import bundled_path
from switchstats.errors import InputError
from switchstats.facts.columns import PROVENANCE, TABLES, Kind, columns
from switchstats.facts.rows import bundled_rows, read_rows, source_names

KINDS: dict[str, Kind] = {"area": "text", "count": "int?", "day": "date?", **PROVENANCE}
HEADER = "area,count,day,source,page,used,note"
KNOWN = frozenset({"egc-083"})
LAST_PAGE = 30  # egc-083 has 30 pages


def write(folder: Path, *lines: str) -> Path:
    path = folder / "t.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_good_row(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, "01,,2023-01-06,egc-083,16,false,x")
    (row,) = read_rows(path, KINDS, KNOWN)
    assert (row["area"], row["count"], str(row["day"])) == ("01", None, "2023-01-06")
    assert (row["page"], row["used"], row["note"]) == (16, False, "x")


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("01,3,,,16,true,", "source"),
        ("01,3,,egc-999,16,true,", "source"),
        ("01,3,,egc-083,,true,", "page"),
        ("01,3,,egc-083,0,true,", "page"),
        ("01,3,,egc-083,p.16,true,", "page"),
        ("01,3,,egc-083,16,yes,", "used"),
        ("01,-3,,egc-083,16,true,", "count"),
        ("01,3.5,,egc-083,16,true,", "count"),
        ("01,３,,egc-083,16,true,", "count"),
        ("01,3,2023-02-30,egc-083,16,true,", "day"),
        (",3,,egc-083,16,true,", "area"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, line: str, field: str) -> None:
    path = write(tmp_path, HEADER, "01,1,,egc-083,1,true,", line)
    with pytest.raises(InputError) as caught:
        read_rows(path, KINDS, KNOWN)
    assert (caught.value.file, caught.value.line, caught.value.field) == ("t.csv", 3, field)


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="header") as caught:
        read_rows(write(tmp_path, "area,count,day,source,page,note"), KINDS, KNOWN)
    assert caught.value.line == 1


def test_a_short_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="6 cells for 7 columns"):
        read_rows(write(tmp_path, HEADER, "01,3,,egc-083,16,true"), KINDS, KNOWN)


def test_the_files_are_the_documented_ones() -> None:
    files = {path.stem for path in bundled_path("facts").iterdir()}
    assert files == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_source_and_a_page(table: str) -> None:
    rows = bundled_rows(table)
    assert rows
    for row in rows:
        page = row["page"]
        assert row["source"] in source_names()
        assert isinstance(page, int)
        assert 1 <= page <= LAST_PAGE


@pytest.mark.parametrize("table", TABLES)
def test_files_are_plain_text(table: str) -> None:
    content = bundled_path("facts", f"{table}.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")


@pytest.mark.parametrize("table", TABLES)
def test_nothing_stands_twice_or_in_one_language_only(table: str) -> None:
    rows = bundled_rows(table)
    assert len({tuple(row.items()) for row in rows}) == len(rows)
    for row in rows:
        for name in columns(table):
            if name.endswith("_ja") and f"{name[:-3]}_en" in row:
                assert (row[name] is None) == (row[f"{name[:-3]}_en"] is None)
            assert row[name] == (
                str(row[name]).strip() if isinstance(row[name], str) else row[name]
            )
