"""Goes back for the rows that are rejected, and says why in words that hold no personal data."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from switchstats.engines.cleaning import Cleaned, Raw
from switchstats.engines.coding import Coded, collected
from switchstats.engines.protocol import FILE, LINE, Opened
from switchstats.engines.supply_points import BAD, BLANK, WRONG_AREA
from switchstats.errors import InputError
from switchstats.labels import text
from switchstats.values import QUARANTINE_COLUMNS, Quarantine

__all__ = [
    "MOST_REJECTED",
    "Entry",
    "ragged_entries",
    "refuse_too_many",
    "rejected_entries",
    "to_quarantine",
]

MOST_REJECTED = 1_000_000
_MASK = "••••"
_LONG_NUMBER = re.compile(r"\d{13,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One rejected row."""

    code: str
    file: str | None
    line: int | None
    field: str | None = None
    raw: str | None = None
    note: str = ""


def rejected_entries(opened: Opened, coded: Coded) -> list[Entry]:
    """Return the rows that are rejected by themselves, each with its first problem.

    Raises
    ------
    InputError
        When there are more than `MOST_REJECTED`: then the columns were misunderstood.
    """
    if coded.bad is None:
        return []
    names = coded.frame.collect_schema().names()
    wanted = [name for name in coded.columns if name != "supply_point"]
    extra = (FILE, LINE, "c_submitted", "c_resolved", "sp_state", "sp_length", "sp_digits")
    wanted += [name for name in extra if name in names]
    rows = coded.frame.filter(coded.bad).select(*wanted).head(MOST_REJECTED + 1)
    table = collected(rows)
    count = len(next(iter(table.values())))
    if count > MOST_REJECTED:
        raise _too_many()
    return [
        _entry({name: cells[row] for name, cells in table.items()}, opened, coded)
        for row in range(count)
    ]


def ragged_entries(opened: Opened) -> Iterator[Entry]:
    """Yield the lines that never became rows."""
    for lost in opened.ragged:
        yield Entry("ragged_row", lost.file, lost.line)


def to_quarantine(entries: Iterable[Entry]) -> Quarantine:
    """Put entries in the order of file, line and code, which no engine decides."""
    import pandas as pd

    ordered = sorted(
        entries,
        key=lambda e: (e.file or "", e.line or 0, e.code, e.field or "", e.raw or "", e.note),
    )
    table: pd.DataFrame = pd.DataFrame(
        {
            "code": [entry.code for entry in ordered],
            "file": [entry.file for entry in ordered],
            "sheet": pd.Series([None] * len(ordered), dtype="object"),
            "line": pd.Series([entry.line for entry in ordered], dtype="Int64"),
            "field": [entry.field for entry in ordered],
            "raw": [entry.raw for entry in ordered],
            "note": [entry.note for entry in ordered],
        }
    )
    return Quarantine(table[list(QUARANTINE_COLUMNS)])


def refuse_too_many(entries: Sequence[Entry], read: int, max_rejected: float | None) -> None:
    """Turn too many rejected rows into one error that says what they are.

    Raises
    ------
    InputError
        When more than `max_rejected` rows (a whole number) or more than that share of the rows
        (a fraction below 1) are rejected.
    """
    if max_rejected is None:
        return
    share = isinstance(max_rejected, float) and max_rejected < 1
    limit = max_rejected * read if share else max_rejected
    if len(entries) <= limit:
        return
    codes = [entry.code for entry in entries]
    counted = sorted(((codes.count(code), code) for code in set(codes)), reverse=True)
    what = "; ".join(f"{count:,}: {text(f'quarantine.{code}')['en']}" for count, code in counted)
    raise InputError(
        f"{len(entries):,} of {read:,} rows are rejected, more than max_rejected allows ({what})",
        "mend the rows, correct the mapping, or allow more; without max_rejected the rows are "
        "loaded and the quarantine lists every one",
    )


def place_of(row: Mapping[str, object], opened: Opened) -> tuple[str | None, int | None]:
    """Return file and line of a collected row."""
    return opened.places(row.get(FILE), row.get(LINE))


def shown(raw: object) -> str | None:
    """Return a cell for the quarantine; a long number may be a supply point and is masked."""
    if raw is None:
        return None
    cell = str(int(raw)) if isinstance(raw, float) else str(raw)
    digits = unicodedata.normalize("NFKC", cell)
    if _LONG_NUMBER.search(re.sub(r"[\s‐-―ー-]", "", digits)):
        return f"{_MASK} ({len(cell)} characters)"
    return cell


def _too_many() -> InputError:
    return InputError(
        f"more than {MOST_REJECTED:,} rows are rejected",
        "check that the columns and values are understood as meant, on the first rows of the file",
    )


def _entry(row: Mapping[str, object], opened: Opened, coded: Coded) -> Entry:
    file, line = place_of(row, opened)
    for name in coded.columns:
        if name == "supply_point":
            code = _supply_point_code(row, coded)
            if code is not None:
                return Entry(code, file, line, name, *_masked(row, code))
        elif name in coded.cleaned:
            found = _problem(coded.cleaned[name], name, row, coded)
            if found is not None:
                return Entry(found[0], file, line, name, shown(row[name]), found[1])
    return Entry(
        "resolved_before_submitted",
        file,
        line,
        "resolved",
        _day(row["c_resolved"]),
        f"submitted {_day(row['c_submitted'])}",
    )


def _problem(
    column: Cleaned, name: str, row: Mapping[str, object], coded: Coded
) -> tuple[str, str] | None:
    cell = row[name]
    raw = cast("Raw", int(cell) if isinstance(cell, float) else cell)
    if raw in column.problems:
        problem = column.problems[raw]
        return problem.code, problem.note
    if name in coded.needed and raw not in column.values:  # noqa: PD011 -- not a pandas object
        return "missing_value", ""
    return None


def _supply_point_code(row: Mapping[str, object], coded: Coded) -> str | None:
    if "sp_state" not in row:
        return None
    if row["sp_state"] == BLANK:
        return "missing_value" if "supply_point" in coded.needed else None
    return {BAD: "bad_supply_point", WRONG_AREA: "wrong_area"}.get(
        int(cast("int", row["sp_state"]))
    )


def _masked(row: Mapping[str, object], code: str) -> tuple[str | None, str]:
    if code == "missing_value":
        return None, ""
    what = "digits" if row["sp_digits"] else "characters"
    return f"{_MASK} ({int(cast('int', row['sp_length']))} {what})", ""


def _day(ordinal: object) -> str:
    return date.fromordinal(int(cast("int", ordinal))).isoformat()
