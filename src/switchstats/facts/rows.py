"""Reads one file of facts and refuses it when a row lacks its source, its page or its kind."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from switchstats.bundled import bundled_path
from switchstats.errors import InputError
from switchstats.facts.columns import Kind, columns

__all__ = ["Cell", "Row", "bundled_rows", "read_rows", "source_names"]

Cell = str | int | bool | date | None
Row = dict[str, Cell]

_FLAGS = {"true": True, "false": False}
_EXPECTED = {
    "text": "write some text",
    "int": "write a whole number from 0",
    "flag": "write true or false",
    "date": "write a date as YYYY-MM-DD",
}


def read_rows(
    path: Path, kinds: dict[str, Kind], known_sources: frozenset[str] | None = None
) -> list[Row]:
    """Read a file of facts into checked rows.

    Parameters
    ----------
    path
        A CSV file in UTF-8 without byte-order mark.
    kinds
        Its columns in order, each with its kind; a kind that ends in ``?`` may be blank.
    known_sources
        What may stand in the columns ``source`` and ``cited_source``; ``None`` leaves them
        unchecked, which is for the list of sources itself.

    Raises
    ------
    InputError
        With file, line and field: wrong header, a row of the wrong length, a cell that is not of
        its kind, a page below 1, an unknown source.
    """
    rows: list[Row] = []
    for line, cells in _lines(path, list(kinds)):
        row: Row = {}
        for (name, kind), text in zip(kinds.items(), cells, strict=True):
            try:
                row[name] = _cell(kind, text)
            except ValueError:
                raise InputError(
                    "a cell is not of its column's kind",
                    _EXPECTED[kind.rstrip("?")],
                    path.name,
                    line,
                    name,
                    text,
                ) from None
        _check_provenance(row, path.name, line, known_sources)
        rows.append(row)
    return rows


def source_names() -> frozenset[str]:
    """Return the short names of every source that a fact may name."""
    rows = read_rows(bundled_path("facts", "sources.csv"), columns("sources"))
    return frozenset(str(row["source"]) for row in rows)


@cache
def _checked(table: str) -> tuple[Row, ...]:
    known = None if table == "sources" else source_names()
    return tuple(read_rows(bundled_path("facts", f"{table}.csv"), columns(table), known))


def bundled_rows(table: str) -> list[Row]:
    """Return fresh checked rows of one bundled file, such as ``"areas"``.

    Examples
    --------
    >>> bundled_rows("areas")[0]["name_en"]
    'Hokkaido'
    """
    return [dict(row) for row in _checked(table)]


def _lines(path: Path, header: list[str]) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        found = next(reader, list[str]())
        if found != header:
            raise InputError(
                "the header differs from the documented one",
                f"write the header {','.join(header)}",
                path.name,
                1,
                value=",".join(found),
            )
        for cells in reader:
            if len(cells) != len(header):
                raise InputError(
                    f"a row has {len(cells)} cells for {len(header)} columns",
                    "quote cells that hold a comma",
                    path.name,
                    reader.line_num,
                )
            yield reader.line_num, cells


def _cell(kind: Kind, text: str) -> Cell:
    if not text:
        if kind.endswith("?"):
            return None
        raise ValueError(kind)
    match kind.rstrip("?"):
        case "int":
            if not (text.isascii() and text.isdigit()):
                raise ValueError(text)
            return int(text)
        case "flag":
            if text not in _FLAGS:
                raise ValueError(text)
            return _FLAGS[text]
        case "date":
            return date.fromisoformat(text)
        case _:
            return text


def _check_provenance(row: Row, file: str, line: int, known: frozenset[str] | None) -> None:
    if row["page"] == 0:
        raise InputError("a page below 1", "give the page of the source", file, line, "page", "0")
    if known is None:
        return
    for field in ("source", "cited_source"):
        name = row.get(field)
        if name is not None and name not in known:
            raise InputError(
                "a source that sources.csv does not list",
                f"add it there or name one of {', '.join(sorted(known))}",
                file,
                line,
                field,
                str(name),
            )
