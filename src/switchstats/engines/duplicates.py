"""Finds requests that stand twice; the earliest stays, the others are quarantined."""

import secrets
from typing import TYPE_CHECKING, Any, cast

from switchstats.engines.coding import Coded, collected
from switchstats.engines.protocol import FILE, LINE, LINK, Engine, Opened, Place
from switchstats.engines.rejected import MOST_REJECTED, place_of
from switchstats.engines.showable import Showable
from switchstats.errors import InputError
from switchstats.facts import Registry
from switchstats.labels import Text, text
from switchstats.values import Rejected

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["without_duplicates"]

_SAME, _MORE, _COPIES = "same_", "more_", "copies_"


def without_duplicates(
    engine: Engine, opened: Opened, coded: Coded, kept: "list[str]", known: Registry
) -> "tuple[nw.LazyFrame[Any], list[Rejected]]":
    """Return the valid rows, each request once, and an entry for every further copy.

    Two rows are one request when request identifier, gaining retailer and, where there is one,
    attempt are equal: makers number their own requests, and some keep a number when they file
    again. Rows without an identifier are one request when every cell is equal. The first by
    submitted day, then by the codes of the row, then by line stays, so that no engine's order of
    rows decides; a further row that says something else is a conflict and not a copy. Without a
    column of identifiers nothing is done: two people of one retailer may well file alike on one
    day.

    Parameters
    ----------
    engine, opened, coded
        The rows.
    kept
        Columns that the counts need.
    known
        The registry, for what may be shown.

    Raises
    ------
    InputError
        When more than a million rows are copies.
    """
    import narwhals as nw

    valid = coded.valid()
    if "request_id" not in coded.columns:
        return valid.select(*kept), []
    looked_at = opened.frame
    if _blank_somewhere(looked_at):
        looked_at = valid = _with_identity(engine, valid, coded)
    else:
        # any copies at all are looked for where nothing is joined yet
        looked_at, valid = (
            frame.with_columns(nw.col("request_id").alias(_SAME)) for frame in (looked_at, valid)
        )
    same = _repeated(looked_at)
    if len(same) > MOST_REJECTED:
        # makers that number from 1 each: told apart by who files before anything is collected
        valid = valid.with_columns(_finer(coded).alias(_SAME))
        same = _repeated(valid)
        if len(same) > MOST_REJECTED:
            raise _too_many()
    if not same:
        return valid.select(*kept), []
    table = engine.table({_SAME: cast("list[str]", same)})
    copies = valid.join(table, on=_SAME, how="inner")
    names = copies.collect_schema().names()
    shown_columns = [name for name in (FILE, LINE, "request_id", _SAME) if name in names]
    told = [name for name in ("c_gaining", "attempt", "c_outcome") if name in names]
    wanted = list(dict.fromkeys([*kept, "c_submitted", *told, *shown_columns]))
    rows = collected(copies.select(*wanted).head(2 * MOST_REJECTED + 1))
    stayers, entries = _told_apart(rows, kept, opened, coded, known)
    if len(entries) > MOST_REJECTED:
        raise _too_many()
    rest = valid.join(table, on=_SAME, how="anti").select(*kept)
    types = rest.collect_schema()
    again = engine.table(stayers).select(*(nw.col(name).cast(types[name]) for name in kept))
    return nw.concat([rest, again], how="vertical"), entries


def _repeated(frame: "nw.LazyFrame[Any]") -> list[object]:
    """Return the identities that stand more than once, one more than may be at most."""
    import narwhals as nw

    repeated = (
        frame.group_by(_SAME)
        .agg(nw.len().alias(_COPIES))
        .filter(nw.col(_COPIES) > 1)
        .select(_SAME)
        .head(MOST_REJECTED + 1)
    )
    return collected(repeated)[_SAME]


def _finer(coded: Coded) -> "nw.Expr":
    import narwhals as nw

    parts = [nw.col("request_id"), nw.col("c_gaining").cast(nw.String)]
    if "attempt" in coded.columns:
        parts.append(nw.col("attempt").cast(nw.String).fill_null(""))
    return nw.concat_str(parts, separator="\x1f")


