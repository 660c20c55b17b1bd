"""From a draft with names to a table with labels: the key beside it, or nothing at all."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from switchstats.bounds import Anonymised, anonymous_table
from switchstats.errors import InputError, UsageError
from switchstats.periods import format_period
from switchstats.runs.key_file import new_key, read_key, write_key
from switchstats.values import PublishedTable
from switchstats.whole_file import cannot_be_written, whole_file

__all__ = ["anonymise", "table_csv"]

_COLUMN = {"pct": "rate_pct", "permille": "rate_permille", "fraction": "rate"}


def anonymise(
    table: PublishedTable,
    key: Path | str,
    out: Path | str | None = None,
    *,
    groups: Sequence[str] = ("entrant",),
    previous: Sequence[PublishedTable] = (),
    aliases: Mapping[str, Sequence[str]] | None = None,
) -> Anonymised:
    """Put labels (新電力A, 新電力B, …) in the place of names, the same ones each time.

    Parameters
    ----------
    table
        The draft, with names.
    key
        JSON file that holds which label stands for whom, and the secret that orders them
        (`LabelKey`). It is made on first use, readable by its owner alone, and rewritten only when
        a retailer is new. Keep it, and never publish it.
    out
        CSV to write; ``None``: write the key only.
    groups, previous, aliases
        As for `anonymous_table`.

    Returns
    -------
    Anonymised
        `table` is for publication; `cautions` says what labels cannot hide.

    Raises
    ------
    IdentityLeakError
        When an identity could be told; then nothing is written, not even the key.
    InputError
        When the key stands in the folder of `out`, is no key, or others may read it.
    UsageError
        As `anonymous_table`.
    """
    key = Path(key)
    if out is not None:
        _refuse_together(key, Path(out))
    before = read_key(key)
    made = anonymous_table(table, before or new_key(), groups, previous, aliases)
    content = None if out is None else table_csv(made.table)
    if made.key != before:
        write_key(key, made.key)
    if out is not None and content is not None:
        _write(Path(out), content)
    return made


def table_csv(table: PublishedTable) -> str:
    """Return a table as tidy CSV, one printed cell a line, as `read_published` reads it.

    Only what the table prints, without title and notes.

    Raises
    ------
    UsageError
        When its cells have different units.
    """
    rows = table.rows + table.averages
    units = {cell.unit for row in rows for cell in row.cells if cell is not None}
    if len(units) > 1:
        raise UsageError(f"cells of different units in one table: {', '.join(sorted(units))}")
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    unit = units.pop() if units else "pct"
    writer.writerow(("group", "row", "retailer", "period", _COLUMN[unit]))
    for row in rows:
        who = ("average", "加重平均") if row.retailer is None else ("unit", row.retailer.name.ja)
        for column, cell in zip(table.periods, row.cells, strict=True):
            rate = "－" if cell is None else cell.text
            writer.writerow((row.group, *who, format_period(column.period, "ja"), rate))
    return buffer.getvalue()


def _refuse_together(key: Path, out: Path) -> None:
    """Refuse a key that stands anywhere in the folder that is published."""
    folder = out.resolve().parent
    if key.resolve().is_relative_to(folder):
        raise InputError(
            f"the key would stand in the folder of the table, {str(folder)!r}",
            "keep the key in a folder that is never published",
            str(key),
        )


def _write(out: Path, content: str) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_be_written("the file", error, out) from None
    with whole_file(out) as part:
        part.write_text(content, encoding="utf-8", newline="")
