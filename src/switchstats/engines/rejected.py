"""Goes back for the rows that are rejected, and says why in words that hold no personal data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.cleaning import Cleaned, Problem, Raw
from switchstats.engines.coding import Coded, collected
from switchstats.engines.columns import Mapped, header_names
from switchstats.engines.protocol import FILE, LINE, Opened, Place
from switchstats.engines.showable import Showable
from switchstats.engines.supply_points import BAD, BLANK, WRONG_AREA
from switchstats.errors import InputError
from switchstats.facts import Registry
from switchstats.inputs.masks import masked
from switchstats.inputs.threshold import refuse_too_many
from switchstats.inputs.words import fold, is_total
from switchstats.labels import Text, text
from switchstats.values import Quarantine, Rejected

if TYPE_CHECKING:
    import narwhals as nw

__all__ = [
    "MOST_REJECTED",
    "place_of",
    "ragged_rows",
    "refuse_more",
    "rejected_rows",
    "to_quarantine",
]

MOST_REJECTED = 1_000_000
_FEWEST_HEADERS = 2
_NO_POINT = "no_point_"


def rejected_rows(
    opened: Opened, coded: Coded, mapped: Mapped, known: Registry
) -> tuple[list[Rejected], dict[str, int]]:
    """Return the rows that are rejected by themselves, each with its first problem.

    Besides, the numbers of rows that are no requests: rows of totals, and blank ones.

    Raises
    ------
    InputError
        When there are more than `MOST_REJECTED`: then the columns were misunderstood. When one of
        them is a row of headers in another order: then the rows below it would be misread.
    """
    if coded.bad is None:
        return [], {}
    table = collected(_bad_rows(coded, coded.bad))
    count = len(next(iter(table.values())))
    if count > MOST_REJECTED:
        raise _too_many()
    headers = header_names(mapped)
    own_words = {name: [*values, *values.values()] for name, values in mapped.values.items()}
    show = Showable(known, own_words)
    lacking = {
        (file.name, file.sheet): coded.needed
        - set(file.columns.found)
        - set(file.columns.constants)
        for file in opened.files
    }
    constants = {name for file in opened.files for name in file.columns.constants}
    written = [name for name in coded.columns if name not in constants]
    found: list[Rejected] = []
    left = Counter[str]()
    for number in range(count):
        row = {name: cells[number] for name, cells in table.items()}
        place = place_of(row, opened)
        if _is_header(row, coded, headers, place):
            found.append(Rejected("header_row", *place))
            continue
        if kind := _no_request(row, written):
            left[kind] += 1
            continue
        rejected = _rejected(row, place, coded, show)
        if rejected.field in lacking.get((str(place.file), place.sheet), ()):
            rejected = replace(rejected, note=text("quarantine.note_no_column"))
        found.append(rejected)
    return found, dict(left)


def _bad_rows(coded: Coded, bad: "nw.Expr") -> "nw.LazyFrame[Any]":
    """Return the rows that are rejected, of a supply point only its length and whether it is."""
    import narwhals as nw

    names = coded.frame.collect_schema().names()
    wanted: list[nw.Expr | str] = [name for name in coded.columns if name != "supply_point"]
    extra = (FILE, LINE, "c_submitted", "c_resolved", "sp_state", "sp_length", "sp_digits")
    wanted += [name for name in extra if name in names]
    if "supply_point" in coded.columns:
        point = nw.col("supply_point")
        wanted.append((point.is_null() | (point == "")).alias(_NO_POINT))
    return coded.frame.filter(bad).select(*wanted).head(MOST_REJECTED + 1)


def _no_request(row: Mapping[str, object], written: Sequence[str]) -> str | None:
    """Return why a row is no request at all: a total, or blank; else ``None``."""
    cells = [str(row[name]).strip() for name in written if row.get(name) is not None]
    if any(map(is_total, cells)):
        return "total_row"
    blank = not any(cells) and row.get(_NO_POINT, True)
    return "blank_row" if blank else None


def ragged_rows(opened: Opened) -> Iterator[Rejected]:
    """Yield the lines that never became rows."""
    for lost in opened.ragged:
        yield Rejected("ragged_row", lost.file, line=lost.line)


def to_quarantine(rows: Iterable[Rejected]) -> Quarantine:
    """Put rejected rows in the order of file, sheet, line and code, which no engine decides."""
    return Quarantine.of(
        sorted(
            rows,
            key=lambda row: (
                *(row.file or "", row.sheet or "", row.line or 0, row.code),
                *(row.field or "", row.raw or "", "" if row.note is None else row.note.en),
            ),
        )
    )


def refuse_more(rows: Sequence[Rejected], read: int, max_rejected: float | None) -> None:
    """Raise when more rows are rejected than the user allows."""
    refuse_too_many(Counter(row.code for row in rows), read, max_rejected)


def place_of(row: Mapping[str, object], opened: Opened) -> Place:
    """Return the place of a collected row."""
    return opened.places(row.get(FILE), row.get(LINE))


def _too_many() -> InputError:
    return InputError(
        f"more than {MOST_REJECTED:,} rows are rejected",
        "check that the columns and values are understood as meant, on the first rows of the file",
    )


def _is_header(
    row: Mapping[str, object], coded: Coded, headers: Mapping[str, str], place: Place
) -> bool:
    """Whether a row repeats the headers; one in another order would turn all below it around."""
    cells = {name: str(row[name]) for name in coded.columns if row.get(name) not in (None, "")}
    found = {name: headers[word] for name, cell in cells.items() if (word := fold(cell)) in headers}
    if len(found) < max(_FEWEST_HEADERS, len(cells) / 2):
        return False
    if turned := next((name for name, other in found.items() if name != other), None):
        raise InputError(
            f"another header stands here, and its columns are in another order: that of {turned} "
            f"is now headed as that of {found[turned]}",
            "cut the file in two above this line; each part is understood by its own header",
            place.file,
            place.line,
        )
    return True


def _rejected(row: Mapping[str, object], place: Place, coded: Coded, show: Showable) -> Rejected:
    """Return a row with its first problem; with more than one its cells may be out of place."""
    problems = _problems(row, coded)
    shifted = len(problems) > 1 or row.get("sp_state") == BAD
    for name, problem in problems.items():
        if name == "supply_point":
            return Rejected(problem.code, *place, name, *_masked(row, problem.code))
        raw = show(name, row[name], shifted=shifted)
        return Rejected(problem.code, *place, name, raw, problem.note)
    note = text("quarantine.note_submitted", day=_day(row["c_submitted"]))
    early = _day(row["c_resolved"])
    return Rejected("resolved_before_submitted", *place, "resolved", early, note)


def _problems(row: Mapping[str, object], coded: Coded) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    for name in coded.columns:
        if name == "supply_point":
            code = _supply_point_code(row, coded)
            problem = None if code is None else Problem(code)
        elif name in coded.cleaned:
            problem = _problem(coded.cleaned[name], name, row, coded)
        else:
            continue
        if problem is not None:
            found[name] = problem
    return found


def _problem(column: Cleaned, name: str, row: Mapping[str, object], coded: Coded) -> Problem | None:
    cell = row[name]
    raw = cast("Raw", int(cell) if isinstance(cell, float) else cell)
    if raw in column.problems:
        return column.problems[raw]
    blank = raw not in column.values
    return Problem("missing_value") if name in coded.needed and blank else None


def _supply_point_code(row: Mapping[str, object], coded: Coded) -> str | None:
    if "sp_state" not in row:
        return None
    if row["sp_state"] == BLANK:
        return "missing_value" if "supply_point" in coded.needed else None
    return {BAD: "bad_supply_point", WRONG_AREA: "wrong_area"}.get(
        int(cast("int", row["sp_state"]))
    )


def _masked(row: Mapping[str, object], code: str) -> tuple[str | None, Text | None]:
    """Return a supply point as it is shown: how many digits, or characters, it has."""
    if code == "missing_value":
        return None, None
    length = int(cast("int", row["sp_length"]))
    key = "note_n_digits" if row["sp_digits"] else "note_n_characters"
    return masked("x" * length), text(f"quarantine.{key}", n=length)


def _day(ordinal: object) -> str:
    return date.fromordinal(int(cast("int", ordinal))).isoformat()