def _with_identity(engine: Engine, valid: "nw.LazyFrame[Any]", coded: Coded) -> "nw.LazyFrame[Any]":
    """Add what makes two rows one request; cells instead of a missing identifier, hashed."""
    import narwhals as nw

    number = nw.col("request_id")
    cells = [nw.col(name).cast(nw.String).fill_null("\x1f") for name in coded.columns[1:]]
    whole_row = nw.when(_is_blank(number)).then(nw.concat_str(cells, separator="\x1e"))
    # one hash of 63 bits could call two of very many rows the same, two of them cannot
    for part in (_SAME, _MORE):
        valid = valid.with_columns(whole_row.alias(part))
        valid = engine.hashed(valid, part, secrets.token_bytes(32))
    halves = (nw.col(part).cast(nw.String) for part in (_SAME, _MORE))
    identity = nw.concat_str([nw.lit("\x1e"), *halves], separator=" ")
    return valid.with_columns(
        nw.when(_is_blank(number)).then(identity).otherwise(number).alias(_SAME)
    )


def _blank_somewhere(frame: "nw.LazyFrame[Any]") -> bool:
    import narwhals as nw

    blank = frame.filter(_is_blank(nw.col("request_id"))).select(nw.len())
    return bool(int(blank.collect().item()))


def _is_blank(cell: "nw.Expr") -> "nw.Expr":
    return cell.is_null() | (cell == "")


def _told_apart(
    rows: dict[str, list[object]],
    kept: "list[str]",
    opened: Opened,
    coded: Coded,
    known: Registry,
) -> "tuple[dict[str, list[int | str | None]], list[Rejected]]":
    count = len(rows[_SAME])
    if "attempt" in rows:
        attempts = coded.cleaned["attempt"].values
        rows["attempt"] = [attempts.get(cast("str", cell), cell) for cell in rows["attempt"]]
    identity = [name for name in (_SAME, "c_gaining", "attempt") if name in rows]
    # an attempt number tells requests apart; a hash comes last, its order changes with the key
    content = [name for name in dict.fromkeys(["c_submitted", "c_outcome", *kept]) if name in rows]
    content = [name for name in content if name not in (LINK, "c_attempt")]
    order = sorted(
        range(count),
        key=lambda row: (
            *(_sortable(rows[name][row]) for name in identity),
            *(_sortable(rows[name][row]) for name in content),
            *(_sortable(rows[name][row]) for name in (FILE, LINE, LINK) if name in rows),
        ),
    )
    show = Showable(known, {})
    stayers: dict[str, list[int | str | None]] = {name: [] for name in kept}
    entries: list[Rejected] = []
    first: dict[str, object] | None = None
    for row in order:
        cells = {name: column[row] for name, column in rows.items()}
        if first is None or any(cells[name] != first[name] for name in identity):
            first = cells
            for name in kept:
                stayers[name].append(cast("int | str | None", _whole(cells[name])))
            continue
        number = show("request_id", cells["request_id"])
        place = place_of(cells, opened)
        alike = all(cells[name] == first[name] for name in content)
        code = "duplicate" if alike else "conflicting_request"
        note = _note(place_of(first, opened), alike=alike)
        entries.append(Rejected(code, *place, "request_id", number, note))
    return stayers, entries


def _note(first: Place, *, alike: bool) -> Text | None:
    """Say where the row stands that is counted, if the engine knows."""
    if first.line is None:
        return None if alike else text("quarantine.note_conflict")
    file = first.file or ""
    name = f"{file} [{first.sheet}]" if first.sheet else file
    place = text("quarantine.place", file=name, line=first.line)
    key = "note_same_as" if alike else "note_conflict_with"
    return text(f"quarantine.{key}", place=place)


def _sortable(cell: object) -> tuple[int, float, str]:
    if cell is None:
        return (0, 0.0, "")
    return (1, float(cell), "") if isinstance(cell, int | float) else (2, 0.0, str(cell))


def _whole(cell: object) -> object:
    return int(cell) if isinstance(cell, float) else cell


def _too_many() -> InputError:
    return InputError(
        f"more than {MOST_REJECTED:,} rows repeat the identifier of another",
        "check that the column of request_id names each request, or leave it out in the mapping",
        field="request_id",
    )
