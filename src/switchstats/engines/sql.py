"""What DuckDB is told in SQL: names and text between quotes, small tables, the rows of a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from switchstats.engines.textfile import TextFile

__all__ = ["csv_rows", "quoted", "small_table", "text_literal"]


def csv_rows(path: Path, file: TextFile, packing: str) -> str:
    """Write the rows of a text file as a source, every cell as text and ragged rows kept apart."""
    columns = ", ".join(f"{text_literal(header)}: 'VARCHAR'" for header in file.headers)
    skip = file.header_line - 1
    return (
        f"read_csv({text_literal(str(path))}, auto_detect = false, header = true, skip = {skip}, "
        f"delim = {text_literal(file.separator)}, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, compression = '{packing}', "
        "store_rejects = true, rejects_limit = 0)"
    )


def small_table(columns: Mapping[str, Sequence[int | str | None]]) -> str:
    """Write a small table as SQL, which a relation's own connection can take."""
    rows = zip(*columns.values(), strict=True)
    lines = [f"({', '.join(_literal(cell) for cell in row)})" for row in rows]
    names = ", ".join(quoted(name) for name in columns)
    if not lines:
        nothing = ", ".join(f"NULL AS {quoted(name)}" for name in columns)
        return f"SELECT {nothing} WHERE false"
    return f"SELECT * FROM (VALUES {', '.join(lines)}) AS table_({names})"  # noqa: S608


def _literal(cell: int | str | None) -> str:
    if cell is None:
        return "NULL"
    return str(cell) if isinstance(cell, int) else text_literal(cell)


def text_literal(text: str) -> str:
    """Return text between quotes.

    Examples
    --------
    >>> text_literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """Return the name of a column or table between its quotes."""
    return '"' + name.replace('"', '""') + '"'
